from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from rbind_core.constructs import placement
from rbind_core.constructs.placement import starts_on
from rbind_core.rna.sequences import LENGTH


def window(*free):
    """Free positions of the window, the first of them 1."""
    mask = np.zeros(LENGTH, bool)
    mask[[position - 1 for position in free]] = True
    return mask


def brute_force(lengths, free):
    """All starts, 1-based, at which the patterns lie on free positions without overlap."""
    open_positions = set(np.flatnonzero(free) + 1)
    found = []
    for starts in product(range(1, LENGTH + 1), repeat=len(lengths)):
        taken = [p for start, length in zip(starts, lengths, strict=True) for p in range(start, start + length)]
        if len(set(taken)) == len(taken) and set(taken) <= open_positions:
            found.append(starts)
    return found


def allowed(lengths, free):
    return np.array([starts_on(free, length) for length in lengths])


def count_arrangements(lengths, free):
    return placement.count_arrangements(lengths, allowed(lengths, free))


def place(lengths, free, draws):
    return placement.place(lengths, allowed(lengths, free), draws)


masks = st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH).map(np.array)
draws = np.random.default_rng(3).random((60_000, LENGTH), dtype=np.float32)


@given(st.lists(st.integers(1, 8), min_size=1, max_size=2), masks)
def test_the_number_of_arrangements_is_that_of_all_that_can_be_listed(lengths, free):
    assert count_arrangements(lengths, free)[0, 0] == len(brute_force(lengths, free))


def test_the_number_of_arrangements_of_three_patterns_is_that_of_all_that_can_be_listed():
    free = window(*range(1, 8), *range(10, 18))
    assert count_arrangements([2, 3, 2], free)[0, 0] == len(brute_force([2, 3, 2], free)) > 100


@pytest.mark.parametrize(
    ("lengths", "free"),
    [
        ([6], window(*range(1, 42))),
        ([3], window(1, 2, 3, 5, 6, 7, 8, 20, 21, 30, 31, 32, 33, 34)),  # blocked positions in between
        ([2, 2], window(*range(3, 11))),
        ([1, 4], window(*range(1, 9), *range(20, 24))),  # different lengths, blocked positions
        ([3, 1, 2], window(*range(33, 42))),  # up to the very end
        ([2, 1, 1], window(1, 2, 4, 5, 6, 41)),
    ],
)
def test_every_arrangement_is_about_equally_often_drawn(lengths, free):
    possible = brute_force(lengths, free)
    drawn = Counter(map(tuple, place(lengths, free, draws).tolist()))
    assert set(drawn) == set(possible)  # each of them, and nothing else
    assert chisquare([drawn[starts] for starts in possible]).pvalue > 1e-3


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), masks, st.integers(0, 100))
def test_patterns_never_overlap_and_lie_on_free_positions(lengths, free, seed):
    if count_arrangements(lengths, free)[0, 0] == 0:
        free = np.ones(LENGTH, bool)
    starts = place(lengths, free, np.random.default_rng(seed).random((50, LENGTH)))
    assert starts.shape == (50, len(lengths))
    for row in starts:
        taken = [p - 1 for start, length in zip(row, lengths, strict=True) for p in range(start, start + length)]
        assert len(set(taken)) == len(taken)
        assert free[taken].all()


@pytest.mark.parametrize(("extreme", "starts"), [(0.0, [1, 7]), (np.nextafter(np.float32(1), np.float32(0)), [36, 31])])
def test_the_lowest_draws_put_patterns_first_and_the_highest_put_them_last(extreme, starts):
    assert place([6, 5], np.ones(LENGTH, bool), np.full((1, LENGTH), extreme, np.float32)).tolist() == [starts]


def test_the_only_arrangements_are_found():
    assert set(map(tuple, place([20, 21], np.ones(LENGTH, bool), draws[:100]).tolist())) == {(1, 21), (22, 1)}
    assert set(map(tuple, place([41], np.ones(LENGTH, bool), draws[:100]).tolist())) == {(1,)}
    assert set(map(tuple, place([2, 3], window(4, 5, 10, 11, 12), draws[:100]).tolist())) == {(4, 10)}


def test_the_same_draws_give_the_same_places_for_each_sequence_alone():
    free = np.ones(LENGTH, bool)
    starts = place([6, 4], free, draws[:50])
    assert np.array_equal(place([6, 4], free, draws[:50]), starts)
    assert np.array_equal(place([6, 4], free, draws[20:50]), starts[20:])
    assert not np.array_equal(place([6, 4], free, draws[50:100]), starts)


def test_each_pattern_starts_only_where_it_may():
    may_start = np.zeros((2, LENGTH), bool)
    may_start[0, [2, 9]] = may_start[1, [4, 30]] = True
    starts = placement.place([4, 3], may_start, draws[:2000])
    assert set(map(tuple, starts.tolist())) == {(3, 31), (10, 5), (10, 31)}  # 3 and 5 would overlap
