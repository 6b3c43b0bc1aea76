"""The distribution of the scores that a network was trained on, as a reference for its predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import DataError

PERCENTS = np.arange(101.0)
_HIGH = 99.9  # per cent; the hundred steps alone say little about the strong binders
_ONE_PER_CENT, _BEYOND = 0.01, 0.001  # shares above the 99th and above the 99.9th percentile
_DECIMALS = 5


@dataclass(frozen=True)
class MeasuredScores:
    """Distribution of the z-scores that a network was trained on (training part).

    `n` scores; `percentile_99_9` and `maximum` in z-score units; `quantiles` has 101 values, at 0, 1, ..., 100 %, the last
    of which is the maximum.
    """

    n: int
    percentile_99_9: float
    maximum: float
    quantiles: tuple[float, ...]

    def share_above(self, score: float) -> float:
        """Share of the measured scores above a given z-score, interpolated between the quantiles.

        Returns
        -------
        float
            From 1 (below the minimum) to 0 (at and beyond the maximum); NaN for NaN.
        """
        top = self.quantiles[-2]
        if top < score < self.percentile_99_9:  # a tail falls like an exponential, which a straight line would overestimate
            return float(_ONE_PER_CENT * (_BEYOND / _ONE_PER_CENT) ** ((score - top) / (self.percentile_99_9 - top)))
        values, shares = [*self.quantiles[:-1], self.percentile_99_9, self.maximum], [*(1 - PERCENTS[:-1] / 100), _BEYOND, 0.0]
        return float(np.interp(score, values, shares))

    @classmethod
    def of_card(cls, entry: dict[str, Any]) -> MeasuredScores:
        """Read the entry of a valid card.

        Parameters
        ----------
        entry : `n`, `percentile_99_9`, `maximum` and `quantiles`.
        """
        return cls(entry["n"], float(entry["percentile_99_9"]), float(entry["maximum"]), tuple(map(float, entry["quantiles"])))


def measured_scores(z: NDArray[np.floating]) -> MeasuredScores:
    """Summarise the scores of a training part, rounded to five decimals.

    Parameters
    ----------
    z : (n,) z-scores; NaN is left out.

    Raises
    ------
    DataError
        If there are no scores.
    """
    known = np.asarray(z, np.float64)[np.isfinite(z)]
    if not len(known):
        raise DataError("there are no measured scores to describe")
    quantiles = np.percentile(known, PERCENTS).round(_DECIMALS)
    high = float(np.percentile(known, _HIGH).round(_DECIMALS))
    return MeasuredScores(len(known), high, float(quantiles[-1]), tuple(quantiles.tolist()))
