import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.experiment import run
from rbind_core.experiments.kmer_mutagenesis import KmerMutagenesis
from rbind_core.rna.sequences import ALPHABET, encode
from tests.experiments.scripted import Scripted, sample_without_gc, texts
from tests.toys import MotifCounter, sample_of


def test_the_wild_type_and_all_its_single_mutants_are_compared(model):
    found = texts(KmerMutagenesis.for_model(model))
    assert len(found) == 1 + 6 * 3
    assert found["wild type"] == "UGCAUG@18"
    assert found["U1A"] == "AGCAUG@18"
    assert found["C3G"] == "UGGAUG@18"
    assert found["G6C"] == "UGCAUC@18"
    for label, text in found.items():
        differ = [i for i, (a, b) in enumerate(zip("UGCAUG", text, strict=False), start=1) if a != b]
        assert differ == ([] if label == "wild type" else [int(label[1:-1])])


def test_labels_with_two_digits_are_read_back(additive):
    experiment = KmerMutagenesis(motif="ACGUACGUACGU", start=3)
    result = run(experiment, GlobalImportanceAnalysis(additive, sample_of("profile", 20)))
    assert experiment.effects(result).shape == (12, 4)
    assert "U12A" in result.by_label


@pytest.mark.parametrize("start", [1, 18, 36])
def test_effects_are_the_weights_of_the_mutant_minus_those_of_the_wild_type(start, additive, model):
    """Closed form; defect 4 of the reference code forgets to subtract the wild type."""
    experiment = KmerMutagenesis.for_model(model, start=start)
    effects = experiment.effects(run(experiment, GlobalImportanceAnalysis(additive, sample_of("shuffle", 50))))
    rows = additive.weights[start - 1 : start + 5, :4]
    wild_type = encode("UGCAUG", 6)[0]
    assert effects == pytest.approx(rows - rows[np.arange(6), wild_type][:, None], abs=1e-4)
    assert (effects[np.arange(6), wild_type] == 0).all()


def test_every_mutation_of_a_counted_motif_costs_one(model):
    experiment = KmerMutagenesis.for_model(model)
    result = run(experiment, GlobalImportanceAnalysis(MotifCounter(), sample_without_gc()))
    expected = np.array([[0 if letter == wild else -1 for letter in ALPHABET] for wild in "UGCAUG"])
    assert experiment.effects(result) == pytest.approx(expected)
    assert result.sentences[1] == "18 of 18 mutations lower it measurably (Holm-corrected p < 0.05)."


def test_mutations_that_are_tolerated_are_named(model):
    means = dict.fromkeys(texts(KmerMutagenesis.for_model(model)).values(), 1.0)
    means |= {"UGCAUG@18": 3, "UGCAUA@18": 3, "AGCAUG@18": 4, "UGAAUG@18": -3}
    result = run(KmerMutagenesis.for_model(model), Scripted(means))
    said = " ".join(result.sentences)
    assert "C at letter 3 matters most (mutations change global importance by 6.63, L2 norm)" in said  # 6, 2 and 2
    assert "G at letter 6 least (2.83)" in said  # 0, 2 and 2
    assert "16 of 18 mutations lower it measurably (Holm-corrected p < 0.05); not: U1A, G6A." in said


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"motif": "UGYAUG"}, ExperimentError, "UGYAUG: a motif to be mutated has the letters A, C, G, U only"),
        ({"motif": "UGX"}, ConstructError, "UGX: X is not a nucleotide"),
        ({"start": 37}, ConstructError, "the last position that fits UGCAUG is 36"),
        ({"start": 0}, ExperimentError, "At position = 0: use 1 to 41"),
    ],
)
def test_motifs_that_cannot_be_mutated_are_refused(settings, error, says, model):
    with pytest.raises(error, match=says):
        KmerMutagenesis.for_model(model, **settings).arms()
