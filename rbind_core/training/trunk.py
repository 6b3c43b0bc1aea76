"""The trunk: a ResidualBind with a head per experiment, from which the network of each RBP starts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.data.dataset import public_dataset, split_of_set_a
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.data.splits import SPLIT_SEED
from rbind_core.errors import ModelError
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.weights import Weights, read_weights, write_weights
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
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "architecture": asdict(architecture),
        "experiments": names,
        "recipe": asdict(recipe),
        "split_seed": SPLIT_SEED,
        "validation_pearson": max(h.validation_pearson for h in history),
        "sha256": write_weights(folder / "trunk.safetensors", weights),
    }
    part = folder / "trunk.part"
    part.write_text(json.dumps(card, indent=1) + "\n")
    part.replace(folder / "trunk.json")
    checkpoint.unlink(missing_ok=True)
    return folder / "trunk.safetensors"


def read_trunk(folder: Path) -> tuple[dict[str, Any], Weights]:
    """Read a trained trunk.

    Parameters
    ----------
    folder : with `trunk.safetensors` and `trunk.json`.

    Returns
    -------
    (dict, Weights)
        The card, with `experiments` in the order of the heads, and the weights.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    again = "run './rbind train --trunk' first, or train from scratch"
    try:
        card = json.loads((folder / "trunk.json").read_text())
        names, digest = card["experiments"], card["sha256"]
        if not isinstance(digest, str) or not (isinstance(names, list) and names and all(isinstance(n, str) for n in names)):
            raise TypeError("experiments or sha256 make no sense")
    except OSError:
        raise ModelError(f"{folder}: there is no trunk; {again}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ModelError(f"{folder}: the trunk's card is damaged; {again}") from None
    try:
        return card, read_weights(folder / "trunk.safetensors", digest)
    except ModelError as error:
        raise ModelError(f"{folder}: the trunk is broken: {error}; {again}") from None
