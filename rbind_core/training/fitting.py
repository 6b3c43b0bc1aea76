"""One training run: mini-batches, one-cycle schedule, best epoch by validation Pearson, resumable after a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rbind_core.model.architecture import Dropout
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.progress import report_done
from rbind_core.model.weights import Weights, weights_of
from rbind_core.statistics import pearson

if TYPE_CHECKING:
    import keras

WARM_UP = 0.3  # share of steps during which the learning rate rises


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; recorded in the registry.

    The learning rate rises to `peak_learning_rate` over the first 30 % of the steps and falls to zero along a cosine.
    Training stops early after `patience` epochs without a better validation Pearson, never when None. Epochs while the
    rate is still rising do not count: the validation Pearson dips at the peak and is best near the end.
    """

    epochs: int
    peak_learning_rate: float
    batch: int = 512
    dropout: Dropout = field(default_factory=Dropout)
    seed: int = 0
    patience: int | None = None


@dataclass(frozen=True)
class EpochReport:
    """Results of an epoch: number (from 1), mean training loss, mean validation Pearson over the outputs."""

    epoch: int
    epochs: int
    loss: float
    validation_pearson: float


def pearson_of_columns(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Pearson correlation of each column, without rows with NaN.

    Parameters
    ----------
    a, b : (n, outputs).

    Returns
    -------
    NDArray
        (outputs,) float64; 0 where a column is constant.
    """
    result = np.zeros(a.shape[1])
    for column in range(a.shape[1]):
        known = np.isfinite(a[:, column]) & np.isfinite(b[:, column])
        result[column] = pearson(a[known, column], b[known, column])
    return np.nan_to_num(result)


def fit(
    model: keras.Model,
    probes: ModelInputs,
    targets: NDArray[np.float32],
    validation: ModelInputs,
    validation_targets: NDArray[np.float32],
    recipe: Recipe,
    checkpoint: Path,
    report: Callable[[EpochReport], None] = lambda epoch: None,
    output_weights: NDArray[np.float32] | None = None,
) -> tuple[Weights, list[EpochReport]]:
    """Train a network, resuming from the checkpoint if there is one.

    The order of probes in an epoch depends only on the recipe's seed and the epoch, and the state of the optimiser
    and of the dropout generators is in the checkpoint, so that a resumed run repeats an uninterrupted one.

    Parameters
    ----------
    model : a ResidualBind with the weights to start from.
    probes : n training probes.
    targets : (n, outputs) float32 z-scores; NaN is left out of the loss.
    validation, validation_targets : the same for the m validation probes, targets (m, outputs).
    checkpoint : file for the state after each epoch; the caller removes it when the result is stored.
    report : called after each epoch.
    output_weights : (outputs,) weight of each output in the loss and in the validation Pearson; all alike when None.

    Returns
    -------
    (Weights, list of EpochReport)
        The weights of the epoch with the best validation Pearson, and the history.
    """
    import keras

    steps = -(-len(probes) // recipe.batch)
    schedule = keras.optimizers.schedules.CosineDecay(
        recipe.peak_learning_rate / 25,
        decay_steps=max(1, round(recipe.epochs * steps * (1 - WARM_UP))),
        warmup_target=recipe.peak_learning_rate,
        warmup_steps=max(1, round(recipe.epochs * steps * WARM_UP)),
    )
    shares = np.ones(targets.shape[1], np.float32) if output_weights is None else output_weights
    model.compile(keras.optimizers.Adam(schedule), loss=partial(_mean_squared_error_of_known, shares))
    model.optimizer.build(model.trainable_variables)
    history, best = _resume(checkpoint, model)
    for epoch in range(len(history), recipe.epochs):
        if recipe.patience is not None and _epochs_since_best(history, recipe) >= recipe.patience:
            break
        order = np.random.default_rng([recipe.seed, epoch]).permutation(len(probes))
        losses = []
        for start in range(0, len(probes), recipe.batch):
            rows = order[start : start + recipe.batch]
            if len(rows) > 1:  # batch normalisation needs two
                model.reset_metrics()
                losses.append(float(model.train_on_batch(probes.arrays(rows), targets[rows])))
            report_done(len(rows))
        predicted = model.predict(validation.arrays(), batch_size=4096, verbose=0)
        score = float(np.average(pearson_of_columns(predicted, validation_targets), weights=shares))
        if not history or score > max(h.validation_pearson for h in history):
            best = weights_of(model)
        history.append(EpochReport(epoch + 1, recipe.epochs, float(np.mean(losses)), score))
        _store(checkpoint, model, history, best)
        report(history[-1])
    return best, history


def _epochs_since_best(history: list[EpochReport], recipe: Recipe) -> int:
    scores = [h.validation_pearson for h in history if h.epoch > WARM_UP * recipe.epochs]
    return len(scores) - 1 - int(np.argmax(scores)) if scores else 0


def _mean_squared_error_of_known(shares: NDArray[np.float32], target: Any, output: Any) -> Any:
    from keras import ops

    known = ops.cast(ops.isfinite(target), output.dtype) * shares
    error = ops.square(ops.where(ops.isfinite(target), target, output) - output)
    return ops.sum(known * error) / ops.maximum(ops.sum(known), 1)


def _store(path: Path, model: keras.Model, history: list[EpochReport], best: Weights) -> None:
    """Store the state by position: Keras numbers the names of optimisers and seeds by what the process has made before."""
    state = {f"model:{i}": np.asarray(v) for i, v in enumerate(model.variables)}
    state |= {f"optimiser:{i}": np.asarray(v) for i, v in enumerate(model.optimizer.variables)}
    state |= {f"best:{name}": array for name, array in best.items()}
    text = json.dumps([asdict(h) for h in history])
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part.npz")
    try:
        np.savez(part, history=np.array(text), **state)  # type: ignore[arg-type]
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)  # on a full disk it would take the room that is left
        raise


def _resume(path: Path, model: keras.Model) -> tuple[list[EpochReport], Weights]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            state = dict(arrays)
    except (OSError, EOFError, ValueError, BadZipFile):  # missing, or truncated by a power cut
        return [], weights_of(model)
    for i, variable in enumerate(model.variables):
        variable.assign(state[f"model:{i}"])
    for i, variable in enumerate(model.optimizer.variables):
        variable.assign(state[f"optimiser:{i}"])
    best = {name.removeprefix("best:"): array for name, array in state.items() if name.startswith("best:")}
    return [EpochReport(**h) for h in json.loads(str(state["history"]))], best
