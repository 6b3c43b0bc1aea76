"""Facts that the cards of the bundled models state about their experiments, measured on the public data.

Run with `python -m recipes.card_facts [FACT ...] [--again]`: each fact that a card lacks is measured and the card is written whole,
so a stopped run goes on where it was. `--again` measures anew what is there. Weights and their digests are never touched.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.data.dataset import Dataset, public_dataset
from rbind_core.data.repeats import same_rna
from rbind_core.data.rnacompete import experiments
from rbind_core.data.vts1 import VTS1, vts1_dataset
from rbind_core.model.measured_scores import measured_scores
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import CARD, find_model, list_models, load_predictor, write_card
from rbind_core.model.replicates import replicates
from rbind_core.quality.evaluation import correlate
from rbind_core.system.paths import BUNDLED_MODELS
from rbind_core.training.one_model import REPLICATES_SEED
from rbind_core.training.per_rbp import benchmark_on_clip_scale

Card = dict[str, Any]
WITHOUT_COPIES = "validation_pearson_without_copies"
NOTES = {
    "RNCMPT00047": (
        "A low test correlation here means a noisy experiment, not an empty model: the model's best 6-mer, AACUAA, is part of the "
        "known site ACUAAY, and RNAs that QKI selected in another assay (HTR-SELEX, Jolma et al. 2020) score higher than controls "
        "with an AUC of about 0.95"
    )
}
"""By experiment."""


@lru_cache(maxsize=1)
def dataset_of(experiment: str) -> Dataset:
    """The probes and scores of a bundled model's experiment."""
    return vts1_dataset() if experiment == VTS1.id else public_dataset(experiment)


def experiment_of(card: Card) -> str:
    """Id of the experiment that a model was trained on; models that read structure have an id of their own."""
    return card["training"].get("experiment", card["experiment"])


def with_measured_scores(card: Card) -> Card:
    """The distribution of the training scores, the ruler for predicted ones."""
    dataset = dataset_of(experiment_of(card))
    return card | {"measured_scores": asdict(measured_scores(dataset.scores[dataset.training]))}


def with_replicates(card: Card) -> Card:
    """The agreement of test RNAs that were measured twice, and how many distinct RNAs the test part has."""
    dataset = dataset_of(experiment_of(card))
    codes = dataset.codes[dataset.test]
    found = replicates(codes, dataset.scores[dataset.test], np.random.default_rng(REPLICATES_SEED))
    card = card | {"metrics": card["metrics"] | {"n_test_rnas": len(np.unique(same_rna(codes)))}}
    return card | ({"replicates": asdict(found)} if found else {})


def with_validation_without_copies(card: Card) -> Card:
    """Validation Pearson of the stored weights over validation RNAs that are not in the training part.

    The recorded curve of the bundled models, `validation_pearson`, is over all validation probes, a sixth of which have a copy
    there.
    """
    dataset = dataset_of(card["experiment"])
    found = correlate(predictor_of(card).predict(dataset.codes[dataset.validation]), dataset.scores[dataset.validation])
    return card | {"training": card["training"] | {WITHOUT_COPIES: round(found.pearson, 4)}}


def with_clip_scale(card: Card) -> Card:
    """Test Pearson on the clip scale, from the stored weights; the density beside the card follows."""
    training = {key: value for key, value in card["training"].items() if key != "clip_scale"}  # of a network that was not kept
    write_card(BUNDLED_MODELS / card["experiment"], card | {"training": training})
    return json.loads(benchmark_on_clip_scale(card["experiment"], BUNDLED_MODELS).read_text())


def with_note(card: Card) -> Card:
    """What else there is to say of an experiment."""
    return card | {"note": NOTES[card["experiment"]]}


def predictor_of(card: Card) -> ResidualBindPredictor:
    """The stored network of a bundled model."""
    return load_predictor(find_model(card["experiment"], list_models([BUNDLED_MODELS])))


def of_set_a(card: Card) -> bool:
    """Whether a model is one of the 49 of RNAcompete 2013 that read the sequence alone."""
    return card["experiment"] in experiments()


FACTS: dict[str, tuple[Callable[[Card], bool], Callable[[Card], Card]]] = {
    "measured_scores": (lambda card: "measured_scores" in card, with_measured_scores),
    "replicates": (lambda card: "n_test_rnas" in card["metrics"], with_replicates),
    "validation": (lambda card: WITHOUT_COPIES in card["training"] or not of_set_a(card), with_validation_without_copies),
    "clip_scale": (lambda card: "clip_scale" not in card["training"] or not of_set_a(card), with_clip_scale),
    "note": (lambda card: card.get("note") == NOTES.get(card["experiment"]), with_note),
}
"""Name of a fact to whether a card has it, or cannot have it, and how it is added."""
AGAIN = {True: ["measured_scores", "replicates", "validation", "clip_scale"], False: ["measured_scores", "replicates"]}


def main(facts: list[str], again: bool, models: Path = BUNDLED_MODELS) -> None:
    """Add facts to all cards, those of one experiment one after the other."""
    paths = {path: json.loads(path.read_text()) for path in sorted(models.glob(f"*/{CARD}"))}
    for path in sorted(paths, key=lambda path: (experiment_of(paths[path]), path)):
        card = paths[path]
        missing = [name for name in facts if not FACTS[name][0](card) or (again and name in AGAIN[of_set_a(card)])]
        for name in missing:
            card = FACTS[name][1](card)
        if missing:
            write_card(path.parent, card)
            print(path.parent.name, *missing, file=sys.stderr)


if __name__ == "__main__":
    chosen = [argument for argument in sys.argv[1:] if argument != "--again"]
    main(chosen or list(FACTS), "--again" in sys.argv)
