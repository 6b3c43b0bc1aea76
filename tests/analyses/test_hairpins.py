import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.hairpins import hairpin_formation
from rbind_core.constructs import parse_construct
from rbind_core.rna.sequences import decode
from rbind_core.rna.structure import fold, pair_probabilities
from tests.toys import AdditiveModel, sample_of

HAIRPIN = "stem:7-16/24-33"


@pytest.fixture
def analysis():
    return GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 20))


def test_a_stem_of_ten_pairs_forms_and_the_background_has_none(analysis):
    formed = hairpin_formation(analysis, parse_construct(f"{HAIRPIN}+GCUGGC@18"))
    assert formed.n == 20
    assert formed.designed > 0.9
    assert formed.null > 0.9
    assert formed.unstructured < 0.1
    assert formed.example.dot_bracket[9:13] == "(((("


def test_a_stem_alone_is_its_own_design(analysis):
    formed = hairpin_formation(analysis, parse_construct(HAIRPIN))
    assert formed.designed == formed.null


def test_what_is_averaged_are_the_probabilities_of_the_designed_pairs(analysis):
    construct = parse_construct("stem:10-11/20-21+AAAA@13")
    _, embedded = analysis.register(construct)
    expected = []
    for sequence in decode(embedded[:5]):
        pairs = pair_probabilities(sequence)
        expected += [pairs[9, 20], pairs[10, 19]]
    assert hairpin_formation(analysis, construct, 5).designed == pytest.approx(np.mean(expected))


def test_pair_probabilities_add_up_to_the_paired_probability():
    sequence = "GGGGAAAACCCC"
    pairs = pair_probabilities(sequence)
    assert np.allclose((pairs + pairs.T).sum(axis=1), fold(sequence).paired, atol=1e-6)
    assert pairs[0, 11] > 0.8
