"""A designed RNA compared with the probes of a library, and as a plain record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses import probe_library
from rbind_core.data.library import DESIGNED, library_label
from rbind_core.design import SAYS_NOT, Design, percent_below
from rbind_core.model.designed_scores import are_at_hand, designed_scores
from rbind_core.model.registry import Model
from rbind_core.model.wrapping import OwnModel, wrap

_PROBES, _FOLDED_PROBES = 10_000, 500  # most probes to score; fewer by a model that folds each


@dataclass(frozen=True)
class Standing:
    """Where a score stands among the predicted scores of a library's probes."""

    percentile: float
    highest: float
    probes: int
    library: str

    @property
    def among(self) -> str:
        """The probes it is compared with, in words."""
        return f"{self.probes:,} {self.library}"

    @property
    def sentence(self) -> str:
        """The standing in words."""
        beyond = f", all of them: the highest is {self.highest:.1f}" if self.percentile == 100 else ""
        return f"Its score is higher than that of {self.percentile:.1f} % of {self.among}{beyond}."


def library_scores(model: Model, predictor: OwnModel, library: str) -> NDArray[np.float32]:
    """Predict the scores of a library's probes, or of an even sample of a large library.

    Parameters
    ----------
    library : 'designed' or 'measured'.

    Returns
    -------
    NDArray
        (n,) float32.
    """
    probes, predictor = probe_library(model, library), wrap(predictor)
    codes = probes.codes
    most = min(len(codes), _FOLDED_PROBES if model.structure else _PROBES)
    rows = np.linspace(0, len(codes) - 1, most).round().astype(int)
    if library == DESIGNED and are_at_hand(predictor):
        return designed_scores(predictor)[rows]
    return predictor.predict(codes[rows])


def standing(model: Model, library: str, scores: NDArray[np.floating], score: float) -> Standing:
    """Compare a score with those of a library's probes.

    Parameters
    ----------
    library : 'designed' or 'measured'.
    scores : (n,) of the library's probes.
    score : of the design.
    """
    return Standing(percent_below(scores, score), float(scores.max()), len(scores), library_label(library, model.measured_in))


def design_record(
    model: Model, against: Model | None, weight: float, minimise: bool, seed: int, found: Design, place: Standing
) -> dict[str, Any]:
    """A design with the settings that reproduce it.

    Parameters
    ----------
    against : the model designed against, if any.
    weight : of that model's z-score.
    place : where the score stands among a library's probes.

    Returns
    -------
    dict
        For `design --json`.
    """
    return {
        "rbp": model.protein,
        "experiment": model.experiment,
        "grade": model.grade,
        "against": None if against is None else against.experiment,
        "weight": weight,
        "minimise": minimise,
        "seed": seed,
        "sequence": found.final.sequence,
        "score": found.final.score,
        "against_score": found.final.against,
        "objective": found.final.objective,
        "percentile": place.percentile,
        "percentile_among": place.among,
        "stopped_by": found.stopped_by,
        "changed": found.changed,
        "runs": list(found.runs),
        "steps": [step.record for step in found.steps],
        "says_not": SAYS_NOT,
    }
