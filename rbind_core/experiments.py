"""What the pages and the command line share: from a few plain settings to a ready analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds import Background, canonical_name, draw_sample, make_background
from rbind_core.data.library import DESIGNED, ProbeLibrary, designed_library, measured_probes, profile
from rbind_core.gia import GlobalImportanceAnalysis
from rbind_core.model.predictor import Predictor
from rbind_core.model.registry import Model
from rbind_core.sequences import decode


@dataclass(frozen=True)
class BackgroundChoice:
    """Everything that fixes the background sequences: sampler, N, seed and the library it draws from."""

    background: str = "profile"
    samples: int = 1000
    seed: int = 0
    library: str = DESIGNED

    def __post_init__(self) -> None:
        object.__setattr__(self, "background", canonical_name(self.background))


def probe_library(model: Model, library: str) -> ProbeLibrary:
    """Open the probe library that a user chose.

    Parameters
    ----------
    model : whose measured scores are read.
    library : 'designed' or 'measured'.

    Returns
    -------
    ProbeLibrary
        Designed probes, or set B with measured scores.
    """
    return designed_library() if library == DESIGNED else measured_probes(model.measured_in, model.normalisation)


def open_background(model: Model, predictor: Predictor, choice: BackgroundChoice) -> Background:
    """Make the sampler that a user chose.

    The quartiles need scores: measured ones of set B, predicted ones of the designed probes.

    Parameters
    ----------
    model, predictor : the model under study.
    choice : background and library.

    Returns
    -------
    Background
        The sampler.
    """
    library = probe_library(model, choice.library)
    scores, scores_are = library.measured, "measured"
    if scores is None and choice.background.startswith("quartile"):
        scores, scores_are = predictor.predict(library.codes), "predicted"
    return make_background(choice.background, profile(), library.codes, scores, scores_are)


PARTS = ("highest", "spread", "lowest")


@dataclass(frozen=True)
class ScoredProbes:
    """Probes with their scores, (n,) float32 z-scores of log intensity; `measured` is None for designed probes."""

    sequences: list[str]
    measured: NDArray[np.float32] | None
    predicted: NDArray[np.float32]


def scored_probes(model: Model, predictor: Predictor, library: str, part: str, n: int) -> ScoredProbes:
    """Choose probes of a library to browse, by measured score where there is one and by predicted score elsewhere.

    Parameters
    ----------
    model, predictor : the model under study.
    library : 'designed' or 'measured'.
    part : one of `PARTS`; 'spread' goes evenly through all ranks.
    n : how many.

    Returns
    -------
    ScoredProbes
        Best first, or lowest first for 'lowest'.
    """
    probes = probe_library(model, library)
    scores = predictor.predict(probes.codes) if probes.measured is None else probes.measured
    order = np.argsort(scores if part == "lowest" else -scores, kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, n).round().astype(int)] if part == "spread" else order[:n]
    codes = probes.codes[chosen]
    if probes.measured is None:
        return ScoredProbes(decode(codes), None, scores[chosen])
    return ScoredProbes(decode(codes), scores[chosen], predictor.predict(codes))


def prepare(model: Model, predictor: Predictor, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of an analysis.

    Parameters
    ----------
    model, predictor : the model under study.
    choice : background, N, seed, library.

    Returns
    -------
    GlobalImportanceAnalysis
        Gives the importance of any construct on these background sequences.
    """
    background = open_background(model, predictor, choice)
    return GlobalImportanceAnalysis(
        predictor, draw_sample(background, profile(), choice.samples, np.random.default_rng(choice.seed))
    )
