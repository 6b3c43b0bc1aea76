import numpy as np
import pytest
from scipy.stats import bootstrap, pearsonr, spearmanr

from rbind_core.correlations import correlation


@pytest.fixture
def pairs():
    rng = np.random.default_rng(3)
    x = rng.normal(size=400)
    return x, x + rng.normal(size=400)


def test_both_correlations_are_those_of_scipy_and_fishers_interval_too(pairs):
    found = correlation(*pairs)
    reference = pearsonr(*pairs)
    assert found.pearson == pytest.approx(reference.statistic)
    assert found.pearson_ci95 == pytest.approx(tuple(reference.confidence_interval(0.95)))
    assert found.spearman == pytest.approx(spearmanr(*pairs).statistic)
    assert found.n == 400
    assert found.text.startswith(f"Pearson {found.pearson:.3f} [{found.pearson_ci95[0]:.3f}, ")


def test_spearmans_interval_agrees_with_a_bootstrap(pairs):
    def statistic(x, y):
        return spearmanr(x, y).statistic

    drawn = bootstrap(pairs, statistic, paired=True, vectorized=False, n_resamples=500, method="percentile", rng=0)
    assert correlation(*pairs).spearman_ci95 == pytest.approx(tuple(drawn.confidence_interval), abs=0.02)


def test_what_is_missing_is_left_out(pairs):
    x, y = (values.copy() for values in pairs)
    x[:100], y[50:150] = np.nan, np.nan
    assert correlation(x, y) == correlation(x[150:], y[150:])


def test_perfect_constant_and_few_pairs():
    x = np.arange(10.0)
    assert correlation(x, x).pearson_ci95 == pytest.approx((1, 1))
    assert correlation(x, -x).spearman == pytest.approx(-1)
    assert np.isnan(correlation(x, np.ones(10)).pearson)
    assert "too few or too equal" in correlation(x, np.ones(10)).text
    assert "too few or too equal" in correlation(x[:0], x[:0]).text
    assert "no interval" in correlation(x[:3], np.array([0.0, 2, 1])).text
