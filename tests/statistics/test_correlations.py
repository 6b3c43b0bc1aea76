import numpy as np
import pytest
from scipy.stats import bootstrap, pearsonr, spearmanr

from rbind_core.statistics import correlation


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


def test_repeats_of_one_unit_make_the_interval_no_narrower(pairs):
    """Four copies of each pair hold no more than one of each."""
    x, y = pairs
    once, four_times = correlation(x, y), correlation(np.tile(x, 4), np.tile(y, 4), np.tile(np.arange(400), 4))
    assert (four_times.n, four_times.units) == (1600, 400)
    assert four_times.pearson == pytest.approx(once.pearson)
    assert four_times.pearson_ci95 == pytest.approx(once.pearson_ci95)
    assert four_times.spearman_ci95 == pytest.approx(once.spearman_ci95)
    naive = correlation(np.tile(x, 4), np.tile(y, 4))
    assert naive.units == 1600
    assert np.diff(naive.pearson_ci95) < 0.6 * np.diff(four_times.pearson_ci95)


def test_units_without_a_score_do_not_count(pairs):
    x, y = pairs
    x = np.where(np.arange(400) < 100, np.nan, x)
    assert correlation(x, y, np.arange(400) // 2).units == 150
