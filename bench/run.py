"""All measurements in one run."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bench.analyses import requests, samplers, scans, scans_of_all
from bench.predictors import importance_error, predictors
from bench.starts import app, commands
from rbind_core.backgrounds import Profile
from rbind_core.data.library import profile
from rbind_core.model.predictor import precisions
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.system.cores import cores


@dataclass(frozen=True)
class _Size:
    """Size of the measurements."""

    batches: tuple[int, ...] = (1000, 8000)
    repeats: int = 7
    samples: int = 1000
    k: int = 6
    kmers: int = 100
    mutated: int = 1000
    starts: int = 3
    scanned_together: tuple[int, int] = (10, 244)  # background sequences, proteins
    kmer_options: tuple[str, ...] = ()


_FULL = _Size()
_QUICK = _Size((200,), 2, 100, 3, 8, 10, 1, (2, 3), ("-k", "3", "--samples", "100"))


def run(say: Callable[[str], None] = lambda text: None, rbp: str = "RBFOX1", quick: bool = False) -> dict[str, Any]:
    """Measure everything.

    Parameters
    ----------
    say : called with a line of progress.
    rbp : RBP of the model.
    quick : measure less, with fewer repeats.

    Returns
    -------
    dict
        `model`, `engine`, `cores`, `processor`, `precisions`, `quick`; `measures` is a list with the fields of `Measure`.
    """
    size = _QUICK if quick else _FULL
    model = find_model(rbp)
    codes = Profile(profile()).draw(max(*size.batches, size.mutated), np.random.default_rng(0))
    measures = [
        *predictors(model, codes[: max(size.batches)], size.batches, size.repeats, say),
        *importance_error(model, size.kmers, size.samples),
        *requests(model, codes, size.mutated, size.samples, size.repeats),
        *scans(model, size.k, size.samples, say),
        *scans_of_all(size.k, *size.scanned_together, say),
        *samplers(1000, size.repeats),
        *commands(model.experiment, codes[: max(size.batches)], size.kmer_options, size.starts, say),
        *app(say, size.starts),
    ]
    return {
        "model": model.label,
        "engine": load_predictor(model).engine,
        "cores": cores(),
        "processor": platform.machine(),
        "precisions": list(precisions()),
        "quick": quick,
        "measures": [asdict(measure) for measure in measures],
    }
