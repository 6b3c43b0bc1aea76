"""The bundled models: one ResidualBind per public experiment, started from the trunk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rbind_core.data.dataset import public_dataset
from rbind_core.data.rnacompete import experiments
from rbind_core.errors import ModelError
from rbind_core.model.architecture import Dropout
from rbind_core.model.weights import Weights
from rbind_core.training.fitting import EpochReport, Recipe
from rbind_core.training.one_model import train_one_model
from rbind_core.training.trunk import read_trunk

FINE_TUNING = Recipe(epochs=4, peak_learning_rate=3e-4, dropout=Dropout(0.03, 0.1, 0.1))


def fine_tune(
    experiment: str,
    trunk: Path,
    out: Path,
    recipe: Recipe = FINE_TUNING,
    report: Callable[[EpochReport], None] = lambda epoch: None,
) -> Path:
    """Train the network of one public experiment from the trunk and store it with its test metrics.

    Parameters
    ----------
    experiment : id.
    trunk : folder with `trunk.safetensors` and `trunk.json`.
    out : folder of models.
    recipe : epochs, learning rate, dropout.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model.

    Raises
    ------
    ModelError
        If the trunk is missing or has no head for the experiment.
    """
    card, weights = read_trunk(trunk)
    if experiment not in card["experiments"]:
        raise ModelError(f"{trunk}: the trunk has no head for {experiment}")
    provenance = {
        "data": "RNAcompete 2013, log-transformed scores; set A for training and validation, set B for the test",
        "start": "trunk",
        "trunk_sha256": card["sha256"],
    }
    start = weights_for_one(weights, card["experiments"].index(experiment))
    return train_one_model(experiments()[experiment], public_dataset(experiment), start, recipe, provenance, out, report)


def weights_for_one(trunk: Weights, head: int) -> Weights:
    """Take from the trunk the network of a single output.

    Parameters
    ----------
    trunk : weights with many heads.
    head : which output to keep.

    Returns
    -------
    Weights
        Weights of a ResidualBind with one output.
    """
    return trunk | {"score/kernel": trunk["score/kernel"][:, [head]], "score/bias": trunk["score/bias"][[head]]}
