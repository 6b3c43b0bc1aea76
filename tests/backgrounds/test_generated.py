import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, ks_2samp

from rbind_core.analyses import probe_library
from rbind_core.backgrounds import ChosenGC, Markov, MatchedGC, Uniform, word_counts
from rbind_core.model.registry import find_model
from rbind_core.rna.sequences import LENGTH, PADDING, gc_content
from tests.toys import random_probes

seeds = st.integers(0, 1000)


def skewed_library(n=4000, order=3, seed=5):
    """Probes of 30-41 nt written by a Markov chain with random, uneven transitions."""
    rng = np.random.default_rng(seed)
    thresholds = np.cumsum(rng.dirichlet([0.7] * 4, 4**order), axis=1)[:, :3]
    last, codes = rng.integers(0, 4**order, n), np.empty((n, 2 * LENGTH), np.uint8)
    for position in range(2 * LENGTH):
        codes[:, position] = (rng.random(n)[:, None] >= thresholds[last]).sum(axis=1)
        last = (4 * last + codes[:, position]) % 4**order
    codes = codes[:, LENGTH:]  # past the start of the chain
    codes[np.arange(LENGTH) >= rng.integers(30, LENGTH + 1, n)[:, None]] = PADDING
    return codes


def frequencies(codes, length):
    counts = word_counts(codes, length)
    return counts / counts.sum()


@given(seeds)
def test_uniform_letters_are_equally_likely_at_every_position(seed):
    codes = Uniform().draw(400, np.random.default_rng(seed))
    assert chisquare(np.bincount(codes.ravel(), minlength=4)).pvalue > 1e-6
    assert (np.stack([(codes == letter).mean(axis=0) for letter in range(4)]) > 0.1).all()


