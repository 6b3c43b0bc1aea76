"""Probes of a library to browse: the highest, the lowest, or some spread over all ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.prepare import probe_library
from rbind_core.model.designed_scores import scores_of
from rbind_core.model.registry import Model
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import decode

PARTS = ("highest", "spread", "lowest")


@dataclass(frozen=True)
class ScoredProbes:
    """Probes with their scores, (n,) float32 z-scores of log intensity; `measured` is None for designed probes."""

    sequences: list[str]
    measured: NDArray[np.float32] | None
    predicted: NDArray[np.float32]


def scored_probes(model: Model, predictor: OwnModel, library: str, part: str, n: int) -> ScoredProbes:
    """Choose probes of a library to browse, by measured score where there is one, otherwise by predicted score.

    Parameters
    ----------
    library : 'designed' or 'measured'.
    part : one of `PARTS`; 'spread' takes evenly spaced ranks.

    Returns
    -------
    ScoredProbes
        Highest first, or lowest first for 'lowest'.
    """
    probes, predictor = probe_library(model, library), wrap(predictor)
    scores = scores_of(predictor, probes) if probes.measured is None else probes.measured
    order = np.argsort(scores if part == "lowest" else -scores, kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, n).round().astype(int)] if part == "spread" else order[:n]
    codes = probes.codes[chosen]
    if probes.measured is None:
        return ScoredProbes(decode(codes), None, scores[chosen])
    return ScoredProbes(decode(codes), scores[chosen], predictor.predict(codes))
