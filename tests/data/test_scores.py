import numpy as np
import pytest

from rbind_core.data.scores import is_log_advised, log_transform, skewness


def test_skewness_of_known_distributions():
    rng = np.random.default_rng(0)
    assert skewness(np.array([-1.0, 0.0, 1.0])) == pytest.approx(0)
    assert skewness(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(2 / np.sqrt(3))  # of a coin with p = 1/4
    assert skewness(rng.exponential(size=100_000)) == pytest.approx(2, abs=0.1)


def test_a_logarithm_is_advised_for_raw_intensities_and_not_for_log_intensities():
    normal = np.random.default_rng(0).normal(size=5000)
    assert is_log_advised(np.exp(2 * normal))
    assert not is_log_advised(normal)
    assert not is_log_advised(-np.exp(2 * normal))  # a long lower tail
    assert not is_log_advised(np.repeat([0.0, 1.0], [5000, 50]))  # two values, of which no logarithm makes another shape


def test_the_logarithm_begins_at_0():
    assert log_transform(np.array([-5.0, -4.0, np.e - 6])) == pytest.approx([0, np.log(2), 1])
