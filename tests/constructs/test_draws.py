import numpy as np

from tests.constructs.strategies import draws_for
from tests.toys import random_probes


def test_the_first_draws_are_views_of_the_same_arrays():
    draws = draws_for(random_probes(30))
    part = draws.first(10)
    for whole, first in zip(vars(draws).values(), vars(part).values(), strict=True):
        assert len(first) == 10
        assert np.shares_memory(whole, first)
        assert np.array_equal(whole[:10], first)
