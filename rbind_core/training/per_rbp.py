"""The bundled models: one ResidualBind per public experiment, started from the trunk.

Each is fitted to log-transformed scores, which the app serves. From there a second network is fitted to clip-transformed
scores, for the comparison with published methods alone: its test Pearson is kept, its weights are not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.data.dataset import public_dataset
from rbind_core.data.probe_structures import probe_profiles
from rbind_core.data.rnacompete import experiments, load_intensities
from rbind_core.densities import bin_scores, read_densities, write_densities
from rbind_core.errors import ModelError
from rbind_core.evaluation import correlate
from rbind_core.model.architecture import Dropout
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import CARD, WEIGHTS, store_model
from rbind_core.model.weights import Weights, read_weights
from rbind_core.training.clip_scale import on_clip_scale
from rbind_core.training.fitting import Recipe
from rbind_core.training.one_model import Material, Report, fit_and_store, fit_material, recipe_entry, run_file
from rbind_core.training.trunk import read_trunk

FINE_TUNING = Recipe(epochs=4, peak_learning_rate=8e-4, dropout=Dropout(0.0, 0.1, 0.2))
OWN_RECIPES = {"RNCMPT00168": Recipe(epochs=8, peak_learning_rate=1e-3, dropout=Dropout(0.0, 0.1, 0.3), seed=2)}
"""Experiments whose recipe was chosen for them alone, on the validation part."""
STRUCTURE_TUNING = Recipe(epochs=3, peak_learning_rate=8e-4, dropout=Dropout(0.0, 0.1, 0.2))
CLIP_TUNING = Recipe(epochs=1, peak_learning_rate=2e-4, dropout=Dropout(0.0, 0.1, 0.1))
DATA = "RNAcompete 2013, log-transformed scores; set A for training and validation, set B for the test"
CLIP_DATA = "the same, clip-transformed; fitted through an exponential link from the network on the log scale"


@dataclass(frozen=True)
class Trunk:
    """The network that fine-tuning starts from: its card and its weights, with a head per experiment."""

    card: dict[str, Any]
    weights: Weights

    def network_of(self, experiment: str) -> Weights:
        """Weights of the ResidualBind with the head of one experiment.

        Parameters
        ----------
        experiment : id.

        Returns
        -------
        Weights
            Of a network with one output.

        Raises
        ------
        ModelError
            If the trunk has no such head.
        """
        if experiment not in self.card["experiments"]:
            raise ModelError(f"{experiment}: the trunk has no head for this experiment")
        return weights_for_one(self.weights, self.card["experiments"].index(experiment))


def open_trunk(folder: Path) -> Trunk:
    """Read the trunk.

    Parameters
    ----------
    folder : with `trunk.safetensors` and `trunk.json`.

    Returns
    -------
    Trunk
        To fine-tune from.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    return Trunk(*read_trunk(folder))


def model_id(experiment: str, structure: str) -> str:
    """Name of a bundled model: the experiment's id, or protein and structure for models that read structure.

    Parameters
    ----------
    experiment : id.
    structure : '', 'PU' or 'PHIME'.

    Returns
    -------
    str
        Such as RNCMPT00168 or RBFOX1_PU.
    """
    return f"{experiments()[experiment].protein}_{structure}" if structure else experiment


def fine_tune(
    experiment: str,
    trunk: Trunk,
    out: Path,
    structure: str = "",
    recipe: Recipe | None = None,
    report: Report = lambda epoch: None,
) -> Path:
    """Train the network of one public experiment, look at set B once, and store it; a stopped run goes on where it was.

    Parameters
    ----------
    experiment : id.
    trunk : where the weights start.
    out : folder of models.
    structure : '' to read the sequence alone, 'PU' or 'PHIME' to read predicted structure beside it.
    recipe : epochs, learning rate, dropout; the usual one, or the experiment's own, when None.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model, beside it the density of measured against predicted scores.

    Raises
    ------
    ModelError
        If the trunk has no head for the experiment.
    """
    start = trunk.network_of(experiment)
    recipe = recipe or (STRUCTURE_TUNING if structure else OWN_RECIPES.get(experiment, FINE_TUNING))
    dataset = public_dataset(experiment)
    material = Material(dataset, probe_profiles(dataset.codes, structure) if structure else None)
    provenance = {"experiment": experiment, "data": DATA, "start": "trunk", "trunk_sha256": trunk.card["sha256"]}
    name = model_id(experiment, structure)
    return fit_and_store(experiments()[experiment], name, material, start, recipe, provenance, out, report)


def benchmark_on_clip_scale(
    experiment: str,
    out: Path,
    recipe: Recipe = CLIP_TUNING,
    report: Report = lambda epoch: None,
) -> Path:
    """Fit a network to clip-transformed scores, starting from the stored one, and add its test Pearson to the card.

    Parameters
    ----------
    experiment : id; its model must be in `out`.
    out : folder of models.
    recipe : epochs, learning rate, dropout.
    report : called after each epoch.

    Returns
    -------
    Path
        The card, with `pearson_test_clip`; the weights stay those of the log scale.
    """
    card = json.loads((out / experiment / CARD).read_text())
    start = read_weights(out / experiment / WEIGHTS, card["weights"]["sha256"])
    dataset = public_dataset(experiment)
    clipped, link = on_clip_scale(load_intensities(experiment), dataset)
    material = Material(clipped, link=link)
    checkpoint = run_file(out, f"{experiment}-clip", material, start, recipe)
    weights, history = fit_material(material, start, recipe, checkpoint, report)

    test = material.inputs(dataset.test)
    predicted = link.of_array(ResidualBindPredictor(weights).predict_inputs(test)).astype(np.float32)
    measured = clipped.scores[dataset.test]
    card["metrics"]["pearson_test_clip"] = correlate(predicted, measured).pearson
    card["training"]["clip_scale"] = {"data": CLIP_DATA, **recipe_entry(recipe, history)}
    densities = read_densities(out / experiment)
    if "log" not in densities:
        on_log_scale = ResidualBindPredictor(start).predict_inputs(test)
        densities["log"] = bin_scores(dataset.scores[dataset.test], on_log_scale, "log")
    write_densities(out / experiment, [densities["log"], bin_scores(measured, predicted, "clip")])
    stored = store_model(out / experiment, card, start)
    checkpoint.unlink(missing_ok=True)
    return stored


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
