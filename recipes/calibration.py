"""Does the interval between networks hold another network? Each member of a committee against the interval of the others.

Over the 49 measured experiments and five effects (best 6-mer, additivity, GC-rich 3' and 5' ends, loop minus open) each network is
left out in turn; the interval made from the others should hold its effect in about 95 of 100 cases, for each kind of network. The
experiments of one protein are compared in the same way: they differ by more than networks do, and the table says by how much.

`python -m recipes.calibration` measures what is missing and writes `pretrained/calibration.tsv`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np
import pandas as pd

from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.prepare import prepare
from rbind_core.data.rnacompete import experiments
from rbind_core.experiments.headline import HEADLINE, headline
from rbind_core.model.committee import open_committee
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.statistics.between_networks import between_networks
from rbind_core.system.paths import PRETRAINED

SAMPLES, SEED = 500, 0
RESULTS = PRETRAINED / "calibration.tsv"
COLUMNS = ["experiment", "protein", "effect", "network", "kind", "value"]


def measure(experiment: str) -> list[list[object]]:
    """All effects of an experiment in all networks of its committee."""
    model = find_model(experiment)
    committee = open_committee(model)
    if committee.problems:
        raise SystemExit(f"{experiment}: {'; '.join(committee.problems)}")
    sample = prepare(model, load_predictor(model), BackgroundChoice(samples=SAMPLES, seed=SEED)).sample
    rows: list[list[object]] = []
    for member, predictor in committee.members:
        found = headline(model, model.top_kmer, GlobalImportanceAnalysis(predictor, sample)).effects
        rows += [[experiment, model.protein, HEADLINE[name], member.name, member.kind, value] for name, value in found.items()]
    return rows


def left_out(table: pd.DataFrame) -> pd.DataFrame:
    """Whether the interval from the other networks holds each network's effect: a column `inside`."""
    parts = []
    for _, one in table.groupby(["experiment", "effect"], sort=False):
        values, inside = one["value"].to_numpy(), []
        for number in range(len(one)):
            others = np.delete(values, number)
            interval = between_networks(["n"] * len(others), ["k"] * len(others), others.tolist()).interval95
            inside.append(interval is not None and interval[0] <= values[number] <= interval[1])
        parts.append(one.assign(inside=inside))
    return pd.concat(parts)


def other_experiments(table: pd.DataFrame) -> Iterator[tuple[str, bool]]:
    """For each effect and ordered pair of experiments of one protein: whether one's interval holds the other's served effect."""
    for (_, effect), of_protein in table.groupby(["protein", "effect"], sort=False):
        for first, second in permutations(of_protein["experiment"].unique(), 2):
            values = of_protein.loc[of_protein["experiment"] == first, "value"].tolist()
            interval = between_networks(["n"] * len(values), ["k"] * len(values), values).interval95
            served = of_protein.loc[(of_protein["experiment"] == second) & (of_protein["network"] == "served"), "value"].iloc[0]
            yield str(effect), interval is not None and interval[0] <= served <= interval[1]


def main(report: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)) -> None:
    """Measure what is missing, then print the shares."""
    table = pd.read_csv(RESULTS, sep="\t") if RESULTS.exists() else pd.DataFrame(columns=COLUMNS)
    for experiment in experiments():
        if experiment not in set(table["experiment"]):
            table = pd.concat([table, pd.DataFrame(measure(experiment), columns=COLUMNS)], ignore_index=True)
            part = RESULTS.with_suffix(".part")
            table.round(5).to_csv(part, sep="\t", index=False)
            part.replace(RESULTS)
            report(experiment)
    inside = left_out(table.dropna())
    report(inside.groupby("kind")["inside"].mean().round(3).to_string())
    report(inside.groupby(["kind", "effect"])["inside"].mean().round(3).unstack().to_string())
    report(inside.groupby("network")["inside"].mean().round(3).to_string())
    pairs = pd.DataFrame(other_experiments(table.dropna()), columns=["effect", "inside"])
    report(f"experiments of one protein: {pairs['inside'].mean():.3f} of {len(pairs)}")
    report(pairs.groupby("effect")["inside"].mean().round(3).to_string())


if __name__ == "__main__":
    main()
