"""Quality of a model: correlations with measured scores on the held-out set B."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.clip_scale import clip_scale
from rbind_core.data.dataset import Dataset, public_dataset
from rbind_core.data.imported import imported_dataset, imported_experiments
from rbind_core.data.library import ProbeLibrary
from rbind_core.data.rnacompete import experiments
from rbind_core.errors import DataError
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.statistics import pearson, spearman


@dataclass(frozen=True)
class Evaluation:
    """Correlations of measured and predicted scores over n probes."""

    pearson: float
    spearman: float
    n: int


def correlate(predicted: NDArray[np.floating], measured: NDArray[np.floating]) -> Evaluation:
    """Correlate predicted with measured scores; probes without a measured score are left out and not counted.

    Parameters
    ----------
    predicted, measured : (n,) scores.
    """
    known = np.isfinite(measured)
    x, y = predicted[known], measured[known]
    return Evaluation(pearson(x, y), spearman(x, y), len(x))


def evaluate(model: OwnModel, library: ProbeLibrary) -> Evaluation:
    """Compare predicted with measured scores.

    Parameters
    ----------
    library : measured probes; those without a score are left out.

    Raises
    ------
    DataError
        If the library has no measured scores.
    """
    if library.measured is None:
        raise DataError(f"{library.label} have no measured scores; use measured set B")
    return correlate(wrap(model).predict(library.codes), library.measured)


def evaluate_on_clip_scale(model: OwnModel, experiment: str) -> Evaluation:
    """Compare predicted with measured scores on the clip scale of the published benchmarks, with the weights used for predictions.

    Parameters
    ----------
    model : predicts z-scores of log intensity of the experiment.
    experiment : id of a public or an imported one.

    Raises
    ------
    DataError
        If the experiment's scores are not intensities of RNAcompete 2013, or are missing.
    """
    if experiment in imported_experiments():
        dataset = imported_dataset(experiment)
    elif experiment in experiments():
        dataset = public_dataset(experiment)
    else:
        raise DataError(f"{experiment} has no clip scale, which is that of RNAcompete intensities; leave --scale clip out")
    return correlate(*on_clip_scale(wrap(model).predict(dataset.codes[dataset.test]), dataset))


def on_clip_scale(predicted: NDArray[np.floating], dataset: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Put predicted and measured scores of a test part on the clip scale.

    Parameters
    ----------
    predicted : (n_test,) z-scores of log intensity.

    Returns
    -------
    (NDArray, NDArray)
        Predicted and measured, (n_test,) z-scores of clipped intensity.
    """
    scale = clip_scale(dataset)
    return scale.of_predicted(predicted), scale.of_measured(dataset.scores[dataset.test])
