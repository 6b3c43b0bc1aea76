"""Scales of binding scores: z-scores of log intensity (predictions) and of clipped intensity (benchmarks)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLIP_PERCENTILE = 99.9


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of the training part, to turn scores into z-scores."""

    mean: float
    standard_deviation: float

    @classmethod
    def fit(cls, training_scores: NDArray[np.floating]) -> Normalisation:
        """Estimate both from the training part.

        Parameters
        ----------
        training_scores : (n,) scores; NaN is left out.
        """
        return cls(float(np.nanmean(training_scores)), float(np.nanstd(training_scores)))

    def apply(self, scores: NDArray[np.floating]) -> NDArray[np.float32]:
        """Turn scores into z-scores.

        Parameters
        ----------
        scores : (n,) on the fitted scale.

        Returns
        -------
        NDArray
            (n,) float32.
        """
        return ((scores - self.mean) / self.standard_deviation).astype(np.float32)


def clip_transform(log_scores: NDArray[np.floating], training: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Recover the clipped intensities of the published benchmarks from log(S - S_min + 1).

    S up to a constant is exp of the log score; it is clipped at the 99.9th percentile of the training part.

    Parameters
    ----------
    log_scores : (n,) log-transformed scores.
    training : (n,) bool, the rows that define the percentile.

    Returns
    -------
    NDArray
        (n,) float64 clipped intensities, not normalised.
    """
    intensities = np.exp(log_scores.astype(np.float64))
    return np.minimum(intensities, np.nanpercentile(intensities[training], CLIP_PERCENTILE))
