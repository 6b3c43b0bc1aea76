from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.backgrounds import NAMES, composition_of, word_counts
from rbind_core.rna.sequences import ALPHABET, all_kmers, decode, encode
from tests.toys import rna, sample_of


def test_a_composition_is_what_one_counts_by_hand():
    composition = composition_of(encode(["GGCAA", "GACU"]))
    assert composition.sequences == 2
    assert composition.mean_length == 4.5
    assert composition.mean_gc == pytest.approx((3 / 5 + 2 / 4) / 2)
    assert composition.positions[0].tolist() == [0, 0, 1, 0]
    assert composition.positions[1].tolist() == [0.5, 0, 0.5, 0]
    assert composition.positions[4].tolist() == [1, 0, 0, 0]  # the shorter one is not counted
    assert not composition.positions[5:].any()
    pairs = Counter(["GG", "GC", "CA", "AA", "GA", "AC", "CU"])
    for row, first in enumerate(ALPHABET):
        for column, second in enumerate(ALPHABET):
            assert composition.dinucleotides[row, column] == pytest.approx(pairs[first + second] / 7)
    assert np.flatnonzero(composition.gc_histogram).tolist() == [10, 12]
    assert composition.gc_histogram[10] == 0.5


@pytest.mark.parametrize("name", NAMES)
def test_every_background_has_a_composition_without_gaps(name):
    composition = composition_of(sample_of(name).codes)
    assert np.isfinite(composition.positions).all()
    reached = composition.positions.sum(axis=1)
    assert reached[:11] == pytest.approx(1)
    assert ((reached < 1e-9) | (np.abs(reached - 1) < 1e-9)).all()
    assert composition.gc_histogram.sum() == pytest.approx(1)
    assert composition.dinucleotides.sum() == pytest.approx(1)
    assert 0 <= composition.mean_gc <= 1


@pytest.mark.parametrize(("sequence", "bin_"), [("A" * 41, 0), ("G" * 41, 19), ("", 0), ("C", 19)])
def test_the_ends_of_the_histogram_are_in_it(sequence, bin_):
    composition = composition_of(encode([sequence]))
    assert composition.gc_histogram[bin_] == 1
    assert np.isfinite(composition.dinucleotides).all()


@given(st.lists(rna(min_size=0), min_size=1, max_size=6), st.integers(1, 4))
def test_words_are_counted_as_in_text(sequences, length):
    expected = Counter(s[i : i + length] for s in sequences for i in range(len(s) - length + 1))
    counts = word_counts(encode(sequences), length)
    assert dict(zip(decode(all_kmers(length)), counts, strict=True)) == {word: expected[word] for word in decode(all_kmers(length))}
