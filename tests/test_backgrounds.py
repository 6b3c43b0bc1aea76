import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from rbind_core.backgrounds import (
    MAX_SAMPLES,
    NAMES,
    DinucleotideShuffle,
    Profile,
    Quartile,
    Shuffle,
    check_samples,
    count_dinucleotide_shuffles,
    dinucleotide_shuffle,
    draw_sample,
    make_background,
    shuffle,
)
from rbind_core.data.library import profile
from rbind_core.errors import BackgroundError
from rbind_core.sequences import ALPHABET, LENGTH, PADDING, decode, encode
from tests.toys import dinucleotides, random_probes, rna, sample_of

probes = st.lists(rna(min_size=0), min_size=1, max_size=6)
seeds = st.integers(0, 1000)
padded_backgrounds = [name for name in NAMES if name != "profile"]


@given(probes, seeds)
def test_padding_stays_padding_in_a_shuffle(sequences, seed):
    codes = encode(sequences)
    shuffled = shuffle(codes, np.random.default_rng(seed))
    assert np.array_equal(shuffled == PADDING, codes == PADDING)


@given(probes, seeds)
def test_a_shuffle_keeps_the_composition(sequences, seed):
    shuffled = decode(shuffle(encode(sequences), np.random.default_rng(seed)))
    assert [sorted(s) for s in shuffled] == [sorted(s) for s in sequences]


def test_a_shuffle_reaches_every_arrangement_equally_often():
    counts = Counter(decode(shuffle(encode(["AACG"] * 6000), np.random.default_rng(1))))
    assert set(counts) == {"".join(p) for p in itertools.permutations("AACG")}
    assert chisquare(list(counts.values())).pvalue > 0.001


@given(st.lists(rna(min_size=0, alphabet="ACGU"), min_size=1, max_size=6), seeds)
def test_a_dinucleotide_shuffle_keeps_every_dinucleotide_count(sequences, seed):
    codes = encode(sequences)
    shuffled = dinucleotide_shuffle(codes, np.random.default_rng(seed))
    assert np.array_equal(shuffled == PADDING, codes == PADDING)
    assert [dinucleotides(s) for s in decode(shuffled)] == [dinucleotides(s) for s in sequences]


@given(st.lists(rna(min_size=20, alphabet="AC"), min_size=1, max_size=6), seeds)
def test_a_dinucleotide_shuffle_of_two_letters_keeps_the_ends(sequences, seed):
    shuffled = decode(dinucleotide_shuffle(encode(sequences), np.random.default_rng(seed)))
    assert [(s[0], s[-1]) for s in shuffled] == [(s[0], s[-1]) for s in sequences]


@given(probes, seeds)
def test_shuffling_leaves_its_input_unchanged(sequences, seed):
    codes = encode(sequences)
    before = codes.copy()
    shuffle(codes, np.random.default_rng(seed))
    dinucleotide_shuffle(codes, np.random.default_rng(seed))
    assert np.array_equal(codes, before)


def arrangements(sequence: str) -> set[str]:
    """All sequences with the same first letter and dinucleotide counts, by trying every permutation."""
    candidates = {sequence[0] + "".join(rest) for rest in itertools.permutations(sequence[1:])}
    return {s for s in candidates if dinucleotides(s) == dinucleotides(sequence)}


def grown_arrangements(sequence: str) -> set[str]:
    """The same for longer sequences: grow every path letter by letter from the dinucleotides that are left."""
    paths = [(sequence[0], Counter(dinucleotides(sequence)))]
    for _ in range(len(sequence) - 1):
        paths = [
            (path + letter, left - Counter([path[-1] + letter]))
            for path, left in paths
            for letter in ALPHABET
            if left[path[-1] + letter]
        ]
    return {path for path, _ in paths}


