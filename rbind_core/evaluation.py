"""How well a model predicts what was measured: correlations on the held-out set B."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rbind_core.data.library import ProbeLibrary
from rbind_core.errors import DataError
from rbind_core.model.predictor import Predictor


@dataclass(frozen=True)
class Evaluation:
    """Correlations of measured and predicted scores over n probes."""

    pearson: float
    spearman: float
    n: int


def evaluate(model: Predictor, library: ProbeLibrary) -> Evaluation:
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
    from scipy.stats import pearsonr, spearmanr

    if library.measured is None:
        raise DataError(f"{library.label} have no measured scores; use measured set B")
    known = np.isfinite(library.measured)
    predicted, measured = model.predict(library.codes[known]).astype(float), library.measured[known].astype(float)
    return Evaluation(float(pearsonr(predicted, measured)[0]), float(spearmanr(predicted, measured)[0]), int(known.sum()))
