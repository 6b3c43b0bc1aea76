import itertools
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from rbind_core.backgrounds import count_dinucleotide_shuffles, dinucleotide_shuffle, shuffle
from rbind_core.rna.sequences import ALPHABET, PADDING, decode, encode
from tests.toys import dinucleotides, rna

probes = st.lists(rna(min_size=0), min_size=1, max_size=6)
seeds = st.integers(0, 1000)


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
