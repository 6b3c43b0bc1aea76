"""Scores of the designed probes for backgrounds, examples, tables and designs: each predictor scores them once.

For models that read structure they are folded once for all models, since a structure profile depends only on the RNA.
"""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.library import ProbeLibrary, designed_library
from rbind_core.model.inputs import STRUCTURE_OF_CHANNELS, ModelInputs
from rbind_core.model.predictor import Predictor, ResidualBindPredictor
from rbind_core.model.progress import report_done
from rbind_core.rna.structure import PROFILES, structure_profiles

_AT_ONCE = 64  # probes folded between two reports of progress, a tenth of a second

_scores: WeakKeyDictionary[ResidualBindPredictor, NDArray[np.float32]] = WeakKeyDictionary()
_lock = threading.Lock()


class _Profiles:
    """Structure profiles of the designed probes, folded in parts, so that an interrupted computation is not lost."""

    def __init__(self, kind: str) -> None:
        self._kind, self._codes = kind, designed_library().codes
        self._profiles = np.zeros((*self._codes.shape, len(PROFILES[kind])), np.float32)
        self._folded, self._lock = 0, threading.Lock()

    @property
    def are_folded(self) -> bool:
        """Whether nothing is left to fold."""
        return self._folded >= len(self._codes)

    def get(self) -> NDArray[np.float32]:
        """Fold what is left; threads take turns."""
        while not self.are_folded:
            with self._lock:
                if self.are_folded:
                    break
                rows = slice(self._folded, self._folded + _AT_ONCE)
                self._profiles[rows] = structure_profiles(self._codes[rows], self._kind)
                self._folded += _AT_ONCE
            report_done(_AT_ONCE)
        return self._profiles


_by_kind: dict[str, _Profiles] = {}


def _profiles_of(kind: str) -> _Profiles:
    with _lock:
        if kind not in _by_kind:
            _by_kind[kind] = _Profiles(kind)
        return _by_kind[kind]


def designed_scores(predictor: Predictor) -> NDArray[np.float32]:
    """Predict the scores of all designed probes, or look them up if this model has scored them before.

    Parameters
    ----------
    predictor : scores of a user's own model are not kept, since it may change from call to call.

    Returns
    -------
    NDArray
        (4096,) float32, in the order of `designed_library()`; read-only where it is shared.
    """
    codes, trained = designed_library().codes, _trained(predictor)
    if trained is None:
        return predictor.predict(codes)
    with _lock:
        known = _scores.get(trained)
    if known is not None:
        return known
    if kind := _structure(trained):
        scores = trained.predict_inputs(ModelInputs(codes, _profiles_of(kind).get()))
    else:
        scores = predictor.predict(codes)
    scores.flags.writeable = False
    with _lock:
        return _scores.setdefault(trained, scores)


def scores_of(predictor: Predictor, library: ProbeLibrary) -> NDArray[np.float32]:
    """Predict the scores of all probes of a library; those of designed probes may be known already.

    Parameters
    ----------
    library : of n probes.

    Returns
    -------
    NDArray
        (n,) float32, in the order of the library; read-only where it is shared.
    """
    is_designed = library.codes is designed_library().codes
    return designed_scores(predictor) if is_designed else predictor.predict(library.codes)


def are_at_hand(predictor: Predictor) -> bool:
    """Tell whether the scores of the designed probes are available without folding thousands of them."""
    kind = _structure(_trained(predictor))
    return not kind or _profiles_of(kind).are_folded


def _trained(predictor: Predictor) -> ResidualBindPredictor | None:
    """The trained model in a predictor, which may be wrapped in one that reports progress."""
    inner = getattr(predictor, "predictor", predictor)
    return inner if isinstance(inner, ResidualBindPredictor) else None


def _structure(trained: ResidualBindPredictor | None) -> str:
    return STRUCTURE_OF_CHANNELS[trained.network.channels] if trained else ""
