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
from rbind_core.data.vts1 import VTS1, vts1_dataset
from rbind_core.model.measured_scores import measured_scores
from rbind_core.model.registry import CARD, write_card
from rbind_core.model.replicates import replicates
from rbind_core.paths import BUNDLED_MODELS
from rbind_core.training.one_model import REPLICATES_SEED

Card = dict[str, Any]


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


FACTS: dict[str, tuple[Callable[[Card], bool], Callable[[Card], Card]]] = {
    "measured_scores": (lambda card: "measured_scores" in card, with_measured_scores),
    "replicates": (lambda card: "n_test_rnas" in card["metrics"], with_replicates),
}
"""Name of a fact to whether a card has it, and how it is added."""


def main(facts: list[str], again: bool, models: Path = BUNDLED_MODELS) -> None:
    """Add facts to all cards, those of one experiment one after the other."""
    paths = {path: json.loads(path.read_text()) for path in sorted(models.glob(f"*/{CARD}"))}
    for path in sorted(paths, key=lambda path: (experiment_of(paths[path]), path)):
        card = paths[path]
        missing = [name for name in facts if again or not FACTS[name][0](card)]
        for name in missing:
            card = FACTS[name][1](card)
        if missing:
            write_card(path.parent, card)
            print(path.parent.name, *missing, file=sys.stderr)


if __name__ == "__main__":
    chosen = [argument for argument in sys.argv[1:] if argument != "--again"]
    main(chosen or list(FACTS), "--again" in sys.argv)
