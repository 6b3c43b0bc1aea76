"""How well a score tells positives from negatives: area under the ROC curve, and enrichment at a fixed false positive rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FALSE_POSITIVES = 0.01  # rate at which the enrichment is measured
Z = 1.959964  # of a 95 % interval
_OF_ONE_END = 0.025


@dataclass(frozen=True)
class Roc:
    """One score of n positives and m negatives.

    `auroc` is the probability that a positive has the higher score, equal ones counting half. `of_positives` (n,) and
    `of_negatives` (m,) float64 are the placements from which its variance, and that of differences between scores, follows
    (DeLong et al. 1988).
    `enrichment` is the share of positives beyond the threshold that 1 % of the negatives pass, divided by 1 %.
    """

    auroc: float
    of_positives: NDArray[np.float64]
    of_negatives: NDArray[np.float64]
    enrichment: float
    enrichment_ci95: tuple[float, float]

    @property
    def standard_error(self) -> float:
        """Of the area."""
        return float(np.sqrt(_variance(self.of_positives) + _variance(self.of_negatives)))

    @property
    def ci95(self) -> tuple[float, float]:
        """95 % confidence interval of the area.

        Where nothing overlaps DeLong's variance is 0. Then the end is the area at which that happens in one of forty samples, if
        positives and negatives came in pairs: 0.025 ** (1 / min(n, m)).
        """
        error = self.standard_error
        low, high = max(self.auroc - Z * error, 0.0), min(self.auroc + Z * error, 1.0)
        end = _OF_ONE_END ** (1 / min(len(self.of_positives), len(self.of_negatives)))
        if self.auroc == 1:
            low = end
        elif self.auroc == 0:
            high = 1 - end
        return low, high


def roc(positive: NDArray[np.floating], negative: NDArray[np.floating]) -> Roc:
    """Compare the scores of positives with those of negatives.

    Parameters
    ----------
    positive, negative : (n,) and (m,), at least one each, all finite.
    """
    below, above = np.sort(negative), np.sort(positive)
    n, m = len(above), len(below)
    of_positives = (np.searchsorted(below, positive, "left") + np.searchsorted(below, positive, "right")) / (2 * m)
    of_negatives = 1 - (np.searchsorted(above, negative, "left") + np.searchsorted(above, negative, "right")) / (2 * n)
    true, interval = _true_positives(above, below)
    scaled = interval[0] / FALSE_POSITIVES, interval[1] / FALSE_POSITIVES
    return Roc(float(of_positives.mean()), of_positives, of_negatives, true / FALSE_POSITIVES, scaled)


def p_of_higher(one: Roc, other: Roc) -> float:
    """One-sided p-value of the area of one score being no higher than that of another on the same samples (DeLong et al. 1988)."""
    from scipy.special import ndtr

    variance = _variance(one.of_positives - other.of_positives) + _variance(one.of_negatives - other.of_negatives)
    difference = one.auroc - other.auroc
    if variance <= 0:
        return 0.5 if difference <= 0 else 0.0
    return float(ndtr(-difference / np.sqrt(variance)))


def turned(one: Roc) -> Roc:
    """The same score with its sign changed; the enrichment is left as it is."""
    return Roc(1 - one.auroc, 1 - one.of_positives, 1 - one.of_negatives, one.enrichment, one.enrichment_ci95)


def _variance(placements: NDArray[np.float64]) -> float:
    return float(placements.var(ddof=1)) / len(placements) if len(placements) > 1 else 0.0


def _true_positives(above: NDArray[np.floating], below: NDArray[np.floating]) -> tuple[float, tuple[float, float]]:
    """Share of positives at 1 % false positives on the ROC curve, straight between its points, with a 95 % interval.

    The interval covers the sampling of the positives (Agresti and Coull 1998) and of the threshold (the curve where the false
    positive rate has its 95 % limits), put together as in Zou and Donner 2008.
    """
    thresholds = np.unique(below)[::-1]
    false = np.concatenate([[0.0], 1 - np.searchsorted(below, thresholds, "left") / len(below)])
    true = np.concatenate([[1 - np.searchsorted(above, thresholds[0], "right") / len(above)], _shares_from(above, thresholds)])
    wide = Z * np.sqrt(FALSE_POSITIVES * (1 - FALSE_POSITIVES) / len(below))
    at, low, high = np.interp([FALSE_POSITIVES, max(FALSE_POSITIVES - wide, 0), FALSE_POSITIVES + wide], false, true)
    count = len(above) + Z**2
    centre = (at * len(above) + Z**2 / 2) / count
    half = Z * np.sqrt(centre * (1 - centre) / count)
    lower = at - np.hypot(at - (centre - half), at - low)
    upper = at + np.hypot(centre + half - at, high - at)
    return float(at), (float(max(lower, 0)), float(min(upper, 1)))


def _shares_from(above: NDArray[np.floating], thresholds: NDArray[np.floating]) -> NDArray[np.float64]:
    return 1 - np.searchsorted(above, thresholds, "left") / len(above)
