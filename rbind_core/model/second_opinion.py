"""DeepBind's published model of an experiment as a second opinion, on a scale that can stand beside ours."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.deepbind_files import deepbind_files, has_deepbind
from rbind_core.data.library import designed_library
from rbind_core.model.deepbind import DeepBind, deepbind_models
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import Codes

NAME = "DeepBind"
CAVEAT = (
    "DeepBind (Alipanahi et al. 2015) is another architecture, as it was published: fitted to probes of sets A and B, so its "
    "agreement with measured scores is not held out. Its units are its own."
)


class SecondOpinion:
    """DeepBind's model of one experiment; `predict` gives z-scores over the designed probes, not of measured log intensities.

    Effects in these units have the sign and the order of DeepBind's own; their size cannot be compared with ours letter by letter.
    """

    def __init__(self, model: DeepBind) -> None:
        self._model = model
        scores = model.predict(designed_library().codes).astype(np.float64)
        self._mean, self._deviation = float(scores.mean()), float(scores.std()) or 1.0

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences.

        Parameters
        ----------
        codes : (n, length) uint8, 4 = padding.

        Returns
        -------
        NDArray
            (n,) float32.
        """
        return ((self._model.predict(codes) - self._mean) / self._deviation).astype(np.float32)


def may_have_second_opinion(model: Model) -> bool:
    """Tell whether DeepBind has a published model of a model's experiment, fetched or not."""
    return model.measured_in in deepbind_files() and not model.structure


def second_opinion(model: Model) -> SecondOpinion | None:
    """DeepBind's model of the same experiment; None where there is none, or where its file was not fetched.

    Raises
    ------
    ModelError
        If the file is damaged.
    """
    if not may_have_second_opinion(model) or not has_deepbind(model.measured_in):
        return None
    return _opened(model.measured_in)


@lru_cache(maxsize=16)
def _opened(experiment: str) -> SecondOpinion:
    return SecondOpinion(deepbind_models([experiment]))
