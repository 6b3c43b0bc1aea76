"""The work of the page of long RNAs: models slid over one RNA or many, and the map of all single mutations."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.state import engine
from rbind_core.analyses.mutation_map import MutationMap, mutation_map
from rbind_core.analyses.sliding import RecordSites, Site, Track, best_sites, best_sites_of, slide, windows_of
from rbind_core.model.registry import Model
from rbind_core.rna.pasting import Pasted, Record

SITES = 10


@dataclass(frozen=True)
class Source:
    """The RNAs in use; `digest` says under which name they are kept, '' where they stand in the link or are the example."""

    pasted: Pasted
    digest: str = ""
    is_example: bool = False


@dataclass(frozen=True)
class Measured:
    """Tracks of one RNA, with what they were made of; the first model decides which sites are best."""

    models: tuple[Model, ...]
    record: Record
    tracks: tuple[Track, ...]
    sites: tuple[Site, ...]
    source: Source

    @property
    def labels(self) -> list[str]:
        """Protein and experiment of each model."""
        return [model.label for model in self.models]


@dataclass(frozen=True)
class Asked:
    """What is slid over which RNA: one model or two, the RNA, the stride in nt, and where the RNA comes from."""

    models: tuple[Model, ...]
    record: Record
    stride: int
    source: Source


@dataclass(frozen=True)
class AskedOfAll:
    """What is slid over all RNAs of a source."""

    models: tuple[Model, ...]
    source: Source
    stride: int


def measure(asked: Asked) -> Measured:
    """Slide the models over one RNA.

    Parameters
    ----------
    asked : models, RNA and stride.

    Returns
    -------
    Measured
        With the best sites by the first model.
    """
    tracks = tuple(slide(engine.predictor(model), asked.record.sequence, asked.stride) for model in asked.models)
    return Measured(asked.models, asked.record, tracks, tuple(best_sites(tracks[0], SITES, others=tracks[1:])), asked.source)


def measure_all(asked: AskedOfAll) -> tuple[RecordSites, ...]:
    """Find the best site of every RNA.

    Parameters
    ----------
    asked : models, RNAs and stride.

    Returns
    -------
    tuple of RecordSites
        One an RNA.
    """
    predictors = [engine.predictor(model) for model in asked.models]
    records = [(record.name, record.sequence) for record in asked.source.pasted.records]
    return tuple(best_sites_of(predictors, records, 1, asked.stride))


def map_mutations(asked: tuple[Model, Record]) -> MutationMap:
    """Score all single mutations of one RNA.

    Parameters
    ----------
    asked : model and RNA.

    Returns
    -------
    MutationMap
        The effects.
    """
    model, record = asked
    return mutation_map(engine.predictor(model), record.sequence)


def count_windows(pasted: Pasted, stride: int) -> int:
    """Windows of all RNAs.

    Parameters
    ----------
    pasted : the RNAs.
    stride : nt.

    Returns
    -------
    int
        How many.
    """
    return sum(len(windows_of(len(record.sequence), stride)) for record in pasted.records)
