"""The panels that answer for all proteins, each opened once with the same heads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rbind_core.errors import ModelError
from rbind_core.model.committee import PANEL_NAMES
from rbind_core.model.panel import read_panel
from rbind_core.model.registry import Model
from rbind_core.system.paths import PANELS
from rbind_core.who.track import ScoresAll


@dataclass(frozen=True)
class Networks:
    """Networks with the same heads, the one that scores first.

    `heads` are experiments in the order of the columns, `models` their models, for names, grades and motifs; `problems` are
    sentences about panels that are left out.
    """

    names: tuple[str, ...]
    predictors: tuple[ScoresAll, ...]
    heads: tuple[str, ...]
    models: Mapping[str, Model]
    problems: tuple[str, ...] = ()


def models_of_heads(models: Iterable[Model]) -> dict[str, Model]:
    """Bundled models of the sequence alone that can be used, by experiment."""
    return {m.measured_in: m for m in models if m.is_bundled and not m.structure and not m.problem and not m.learned_predictions}


def open_networks(models: Iterable[Model]) -> Networks:
    """Read all installed panels; those that are damaged are left out, with a sentence.

    Parameters
    ----------
    models : as listed; heads without a usable one are left out.

    Raises
    ------
    ModelError
        If no panel can be read.
    """
    usable = models_of_heads(models)
    if not usable:
        raise ModelError("no bundled model can be used; install RBind again to have them back")
    folder = next(iter(usable.values())).folder.parents[1] / PANELS.name
    opened: list[tuple[str, ScoresAll]] = []
    problems: list[str] = []
    heads: tuple[str, ...] = ()
    for name in PANEL_NAMES:
        card = folder / f"{name}.json"
        if not (card.exists() or card.with_suffix(".safetensors").exists()):
            continue
        try:
            panel = read_panel(card)
            wanted = heads or tuple(head for head in panel.heads if head in usable)
            if not wanted:
                raise ModelError(f"none of the proteins of {name} has a model that can be used")
            opened.append((name, panel.predictor(wanted)))
            heads = wanted
        except ModelError as error:
            problems.append(f"{name} is left out: {error}")
    if not opened:
        reason = problems[0] if problems else "there is none in pretrained/panels"
        raise ModelError(f"no network that scores all proteins can be read ({reason}); install RBind again to have them back")
    names, predictors = zip(*opened, strict=True)
    return Networks(names, predictors, heads, usable, tuple(problems))
