"""The trunk: a ResidualBind with a head per experiment, from which the network of each RBP starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from rbind_core.data.dataset import public_dataset, split_of_set_a
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.data.splits import SPLIT_SEED
from rbind_core.errors import ModelError
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.panel import Panel, read_panel, write_panel
from rbind_core.training.fitting import EpochReport, Recipe, fit

TRUNK_RECIPE = Recipe(epochs=40, peak_learning_rate=3e-3, dropout=Dropout(0.03, 0.1, 0.1))


def train_trunk(folder: Path, recipe: Recipe = TRUNK_RECIPE, report: Callable[[EpochReport], None] = lambda epoch: None) -> Path:
    """Train the trunk on all public experiments at once and store it, resuming from a checkpoint if there is one.

    Parameters
    ----------
    folder : for `trunk.safetensors`, its card `trunk.json` and the checkpoint.
    report : called after each epoch.

    Returns
    -------
    Path
        The weights file.
    """
    names = list(experiments())
    codes = load_probes().codes
    training, validation = split_of_set_a()
    targets = np.stack([public_dataset(name).scores for name in names], axis=1)
    architecture = Architecture(outputs=len(names))
    model = build(architecture, recipe.dropout, recipe.seed)
    checkpoint = folder / "trunk.checkpoint.npz"
    weights, history = fit(
        model,
        ModelInputs(codes[training]),
        targets[training],
        ModelInputs(codes[validation]),
        targets[validation],
        recipe,
        checkpoint,
        report,
    )
    content = {
        "architecture": asdict(architecture),
        "experiments": names,
        "recipe": asdict(recipe),
        "split_seed": SPLIT_SEED,
        "validation_pearson": max(h.validation_pearson for h in history),
    }
    card = write_panel(folder / "trunk.json", content, weights, np.float32)
    checkpoint.unlink(missing_ok=True)
    return card.with_suffix(".safetensors")


def open_trunk(folder: Path) -> Panel:
    """Read a trained trunk, which is a panel of the public experiments.

    Parameters
    ----------
    folder : with `trunk.safetensors` and `trunk.json`.

    Raises
    ------
    ModelError
        If it is missing or damaged; the message says what to do.
    """
    try:
        return read_panel(folder / "trunk.json")
    except ModelError as error:
        ways_out = "run './rbind train --trunk' first, or train from scratch"
        raise ModelError(f"{folder}: there is no usable trunk: {error}; {ways_out}") from None
