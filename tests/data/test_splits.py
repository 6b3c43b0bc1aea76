import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.data.splits import training_and_validation


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
