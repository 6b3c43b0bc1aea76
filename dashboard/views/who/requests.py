"""Requests of the page "Which proteins bind?": the networks that score all proteins, and all proteins at one RNA."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.model.committee import PANEL_NAMES
from rbind_core.model.registry import Model
from rbind_core.rna.pasting import Record
from rbind_core.who.networks import Networks, open_networks
from rbind_core.who.ranking import Who, who_binds, windows_to_score

_NETWORK = 20_000_000  # bytes of a loaded network


@dataclass(frozen=True)
class AllNetworks(Request[Networks]):
    """The networks with a head for each protein."""

    models: tuple[Model, ...]

    def compute(self) -> Networks:
        """Load them."""
        return open_networks(self.models)

    def size(self, result: Networks) -> int:
        """Estimate for the networks in the engine."""
        return _NETWORK * len(result.names)


@dataclass(frozen=True)
class Source:
    """One RNA; `digest` is the name under which it is kept, '' if it is short enough for the link, or the example."""

    record: Record
    digest: str = ""
    notes: tuple[str, ...] = ()
    is_example: bool = False


@dataclass(frozen=True)
class WhoBinds(Request[Who]):
    """All proteins at one RNA."""

    models: tuple[Model, ...]
    sequence: str
    seed: int
    source: Source = field(compare=False)

    def compute(self) -> Who:
        """Score its windows and those of its shuffles."""
        return who_binds(self.sequence, result_of(AllNetworks(self.models)), np.random.default_rng(self.seed))

    @property
    def expected(self) -> int:
        """Windows of the RNA and of its shuffles."""
        return windows_to_score(self.sequence, len(PANEL_NAMES))

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {len(self.sequence):,} nt for {len(self.models)} proteins' models"
