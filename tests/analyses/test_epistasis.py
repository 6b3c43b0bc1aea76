import numpy as np
import pytest

from rbind_core.analyses.epistasis import double_mutants, epistasis
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.errors import SequenceError
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.sequences import ALPHABET, PADDING, encode
from tests.toys import AdditiveModel, MotifCounter, Spy

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACC"
MOTIF = slice(6, 12)


def mutated(sequence, *changes):
    letters = list(sequence)
    for position, letter in changes:
        letters[position] = ALPHABET[letter]
    return "".join(letters)


def test_there_are_nine_double_mutants_for_each_pair_of_positions():
    codes = encode("ACGUACGUACGU")[0]
    mutants = double_mutants(codes)
    assert len(mutants) == len({bytes(m) for m in mutants}) == 9 * 12 * 11 // 2
    assert ((mutants != codes).sum(axis=1) == 2).all()
    assert (mutants[:, 12:] == PADDING).all()
    assert len(double_mutants(encode("A" * 41)[0])) == 7380


def test_effects_that_add_have_no_epistasis(additive):
    result = epistasis(additive, SEQUENCE)
    assert np.abs(result.values).max() < 1e-3
    assert np.abs(result.both).max() > 1


def test_a_motif_can_only_be_broken_once():
    """Each mutation of the motif costs its one count, both together too: -1 - (-1) - (-1) = +1."""
    result = epistasis(MotifCounter(), SEQUENCE)
    values, letters = result.strongest
    within = values[MOTIF, MOTIF] + np.eye(6)
    assert (within == 1).all()
    elsewhere = np.delete(np.delete(values, range(6, 12), 0), range(6, 12), 1)
    assert not elsewhere.any()
    assert result.norms[6, 7] == pytest.approx(3)  # nine ones
    assert result.strongest_pair == (7, 8)
    assert letters.shape == (27, 27, 2)
    rows, columns, table = result.table(7, 9)
    assert rows == ["U7A", "U7C", "U7G"]
    assert columns == ["C9A", "C9G", "C9U"]
    assert (table == 1).all()


def test_values_are_those_of_scoring_each_double_mutant_by_itself():
    predictor = load_predictor(find_model("RBFOX1"))
    result = epistasis(predictor, SEQUENCE)
    single = mutagenesis(predictor, SEQUENCE)
    assert result.effects == pytest.approx(single.effects, abs=1e-4)
    assert result.values == pytest.approx(result.values.transpose(2, 3, 0, 1))
    rng = np.random.default_rng(3)
    for _ in range(10):
        (a, b), (k, m) = rng.choice(len(SEQUENCE), 2, replace=False), rng.integers(0, 4, 2)
        if SEQUENCE[a] == ALPHABET[k] or SEQUENCE[b] == ALPHABET[m]:
            assert result.values[a, k, b, m] == 0
            continue
        score = predictor.predict(encode(mutated(SEQUENCE, (a, k), (b, m))))[0]
        expected = score - single.wild_type - single.effects[a, k] - single.effects[b, m]
        assert result.values[a, k, b, m] == pytest.approx(expected, abs=3e-4)


def test_rows_for_files_name_every_pair_once(additive):
    result = epistasis(additive, SEQUENCE)
    rows = result.records
    assert len(rows) == len({(row["first"], row["second"]) for row in rows}) == 9 * 27 * 26 // 2
    row = next(row for row in rows if (row["first"], row["second"]) == ("G1A", "C27U"))
    assert row["effect_first"] == result.effects[0, 0]
    assert row["effect_both"] == pytest.approx(row["effect_first"] + row["effect_second"], abs=1e-3)


def test_padding_is_not_mutated_and_a_wrong_sequence_is_refused():
    spy = Spy(AdditiveModel())
    epistasis(spy, SEQUENCE)
    asked = np.concatenate(spy.asked)
    assert (asked[:, len(SEQUENCE) :] == PADDING).all()
    assert (asked[:, : len(SEQUENCE)] != PADDING).all()
    with pytest.raises(SequenceError):
        epistasis(AdditiveModel(), "ACGX")
