"""Filtering probes by sequence, score and GC content, and ordering them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ExperimentError
from rbind_core.probes.choice import PARTS
from rbind_core.probes.table import ORDERS, ProbeTable, Rows
from rbind_core.rna.iupac import allowed_letters, mismatches
from rbind_core.rna.sequences import LENGTH
from rbind_core.statistics import Correlation

LISTED = 500  # most probes in the table, which are folded one by one
_WITHIN = 1e-6  # a value exactly at the bound is allowed, despite rounding

Range = tuple[float | None, float | None]
ANY: Range = (None, None)


@dataclass(frozen=True)
class ProbeFilter:
    """Conditions on probes; ranges are inclusive, None is no bound.

    `contains` are IUPAC letters that occur in the probe, '' for any; `predicted` and `measured` are z-scores, `gc` is
    between 0 and 1.
    """

    contains: str = ""
    predicted: Range = ANY
    measured: Range = ANY
    gc: Range = ANY

    def __post_init__(self) -> None:
        object.__setattr__(self, "contains", self.contains.strip().upper().replace("T", "U"))
        if self.contains and len(allowed_letters(self.contains)) > LENGTH:
            raise ExperimentError(f"{self.contains[:24]}...: {len(self.contains)} nt long; a probe has at most {LENGTH} nt")
        for name in ("predicted", "measured", "gc"):
            low, high = getattr(self, name)
            if low is not None and high is not None and low > high:
                raise ExperimentError(f"{ORDERS[name]} {low:g} to {high:g}: give the lower end first")

    def conditions(self, table: ProbeTable) -> dict[str, NDArray[np.bool_]]:
        """Tell which probes meet each condition.

        Parameters
        ----------
        table : of n probes.

        Returns
        -------
        dict
            Each condition in words, and (n,) bool; empty without conditions.

        Raises
        ------
        ExperimentError
            If there is a condition on measured scores and there are none.
        """
        found = {}
        if self.contains:
            found[f"contains {self.contains}"] = mismatches(table.codes, self.contains) == 0
        for name in ("predicted", "measured", "gc"):
            low, high = getattr(self, name)
            if low is None and high is None:
                continue
            values = table.values(name)
            said = f"{ORDERS[name]} {_range_text(low, high)}"
            found[said] = _within(values, low, high)
        return found


def _within(values: NDArray[np.floating], low: float | None, high: float | None) -> NDArray[np.bool_]:
    values = values.astype(np.float64)  # the bounds may be outside float32
    return (values >= (-np.inf if low is None else low - _WITHIN)) & (values <= (np.inf if high is None else high + _WITHIN))


def _range_text(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


@dataclass(frozen=True)
class Ranking:
    """The probes that pass a filter, in order.

    `rows` are their row numbers in the table, int64, highest first, or lowest first; `listed` are those to show:
    the first ones, or evenly spaced ones. `conditions` is the filter in words.
    """

    rows: Rows
    listed: Rows
    conditions: tuple[str, ...]
    correlation: Correlation


def rank(table: ProbeTable, chosen: ProbeFilter, order: str = "predicted", part: str = PARTS[0], most: int = LISTED) -> Ranking:
    """Filter and order probes, and choose those to list.

    Parameters
    ----------
    table : of n probes.
    order : one of `ORDERS`; probes without a value come last.
    part : 'highest', 'spread' (evenly spaced ranks) or 'lowest'.
    most : most probes to list.

    Returns
    -------
    Ranking
        Empty if no probe passes; see `what_to_loosen`.

    Raises
    ------
    RBindError
        If filter, order or part cannot be used.
    """
    if part not in PARTS:
        raise ExperimentError(f"{part!r} is not a part of the probes; choose from {', '.join(PARTS)}")
    conditions = chosen.conditions(table)
    passing = np.flatnonzero(np.logical_and.reduce(list(conditions.values()))) if conditions else np.arange(len(table))
    values = table.values(order)[passing].astype(np.float64)
    rows = passing[np.argsort(values if part == "lowest" else -values, kind="stable")]
    places = np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(np.int64)
    listed = rows[places] if part == "spread" else rows[:most]
    return Ranking(rows, listed, tuple(conditions), table.correlation(rows if conditions else None))


def what_to_loosen(table: ProbeTable, chosen: ProbeFilter) -> str:
    """Say which conditions leave no probe, and how many there would be without each.

    Parameters
    ----------
    table : of n probes.
    chosen : a filter that no probe passes.
    """
    conditions = chosen.conditions(table)
    impossible = [said for said, met in conditions.items() if not met.any()]
    if impossible:
        return f"None of the {table.counted} meets: {'; '.join(impossible)}. Loosen or clear it."
    left = {
        said: int(np.logical_and.reduce([met for other, met in conditions.items() if other != said]).sum()) for said in conditions
    }
    helpful = [f"{count:,} without '{said}'" for said, count in left.items() if count]
    if not helpful:
        return f"None of the {table.counted} meets all of: {'; '.join(conditions)}. Loosen two of them at once."
    return f"None of the {table.counted} meets all conditions at once; there would be {', '.join(helpful)}."


def drawn_rows(ranking: Ranking, most: int, rng: np.random.Generator) -> Rows:
    """Choose probes to draw one by one: all listed ones, and a random sample of the others that pass the filter.

    Parameters
    ----------
    most : most probes to choose; listed ones are always chosen.
    rng : draws the sample.

    Returns
    -------
    NDArray
        (m,) sorted row numbers.
    """
    others = np.setdiff1d(ranking.rows, ranking.listed)
    share = max(most - len(ranking.listed), 0)
    if len(others) > share:
        others = rng.choice(others, share, replace=False)
    return np.sort(np.concatenate([ranking.listed, others])).astype(np.int64)
