import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.data.splits import split_by_group, training_and_validation


@given(st.sets(st.integers(0, 10_000), min_size=10, max_size=200), st.integers(0, 100))
def test_each_row_is_in_exactly_one_part_and_a_tenth_validates(rows, seed):
    candidates = np.array(sorted(rows))
    training, validation = training_and_validation(candidates, np.random.default_rng(seed))
    assert sorted([*training, *validation]) == candidates.tolist()
    assert len(validation) == round(len(candidates) / 10)
    assert (np.diff(training) > 0).all()
    assert (np.diff(validation) > 0).all()


def test_a_seed_fixes_the_split_and_another_one_changes_it():
    rows = np.arange(1000)
    first, again, other = (training_and_validation(rows, np.random.default_rng(seed))[1] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@given(st.integers(0, 50), st.integers(2, 12))
def test_a_group_is_on_one_side_and_about_a_tenth_is_held_out(seed, largest):
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(100), rng.integers(1, largest, 100))
    candidates = np.arange(len(groups)) * 3
    larger, smaller = split_by_group(candidates, groups, rng)
    assert sorted([*larger, *smaller]) == candidates.tolist()
    assert not set(groups[larger // 3]) & set(groups[smaller // 3])
    assert round(len(candidates) / 10) <= len(smaller) <= len(candidates) * 0.13


def test_a_group_that_is_too_large_is_never_held_out():
    groups = np.concatenate([np.zeros(700, int), np.arange(1, 301)])
    for seed in range(20):
        _, smaller = split_by_group(np.arange(1000), groups, np.random.default_rng(seed))
        assert len(smaller) == 100
        assert (groups[smaller] > 0).all()
