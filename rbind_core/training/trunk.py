"""The trunk: one ResidualBind with a head per experiment, from which the network of each RBP starts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.rnacompete import experiments, load_intensities, load_probes
from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.data.transforms import Normalisation
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.weights import write_weights
from rbind_core.training.fitting import EpochReport, Recipe, fit

TRUNK_RECIPE = Recipe(epochs=40, peak_learning_rate=3e-3, dropout=Dropout(0.03, 0.1, 0.1))


def split_of_set_a() -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Split set A into the training and validation rows that every bundled model uses.

    Returns
    -------
    (NDArray, NDArray)
        Row numbers into `load_probes`.
    """
    rows = np.flatnonzero(~load_probes().in_set_b)
    return training_and_validation(rows, np.random.default_rng(SPLIT_SEED))


def training_targets(experiment: str) -> tuple[NDArray[np.float32], Normalisation]:
    """Z-scores of the log intensities of one experiment, normalised on the training part.

    Parameters
    ----------
    experiment : id.

    Returns
    -------
    (NDArray, Normalisation)
        (241357,) float32 in the order of `load_probes`, and the normalisation.
    """
    scores = load_intensities(experiment)
    normalisation = Normalisation.fit(scores[split_of_set_a()[0]])
    return normalisation.apply(scores), normalisation


def train_trunk(folder: Path, recipe: Recipe = TRUNK_RECIPE, report: Callable[[EpochReport], None] = lambda epoch: None) -> Path:
    """Train the trunk on all public experiments at once and store it, going on from a checkpoint if there is one.

    Parameters
    ----------
    folder : where `trunk.safetensors`, its card `trunk.json` and the checkpoint are written.
    recipe : epochs, learning rate, dropout.
    report : called after each epoch.

    Returns
    -------
    Path
        The weights file.
    """
    names = list(experiments())
    codes = load_probes().codes
    training, validation = split_of_set_a()
    targets = np.stack([training_targets(name)[0] for name in names], axis=1)
    architecture = Architecture(outputs=len(names))
    model = build(architecture, recipe.dropout, recipe.seed)
    checkpoint = folder / "trunk.checkpoint.npz"
    weights, history = fit(
        model, codes[training], targets[training], codes[validation], targets[validation], recipe, checkpoint, report
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
    (folder / "trunk.json").write_text(json.dumps(card, indent=1) + "\n")
    checkpoint.unlink(missing_ok=True)
    return folder / "trunk.safetensors"
