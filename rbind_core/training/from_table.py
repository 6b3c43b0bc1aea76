"""A user's own model: ResidualBind trained on a table of sequences and scores, from the trunk or from scratch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rbind_core.data.dataset import table_dataset
from rbind_core.data.rnacompete import Assay
from rbind_core.data.table_split import TableSplit, split_table
from rbind_core.data.tables import Table
from rbind_core.errors import ModelError
from rbind_core.model.architecture import Dropout
from rbind_core.model.own_models import check_name
from rbind_core.model.registry import CARD
from rbind_core.training.fitting import EpochReport, Recipe
from rbind_core.training.new_head import trunk_with_new_head
from rbind_core.training.one_model import Material, fit_and_store

FROM_TRUNK = Recipe(epochs=8, peak_learning_rate=5e-4, batch=64, dropout=Dropout(0.1, 0.1, 0.3), patience=8)
FROM_SCRATCH = Recipe(epochs=40, peak_learning_rate=2e-3, batch=256, dropout=Dropout(0.1, 0.2, 0.5), patience=10)
STEPS = 3000  # from the trunk, within FEWEST_EPOCHS and MOST_EPOCHS
FEWEST_EPOCHS, MOST_EPOCHS = 4, 60


def recipe_from_trunk(probes: int) -> Recipe:
    """Choose the number of epochs: the number of steps matters, so a small table needs more epochs.

    Parameters
    ----------
    probes : number of training probes.

    Returns
    -------
    Recipe
        `FROM_TRUNK` with 4 to 60 epochs, about 3,000 steps in all.
    """
    epochs = round(STEPS * FROM_TRUNK.batch / probes)
    return replace(FROM_TRUNK, epochs=min(max(epochs, FEWEST_EPOCHS), MOST_EPOCHS))


def usual_recipe(start: str, probes: int) -> Recipe:
    """Choose the recipe for a user's table.

    Parameters
    ----------
    start : 'trunk' or 'scratch'.
    probes : number of training probes.
    """
    return recipe_from_trunk(probes) if start == "trunk" else FROM_SCRATCH


def train_from_table(
    table: Table,
    name: str,
    out: Path,
    start: str = "trunk",
    recipe: Recipe | None = None,
    report: Callable[[EpochReport], None] = lambda epoch: None,
    checkpoints: Path | None = None,
    provenance: dict[str, Any] | None = None,
    split: TableSplit | None = None,
) -> Path:
    """Train a model on a table and store it, resuming a run that was stopped.

    A tenth of the table is held out for the test, a tenth of the rest chooses the epoch; all rows of an RNA and its near copies
    are in one part, or the card says what share of the test part has a near copy in training.

    Parameters
    ----------
    out : folder of models.
    start : 'trunk' (features learned on 49 RNAcompete experiments) or 'scratch'.
    recipe : epochs, learning rate, dropout; the usual one for `start` when None.
    report : called after each epoch.
    checkpoints : folder for the state after each epoch; `out` when None.
    provenance : entries of the card on the training, which add to or replace the usual ones.
    split : of the table; computed when None.

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
    split = split or split_table(table.codes)
    dataset = table_dataset(table, split)
    recipe = recipe or usual_recipe(start, len(dataset.training))
    weights = trunk_with_new_head(dataset) if start == "trunk" else None
    data = f"a table of {len(table.codes):,} probes; a tenth held out for the test"
    said = {"data": data, "start": start, "table": what_was_read(table, split)} | (provenance or {})
    return fit_and_store(Assay(name, name, "", ""), name, Material(dataset), weights, recipe, said, out, report, checkpoints)


def what_was_read(table: Table, split: TableSplit) -> dict[str, Any]:
    """Entries of a card on how a table was read and split.

    Returns
    -------
    dict
        `sequence_column` and `score_column`, the numbers of `rows`, of `used` rows, of `distinct` RNAs and of `clusters` of near
        copies, `split_by` ('cluster' or 'RNA'), `test_near_copies`, the share of the test part that has a near copy in training,
        and `test_units`, the number of independent clusters (or RNAs) of the test part.
    """
    return {
        "sequence_column": table.sequence_column,
        "score_column": table.score_column,
        "rows": table.rows,
        "used": len(table.codes),
        "distinct": split.distinct,
        "clusters": split.clusters,
        "split_by": split.by,
        "test_near_copies": round(split.test_near_copies, 4),
        "test_units": split.test_units,
    }
