"""Correlations of two sets of scores, with their 95 % confidence intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Z95 = 1.959963984540054  # quantile of the standard normal distribution
_FEWEST = 4  # pairs below which there is no interval

Interval = tuple[float, float]


@dataclass(frozen=True)
class Correlation:
    """Pearson's and Spearman's correlation over n pairs; NaN where one side is constant, intervals NaN for fewer than 4 pairs.

    The intervals are Fisher's for Pearson and Bonett and Wright's (2000) for Spearman; both assume independent `units`,
    which are fewer than the pairs where some of these are repeats.
    """

    pearson: float
    pearson_ci95: Interval
    spearman: float
    spearman_ci95: Interval
    n: int
    units: int

    @property
    def text(self) -> str:
        """Both correlations with their 95 % confidence intervals, or why there are none."""
        if not np.isfinite(self.pearson):
            return "too few or too equal for a correlation"
        pearson = _with_interval(self.pearson, self.pearson_ci95)
        return f"Pearson {pearson}, Spearman {_with_interval(self.spearman, self.spearman_ci95)}"


def _with_interval(value: float, interval: Interval) -> str:
    low, high = interval
    return f"{value:.3f} [{low:.3f}, {high:.3f}]" if np.isfinite(low) else f"{value:.3f} [no interval]"


def correlation(x: NDArray[np.floating], y: NDArray[np.floating], units: NDArray[np.integer] | None = None) -> Correlation:
    """Correlate two sets of scores; pairs with NaN in either are left out.

    Parameters
    ----------
    x, y : (n,) scores.
    units : (n,) number of each pair's independent unit, such as its RNA; each pair is a unit when None.

    Returns
    -------
    Correlation
        With the numbers of complete pairs and of their units, which the intervals are based on.
    """
    known = np.isfinite(x) & np.isfinite(y)
    a, b = x[known].astype(np.float64), y[known].astype(np.float64)
    n = len(a)
    straight, ranked = pearson(a, b), spearman(a, b)
    independent = n if units is None else len(np.unique(units[known]))
    around = _interval(straight, independent, 1.0), _interval(ranked, independent, 1 + ranked**2 / 2)
    return Correlation(straight, around[0], ranked, around[1], n, independent)


def pearson_ci95(pearson: float, n: int) -> Interval:
    """Fisher's 95 % confidence interval of a Pearson correlation.

    Parameters
    ----------
    n : number of independent pairs.

    Returns
    -------
    (float, float)
        NaN for fewer than 4 pairs.
    """
    return _interval(pearson, n, 1.0)


def pearson(x: NDArray[np.floating], y: NDArray[np.floating]) -> float:
    """Pearson's correlation, computed in float64.

    Parameters
    ----------
    x, y : (n,) numbers.

    Returns
    -------
    float
        NaN for fewer than two pairs, a constant side or a missing number.
    """
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.corrcoef(x.astype(np.float64), y.astype(np.float64))[0, 1])


def spearman(x: NDArray[np.floating], y: NDArray[np.floating]) -> float:
    """Spearman's correlation, with mean ranks for equal numbers.

    Parameters
    ----------
    x, y : (n,) numbers.

    Returns
    -------
    float
        NaN as for `pearson`.
    """
    from scipy.stats import rankdata

    return pearson(rankdata(x), rankdata(y))


def _interval(r: float, n: int, variance: float) -> Interval:
    """Interval on Fisher's z scale, where r has this variance times 1 / (n - 3)."""
    if n < _FEWEST or not np.isfinite(r):
        return float("nan"), float("nan")
    if abs(r) == 1:
        return r, r
    z, margin = np.arctanh(r), _Z95 * np.sqrt(variance / (n - 3))
    return float(np.tanh(z - margin)), float(np.tanh(z + margin))
