"""Models of imported experiments: ResidualBind starting from the trunk with a new last layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rbind_core.data.imported import are_copies, import_of, imported_dataset
from rbind_core.errors import ModelError
from rbind_core.model.registry import CARD
from rbind_core.training.fitting import EpochReport, Recipe
from rbind_core.training.from_table import recipe_from_trunk
from rbind_core.training.new_head import trunk_with_new_head
from rbind_core.training.one_model import Material, fit_and_store


def train_imported(
    experiment: str,
    out: Path,
    recipe: Recipe | None = None,
    report: Callable[[EpochReport], None] = lambda epoch: None,
) -> Path:
    """Train a model of an imported experiment and store it, resuming a run that was stopped.

    The parts are the file's: the validation part chooses the epoch, without probes with a copy in the training part; the test
    part is used once, and the card says which share of it has a copy in the training part.

    Parameters
    ----------
    out : folder of models.
    recipe : epochs, learning rate, dropout; that of a user's table when None.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model.

    Raises
    ------
    DataError
        If the experiment was not imported or its import is damaged.
    ModelError
        If the model exists already, or the trunk is missing.
    """
    source = import_of(experiment)
    if (out / experiment / CARD).exists():
        raise ModelError(f"{experiment}: a model of it is in {out} already; delete its folder to train it anew")
    dataset = imported_dataset(experiment)
    copied = are_copies(dataset.codes, dataset.test, dataset.training).mean()
    provenance: dict[str, Any] = {
        "data": f"imported from {source.file}, log-transformed scores; training, validation and test parts of that file",
        "data_sha256": source.sha256,
        "start": "trunk",
        "test_copies": round(float(copied), 4),
    }
    recipe = recipe or recipe_from_trunk(len(dataset.training))
    of, start = source.experiments[experiment], trunk_with_new_head(dataset)
    return fit_and_store(of, of.id, Material(dataset), start, recipe, provenance, out, report)
