"""DeepBind as it was published (Alipanahi et al. 2015): a second opinion of another architecture, computed with NumPy.

Its parameters are public for all 244 RNAcompete experiments. They were fitted to probes of sets A *and* B, so DeepBind's
correlation with measured scores of set B is not held out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.deepbind_files import deepbind_files
from rbind_core.data.fetch import locate
from rbind_core.errors import DataError, ModelError
from rbind_core.model.progress import report_done
from rbind_core.rna.sequences import PADDING, Codes

BATCH = 512  # sequences scored at a time
_UNKNOWN = 0.25  # each channel's value beyond the ends of the RNA
_HEADER = "# deepbind 0.1"


@dataclass(frozen=True)
class DeepBindParameters:
    """One parameter file.

    `detectors` (16, 4, d) are position weights, nucleotides A, C, G, U, of d detectors; `thresholds` (d,) are added to their
    output; `hidden` is None or the weights (2d, h) and biases (h,) of hidden units; `weights` (h or 2d,) and `bias` give the score.
    """

    detectors: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    hidden: tuple[NDArray[np.float32], NDArray[np.float32]] | None
    weights: NDArray[np.float32]
    bias: float


def read_deepbind(path: Path) -> DeepBindParameters:
    """Read a parameter file of DeepBind's version 0.1.

    Parameters
    ----------
    path : text file, as published: lines of `name = numbers`.

    Raises
    ------
    ModelError
        If the file is cut off, not a number somewhere, or of another kind than those of the RNAcompete experiments.
    """
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name}: cannot be read as text ({type(error).__name__})") from None
    if not text.startswith(_HEADER):
        raise ModelError(f"{path.name}: not a parameter file of DeepBind; its first line must be {_HEADER!r}")
    entries = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    file = _Entries(path.name, entries)
    width, count = file.whole("detector_len"), file.whole("num_detectors")
    if file.whole("reverse_complement") or not file.whole("has_avg_pooling"):
        raise ModelError(f"{path.name}: only models of one strand with maximum and average pooling can be read")
    units = file.whole("num_hidden")
    first = file.array("weights1", (2 * count, units or 1))
    biases = file.array("biases1", (units or 1,))
    detectors = file.array("detectors", (width, 4, count))
    thresholds = file.array("thresholds", (count,))
    if not units:
        return DeepBindParameters(detectors, thresholds, None, first[:, 0], float(biases[0]))
    last, bias = file.array("weights2", (units,)), float(file.array("biases2", (1,))[0])
    return DeepBindParameters(detectors, thresholds, (first, biases), last, bias)


@dataclass(frozen=True)
class _Entries:
    """The entries of a parameter file, checked when they are asked for."""

    name: str
    entries: dict[str, str]

    def whole(self, key: str) -> int:
        """A number that counts something."""
        text = self.entries.get(key, "").strip()
        if not text.isdigit() or int(text) > 1000:
            raise ModelError(f"{self.name}: {key} is {text[:20]!r}; it must be a whole number up to 1,000")
        return int(text)

    def array(self, key: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Numbers in a shape."""
        found = [part for part in self.entries.get(key, "").split(",") if part.strip()]
        expected = math.prod(shape)
        if len(found) != expected:
            raise ModelError(f"{self.name}: {key} has {len(found):,} numbers instead of {expected:,}; the file may be cut off")
        try:
            array = np.array(found, np.float64)
        except ValueError:
            array = np.array([np.nan])
        if not np.isfinite(array).all():
            raise ModelError(f"{self.name}: {key} has a value that is not a finite number")
        return array.reshape(shape).astype(np.float32)


class DeepBind:
    """Published DeepBind models as one function from RNA to their scores; safe to share between threads.

    Parameters
    ----------
    models : parameters, all with detectors of the same width.
    """

    def __init__(self, models: Sequence[DeepBindParameters]) -> None:
        self._models = tuple(models)
        self._width = len(self._models[0].detectors)
        self._kernel = np.concatenate([m.detectors for m in self._models], axis=2).reshape(self._width * 4, -1)
        self._thresholds = np.concatenate([m.thresholds for m in self._models])

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences by the first model; see `predict_all`.

        Parameters
        ----------
        codes : (n, length) uint8, 4 = padding.

        Returns
        -------
        NDArray
            (n,) float32 in DeepBind's own units.
        """
        return self.predict_all(codes)[:, 0]

    def predict_all(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences by all models.

        Detectors slide over the RNA and 15 unknown bases on both sides; after a rectifier the maximum and the mean over all
        places enter a linear layer or a small network (Alipanahi et al. 2015, Supplementary Notes).

        Parameters
        ----------
        codes : (n, length) uint8, 4 = padding, which does not count as part of the RNA.

        Returns
        -------
        NDArray
            (n, models) float32 in DeepBind's own units, which differ between models and are no z-scores.
        """
        scores = np.empty((len(codes), len(self._models)), np.float32)
        for start in range(0, len(codes), BATCH):
            rows = slice(start, start + BATCH)
            scores[rows] = self._score(codes[rows])
            report_done(len(codes[rows]))
        return scores

    def _score(self, codes: Codes) -> NDArray[np.float32]:
        beyond = self._width - 1
        bases = np.vstack([np.eye(4, dtype=np.float32), np.full(4, _UNKNOWN, np.float32)])
        padded = bases[np.pad(codes, ((0, 0), (beyond, beyond)), constant_values=PADDING)]
        windows = np.lib.stride_tricks.sliding_window_view(padded, self._width, axis=1)  # (n, places, 4, width)
        n, places = windows.shape[:2]
        maps = windows.transpose(0, 1, 3, 2).reshape(n * places, -1) @ self._kernel + self._thresholds
        maps = np.maximum(maps, 0).reshape(n, places, -1)
        lengths = (codes != PADDING).sum(axis=1)
        maps[np.arange(places) >= (lengths + beyond)[:, None]] = 0  # places that only padding has; no output is negative
        pooled = np.stack([maps.max(axis=1), maps.sum(axis=1) / (lengths + beyond)[:, None]], axis=2, dtype=np.float32)
        scores, first = np.empty((n, len(self._models)), np.float32), 0
        for number, model in enumerate(self._models):
            detectors = len(model.thresholds)
            x = pooled[:, first : first + detectors].reshape(n, -1)  # maximum and mean of each detector in turn
            if model.hidden is not None:
                x = np.maximum(x @ model.hidden[0] + model.hidden[1], 0)
            scores[:, number] = x @ model.weights + model.bias
            first += detectors
        return scores


def deepbind_models(experiments: Sequence[str] | None = None) -> DeepBind:
    """DeepBind's models as one predictor, whose `predict_all` has a column for each.

    Parameters
    ----------
    experiments : ids, in the order of the columns; all 244, sorted, when None.

    Raises
    ------
    DataError
        If an experiment has no such model, or a file is not on this computer.
    ModelError
        If a file cannot be read.
    """
    wanted = list(deepbind_files()) if experiments is None else list(experiments)
    unknown = next((each for each in wanted if each not in deepbind_files()), None)
    if unknown is not None:
        raise DataError(f"{unknown}: DeepBind has no published model of this experiment")
    return DeepBind([read_deepbind(locate(deepbind_files()[each])) for each in wanted])
