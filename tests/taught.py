"""Taught models to test with: heads of a small-talk panel beside some of the measured models."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from rbind_core.data.constructs import constructs
from rbind_core.model.committee import PANEL_NAMES
from rbind_core.model.panel import TAUGHT, read_panel, write_panel
from rbind_core.model.registry import write_card
from rbind_core.system.paths import BUNDLED_MODELS
from tests.toys import card, random_weights

HUR, FLY = "RNCMPT00032", "RNCMPT00015"  # HuR, with RRMs, and FMR1 of the fruit fly, with KH domains
MEASURED = ("RNCMPT00168", "RNCMPT00071", "RNCMPT00076", "RNCMPT00176")  # of them RBFOX1 is what pages open with
EXPECTED = {"pearson": 0.6, "low": 0.31, "high": 0.82, "n": 49, "basis": "measured experiments that were left out in turn"}


def install_taught_models(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make some measured and two taught models all that is bundled.

    Parameters
    ----------
    folder : to write them to.

    Returns
    -------
    Path
        The folder of the models.
    """
    models = folder / "models"
    for experiment in MEASURED:
        shutil.copytree(BUNDLED_MODELS / experiment, models / experiment)
    panels = [write_toy_panel(folder / "panels" / f"{name}.json", seed) for seed, name in enumerate(PANEL_NAMES)]
    for experiment in (HUR, FLY):
        write_card(models / experiment, taught_card(experiment, panels[0]))
    for place in ("rbind_core.system.paths", "rbind_core.model.registry"):
        patch.setattr(f"{place}.BUNDLED_MODELS", models)
    return models


def write_toy_panel(path: Path, seed: int) -> Path:
    """An untrained panel of the two taught experiments."""
    heads = np.random.default_rng(seed).normal(size=(256, 2)).astype(np.float32)
    weights = random_weights(seed) | {"score/kernel": heads, "score/bias": np.zeros(2, np.float32)}
    return write_panel(path, {"experiments": [HUR, FLY], "architecture": {"dilations": [1, 2, 4]}}, weights, np.float32)


def taught_card(experiment: str, panel: Path) -> dict:
    """A card as recipes write it; makes its folder, too."""
    (panel.parents[1] / "models" / experiment).mkdir(parents=True)
    construct = constructs()[experiment]
    stored = panel.with_suffix(".safetensors").stat().st_size
    return card(experiment, construct.protein) | {
        "species": construct.species,
        "published_consensus": construct.published_consensus,
        "normalisation": {"mean": 0.0, "standard_deviation": 1.0},
        "metrics": {},
        "expected": EXPECTED,
        "training": {
            "experiment": experiment,
            "data": "taught by DeepBind's published model",
            "scores": TAUGHT,
            "start": "scratch",
        },
        "weights": {"panel": panel.stem, "sha256": read_panel(panel).sha256, "bytes": stored},
    }
