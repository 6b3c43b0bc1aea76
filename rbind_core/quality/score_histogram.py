"""Measured against predicted scores of a whole test set, as counts in a grid: `density.json` in a model's folder."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import DataError
from rbind_core.statistics import pearson

DENSITY = "density.json"
SCALES = ("log", "clip")
BINS = 60
_TAIL = 0.01  # per cent of probes beyond each limit, which are counted in the outermost bins
_DECIMALS = 3  # decimals of an edge, so that the file stays small
_NARROWEST = 0.01  # smallest width of a bin, where scores hardly differ


@dataclass(frozen=True)
class Density:
    """Numbers of test probes by measured and predicted score.

    `scale` is 'log' or 'clip'; the edges are (bins + 1,) float64 z-scores, and the outermost bins include everything
    beyond; `counts` is (bins, bins) int64, measured by predicted; `n` probes; `pearson` of the scores themselves, NaN
    where either is constant.
    """

    scale: str
    measured_edges: NDArray[np.float64]
    predicted_edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    n: int
    pearson: float


def bin_scores(measured: NDArray[np.floating], predicted: NDArray[np.floating], scale: str, bins: int = BINS) -> Density:
    """Count probes in a grid of measured by predicted scores; each probe counts once, however far out.

    Parameters
    ----------
    measured, predicted : (n,) z-scores; probes with NaN in either are left out.
    scale : 'log' or 'clip'.
    bins : number along each axis.

    Returns
    -------
    Density
        Its limits leave out at most a hundredth of a per cent on each side.

    Raises
    ------
    DataError
        If no probe has both scores.
    """
    known = np.isfinite(measured) & np.isfinite(predicted)
    x, y = measured[known].astype(np.float64), predicted[known].astype(np.float64)
    if not len(x):
        raise DataError("no probe has both a measured and a predicted score")
    x_edges, y_edges = _edges(x, bins), _edges(y, bins)
    counts = np.zeros((bins, bins), np.int64)
    np.add.at(counts, (_bin_of(x, x_edges), _bin_of(y, y_edges)), 1)
    return Density(scale, x_edges, y_edges, counts, len(x), pearson(x, y))


def _edges(scores: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    low, high = np.percentile(scores, (_TAIL, 100 - _TAIL))
    spare = max(0.0, bins * _NARROWEST - (high - low)) / 2
    return np.linspace(low - spare, high + spare, bins + 1).round(_DECIMALS)


def _bin_of(scores: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.searchsorted(edges[1:-1], scores, side="right")


def write_densities(folder: Path, densities: Iterable[Density]) -> Path:
    """Store densities beside a model's weights, as compact JSON.

    Parameters
    ----------
    folder : of the model; created if missing.
    densities : at most one per scale.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{DENSITY}.part"
    part.write_text(json.dumps({d.scale: _to_json(d) for d in densities}, separators=(",", ":"), allow_nan=False) + "\n")
    return part.replace(folder / DENSITY)


def read_densities(folder: Path) -> dict[str, Density]:
    """Read the densities of a model, by scale; none if the file is missing or damaged."""
    try:
        entries = json.loads((folder / DENSITY).read_text())
        return {scale: _from_json(scale, entry) for scale, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _to_json(density: Density) -> dict[str, Any]:
    return {
        "n": density.n,
        "pearson": None if math.isnan(density.pearson) else density.pearson,
        "measured_edges": density.measured_edges.tolist(),
        "predicted_edges": density.predicted_edges.tolist(),
        "cells": _packed(density.counts.ravel()),
    }


def _packed(counts: NDArray[np.int64]) -> list[int]:
    """Counts in a row, a run of m empty cells as -m; most cells are empty."""
    starts = np.flatnonzero(np.diff(counts != 0, prepend=counts[0] == 0))
    packed: list[int] = []
    for run in np.split(counts, starts[1:]):
        packed += run.tolist() if run[0] else [-len(run)]
    return packed


def _unpacked(cells: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    widths = np.where(cells < 0, -cells, 1)
    if widths.sum() != size:
        raise ValueError(f"{widths.sum()} cells; expected {size}")
    return np.repeat(np.maximum(cells, 0), widths)


def _from_json(scale: str, entry: dict[str, Any]) -> Density:
    measured, predicted = (np.array(entry[f"{axis}_edges"], np.float64) for axis in ("measured", "predicted"))
    shape = (len(measured) - 1, len(predicted) - 1)
    counts = _unpacked(np.array(entry["cells"], np.int64), shape[0] * shape[1])
    if counts.sum() != entry["n"]:
        raise ValueError(f"{counts.sum()} probes; expected {entry['n']}")
    known = float("nan") if entry["pearson"] is None else float(entry["pearson"])
    return Density(scale, measured, predicted, counts.reshape(shape), int(entry["n"]), known)
