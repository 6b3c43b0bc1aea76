"""Is the mean of a committee better than the network that is served? Over the 49 measured experiments, log scale.

Decided on the validation part of set A; every second probe of set B is compared once, afterwards.
`python -m recipes.committee_mean` writes `pretrained/committee_mean.tsv`.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbind_core.data.dataset import split_of_set_a
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.model.committee import open_committee
from rbind_core.model.panel import read_panel
from rbind_core.model.predictor import Predictor
from rbind_core.model.registry import find_model
from rbind_core.quality.committee_mean import COLUMNS, COMMITTEE_MEAN
from rbind_core.statistics import pearson
from rbind_core.system.paths import PANELS, PRETRAINED
from recipes.teachers import measured_scores

EVERY = 2  # of the probes of set B


def main() -> None:
    """Compare all experiments."""
    _, validation = split_of_set_a()
    test = _test()
    rows = []
    for number, experiment in enumerate(experiments()):
        committee = open_committee(find_model(experiment))
        if committee.problems:
            raise SystemExit(f"{experiment}: {'; '.join(committee.problems)}")
        scores = [_scores(member.name, experiment, predictor) for member, predictor in committee.members]
        measured = measured_scores()[:, number]
        found = []
        for part in (validation, test):
            of_part = [one[part].astype(np.float64) for one in scores]
            found += [pearson(of_part[0], measured[part]), pearson(np.mean(of_part, axis=0), measured[part])]
        rows.append([experiment, *found, len(scores)])
        print(experiment, [round(one, 4) for one in found], file=sys.stderr, flush=True)
    table = pd.DataFrame(rows, columns=COLUMNS).round(4)
    part_file = COMMITTEE_MEAN.with_suffix(".part")
    table.to_csv(part_file, sep="\t", index=False)
    part_file.replace(COMMITTEE_MEAN)
    print(table.mean(numeric_only=True).to_string(), file=sys.stderr)


def _scores(name: str, experiment: str, predictor: Predictor) -> NDArray[np.float32]:
    """A network's scores of all probes that are compared, NaN for the others; heads of one panel come from one pass of it."""
    card = PRETRAINED / "trunk" / "trunk.json" if name == "trunk" else PANELS / f"{name}.json"
    if card.exists():
        return _scores_of_panel(card)[:, list(experiments()).index(experiment)]
    scores, rows = np.full(len(load_probes().codes), np.nan, np.float32), _rows()
    scores[rows] = predictor.predict(load_probes().codes[rows])
    return scores


@cache
def _scores_of_panel(card: Path) -> NDArray[np.float32]:
    panel, rows = read_panel(card), _rows()
    scores = np.full((len(load_probes().codes), len(list(experiments()))), np.nan, np.float32)
    scores[rows] = panel.predictor(list(experiments())).predict_all(load_probes().codes[rows])
    return scores


@cache
def _test() -> NDArray[np.intp]:
    return np.flatnonzero(load_probes().in_set_b)[::EVERY]


@cache
def _rows() -> NDArray[np.intp]:
    _, validation = split_of_set_a()
    return np.concatenate([validation, _test()])


if __name__ == "__main__":
    main()
