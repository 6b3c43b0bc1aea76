import numpy as np
import pytest
from hypothesis import given

from rbind_core.analyses.mutagenesis import (
    L2,
    LENGTH,
    SIGNED,
    TRAINED_FROM,
    length_note,
    mutagenesis,
    single_mutants,
)
from rbind_core.errors import SequenceError
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.sequences import ALPHABET, PADDING, SHORTEST, check_sequence, encode
from tests.toys import AdditiveModel, MotifCounter, Spy, rna

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACC"


def one_by_one(model, sequence):
    """Mutant minus wild type, one sequence at a time."""
    wild_type = model.predict(encode(sequence))[0]
    effects = np.zeros((len(sequence), 4))
    for position in range(len(sequence)):
        for column, letter in enumerate(ALPHABET):
            mutant = sequence[:position] + letter + sequence[position + 1 :]
            effects[position, column] = model.predict(encode(mutant))[0] - wild_type
    return effects


@given(rna(min_size=SHORTEST))
def test_effects_are_mutant_minus_wild_type(sequence):
    result = mutagenesis(AdditiveModel(), sequence)
    assert result.effects == pytest.approx(one_by_one(AdditiveModel(), sequence), abs=1e-4)
    assert result.wild_type == pytest.approx(AdditiveModel().predict(encode(sequence))[0], rel=1e-6)


def test_breaking_the_only_motif_costs_its_one_count():
    effects = mutagenesis(MotifCounter(), SEQUENCE).effects
    start = SEQUENCE.index("UGCAUG")
    assert (effects[start : start + 6].min(axis=1) == -1).all()
    assert (effects[start : start + 6].sum(axis=1) == -3).all()
    assert not effects[:start].any()


@given(rna(min_size=SHORTEST))
def test_the_wild_type_letter_has_no_effect(sequence):
    effects = mutagenesis(AdditiveModel(), sequence).effects
    assert (effects[np.arange(len(sequence)), encode(sequence)[0, : len(sequence)]] == 0).all()
    assert (np.count_nonzero(effects, axis=1) == 3).all()


def test_padding_is_not_mutated():
    spy = Spy(AdditiveModel())
    result = mutagenesis(spy, SEQUENCE)
    assert result.effects.shape == (len(SEQUENCE), 4)
    asked = np.concatenate(spy.asked)
    assert (asked[:, len(SEQUENCE) :] == PADDING).all()
    assert (asked[:, : len(SEQUENCE)] != PADDING).all()


@given(rna())
def test_each_mutant_differs_at_one_position_and_none_is_there_twice(sequence):
    codes = encode(sequence)[0]
    mutants = single_mutants(codes)
    assert len(mutants) == len({bytes(m) for m in mutants}) == 3 * len(sequence)
    assert ((mutants != codes).sum(axis=1) == 1).all()


def test_heights_are_l2_norms_over_the_variants():
    result = mutagenesis(AdditiveModel(), SEQUENCE)
    assert result.heights == pytest.approx([np.linalg.norm(row) for row in result.effects], rel=1e-5)


def test_pasted_dna_is_read_as_rna():
    assert mutagenesis(AdditiveModel(), SEQUENCE.lower().replace("u", "t")).sequence == SEQUENCE


@pytest.mark.parametrize("sequence", ["ACG", "A" * 10, "A" * 42, "A" * 5000, "MKVLAAGIVGLL", ""])
def test_what_does_not_fit_the_window_is_refused(sequence):
    with pytest.raises(SequenceError):
        mutagenesis(AdditiveModel(), sequence)


def test_the_shortest_and_the_longest_sequence_are_accepted():
    for length in (SHORTEST, LENGTH):
        assert len(check_sequence("A" * length)) == length


def test_a_note_comes_with_sequences_shorter_than_the_probes():
    assert length_note("A" * TRAINED_FROM) is None
    assert length_note("A" * (TRAINED_FROM - 1)).startswith("29 nt: the models were trained on probes of 30-41 nt")


def test_effects_of_a_real_model_are_its_predictions_of_each_mutant():
    predictor = load_predictor(find_model("RBFOX1"))
    result = mutagenesis(predictor, SEQUENCE)
    assert result.effects == pytest.approx(one_by_one(predictor, SEQUENCE), abs=1e-4)


def test_the_signed_view_has_minus_the_mean_of_the_three_effects():
    result = mutagenesis(MotifCounter(), SEQUENCE)
    start = SEQUENCE.index("UGCAUG")
    assert (result.contributions[start : start + 6] == 1).all()  # letters that help stand up
    assert (result.heights_of(SIGNED) == result.contributions).all()
    assert (result.heights_of(L2) == result.heights).all()
