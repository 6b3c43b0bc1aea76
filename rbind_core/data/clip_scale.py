"""The scale of the published benchmarks: clipped intensities, and how a model of log intensities predicts them.

exp of such a model's output is an intensity. Near the clip it bends softly, since the expected value of a clipped
intensity is below the clip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import Dataset
from rbind_core.data.transforms import Normalisation, clip_transform

SHARPNESS = 4.0  # how sharply predictions bend at the clip; constants fitted per experiment did no better on validation probes


@dataclass(frozen=True)
class ClipScale:
    """The clip scale of one experiment: from z-scores of log intensity to z-scores of clipped intensity.

    `log` and `clipped` are the normalisations of both scales, `ceiling` the log of the intensity at which scores are clipped:
    the 99.9th percentile of the training part.
    """

    log: Normalisation
    clipped: Normalisation
    ceiling: float

    def of_measured(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        """Clip measured scores.

        Parameters
        ----------
        z : (n,) z-scores of log intensity.

        Returns
        -------
        NDArray
            (n,) z-scores of clipped intensity, float64.
        """
        return self._z_score(np.minimum(self._log_intensity(z), self.ceiling))

    def of_predicted(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        """Put predicted scores on the clip scale, keeping their order.

        Parameters
        ----------
        z : (n,) z-scores of log intensity.

        Returns
        -------
        NDArray
            (n,) z-scores of clipped intensity, float64.
        """
        below = SHARPNESS * (self.ceiling - self._log_intensity(z))
        return self._z_score(self.ceiling - np.logaddexp(0, below) / SHARPNESS)

    def _log_intensity(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        return self.log.mean + self.log.standard_deviation * z.astype(np.float64)

    def _z_score(self, log_intensity: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.exp(log_intensity) - self.clipped.mean) / self.clipped.standard_deviation


def clip_scale(dataset: Dataset) -> ClipScale:
    """Determine the clip scale of an experiment from its training part.

    Parameters
    ----------
    dataset : its scores are normalised log(S - S_min + 1).
    """
    scores = dataset.scores[dataset.training]
    log_scores = dataset.normalisation.mean + dataset.normalisation.standard_deviation * scores.astype(np.float64)
    intensities = clip_transform(log_scores, np.ones(len(log_scores), bool))
    return ClipScale(dataset.normalisation, Normalisation.fit(intensities), float(np.log(intensities.max())))
