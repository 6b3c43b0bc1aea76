"""Panels as they travel to workers, and what is known of the protein behind each of their heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.constructs import constructs
from rbind_core.model.panel import Panel
from rbind_core.model.registry import Model, list_models
from rbind_core.rna.sequences import Codes


class Scorer(Protocol):
    """Anything that scores windows for many proteins in one pass."""

    def predict_all(self, codes: Codes) -> NDArray[np.float32]:
        """Score windows; see `ResidualBindPredictor.predict_all`."""
        ...


class Network(Protocol):
    """A network that can be sent to another process and made ready there."""

    def scorer(self) -> Scorer:
        """The network, ready to score."""
        ...


@dataclass(frozen=True)
class PanelNetwork:
    """Some heads of a panel; each process makes it ready once."""

    digest: str
    heads: tuple[str, ...]
    panel: Panel = field(compare=False, repr=False)

    def scorer(self) -> Scorer:
        """The panel, ready to score, with a column for each of the heads."""
        return _ready(self)


@lru_cache(maxsize=8)
def _ready(network: PanelNetwork) -> Scorer:
    return network.panel.predictor(network.heads)


@dataclass(frozen=True)
class Protein:
    """The protein behind a head."""

    protein: str
    experiment: str
    grade: str
    family: str
    species: str
    paralogue_group: str


def proteins_of(panels: Sequence[Panel], models: Mapping[str, Model]) -> tuple[list[PanelNetwork], list[Protein]]:
    """Networks and proteins of the heads that all panels share and that have a model.

    Parameters
    ----------
    panels : the one that ranks, then others that are asked whether they agree.
    models : by experiment; see `models_of_heads`.
    """
    heads = tuple(head for head in panels[0].heads if head in models and all(head in panel.heads for panel in panels))
    networks = [PanelNetwork(panel.sha256, heads, panel) for panel in panels]
    return networks, [_protein(models[head], head) for head in heads]


def models_of_heads() -> dict[str, Model]:
    """The bundled models that read the sequence alone and can be used, by experiment."""
    return {m.measured_in: m for m in list_models() if m.is_bundled and not m.structure and not m.problem}


def _protein(model: Model, head: str) -> Protein:
    about = constructs()[head]
    return Protein(model.protein, model.experiment, model.grade, about.family, model.species, about.paralogue_group)
