"""The single-task ablation: ResidualBind trained from scratch on one experiment at a time, without the trunk.

The bundled networks start from a trunk that has seen the training scores of 49 experiments. This shows how much of their test
correlation that is worth. Ten experiments, spread evenly over the range of test correlations, are each trained alone with the
paper's dropout, on the same probes, and tested once on set B (log scale).

Run with `python -m recipes.single_task`: it resumes after a stop and writes `pretrained/single_task.tsv` as results arrive.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from rbind_core.data.dataset import public_dataset
from rbind_core.model.architecture import Dropout
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import list_models
from rbind_core.quality.evaluation import correlate
from rbind_core.system.paths import PRETRAINED
from rbind_core.training.fitting import EpochReport, Recipe
from rbind_core.training.one_model import Material, fit_material, run_file

RECIPE = Recipe(epochs=15, peak_learning_rate=3e-3, dropout=Dropout(0.1, 0.2, 0.5))
CHOSEN = 10
RESULTS = PRETRAINED / "single_task.tsv"
COLUMNS = ["experiment", "protein", "pearson_scratch", "pearson_trunk", "n_test"]


def spread_experiments() -> list[str]:
    """Experiments at evenly spaced ranks of the bundled models' test Pearson, the lowest and the highest included."""
    measured = [m for m in list_models() if m.experiment.startswith("RNCMPT")]
    ranked = sorted(measured, key=lambda model: model.metrics["pearson_test"])
    return [ranked[round(i * (len(ranked) - 1) / (CHOSEN - 1))].experiment for i in range(CHOSEN)]


def train_alone(experiment: str, checkpoints: Path) -> tuple[float, int]:
    """Train one network from Glorot's initial weights and return its Pearson on set B, with the number of probes."""
    material = Material(public_dataset(experiment))
    checkpoint = run_file(checkpoints, f"{experiment}-alone", material, None, RECIPE)
    weights, _ = fit_material(material, None, RECIPE, checkpoint, _report)
    test = material.dataset.test
    tested = correlate(ResidualBindPredictor(weights).predict_inputs(material.inputs(test)), material.dataset.scores[test])
    checkpoint.unlink(missing_ok=True)
    return tested.pearson, tested.n


def main(checkpoints: Path) -> None:
    """Train what is missing in the table of results."""
    rows = pd.read_csv(RESULTS, sep="\t").to_dict("records") if RESULTS.exists() else []
    bundled = {model.experiment: model for model in list_models()}
    for experiment in spread_experiments():
        if any(row["experiment"] == experiment for row in rows):
            continue
        print(experiment, bundled[experiment].protein, file=sys.stderr)
        pearson, n = train_alone(experiment, checkpoints)
        trunk = bundled[experiment].metrics["pearson_test"]
        rows.append(
            dict(zip(COLUMNS, (experiment, bundled[experiment].protein, round(pearson, 4), round(trunk, 4), n), strict=True))
        )
        part = RESULTS.with_suffix(".part")
        pd.DataFrame(rows, columns=COLUMNS).to_csv(part, sep="\t", index=False)
        part.replace(RESULTS)


def _report(epoch: EpochReport) -> None:
    print(f"  epoch {epoch.epoch}: loss {epoch.loss:.4f}, validation Pearson {epoch.validation_pearson:.4f}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
