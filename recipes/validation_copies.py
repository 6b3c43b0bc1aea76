"""Does the order of the recipes change when validation probes with a copy in training are left out?

A sixth of the validation probes have an identical RNA in the training part. Some recipes were chosen when these still counted. Here
they are compared again from the trunk: after each epoch the validation Pearson is taken over all validation probes, over those
without a copy and over the copies alone.

Run with `python -m recipes.validation_copies [FOLDER]`, FOLDER for checkpoints: it resumes after a stop and writes
`recipes/validation_copies.tsv` as results arrive, a row for each epoch.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from rbind_core.data.dataset import Dataset, public_dataset
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.model.architecture import build
from rbind_core.model.weights import put_weights
from rbind_core.quality.evaluation import correlate
from rbind_core.system.paths import TRUNK
from rbind_core.training.fitting import EpochReport, Recipe, fit
from rbind_core.training.one_model import Material, run_file
from rbind_core.training.per_rbp import FINE_TUNING, OWN_RECIPES
from rbind_core.training.trunk import open_trunk

CAREFUL = replace(FINE_TUNING, peak_learning_rate=3e-4)
RECIPES = {"4 epochs, peak 3e-4": CAREFUL, "4 epochs, peak 8e-4": FINE_TUNING, "8 epochs, peak 1e-3": OWN_RECIPES["RNCMPT00168"]}
COMPARED = [("RNCMPT00168", name) for name in RECIPES] + [("RNCMPT00186", name) for name in list(RECIPES)[:2]]
RESULTS = Path(__file__).with_suffix(".tsv")
PEARSONS = ["with_copies", "without_copies", "copies_alone"]


def rows_of_validation(without: Dataset) -> dict[str, np.ndarray]:
    """Validation rows: all, those without a copy in training (as `public_dataset` has them), and the copies alone."""
    set_a = np.flatnonzero(~load_probes().in_set_b)
    training, everything = training_and_validation(set_a, np.random.default_rng(SPLIT_SEED))
    assert np.array_equal(training, without.training)
    parts = (everything, without.validation, np.setdiff1d(everything, without.validation))
    return dict(zip(PEARSONS, parts, strict=True))


def compare(experiment: str, name: str, recipe: Recipe, checkpoints: Path) -> pd.DataFrame:
    """Fine-tune from the trunk with one recipe, and correlate after each epoch."""
    material = Material(public_dataset(experiment))
    data, start = material.dataset, open_trunk(TRUNK).network_of(experiment)
    parts = rows_of_validation(data)
    model = build(material.architecture, recipe.dropout, recipe.seed)
    put_weights(model, start)
    found = pd.DataFrame()
    kept = checkpoints / f"{experiment}-{name.replace(' ', '')}.tsv"
    if kept.exists():
        found = pd.read_csv(kept, sep="\t")

    def after(epoch: EpochReport) -> None:
        nonlocal found
        row: dict[str, object] = {"experiment": experiment, "protein": experiments()[experiment].protein, "recipe": name}
        row["epoch"] = epoch.epoch
        predicted = model.predict(material.inputs(parts[PEARSONS[0]]).arrays(), batch_size=4096, verbose=0)[:, 0]
        for part, rows in parts.items():
            here = np.isin(parts[PEARSONS[0]], rows)
            row[part] = round(correlate(predicted[here], data.scores[rows]).pearson, 4)
        found = pd.concat([found, pd.DataFrame([row])], ignore_index=True)
        found.to_csv(kept, sep="\t", index=False)
        print(*row.values(), file=sys.stderr)

    validation = parts[PEARSONS[1]]
    inputs = (
        material.inputs(data.training),
        data.scores[data.training, None],
        material.inputs(validation),
        data.scores[validation, None],
    )
    fit(model, *inputs, recipe, run_file(checkpoints, f"{experiment}-copies", material, start, recipe), after)
    return found


def main(checkpoints: Path) -> None:
    """Compare what is missing in the table of results."""
    done = pd.read_csv(RESULTS, sep="\t") if RESULTS.exists() else pd.DataFrame(columns=["experiment", "recipe"])
    for experiment, name in COMPARED:
        if ((done["experiment"] == experiment) & (done["recipe"] == name)).any():
            continue
        done = pd.concat([done, compare(experiment, name, RECIPES[name], checkpoints)], ignore_index=True)
        part = RESULTS.with_suffix(".part")
        done.to_csv(part, sep="\t", index=False)
        part.replace(RESULTS)


if __name__ == "__main__":
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # as the bundled models were trained
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
