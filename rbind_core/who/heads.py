"""Panels as they travel to workers, and what is known of the protein behind each of their heads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from rbind_core.data.constructs import constructs
from rbind_core.errors import ModelError
from rbind_core.model.committee import PANEL_NAMES
from rbind_core.model.panel import Panel, read_panel
from rbind_core.model.registry import Model
from rbind_core.system.paths import PANELS
from rbind_core.who.networks import models_of_heads
from rbind_core.who.track import ScoresAll


class Network(Protocol):
    """A network that can be sent to another process and made ready there."""

    def scorer(self) -> ScoresAll:
        """The network, ready to score."""
        ...


@dataclass(frozen=True)
class PanelNetwork:
    """Some heads of a panel; each process makes it ready once."""

    digest: str
    heads: tuple[str, ...]
    panel: Panel = field(compare=False, repr=False)

    def scorer(self) -> ScoresAll:
        """The panel, ready to score, with a column for each of the heads."""
        return _ready(self)


@lru_cache(maxsize=8)
def _ready(network: PanelNetwork) -> ScoresAll:
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


@dataclass(frozen=True)
class Opened:
    """Networks of the same heads, the one that ranks first, the proteins of the heads, and sentences on panels left out."""

    networks: tuple[PanelNetwork, ...]
    proteins: tuple[Protein, ...]
    problems: tuple[str, ...] = ()


def open_heads(models: Iterable[Model]) -> Opened:
    """Read all panels that are installed; heads without a usable model, or that one of the panels lacks, are left out.

    Raises
    ------
    ModelError
        If no panel can be read, or none of its heads has a usable model.
    """
    usable = models_of_heads(models)
    if not usable:
        raise ModelError("no bundled model can be used; install RBind again to have them back")
    folder = next(iter(usable.values())).folder.parents[1] / PANELS.name  # beside the models
    panels: list[Panel] = []
    problems: list[str] = []
    shared: list[str] = []
    for card in (folder / f"{name}.json" for name in PANEL_NAMES):
        if card.exists() or card.with_suffix(".safetensors").exists():
            try:
                panels.append(read_panel(card))
            except ModelError as error:
                problems.append(f"{card.stem} is left out: {error}")
    if panels:
        shared = [head for head in panels[0].heads if head in usable and all(head in panel.heads for panel in panels)]
    if not shared:
        reason = problems[0] if problems else "there is none in pretrained/panels with the proteins of the models"
        raise ModelError(f"no network that scores all proteins can be read ({reason}); install RBind again to have them back")
    networks = tuple(PanelNetwork(panel.sha256, tuple(shared), panel) for panel in panels)
    return Opened(networks, tuple(_protein(usable[head], head) for head in shared), tuple(problems))


def _protein(model: Model, head: str) -> Protein:
    about = constructs()[head]
    return Protein(model.protein, model.experiment, model.grade, about.family, model.species, about.paralogue_group)