@given(st.floats(0, 1), seeds)
def test_the_chosen_gc_content_is_met_with_as_many_g_as_c_and_a_as_u(gc, seed):
    codes = ChosenGC(gc).draw(400, np.random.default_rng(seed))
    shares = frequencies(codes, 1)
    assert codes.max() < PADDING
    assert shares == pytest.approx([(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2], abs=0.025)


@pytest.mark.parametrize(("gc", "letters"), [(0, {0, 3}), (1, {1, 2})])
def test_without_gc_there_is_none_and_with_nothing_else_there_is_nothing_else(gc, letters):
    assert set(np.unique(ChosenGC(gc).draw(50, np.random.default_rng(0)))) == letters


@pytest.mark.parametrize("gc", [0.07, 0.385, 0.6, 1])
def test_the_gc_content_that_is_said_is_the_one_that_is_drawn(gc):
    chosen = ChosenGC(gc)
    drawn = 100 * gc_content(chosen.draw(5000, np.random.default_rng(0))).mean()
    for said in (chosen.description, chosen.keeps, ChosenGC.labelled(gc)):
        [percent] = re.findall(r"([0-9.]+) %", said)
        assert float(percent) == pytest.approx(drawn, abs=0.5)


@given(seeds)
def test_matched_sequences_have_the_gc_content_of_the_probes(seed):
    """Each library probe is used once, so the spread of GC content is that of the library up to half a nucleotide."""
    library = random_probes(200, seed)
    codes = MatchedGC(library).draw(200, np.random.default_rng(seed))
    assert codes.max() < PADDING
    assert np.sort(gc_content(codes)) == pytest.approx(np.sort(gc_content(library)), abs=0.5 / LENGTH + 1e-9)


def test_matched_sequences_keep_the_spread_of_gc_content_that_no_single_chosen_content_gives():
    library = np.concatenate([ChosenGC(gc).draw(1500, np.random.default_rng(1)) for gc in (0.2, 0.8)])
    matched = gc_content(MatchedGC(library).draw(3000, np.random.default_rng(2)))
    assert ks_2samp(matched, gc_content(library)).pvalue > 0.01
    assert ks_2samp(gc_content(ChosenGC(0.5).draw(3000, np.random.default_rng(2))), gc_content(library)).pvalue < 1e-100


def test_matched_sequences_lose_positions_and_the_balance_within_gc():
    library = np.full((50, LENGTH), 2, np.uint8)  # all G
    library[:, :20] = 0  # behind all A
    codes = MatchedGC(library).draw(5000, np.random.default_rng(0))
    shares = np.stack([(codes == letter).mean(axis=0) for letter in range(4)], axis=1)
    assert shares == pytest.approx(np.tile([10, 10.5, 10.5, 10], (LENGTH, 1)) / 41, abs=0.03)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_chain_of_order_k_has_the_words_of_k_plus_1_letters_of_its_library(order):
    library = skewed_library()
    codes = Markov(library, order).draw(4000, np.random.default_rng(1))
    assert (codes.shape, codes.dtype, codes.max()) == ((4000, LENGTH), np.uint8, 3)
    for length in range(1, order + 2):
        expected, drawn = frequencies(library, length), frequencies(codes, length)
        assert np.abs(drawn - expected).max() < 0.005
        assert np.corrcoef(drawn, expected)[0, 1] > 0.995


@pytest.mark.parametrize("order", [1, 2])
def test_a_chain_of_a_lower_order_does_not_have_longer_words(order):
    library = skewed_library()
    expected = frequencies(library, order + 2)
    errors = [
        np.abs(frequencies(Markov(library, fitted).draw(4000, np.random.default_rng(1)), order + 2) - expected).sum()
        for fitted in (order, order + 1)
    ]
    assert errors[0] > 4 * errors[1]


def test_order_1_differs_from_independent_letters():
    library = skewed_library(order=1)
    singles = frequencies(library, 1)
    pairs = frequencies(Markov(library, 1).draw(4000, np.random.default_rng(1)), 2).reshape(4, 4)
    assert np.abs(pairs - np.outer(singles, singles)).sum() > 0.1


def test_behind_the_start_a_chain_is_the_same_at_every_position():
    codes = Markov(skewed_library(), 2).draw(20_000, np.random.default_rng(3))
    start, end = frequencies(codes[:, 5:11], 3), frequencies(codes[:, -6:], 3)
    assert np.abs(start - end).max() < 0.01


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", ["designed", "measured"])
def test_a_chain_has_the_words_of_the_real_libraries(name, order, request):
    """All probes begin with AG[AG]: a chain that spreads these words over the RNA has a correlation of 0.3 with the library."""
    if name == "measured":
        request.getfixturevalue("data_folder")
    library = probe_library(find_model("RBFOX1"), name).codes
    codes = Markov(library, order).draw(100_000, np.random.default_rng(1))
    for length in range(1, order + 2):
        expected, drawn = frequencies(library, length), frequencies(codes, length)
        assert np.corrcoef(drawn, expected)[0, 1] > 0.99
        assert np.abs(drawn / expected - 1).max() < 0.1
    begins, should = ((rows[:, :2] == [0, 2]).all(axis=1).mean() for rows in (codes, library))  # AG
    assert begins == pytest.approx(should, abs=0.01)
    assert should > 0.8
    start = 3 + order
    assert frequencies(codes[:, :start], order + 1) == pytest.approx(frequencies(library[:, :start], order + 1), abs=0.003)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_what_a_chain_says_is_what_it_does(order):
    chain = Markov(skewed_library(), order)
    assert f"first {3 + order}" in chain.description
    assert f"first {3 + order} nt" in chain.keeps
    assert f"beyond nucleotide {3 + order}" in chain.destroys
    codes = chain.draw(200, np.random.default_rng(0))
    starts = {row.tobytes() for row in chain.library[:, : 3 + order]}
    assert all(row.tobytes() in starts for row in codes[:, : 3 + order])


def test_padding_is_no_letter_of_a_chain():
    library = np.full((30, LENGTH), PADDING, np.uint8)
    library[:, :30] = 0
    codes = Markov(library, 1).draw(500, np.random.default_rng(0))
    assert (codes == 0).mean() > 0.97
    assert codes.max() < PADDING


def test_nothing_is_impossible_in_a_chain():
    """A word that the library lacks has one count, so a chain never ends in a corner it cannot leave."""
    library = np.zeros((3, LENGTH), np.uint8)
    codes = Markov(library, 1).draw(2000, np.random.default_rng(0))
    assert (word_counts(codes, 1) > 0).all()
