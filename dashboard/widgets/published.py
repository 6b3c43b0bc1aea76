"""Comparison with published motifs, once for all users."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.data import fetch
from rbind_core.motifs import MatchedMotif, published_match
from rbind_core.motifs.published import MATRICES

SEED = 0


@dataclass(frozen=True)
class PublishedMatch(Request[MatchedMotif | None]):
    """The published motif of an experiment, aligned with the model's; None if there is none."""

    experiment: str
    digest: bytes
    has_matrices: bool
    motif: NDArray[np.float64] = field(compare=False, repr=False)

    def compute(self) -> MatchedMotif | None:
        """Compare both motifs."""
        return published_match(self.motif, self.experiment, np.random.default_rng(SEED))


def match(experiment: str, motif: NDArray[np.float64]) -> MatchedMotif | None:
    """The published motif of an experiment, aligned with the model's; None if there is none."""
    return result_of(PublishedMatch(experiment, motif.tobytes(), fetch.is_available(MATRICES), motif))
