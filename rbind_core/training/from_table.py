"""A model of one's own: ResidualBind trained on a table of sequences and scores, from the trunk or from scratch."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rbind_core.data.dataset import Dataset, table_dataset
from rbind_core.data.rnacompete import Experiment
from rbind_core.data.tables import Table
from rbind_core.errors import ModelError
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.registry import CARD
from rbind_core.model.weights import Weights, put_weights
from rbind_core.paths import TRUNK
from rbind_core.sequences import one_hot
from rbind_core.training.fitting import EpochReport, Recipe
from rbind_core.training.one_model import train_one_model
from rbind_core.training.trunk import read_trunk

FROM_TRUNK = Recipe(epochs=15, peak_learning_rate=1e-3, batch=256, dropout=Dropout(0.1, 0.1, 0.3), patience=5)
FROM_SCRATCH = Recipe(epochs=40, peak_learning_rate=2e-3, batch=256, dropout=Dropout(0.1, 0.2, 0.5), patience=10)
RIDGE = 10.0  # penalty of the first guess of the last layer


def check_name(name: str) -> str:
    """Refuse names that could not be a folder's.

    Parameters
    ----------
    name : of the new model.

    Returns
    -------
    str
        The same name.

    Raises
    ------
    ModelError
        If it is not made of letters, digits, '-', '_' and '.'.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}", name):
        raise ModelError(f"{name[:60]!r} cannot be a model's name; use up to 60 letters, digits, '-', '_' and '.'")
    return name


def train_from_table(
    table: Table,
    name: str,
    out: Path,
    start: str = "trunk",
    recipe: Recipe | None = None,
    report: Callable[[EpochReport], None] = lambda epoch: None,
) -> Path:
    """Train a model on a table and store it; a run that was stopped goes on where it was.

    A tenth of the table is held out for the test, a tenth of the rest chooses the epoch.

    Parameters
    ----------
    table : probes and scores.
    name : of the new model.
    out : folder of models.
    start : 'trunk' (features learned on 49 RNAcompete experiments) or 'scratch'.
    recipe : epochs, learning rate, dropout; the usual one for `start` when None.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model, with Pearson and Spearman on the held-out tenth and the top 6-mers.

    Raises
    ------
    ModelError
        If the name is not allowed or taken, or the trunk is missing.
    """
    check_name(name)
    if (out / name / CARD).exists():
        raise ModelError(f"{name}: a model of this name is in {out} already; choose another name")
    recipe = recipe or (FROM_TRUNK if start == "trunk" else FROM_SCRATCH)
    dataset = table_dataset(table)
    weights = _trunk_with_new_head(dataset) if start == "trunk" else None
    provenance = {"data": f"a table of {len(table.codes):,} probes; a tenth held out for the test", "start": start}
    return train_one_model(Experiment(name, name, "", ""), dataset, weights, recipe, provenance, out, report)


def _trunk_with_new_head(dataset: Dataset) -> Weights:
    """Weights of the trunk, with a last layer fitted to the new scores by ridge regression."""
    import keras

    card, weights = read_trunk(TRUNK)
    trunk = build(Architecture(outputs=len(card["experiments"])))
    put_weights(trunk, weights)
    features_of = keras.Model(trunk.input, trunk.get_layer("score").input)
    probes, targets = one_hot(dataset.codes[dataset.training]), dataset.scores[dataset.training].astype(np.float64)
    features = features_of.predict(probes, batch_size=2048, verbose=0).astype(np.float64)
    centred = features - features.mean(axis=0)
    kernel = np.linalg.solve(centred.T @ centred + RIDGE * np.eye(centred.shape[1]), centred.T @ targets)
    bias = targets.mean() - features.mean(axis=0) @ kernel
    return weights | {"score/kernel": kernel[:, None].astype(np.float32), "score/bias": np.array([bias], np.float32)}
