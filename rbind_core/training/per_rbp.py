"""One ResidualBind per RBP: started from the trunk, fine-tuned on one experiment, tested once on set B, stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.data.library import measured_set_b, profile
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.data.splits import SPLIT_SEED
from rbind_core.errors import ModelError
from rbind_core.evaluation import evaluate
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.predictor import Predictor, ResidualBindPredictor
from rbind_core.model.registry import store_model
from rbind_core.model.weights import Weights, put_weights, read_weights
from rbind_core.motifs import ALIGNED, alignment_motif, top_kmers
from rbind_core.training.fitting import EpochReport, Recipe, fit
from rbind_core.training.trunk import split_of_set_a, training_targets

FINE_TUNING = Recipe(epochs=4, peak_learning_rate=3e-4, dropout=Dropout(0.03, 0.1, 0.1))
SUMMARY_SAMPLES = 1000
SUMMARY_SEED = 0


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


def fine_tune(
    experiment: str,
    trunk: Path,
    out: Path,
    recipe: Recipe = FINE_TUNING,
    report: Callable[[EpochReport], None] = lambda epoch: None,
) -> Path:
    """Train the network of one experiment from the trunk and store it with its test metrics.

    The epoch is chosen on the validation part of set A; set B is looked at once, for the card.

    Parameters
    ----------
    experiment : id.
    trunk : folder with `trunk.safetensors` and `trunk.json`.
    out : folder of models; the checkpoint is kept beside the model until it is stored.
    recipe : epochs, learning rate, dropout.
    report : called after each epoch.

    Returns
    -------
    Path
        The card of the stored model.

    Raises
    ------
    ModelError
        If the trunk is missing or has no head for the experiment.
    """
    try:
        trunk_card = json.loads((trunk / "trunk.json").read_text())
        head = trunk_card["experiments"].index(experiment)
    except (OSError, ValueError, KeyError):
        raise ModelError(f"{trunk}: no trunk with a head for {experiment}; run './rbind train --trunk' first") from None
    architecture = Architecture()
    model = build(architecture, recipe.dropout, recipe.seed)
    put_weights(model, weights_for_one(read_weights(trunk / "trunk.safetensors", trunk_card["sha256"]), head))

    codes = load_probes().codes
    scores, normalisation = training_targets(experiment)
    training, validation = split_of_set_a()
    training, validation = (rows[np.isfinite(scores[rows])] for rows in (training, validation))
    targets = scores[:, None]
    checkpoint = out / f"{experiment}.checkpoint.npz"
    weights, history = fit(
        model, codes[training], targets[training], codes[validation], targets[validation], recipe, checkpoint, report
    )

    predictor = ResidualBindPredictor(weights, architecture.dilations)
    tested = evaluate(predictor, measured_set_b(experiment, normalisation))
    of_whom = experiments()[experiment]
    card = {
        "experiment": experiment,
        "protein": of_whom.protein,
        "species": of_whom.species,
        "published_consensus": of_whom.published_consensus,
        "architecture": asdict(architecture),
        "normalisation": asdict(normalisation),
        "metrics": {"pearson_test": tested.pearson, "spearman_test": tested.spearman, "n_test": tested.n},
        "training": {
            "data": "RNAcompete 2013, log-transformed scores; set A for training and validation, set B for the test",
            "start": "trunk",
            "trunk_sha256": trunk_card["sha256"],
            "split_seed": SPLIT_SEED,
            "recipe": asdict(recipe),
            "validation_pearson": [round(h.validation_pearson, 4) for h in history],
        },
    }
    stored = store_model(out / experiment, card | summarise(predictor), weights)
    checkpoint.unlink(missing_ok=True)
    return stored


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
