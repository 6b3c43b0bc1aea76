"""Teachers of proteins whose measured scores are not public: DeepBind's published models, as they are and improved.

The scores of a teacher lack what the assay itself does to every protein (GC-rich 3' ends, for one). An improved teacher is
z(t) + w z(p) + v z(m), where p is the ridge regression of the teacher's scores t on the measured scores of *other* proteins, and m
the mean of those scores. No score of the protein itself is used.

With w = 0.9 and v = 0.4 the mean Pearson over the 49 measured experiments, each with its paralogues left out, rises from 0.513 to
0.600 on the validation part, on which the penalty, w and v were chosen (0.587 without m).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import Rows, public_dataset
from rbind_core.data.deepbind_files import deepbind_files
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.model.deepbind import deepbind_models

BLOCK = 8192  # probes between two reports
RIDGE = 1.0  # penalty, as a share of the number of probes


@dataclass(frozen=True)
class Shares:
    """Weights w of the projection and v of the mean of other proteins' scores in an improved teacher."""

    projection: float = 0.9
    mean: float = 0.4


def published_scores(folder: Path) -> NDArray[np.float16]:
    """DeepBind's scores of all probes, (241357, 244), in the order of its experiments; computed once and kept in a folder."""
    kept = folder / "deepbind_scores.npy"
    if not kept.exists():
        codes, rows = np.unique(load_probes().codes, axis=0, return_inverse=True)
        models, scores = deepbind_models(), np.empty((len(codes), len(list(deepbind_files()))), np.float16)
        for start in range(0, len(codes), BLOCK):
            scores[start : start + BLOCK] = models.predict_all(codes[start : start + BLOCK])
        part = kept.with_suffix(".part.npy")
        np.save(part, scores[rows.ravel()])
        part.replace(kept)
    return np.load(kept, mmap_mode="r")


@cache
def measured_scores() -> NDArray[np.float32]:
    """Measured z-scores of all probes, (241357, 49), in the order of `experiments`."""
    return np.stack([public_dataset(name).scores for name in experiments()], axis=1)


def standardised(scores: NDArray[np.floating], rows: Rows) -> NDArray[np.float32]:
    """Columns with mean 0 and standard deviation 1 over some rows."""
    scores = scores.astype(np.float32)
    return (scores - scores[rows].mean(axis=0)) / scores[rows].std(axis=0)


def improved(teacher: NDArray[np.float32], measured: NDArray[np.float32], shares: Shares, rows: Rows) -> NDArray[np.float32]:
    """Add to each teacher what it shares with the measured scores of other proteins.

    Parameters
    ----------
    teacher : (probes, teachers) standardised scores.
    measured : (probes, m) standardised measured scores, without those of the teachers' own proteins.
    shares : w and v.
    rows : on which the regression is fitted: the training part of set A.
    """
    x = measured[rows]
    beta = np.linalg.solve(x.T @ x + RIDGE * len(rows) * np.eye(x.shape[1], dtype=np.float32), x.T @ teacher[rows])
    projection = standardised(measured @ beta, rows)
    common = standardised(measured.mean(axis=1, keepdims=True), rows)
    return standardised(teacher + shares.projection * projection + shares.mean * common, rows)


def columns_of(names: Sequence[str], among: Sequence[str]) -> list[int]:
    """Column numbers of experiments."""
    return [list(among).index(name) for name in names]
