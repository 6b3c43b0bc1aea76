"""A model of one's own: ResidualBind trained on a table of sequences and scores, from the trunk or from scratch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.data.tables import Table
from rbind_core.data.transforms import Normalisation
from rbind_core.errors import ModelError
from rbind_core.evaluation import correlate
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import CARD, store_model
from rbind_core.model.weights import Weights, put_weights, read_weights
from rbind_core.paths import TRUNK
from rbind_core.sequences import Codes, one_hot
from rbind_core.training.fitting import EpochReport, Recipe, fit
from rbind_core.training.per_rbp import summarise

STARTS = ("trunk", "scratch")
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
    rng = np.random.default_rng(SPLIT_SEED)
    rest, test = training_and_validation(np.arange(len(table.codes)), rng)
    training, validation = training_and_validation(rest, rng)
    normalisation = Normalisation.fit(table.scores[training])
    targets = normalisation.apply(table.scores)

    architecture = Architecture()
    model = build(architecture, recipe.dropout, recipe.seed)
    if start == "trunk":
        put_weights(model, _trunk_with_new_head(table.codes[training], targets[training]))
    digest = hashlib.sha256(table.codes.tobytes() + table.scores.tobytes() + json.dumps(asdict(recipe)).encode()).hexdigest()
    checkpoint = out / f"{name}-{start}-{digest[:12]}.checkpoint.npz"
    weights, history = fit(
        model,
        table.codes[training],
        targets[training, None],
        table.codes[validation],
        targets[validation, None],
        recipe,
        checkpoint,
        report,
    )
    predictor = ResidualBindPredictor(weights, architecture.dilations)
    tested = correlate(predictor.predict(table.codes[test]), targets[test])
    card = {
        "experiment": name,
        "protein": name,
        "species": "",
        "published_consensus": "",
        "architecture": asdict(architecture),
        "normalisation": asdict(normalisation),
        "metrics": {"pearson_test": tested.pearson, "spearman_test": tested.spearman, "n_test": tested.n},
        "training": {
            "data": f"a table of {len(table.codes):,} probes; a tenth held out for the test",
            "start": start,
            "split_seed": SPLIT_SEED,
            "recipe": asdict(recipe),
            "validation_pearson": [round(h.validation_pearson, 4) for h in history],
        },
    }
    stored = store_model(out / name, card | summarise(predictor), weights)
    checkpoint.unlink(missing_ok=True)
    return stored


def _trunk_with_new_head(codes: Codes, targets: NDArray[np.float32]) -> Weights:
    """Weights of the trunk, with a last layer fitted to the new scores by ridge regression."""
    import keras

    try:
        card = json.loads((TRUNK / "trunk.json").read_text())
    except (OSError, ValueError) as error:
        raise ModelError(f"the trunk cannot be read ({error}); use --from scratch") from None
    weights = read_weights(TRUNK / "trunk.safetensors", card["sha256"])
    trunk = build(replace(Architecture(), outputs=len(card["experiments"])))
    put_weights(trunk, weights)
    features_of = keras.Model(trunk.input, trunk.get_layer("score").input)
    features = features_of.predict(one_hot(codes), batch_size=2048, verbose=0).astype(np.float64)
    centred = features - features.mean(axis=0)
    kernel = np.linalg.solve(centred.T @ centred + RIDGE * np.eye(centred.shape[1]), centred.T @ targets)
    bias = targets.mean(dtype=np.float64) - features.mean(axis=0) @ kernel
    head = {"score/kernel": kernel[:, None].astype(np.float32), "score/bias": np.array([bias], np.float32)}
    return weights | head
