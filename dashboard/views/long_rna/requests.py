"""Requests of the Long RNA page: models slid along one RNA or many, and the map of all single mutations."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.state import engine
from dashboard.state.requests import Request
from rbind_core.analyses.mutation_map import MutationMap, mutation_map
from rbind_core.analyses.sliding import RecordSites, Site, Track, best_sites, best_sites_of, slide, windows_of
from rbind_core.model.registry import Model
from rbind_core.rna.pasting import Pasted, Record

SITES = 10


@dataclass(frozen=True)
class Source:
    """The RNAs in use; `digest` is the name under which they are kept, '' if they are in the link or the example."""

    pasted: Pasted
    digest: str = ""
    is_example: bool = False


@dataclass(frozen=True)
class Tracks(Request["Measured"]):
    """One model or two slid along one RNA; the first decides which sites are best."""

    models: tuple[Model, ...]
    record: Record
    stride: int
    source: Source

    def compute(self) -> Measured:
        """Slide the models."""
        tracks = tuple(slide(engine.predictor(model), self.record.sequence, self.stride) for model in self.models)
        return Measured(self, tracks, tuple(best_sites(tracks[0], SITES, others=tracks[1:])))

    @property
    def _windows(self) -> int:
        return len(windows_of(len(self.record.sequence), self.stride))

    @property
    def expected(self) -> int:
        """Each window by each model."""
        return self._windows * len(self.models)

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {self._windows:,} windows" + f" with {len(self.models)} models" * (len(self.models) > 1)


@dataclass(frozen=True)
class Measured:
    """Tracks of one RNA and its best sites, with their request."""

    request: Tracks
    tracks: tuple[Track, ...]
    sites: tuple[Site, ...]

    @property
    def models(self) -> tuple[Model, ...]:
        """Of the request."""
        return self.request.models

    @property
    def record(self) -> Record:
        """Of the request."""
        return self.request.record

    @property
    def source(self) -> Source:
        """Of the request."""
        return self.request.source

    @property
    def labels(self) -> list[str]:
        """Protein and experiment of each model."""
        return [model.label for model in self.models]


@dataclass(frozen=True)
class BestSites(Request[tuple[RecordSites, ...]]):
    """The best site of every RNA of a source."""

    models: tuple[Model, ...]
    source: Source
    stride: int

    def compute(self) -> tuple[RecordSites, ...]:
        """Slide the models along all RNAs."""
        predictors = [engine.predictor(model) for model in self.models]
        records = [(record.name, record.sequence) for record in self.source.pasted.records]
        return tuple(best_sites_of(predictors, records, 1, self.stride))

    @property
    def _windows(self) -> int:
        return sum(len(windows_of(len(record.sequence), self.stride)) for record in self.source.pasted.records)

    @property
    def expected(self) -> int:
        """Each window by each model."""
        return self._windows * len(self.models)

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {self._windows:,} windows of {len(self.source.pasted.records):,} RNAs"


@dataclass(frozen=True)
class MutationsOf(Request[MutationMap]):
    """All single mutations of one RNA."""

    model: Model
    record: Record

    def compute(self) -> MutationMap:
        """Score them."""
        return mutation_map(engine.predictor(self.model), self.record.sequence)

    @property
    def expected(self) -> int:
        """Four letters at each position."""
        return 4 * len(self.record.sequence)

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {3 * len(self.record.sequence):,} mutations"
