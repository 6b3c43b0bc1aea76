"""The scale of the published benchmarks: a network with an exponential link, fitted to clip-transformed scores.

A ResidualBind fitted to log-transformed scores starts close to the goal, since exp of what it puts out is an intensity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import Dataset, make_dataset
from rbind_core.data.transforms import Normalisation, clip_transform

SHARPNESS = 4.0  # how sharply the link bends at the clip; finite, so that a gradient is left beyond it


@dataclass(frozen=True)
class ClipLink:
    """From the z-score of a log intensity to the z-score of the clipped intensity.

    `log` and `clipped` are the normalisations of both scales, `ceiling` the log of the intensity at which scores are
    clipped.
    """

    log: Normalisation
    clipped: Normalisation
    ceiling: float

    def of_tensor(self, output: Any) -> Any:
        """Map a tensor.

        Parameters
        ----------
        output : any shape, z-scores of log intensity.

        Returns
        -------
        Tensor
            z-scores of clipped intensity.
        """
        from keras import ops

        below = SHARPNESS * (self.ceiling - self.log.mean - self.log.standard_deviation * output)
        return (ops.exp(self.ceiling - ops.softplus(below) / SHARPNESS) - self.clipped.mean) / self.clipped.standard_deviation

    def of_array(self, output: NDArray[np.floating]) -> NDArray[np.floating]:
        """Map an array.

        Parameters
        ----------
        output : any shape, z-scores of log intensity.

        Returns
        -------
        NDArray
            z-scores of clipped intensity, float64.
        """
        below = SHARPNESS * (self.ceiling - self.log.mean - self.log.standard_deviation * output.astype(np.float64))
        return (np.exp(self.ceiling - np.logaddexp(0, below) / SHARPNESS) - self.clipped.mean) / self.clipped.standard_deviation


def on_clip_scale(log_scores: NDArray[np.floating], dataset: Dataset) -> tuple[Dataset, ClipLink]:
    """Put a dataset on the clip scale: clipped at the 99.9th percentile of its training part, then z-scored on it.

    Parameters
    ----------
    log_scores : (n,) log-transformed scores, log(S - S_min + 1), not normalised.
    dataset : the same scores, normalised, and its parts.

    Returns
    -------
    (Dataset, ClipLink)
        The same probes and parts with clip-transformed scores, and the link from the log scale.
    """
    in_training = np.zeros(len(log_scores), bool)
    in_training[dataset.training] = True
    intensities = clip_transform(log_scores, in_training)
    clipped = make_dataset(dataset.codes, intensities, dataset.training, dataset.validation, dataset.test)
    return clipped, ClipLink(dataset.normalisation, clipped.normalisation, float(np.log(intensities[in_training].max())))
