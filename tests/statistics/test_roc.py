"""Areas under the ROC curve and enrichments, with intervals that cover what they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, norm

from rbind_core.statistics.roc import FALSE_POSITIVES, p_of_higher, roc, turned

scores = st.lists(st.integers(0, 6), min_size=1, max_size=30).map(lambda found: np.array(found, np.float32))


@given(positive=scores, negative=scores)
def test_the_area_counts_pairs_and_ties_by_half(positive, negative):
    pairs = positive[:, None] - negative[None]
    found = roc(positive, negative)
    assert found.auroc == pytest.approx(np.mean((pairs > 0) + (pairs == 0) / 2))
    assert found.auroc == pytest.approx(mannwhitneyu(positive, negative).statistic / pairs.size)
    low, high = found.ci95
    assert 0 <= low <= found.auroc <= high <= 1
    low, high = found.enrichment_ci95
    assert 0 <= low <= found.enrichment <= high <= 1 / FALSE_POSITIVES
    assert turned(found).auroc == pytest.approx(roc(negative, positive).auroc)


def test_delongs_standard_error_by_hand():
    """Placements of (1, 3) among (0, 2): 1/2 and 1; of (0, 2): 1 and 1/2; each variance 1/8, over 2."""
    found = roc(np.array([1.0, 3.0]), np.array([0.0, 2.0]))
    assert found.auroc == 0.75
    assert found.standard_error == pytest.approx((1 / 16 + 1 / 16) ** 0.5)


def test_intervals_cover_the_truth():
    rng, covered = np.random.default_rng(0), []
    area, enrichment = norm.cdf(1 / 2**0.5), norm.sf(norm.isf(FALSE_POSITIVES) - 1) / FALSE_POSITIVES
    for _ in range(300):
        found = roc(rng.normal(1, 1, 600), rng.normal(0, 1, 600))
        low, high = found.enrichment_ci95
        covered.append((found.ci95[0] <= area <= found.ci95[1], low <= enrichment <= high))
    assert np.mean(covered, axis=0) == pytest.approx([0.95, 0.95], abs=0.045)


def test_a_score_that_says_nothing_has_no_enrichment_even_with_ties():
    rng = np.random.default_rng(1)
    found = [roc(rng.integers(0, 3, 500), rng.integers(0, 3, 500)) for _ in range(100)]
    assert np.mean([one.enrichment for one in found]) == pytest.approx(1, abs=0.15)
    assert np.mean([one.auroc for one in found]) == pytest.approx(0.5, abs=0.01)


def test_where_nothing_overlaps_the_interval_is_not_a_point():
    found = roc(np.arange(10.0) + 20, np.arange(30.0) - 20)
    assert found.auroc == 1
    assert found.ci95 == pytest.approx((0.025**0.1, 1))
    assert found.enrichment == 100
    assert turned(found).ci95 == pytest.approx((0, 1 - 0.025**0.1))


def test_the_paired_test_keeps_its_level_and_finds_a_difference():
    rng, false = np.random.default_rng(2), []
    for _ in range(300):
        shared, labels = rng.normal(size=200), np.arange(200) < 100
        one, other = (shared + rng.normal(size=200) for _ in range(2))
        false.append(p_of_higher(roc(one[labels], one[~labels]), roc(other[labels], other[~labels])) < 0.05)
    assert np.mean(false) == pytest.approx(0.05, abs=0.04)
    good, bad = roc(rng.normal(1, 1, 200), rng.normal(0, 1, 200)), roc(rng.normal(0, 1, 200), rng.normal(0, 1, 200))
    assert p_of_higher(good, bad) < 1e-3 < 0.9 < p_of_higher(bad, good)
    assert p_of_higher(good, good) == 0.5
