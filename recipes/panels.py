"""Panels: networks with a head for all 244 RNAcompete experiments, the measured ones and those taught by DeepBind.

Each trains, from Glorot's initial weights, three kinds of heads at once: measured scores (set A), DeepBind's published scores of
all 244 experiments, and improved ones (`recipes.teachers`); measured heads have half of the weight in the loss, the two others a
quarter each. The first panel, with which pages scan, then has a second round in which measured heads have four fifths, since they
fell behind those of a network trained on measured scores alone. What a panel serves is made from these heads by
`recipes.taught_heads`. Panels differ as networks of independent colleagues would: in probes (drawn anew with replacement, copies of
an RNA together), dilations, mixture of the teachers, and seed.

`python -m recipes.panels NAME FOLDER` trains one panel, or resumes it. The folds of `recipes.left_out` are made in the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import Rows, split_of_set_a
from rbind_core.data.deepbind_files import deepbind_files
from rbind_core.data.repeats import same_rna
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.data.splits import SPLIT_SEED
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.panel import Panel, read_panel, write_panel
from rbind_core.model.weights import put_weights
from rbind_core.training.fitting import EpochReport, Recipe, fit
from recipes.teachers import Shares, columns_of, improved, measured_scores, published_scores, standardised


@dataclass(frozen=True)
class PanelRecipe:
    """How a panel is made: dilations, whether its probes are drawn anew, shares in its improved teachers, training."""

    dilations: tuple[int, ...]
    resampled: bool
    shares: Shares
    training: Recipe


def trained(epochs: int, seed: int, peak: float = 3e-3) -> Recipe:
    """The training of a panel: one cycle to a peak rate, with little dropout."""
    return Recipe(epochs, peak_learning_rate=peak, dropout=Dropout(0.03, 0.1, 0.1), seed=seed)


WEIGHTS = (0.5, 0.25, 0.25)  # of measured, published and improved scores in the loss
SECOND_WEIGHTS = (0.8, 0.1, 0.1)  # in the second round
PUBLISHED, IMPROVED = "published:", "improved:"  # in front of the experiment in the name of such a head

PANEL_RECIPES = {
    "panel-1": PanelRecipe((1, 2, 4), False, Shares(0.7, 0.2), trained(28, 11)),
    "panel-2": PanelRecipe((1, 2, 4, 8), True, Shares(0.9, 0.2), trained(16, 12)),
    "panel-3": PanelRecipe((1, 2, 4), True, Shares(0.5, 0.2), trained(12, 13)),
    "panel-4": PanelRecipe((1, 2, 4, 8), True, Shares(0.7, 0.1), trained(12, 14)),
    "panel-5": PanelRecipe((1, 2, 4), True, Shares(0.7, 0.4), trained(12, 15)),
}
SECOND_ROUNDS = {"panel-1": replace(PANEL_RECIPES["panel-1"], training=trained(8, 41, 1.5e-3))}


def training_rows(recipe: PanelRecipe) -> Rows:
    """Rows that a panel is trained on: the training part of set A, or as many distinct RNAs drawn from it with replacement."""
    training, _ = split_of_set_a()
    if not recipe.resampled:
        return training
    rna = same_rna(load_probes().codes[training])
    order, starts = np.argsort(rna, kind="stable"), np.searchsorted(np.sort(rna), np.arange(rna.max() + 2))
    drawn = np.random.default_rng(recipe.training.seed).integers(rna.max() + 1, size=rna.max() + 1)
    return training[np.concatenate([order[starts[one] : starts[one + 1]] for one in drawn])]


def train_panel(
    recipe: PanelRecipe,
    folder: Path,
    name: str,
    left_out: Collection[str] = (),
    report: Callable[[EpochReport], None] = lambda epoch: None,
    first_round: Panel | None = None,
) -> Path:
    """Train a panel and store it, resuming from a checkpoint if there is one.

    Parameters
    ----------
    folder : for the panel, the checkpoint and DeepBind's scores.
    left_out : experiments whose measured scores are not used at all.
    first_round : the panel to go on with, in a second round; Glorot's initial weights when None.

    Returns
    -------
    Path
        Its card.
    """
    training, validation = split_of_set_a()
    known = [each for each in experiments() if each not in left_out]
    measured = measured_scores()[:, columns_of(known, list(experiments()))]
    published = standardised(published_scores(folder), training)
    targets = [measured, published, improved(published, measured, recipe.shares, training)]
    outputs = [each.shape[1] for each in targets]
    rows = training_rows(recipe)
    codes = load_probes().codes
    architecture = Architecture(dilations=recipe.dilations, outputs=sum(outputs))
    checkpoint = folder / f"{name}.checkpoint.npz"
    model = build(architecture, recipe.training.dropout, recipe.training.seed)
    if first_round:
        put_weights(model, first_round.weights)
    weights, history = fit(
        model,
        ModelInputs(codes[rows]),
        np.concatenate([each[rows] for each in targets], axis=1),
        ModelInputs(codes[validation]),
        np.concatenate([each[validation] for each in targets], axis=1),
        recipe.training,
        checkpoint,
        report,
        _weights_of_heads(SECOND_WEIGHTS if first_round else WEIGHTS, outputs),
    )
    heads = [*known, *(f"{PUBLISHED}{each}" for each in deepbind_files()), *(f"{IMPROVED}{each}" for each in deepbind_files())]
    card = {
        "first_round": first_round.card["recipe"] if first_round else None,
        "architecture": asdict(architecture),
        "experiments": heads,
        "recipe": asdict(recipe),
        "left_out": sorted(left_out),
        "split_seed": SPLIT_SEED,
        "validation_pearson": [round(epoch.validation_pearson, 4) for epoch in history],
    }
    stored = write_panel(folder / f"{name}.json", card, weights, np.float32)
    checkpoint.unlink(missing_ok=True)
    return stored


def _weights_of_heads(shares: tuple[float, ...], outputs: list[int]) -> NDArray[np.float32]:
    """Weight of each output in the loss, 1 on average: a kind's share is divided among its heads."""
    of_kinds = [sum(outputs) * share / count for share, count in zip(shares, outputs, strict=True)]
    return np.repeat(of_kinds, outputs).astype(np.float32)


def main(name: str, folder: Path) -> None:
    """Train what is missing of a panel's rounds."""
    if name not in SECOND_ROUNDS:
        train_panel(PANEL_RECIPES[name], folder, name, report=show)
        return
    first = folder / f"{name}-first.json"
    if not first.exists():
        train_panel(PANEL_RECIPES[name], folder, first.stem, report=show)
    train_panel(SECOND_ROUNDS[name], folder, name, report=show, first_round=read_panel(first))


def show(epoch: EpochReport) -> None:
    """Print how an epoch went."""
    print(f"  epoch {epoch.epoch}: loss {epoch.loss:.4f}, validation Pearson {epoch.validation_pearson:.4f}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
