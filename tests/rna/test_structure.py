import numpy as np
import pytest
from hypothesis import given, settings

from rbind_core.rna.sequences import PADDING, decode, encode
from rbind_core.rna.structure import PROFILES, drawing_coordinates, fold, structure_profiles
from tests.toys import random_probes, rna

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


def test_profiles_of_a_hairpin_name_its_loop_and_its_stem():
    (profile,) = structure_profiles(encode(HAIRPIN), "PHIME")
    contexts = dict(zip(PROFILES["PHIME"], profile.T, strict=True))
    assert contexts["hairpin"][7:11].min() > 0.9
    assert contexts["paired"][1:7].min() > 0.9
    assert contexts["multi"].max() < 0.01
    single = structure_profiles(encode("A" * 30), "PHIME")[0, :30]
    assert single[:, PROFILES["PHIME"].index("external")] == pytest.approx(np.ones(30))


@pytest.mark.parametrize("kind", PROFILES)
def test_profiles_are_probabilities_and_padding_has_none(kind):
    codes = random_probes(40)
    profiles = structure_profiles(codes, kind)
    assert profiles.shape == (40, 41, len(PROFILES[kind]))
    assert profiles.min() >= 0
    total = profiles.sum(axis=2)
    assert total[codes != PADDING] == pytest.approx(np.ones((codes != PADDING).sum()), abs=1e-5)
    assert (total[codes == PADDING] == 0).all()


def test_both_kinds_and_the_fold_of_one_sequence_agree_on_what_is_paired():
    codes = random_probes(30)
    paired = structure_profiles(codes, "PU")[:, :, 0]
    assert np.array_equal(paired, structure_profiles(codes, "PHIME")[:, :, 0])
    for row, sequence in zip(paired, decode(codes), strict=True):
        assert row[: len(sequence)] == pytest.approx(fold(sequence).paired, abs=1e-4)


def test_several_processes_give_the_same_profiles():
    codes = random_probes(2000)
    assert np.array_equal(structure_profiles(codes, "PU", processes=2), structure_profiles(codes, "PU"))


def test_an_empty_sequence_has_an_empty_profile():
    assert not structure_profiles(np.full((2, 41), PADDING, np.uint8), "PHIME").any()


def test_an_unknown_kind_of_profile_is_refused():
    with pytest.raises(KeyError):
        structure_profiles(random_probes(1), "XYZ")


def test_base_pairs_are_those_of_the_brackets():
    assert fold(HAIRPIN).pairs == [(k, 19 - k) for k in range(1, 8)]
    assert fold("A" * 12).pairs == []


def test_neighbours_and_partners_lie_close_together_in_the_drawing():
    structure = fold(HAIRPIN)
    xy = drawing_coordinates(structure.dot_bracket)
    assert xy.shape == (len(HAIRPIN), 2)
    neighbours = np.linalg.norm(np.diff(xy, axis=0), axis=1)
    partners = [np.linalg.norm(xy[a - 1] - xy[b - 1]) for a, b in structure.pairs]
    assert neighbours == pytest.approx(np.full(17, 15), abs=3)
    assert partners == pytest.approx(np.full(7, 15), abs=3)
    assert np.linalg.norm(xy[:, None] - xy, axis=2)[np.triu_indices(len(xy), 1)].min() > 5  # nothing on top of another