def test_dinucleotide_shuffling_reaches_all_27_arrangements_equally_often():
    """Defect 5 of the reference code, which reaches 9 of them."""
    sequence = "ACCCACGAUGAUG"
    expected = grown_arrangements(sequence)
    assert len(expected) == count_dinucleotide_shuffles(sequence) == 27
    counts = Counter(decode(dinucleotide_shuffle(encode([sequence] * 5400), np.random.default_rng(5))))
    assert set(counts) == expected
    assert chisquare(list(counts.values())).pvalue > 0.001


def test_a_sequence_with_a_single_arrangement_comes_back_unchanged():
    """Defect 5, its other half: a shuffle that cannot change anything can be told."""
    assert count_dinucleotide_shuffles("ACUGACUGACUG") == 1
    shuffled = dinucleotide_shuffle(encode(["ACUGACUGACUG"] * 20), np.random.default_rng(0))
    assert set(decode(shuffled)) == {"ACUGACUGACUG"}


@given(rna(max_size=7))
def test_the_number_of_arrangements_agrees_with_trying_all_permutations(sequence):
    assert count_dinucleotide_shuffles(sequence) == len(arrangements(sequence))


@given(rna(min_size=8, max_size=12))
def test_the_number_of_arrangements_agrees_with_growing_all_paths(sequence):
    assert count_dinucleotide_shuffles(sequence) == len(grown_arrangements(sequence))


def test_sequences_of_different_length_are_shuffled_equally_often_side_by_side():
    short, long = "ACCCACGAUGAUG", "ACCCACGAUGAUGCC"
    rng = np.random.default_rng(2)
    counts = Counter(decode(dinucleotide_shuffle(encode([short, long] * 3000), rng)))
    for sequence in (short, long):
        observed = [counts[s] for s in grown_arrangements(sequence)]
        assert sum(observed) == 3000
        assert chisquare(observed).pvalue > 0.001


def test_profile_letters_follow_the_frequencies():
    frequencies = np.tile([0.1, 0.2, 0.3, 0.4], (LENGTH, 1))
    codes = Profile(frequencies).draw(500, np.random.default_rng(3))
    assert codes.shape == (500, LENGTH)
    counts = np.bincount(codes.ravel(), minlength=4)
    assert chisquare(counts, frequencies[0] * codes.size).pvalue > 0.001


@pytest.mark.parametrize("letter", range(4))
def test_a_certain_letter_is_always_drawn(letter):
    frequencies = np.tile(np.eye(4)[letter], (LENGTH, 1))
    assert (Profile(frequencies).draw(200, np.random.default_rng(0)) == letter).all()


def test_quartiles_are_quarters_from_the_lowest_to_the_highest_score():
    library = random_probes(103)
    scores = np.random.default_rng(1).permutation(103).astype(float)
    rows = [Quartile(library, scores, quarter).rows() for quarter in (1, 2, 3, 4)]
    assert np.concatenate([scores[np.sort(r)] for r in rows]).size == 103
    assert sorted(np.concatenate(rows)) == list(range(103))
    for lower, higher in itertools.pairwise(rows):
        assert scores[lower].max() < scores[higher].min()
    assert {len(r) for r in rows} <= {25, 26}


def test_a_quartile_draws_only_its_own_probes_unchanged():
    library = random_probes(100)
    scores = np.arange(100.0)
    drawn = decode(make_background("quartile4", profile(), library, scores).draw(25, np.random.default_rng(0)))
    assert sorted(drawn) == sorted(decode(library[75:]))


def test_probes_repeat_only_when_there_are_too_few():
    library = encode(["AAAA", "CCCC", "GGGG"])
    once = decode(Shuffle(library).draw(3, np.random.default_rng(0)))
    assert sorted(once) == ["AAAA", "CCCC", "GGGG"]
    assert len(Shuffle(library).draw(50, np.random.default_rng(0))) == 50


