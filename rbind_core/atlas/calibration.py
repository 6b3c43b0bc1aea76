"""Does the interval between networks hold another network? Each network of a committee against the interval of the others.

The effects are the headline effects of the atlas in all networks of the measured experiments. The experiments of one protein are
compared in the same way; they differ by more than networks do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd

from rbind_core.atlas.files import Atlas
from rbind_core.atlas.measure import HEADLINES
from rbind_core.errors import DataError
from rbind_core.experiments.headline import HEADLINE
from rbind_core.model.committee import FINE_TUNED, PANEL_HEAD, SERVED, TUNED_SETS
from rbind_core.model.registry import MEASURED_GRADE
from rbind_core.statistics.between_networks import FEWEST, between_networks


@dataclass(frozen=True)
class Calibration:
    """Shares of cases in which an interval of nominally 95 % holds what was left out.

    `of_kind` is by kind of network, `of_effect` by kind and effect; `cases` is their number; `of_experiments` is for another
    experiment with the same protein, over `pairs` ordered pairs of experiments and effects.
    """

    of_kind: Mapping[str, float]
    of_effect: Mapping[tuple[str, str], float]
    cases: int
    of_experiments: float
    pairs: int

    @property
    def sentence(self) -> str:
        """The shares in words."""
        kinds = " and ".join(f"in {100 * share:.0f} % of cases ({kind})" for kind, share in self.of_kind.items())
        return (
            f"Left out in turn, a network lies in the 95 % interval made from the others {kinds}, {self.cases:,} cases over "
            f"{len(HEADLINE)} effects. The served network of another experiment with the same protein lies in it in "
            f"{100 * self.of_experiments:.0f} % of {self.pairs:,} cases: the interval is for another network, not for another "
            "experiment."
        )


def effects_in_networks(atlas: Atlas) -> pd.DataFrame:
    """The headline effects of all measured experiments in all networks.

    Returns
    -------
    pandas.DataFrame
        Columns experiment, protein, effect, network, kind, value; without effects that a network does not have.
    """
    kept = ["experiment", "protein", "grade", "networks", "spreads"]
    rows = [
        {
            "experiment": row["experiment"],
            "protein": row["protein"],
            "effect": HEADLINE[one["label"]],
            "network": name,
            "kind": FINE_TUNED if name in (SERVED, *TUNED_SETS) else PANEL_HEAD,
            "value": value,
        }
        for row in atlas.table.select(kept).to_pylist()
        if row["grade"] == MEASURED_GRADE
        for one in row["spreads"]
        if one["study"] == HEADLINES
        for name, value in zip(row["networks"], one["values"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["experiment", "protein", "effect", "network", "kind", "value"]).dropna()


def held_by_others(table: pd.DataFrame) -> pd.DataFrame:
    """Whether the interval from the other networks holds each network's effect, in a column `inside`.

    Parameters
    ----------
    table : from `effects_in_networks`.
    """
    parts = [table.head(0).assign(inside=False)]
    for _, one in table.groupby(["experiment", "effect"], sort=False):
        values = one["value"].to_numpy()
        if len(values) > FEWEST:
            inside = [_holds(np.delete(values, number).tolist(), float(value)) for number, value in enumerate(values)]
            parts.append(one.assign(inside=inside))
    return pd.concat(parts)


def held_by_another_experiment(table: pd.DataFrame) -> Iterator[bool]:
    """For each effect and ordered pair of experiments of one protein: whether one's interval holds the other's served effect.

    Parameters
    ----------
    table : from `effects_in_networks`.
    """
    for _, of_protein in table.groupby(["protein", "effect"], sort=False):
        for first, second in permutations(of_protein["experiment"].unique(), 2):
            values = of_protein.loc[of_protein["experiment"] == first, "value"].tolist()
            served = of_protein.loc[(of_protein["experiment"] == second) & (of_protein["network"] == SERVED), "value"]
            if len(served):
                yield _holds(values, float(served.iloc[0]))


def _holds(values: list[float], another: float) -> bool:
    interval = between_networks(["n"] * len(values), ["k"] * len(values), values).interval95
    return interval is not None and interval[0] <= another <= interval[1]


def calibration(atlas: Atlas) -> Calibration:
    """The shares over all measured experiments of an atlas.

    Raises
    ------
    DataError
        If no model in it has a committee.
    """
    table = effects_in_networks(atlas)
    inside = held_by_others(table)
    if inside.empty:
        raise DataError("the atlas holds no effects in several networks yet; './rbind atlas' measures all models")
    pairs = list(held_by_another_experiment(table))
    by_kind, by_effect = (inside.groupby(by)["inside"].mean() for by in ("kind", ["kind", "effect"]))
    return Calibration(
        {str(kind): float(share) for kind, share in by_kind.items()},
        {(str(kind), str(effect)): float(share) for (kind, effect), share in by_effect.items()},
        len(inside),
        float(np.mean(pairs)) if pairs else float("nan"),
        len(pairs),
    )
