"""The committee of a protein: networks that differ as those of independent, careful colleagues would.

They differ in recipe (a head of a panel, or fine-tuned to one experiment), architecture (dilations 1-2-4 or 1-2-4-8), probes and
seed. Networks that differ in their seed alone would agree more than such colleagues do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rbind_core.data.constructs import constructs
from rbind_core.data.rnacompete import experiments
from rbind_core.errors import ModelError
from rbind_core.model.panel import read_panel
from rbind_core.model.predictor import Predictor, ResidualBindPredictor
from rbind_core.model.registry import Model, list_models, weights_of_model
from rbind_core.model.weights import Weights, check_weights, read_weights

SERVED = "served"
FINE_TUNED, PANEL_HEAD = "fine-tuned", "panel head"
PANEL_NAMES = ("panel-1", "panel-2", "panel-3", "panel-4", "panel-5")
SET_CARD = "set.json"
TUNED_SETS = ("tuned-2",)  # the served networks are the first set


@dataclass(frozen=True)
class Member:
    """One network of a committee: its name, its kind, and how to read its weights and dilations."""

    name: str
    kind: str
    read: Callable[[], tuple[Weights, tuple[int, ...]]]

    def load(self) -> ResidualBindPredictor:
        """The network as a function from RNA to predicted binding.

        Raises
        ------
        ModelError
            If a file is missing or damaged.
        """
        return ResidualBindPredictor(*self.read())


@dataclass(frozen=True)
class Committee:
    """The networks of one protein that can be used, and a sentence for each that cannot."""

    members: tuple[tuple[Member, Predictor], ...]
    problems: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the networks."""
        return [member.name for member, _ in self.members]

    @property
    def kinds(self) -> list[str]:
        """Kinds of the networks."""
        return [member.kind for member, _ in self.members]

    @property
    def predictors(self) -> list[Predictor]:
        """The networks."""
        return [predictor for _, predictor in self.members]


def has_committee(model: Model) -> bool:
    """Tell whether there are other networks of a model: for bundled ones of RNAcompete that read the sequence alone."""
    return len(_members(model)) > 1


def other_experiments(model: Model) -> list[Model]:
    """Usable bundled models of other experiments with the same protein: same gene, same species, sequence alone."""
    own = constructs().get(model.measured_in)
    if own is None or model.structure:
        return []
    same = {c.experiment for c in constructs().values() if (c.symbol, c.species) == (own.symbol, own.species)} - {own.experiment}
    bundled = [m for m in list_models([model.folder.parent]) if model.is_bundled and not m.structure and not m.problem]
    return [m for m in bundled if m.measured_in in same]


def other_members(model: Model) -> list[Member]:
    """The networks of a model beside the served one, whether their files can be read or not."""
    return _members(model)[1:]


def member_names(model: Model) -> list[str]:
    """Names of the networks of a model, the served one first."""
    return [member.name for member in _members(model)]


def open_committee(model: Model) -> Committee:
    """Load the networks of a model; those that are damaged are left out, with a sentence.

    Raises
    ------
    ModelError
        If the model has no committee, or the served network itself cannot be read.
    """
    members = _members(model)
    if not has_committee(model):
        raise ModelError(f"{model.label} has no other networks to compare with; a committee is there for bundled RNAcompete models")
    opened: list[tuple[Member, Predictor]] = [(members[0], members[0].load())]
    problems = []
    for member in members[1:]:
        try:
            opened.append((member, member.load()))
        except ModelError as error:
            problems.append(f"{member.name} is left out: {error}")
    return Committee(tuple(opened), tuple(problems))


def _members(model: Model) -> list[Member]:
    """The networks that belong to a model, whether their files can be read or not."""
    served = Member(SERVED, PANEL_HEAD if model.panel else FINE_TUNED, partial(_served, model))
    experiment, folder = model.measured_in, model.folder.parents[1]
    if model.structure or not model.is_bundled or experiment not in constructs():
        return [served]
    panels = [name for name in PANEL_NAMES if name != model.panel]
    is_measured = experiment in experiments()
    tuned = TUNED_SETS if is_measured else ()
    return [
        served,
        *([Member("trunk", PANEL_HEAD, partial(_head, folder / "trunk" / "trunk.json", experiment))] if is_measured else []),
        *(Member(name, PANEL_HEAD, partial(_head, folder / "panels" / f"{name}.json", experiment)) for name in panels),
        *(Member(name, FINE_TUNED, partial(_tuned, folder / "committee" / name, experiment)) for name in tuned),
    ]


def _served(model: Model) -> tuple[Weights, tuple[int, ...]]:
    return weights_of_model(model), model.dilations


def _head(card: Path, experiment: str) -> tuple[Weights, tuple[int, ...]]:
    panel = read_panel(card)
    return panel.network_of(experiment), panel.dilations


def _tuned(folder: Path, experiment: str) -> tuple[Weights, tuple[int, ...]]:
    try:
        card = json.loads((folder / SET_CARD).read_text())
        digest, dilations = card["experiments"][experiment]["sha256"], tuple(card["architecture"]["dilations"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise ModelError(f"{folder.name}: {SET_CARD} is missing or damaged") from None
    weights = read_weights(folder / f"{experiment}.safetensors", digest)
    check_weights(weights, dilations, 4)
    return weights, dilations