def test_shuffled_backgrounds_keep_what_they_promise_of_the_library():
    library = random_probes(60)
    shuffled = decode(make_background("shuffle", profile(), library).draw(60, np.random.default_rng(0)))
    assert sorted("".join(sorted(s)) for s in shuffled) == sorted("".join(sorted(s)) for s in decode(library))
    assert set(shuffled) != set(decode(library))
    paired = decode(make_background("dinucleotide", profile(), library).draw(60, np.random.default_rng(0)))
    assert sorted(map(str, map(sorted, map(dict.items, map(dinucleotides, paired))))) == sorted(
        map(str, map(sorted, map(dict.items, map(dinucleotides, decode(library)))))
    )


def test_every_name_makes_the_background_of_that_name():
    library, scores = random_probes(20), np.arange(20.0)
    for name in NAMES:
        background = make_background(name, profile(), library, scores)
        assert background.name == name
        assert background.description


def test_names_may_be_written_with_capitals_and_spaces():
    library, scores = random_probes(20), np.arange(20.0)
    assert make_background(" Quartile 3 ", profile(), library, scores).name == "quartile3"


@pytest.mark.parametrize("name", ["", "quartile5", "quartile", "nonsense"])
def test_an_unknown_background_is_refused_with_the_names_there_are(name):
    with pytest.raises(BackgroundError, match="is not a background; use profile, shuffle"):
        make_background(name, profile(), random_probes(20), np.arange(20.0))


@pytest.mark.parametrize("n", [0, -1, MAX_SAMPLES + 1])
def test_a_senseless_number_of_samples_is_refused(n):
    with pytest.raises(BackgroundError, match="must be 1 to 100,000"):
        draw_sample(Profile(profile()), profile(), n, np.random.default_rng(0))


def test_the_limits_of_the_number_of_samples_are_allowed():
    check_samples(1)
    check_samples(MAX_SAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_the_arrays_of_a_sample_are_read_only(name):
    sample = sample_of(name)
    for array in (sample.codes, sample.full_length, sample.draws):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize("name", NAMES)
def test_the_full_length_form_only_fills_in_the_padding(name):
    sample = sample_of(name)
    real = sample.codes != PADDING
    assert np.array_equal(sample.full_length[real], sample.codes[real])
    assert (sample.full_length < PADDING).all()


@pytest.mark.parametrize("name", padded_backgrounds)
def test_missing_tails_are_drawn_from_the_profile(name):
    sample = draw_sample(
        make_background(name, profile(), random_probes(50), np.arange(50.0)),
        np.tile(np.eye(4)[2], (LENGTH, 1)),
        30,
        np.random.default_rng(0),
    )
    assert (sample.codes == PADDING).any()
    assert (sample.full_length[sample.codes == PADDING] == 2).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_draws_the_same_sample_and_another_seed_another(name):
    first, again, other = sample_of(name, seed=1), sample_of(name, seed=1), sample_of(name, seed=2)
    for attribute in ("codes", "full_length", "draws"):
        assert np.array_equal(getattr(first, attribute), getattr(again, attribute))
        assert not np.array_equal(getattr(first, attribute), getattr(other, attribute))


def test_sequences_that_end_before_a_position_are_told():
    sample = sample_of("shuffle")
    ends = (sample.codes != PADDING).sum(axis=1)
    for position in (1, 30, 35, LENGTH):
        assert np.array_equal(sample.too_short_for(position), ends < position)
    assert not sample.too_short_for(30).any()
    assert sample.too_short_for(LENGTH).any()


def test_probes_with_a_single_arrangement_are_counted_and_said():
    library = encode(["ACUGACUGACUG" * 3] * 3)
    sample = draw_sample(DinucleotideShuffle(library), np.full((41, 4), 0.25), 3, np.random.default_rng(0))
    assert "3 of the 3 have no other arrangement" in sample.description
    changeable = encode(["ACCCACGAUGAUGACCCACGAUGAUG"] * 3)
    sample = draw_sample(DinucleotideShuffle(changeable), np.full((41, 4), 0.25), 3, np.random.default_rng(0))
    assert "arrangement" not in sample.description
