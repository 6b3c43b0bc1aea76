"""Scales of a binding score: the z-score of the log intensity (served) and of the clipped intensity (benchmarks)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLIP_PERCENTILE = 99.9


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of the training part, which turn a score into a z-score."""

    mean: float
    standard_deviation: float

    @classmethod
    def fit(cls, training_scores: NDArray[np.floating]) -> Normalisation:
        """Estimate both from the training part only.

        Parameters
        ----------
        training_scores : (n,) scores; NaN is left out.
        """
        return cls(float(np.nanmean(training_scores)), float(np.nanstd(training_scores)))

    def apply(self, scores: NDArray[np.floating]) -> NDArray[np.float32]:
        """Turn scores into z-scores.

        Parameters
        ----------
        scores : (n,) on the scale that was fitted.

        Returns
        -------
        NDArray
            (n,) float32.
        """
        return ((scores - self.mean) / self.standard_deviation).astype(np.float32)


def clip_transform(log_scores: NDArray[np.floating], training: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Rebuild the clipped intensities of the published benchmarks from log(S - S_min + 1).

    S up to a constant is exp of the log score; it is clipped at the 99.9th percentile of the training part.

    Parameters
    ----------
    log_scores : (n,) log-transformed scores.
    training : (n,) bool, the rows whose percentile is taken.

    Returns
    -------
    NDArray
        (n,) float64 clipped intensities, not normalised.
    """
    intensities = np.exp(log_scores.astype(np.float64))
    return np.minimum(intensities, np.nanpercentile(intensities[training], CLIP_PERCENTILE))
