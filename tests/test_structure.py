import numpy as np
import pytest
from hypothesis import given, settings

from rbind_core.structure import fold
from tests.toys import rna

HAIRPIN = "GGGCGGCGAAAGCCGCCC"


def test_a_strong_hairpin_pairs_in_the_stem_and_not_in_the_loop():
    result = fold(HAIRPIN)
    assert result.dot_bracket == "(((((((....)))))))"
    assert result.minimum_free_energy < -10
    in_stem = np.array([c != "." for c in result.dot_bracket])
    assert result.paired[in_stem].min() > 0.8
    assert result.paired[~in_stem].max() < 0.2


def test_what_cannot_pair_does_not_pair():
    result = fold("A" * 30)
    assert result.dot_bracket == "." * 30
    assert result.minimum_free_energy == 0
    assert result.paired == pytest.approx(np.zeros(30))


@settings(max_examples=20)
@given(rna())
def test_probabilities_are_probabilities_and_pairs_come_in_twos(sequence):
    result = fold(sequence)
    assert len(result.dot_bracket) == len(result.paired) == len(sequence)
    assert result.dot_bracket.count("(") == result.dot_bracket.count(")")
    assert ((result.paired >= 0) & (result.paired <= 1)).all()
    assert result.paired + result.unpaired == pytest.approx(np.ones(len(sequence)))


def test_pairing_is_given_to_both_partners():
    paired = fold(HAIRPIN).paired
    assert paired[: len(paired) // 2].sum() == pytest.approx(paired[len(paired) // 2 :].sum(), abs=1e-6)
