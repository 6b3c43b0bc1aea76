"""How well a model predicts what was measured: correlations on the held-out set B."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.library import ProbeLibrary
from rbind_core.errors import DataError
from rbind_core.model.wrapping import OwnModel, wrap


@dataclass(frozen=True)
class Evaluation:
    """Correlations of measured and predicted scores over n probes."""

    pearson: float
    spearman: float
    n: int


def correlate(predicted: NDArray[np.floating], measured: NDArray[np.floating]) -> Evaluation:
    """Correlate predicted with measured scores; probes without a measured score are left out.

    Parameters
    ----------
    predicted, measured : (n,) scores.

    Returns
    -------
    Evaluation
        Pearson, Spearman and the number of probes with a measured score.
    """
    from scipy.stats import pearsonr, spearmanr

    known = np.isfinite(measured)
    x, y = predicted[known].astype(np.float64), measured[known].astype(np.float64)
    return Evaluation(float(pearsonr(x, y)[0]), float(spearmanr(x, y)[0]), int(known.sum()))


def evaluate(model: OwnModel, library: ProbeLibrary) -> Evaluation:
    """Compare predicted with measured scores.

    Parameters
    ----------
    model : scores RNA.
    library : measured probes; those without a score are left out.

    Returns
    -------
    Evaluation
        Pearson, Spearman and n.

    Raises
    ------
    DataError
        If the library has no measured scores.
    """
    if library.measured is None:
        raise DataError(f"{library.label} have no measured scores; use measured set B")
    return correlate(wrap(model).predict(library.codes), library.measured)
