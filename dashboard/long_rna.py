"""The work of the page of long RNAs: models slid over one RNA or many, and the map of all single mutations."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from dashboard import engine
from rbind_core.model.registry import Model
from rbind_core.mutation_map import MutationMap, mutation_map
from rbind_core.pasting import Pasted, Record
from rbind_core.sliding import RecordSites, Site, Track, best_sites, best_sites_of, slide, windows_of

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


def key_of(models: tuple[Model, ...], *more: Hashable) -> Hashable:
    """Everything that a result depends on.

    Parameters
    ----------
    models : asked.
    more : the RNA and the settings.

    Returns
    -------
    Hashable
        For `compute`.
    """
    return (*((m.experiment, m.weights_sha256, str(m.folder), m.problem) for m in models), *more)


def measure(models: tuple[Model, ...], record: Record, stride: int, source: Source) -> Measured:
    """Slide the models over one RNA.

    Parameters
    ----------
    models : one or two.
    record : the RNA.
    stride : nt.
    source : where it comes from.

    Returns
    -------
    Measured
        With the best sites by the first model.
    """
    tracks = tuple(slide(engine.predictor(model), record.sequence, stride) for model in models)
    return Measured(models, record, tracks, tuple(best_sites(tracks[0], SITES, others=tracks[1:])), source)


def measure_all(models: tuple[Model, ...], pasted: Pasted, stride: int) -> tuple[RecordSites, ...]:
    """Find the best site of every RNA.

    Parameters
    ----------
    models : one or two.
    pasted : the RNAs.
    stride : nt.

    Returns
    -------
    tuple of RecordSites
        One an RNA.
    """
    predictors = [engine.predictor(model) for model in models]
    return tuple(best_sites_of(predictors, [(r.name, r.sequence) for r in pasted.records], 1, stride))


def map_mutations(model: Model, record: Record) -> tuple[Model, Record, MutationMap]:
    """Score all single mutations of one RNA.

    Parameters
    ----------
    model : asked.
    record : the RNA.

    Returns
    -------
    (Model, Record, MutationMap)
        The result, with what it was made of.
    """
    return model, record, mutation_map(engine.predictor(model), record.sequence)


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
