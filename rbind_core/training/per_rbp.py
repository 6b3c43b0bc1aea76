"""The bundled models: one ResidualBind per public experiment, starting from the trunk.

Each is fitted to log-transformed scores, used in the app. The same network is also tested on clip-transformed scores, for the
comparison with published methods.
"""

from __future__ import annotations

import json
from pathlib import Path

from rbind_core.data.dataset import public_dataset
from rbind_core.data.probe_structures import probe_profiles
from rbind_core.data.rnacompete import experiments
from rbind_core.model.architecture import Dropout
from rbind_core.model.panel import Panel
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import CARD, WEIGHTS, write_card
from rbind_core.model.weights import read_weights
from rbind_core.quality.evaluation import correlate, on_clip_scale
from rbind_core.quality.score_histogram import bin_scores, read_densities, write_densities
from rbind_core.training.fitting import Recipe
from rbind_core.training.one_model import Material, Report, fit_and_store

# What trains anew. Each card says which recipe its model had: most that ship were tuned more gently, from teachers that mix
# measured scores with predictions of wider networks (peak rates of 3e-4 and 4e-4).
FINE_TUNING = Recipe(epochs=4, peak_learning_rate=8e-4, dropout=Dropout(0.0, 0.1, 0.2))
OWN_RECIPES = {"RNCMPT00168": Recipe(epochs=8, peak_learning_rate=1e-3, dropout=Dropout(0.0, 0.1, 0.3), seed=2)}
"""Experiments whose recipe was chosen for them alone, on the validation part."""
STRUCTURE_TUNING = Recipe(epochs=3, peak_learning_rate=8e-4, dropout=Dropout(0.0, 0.1, 0.2))
DATA = "RNAcompete 2013, log-transformed scores; set A for training and validation, set B for the test"


def model_id(experiment: str, structure: str) -> str:
    """Name of a bundled model: the experiment's id, or protein and structure for models that read structure.

    Parameters
    ----------
    structure : '', 'PU' or 'PHIME'.

    Returns
    -------
    str
        Such as RNCMPT00168 or RBFOX1_PU.
    """
    return f"{experiments()[experiment].protein}_{structure}" if structure else experiment


def fine_tune(
    experiment: str,
    trunk: Panel,
    out: Path,
    structure: str = "",
    recipe: Recipe | None = None,
    report: Report = lambda epoch: None,
) -> Path:
    """Train the network of one public experiment, test it once on set B, and store it, resuming a run that was stopped.

    Parameters
    ----------
    trunk : the initial weights.
    out : folder of models.
    structure : '' to read the sequence alone, 'PU' or 'PHIME' to read predicted structure too.
    recipe : epochs, learning rate, dropout; the usual one, or the experiment's own, when None.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model; the density of measured against predicted scores is beside it.

    Raises
    ------
    ModelError
        If the trunk has no head for the experiment.
    """
    start = trunk.network_of(experiment)
    recipe = recipe or (STRUCTURE_TUNING if structure else OWN_RECIPES.get(experiment, FINE_TUNING))
    dataset = public_dataset(experiment)
    material = Material(dataset, probe_profiles(dataset.codes, structure) if structure else None)
    provenance = {"experiment": experiment, "data": DATA, "start": "trunk", "trunk_sha256": trunk.sha256}
    name = model_id(experiment, structure)
    return fit_and_store(experiments()[experiment], name, material, start, recipe, provenance, out, report)


def benchmark_on_clip_scale(experiment: str, out: Path) -> Path:
    """Test the stored network of an experiment on clip-transformed scores, and add test Pearson and density.

    Parameters
    ----------
    experiment : id of a model in `out`.
    out : folder of models.

    Returns
    -------
    Path
        The card, with `pearson_test_clip`; the weights are unchanged.
    """
    folder = out / experiment
    card = json.loads((folder / CARD).read_text())
    predictor = ResidualBindPredictor(read_weights(folder / WEIGHTS, card["weights"]["sha256"]))
    dataset = public_dataset(experiment)
    on_log_scale = predictor.predict(dataset.codes[dataset.test])
    predicted, measured = on_clip_scale(on_log_scale, dataset)
    card["metrics"]["pearson_test_clip"] = correlate(predicted, measured).pearson
    densities = read_densities(folder)
    if "log" not in densities:
        densities["log"] = bin_scores(dataset.scores[dataset.test], on_log_scale, "log")
    write_densities(folder, [densities["log"], bin_scores(measured, predicted, "clip")])
    return write_card(folder, card)
