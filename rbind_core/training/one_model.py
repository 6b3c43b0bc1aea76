"""The network of one RBP: trained on a dataset, tested once on its held-out part, summarised and stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.data.dataset import Dataset
from rbind_core.data.library import profile
from rbind_core.data.rnacompete import Experiment
from rbind_core.data.splits import SPLIT_SEED
from rbind_core.evaluation import correlate
from rbind_core.model.architecture import Architecture, build
from rbind_core.model.predictor import Predictor, ResidualBindPredictor
from rbind_core.model.registry import store_model
from rbind_core.model.weights import Weights, put_weights
from rbind_core.motifs import ALIGNED, alignment_motif, top_kmers
from rbind_core.training.fitting import EpochReport, Recipe, fit

SUMMARY_SAMPLES = 1000
SUMMARY_SEED = 0


def train_one_model(
    of: Experiment,
    dataset: Dataset,
    start: Weights | None,
    recipe: Recipe,
    provenance: dict[str, Any],
    out: Path,
    report: Callable[[EpochReport], None] = lambda epoch: None,
) -> Path:
    """Train, test and store a model; a run that was stopped goes on where it was.

    The epoch is chosen on the validation part; the test part is looked at once, for the card.

    Parameters
    ----------
    of : what the model is of.
    dataset : probes, scores and parts.
    start : weights to start from; Glorot's initial ones when None.
    recipe : epochs, learning rate, dropout.
    provenance : what the card says about data and start.
    out : folder of models; the checkpoint is kept in it until the model is stored.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model, with its test metrics, best 6-mers and motif.
    """
    architecture = Architecture()
    model = build(architecture, recipe.dropout, recipe.seed)
    if start is not None:
        put_weights(model, start)
    targets = dataset.scores[:, None]
    checkpoint = out / f"{of.id}-{_digest(dataset, start, recipe)}.checkpoint.npz"
    weights, history = fit(
        model,
        dataset.codes[dataset.training],
        targets[dataset.training],
        dataset.codes[dataset.validation],
        targets[dataset.validation],
        recipe,
        checkpoint,
        report,
    )
    predictor = ResidualBindPredictor(weights, architecture.dilations)
    tested = correlate(predictor.predict(dataset.codes[dataset.test]), dataset.scores[dataset.test])
    card = {
        "experiment": of.id,
        "protein": of.protein,
        "species": of.species,
        "published_consensus": of.published_consensus,
        "architecture": asdict(architecture),
        "normalisation": asdict(dataset.normalisation),
        "metrics": {"pearson_test": tested.pearson, "spearman_test": tested.spearman, "n_test": tested.n},
        "training": {
            **provenance,
            "split_seed": SPLIT_SEED,
            "recipe": asdict(recipe),
            "validation_pearson": [round(h.validation_pearson, 4) for h in history],
        },
    }
    stored = store_model(out / of.id, card | summarise(predictor), weights)
    checkpoint.unlink(missing_ok=True)
    return stored


def _digest(dataset: Dataset, start: Weights | None, recipe: Recipe) -> str:
    """Short name of a run, so that a checkpoint is only ever taken up by the same data, start and recipe."""
    digest = hashlib.sha256(dataset.codes.tobytes() + dataset.scores.tobytes() + json.dumps(asdict(recipe)).encode())
    for name in sorted(start or {}):
        digest.update(start[name].tobytes())  # type: ignore[index]
    return digest.hexdigest()[:12]


def summarise(model: Predictor) -> dict[str, Any]:
    """Say what a model looks for: its best 6-mers on the profile background and the motif of the top ten.

    Parameters
    ----------
    model : scores RNA.

    Returns
    -------
    dict
        `top_kmers` and `motif` for the model's card.
    """
    sample = draw_sample(Profile(profile()), profile(), SUMMARY_SAMPLES, np.random.default_rng(SUMMARY_SEED))
    best = top_kmers(model, sample)
    return {"top_kmers": [asdict(kmer) for kmer in best], "motif": alignment_motif(best[:ALIGNED]).round(5).tolist()}
