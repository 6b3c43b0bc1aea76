"""How reproducible a measurement is, and so how well any model can predict it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.repeats import same_rna
from rbind_core.rna.sequences import Codes
from rbind_core.statistics import Interval, pearson, pearson_ci95

FEWEST = 10  # fewest RNAs measured twice


@dataclass(frozen=True)
class Replicates:
    """Agreement of the two measurements of RNAs that were measured twice.

    `pearson` is the correlation of the two measurements, each pair in a random order, over `n` RNAs; `ci95` is Fisher's interval.
    `ceiling` is its square root: the correlation of true scores with single measurements, as far as the
    repeated RNAs are like the others; None where the replicates do not correlate.
    """

    pearson: float
    n: int
    ci95: Interval
    ceiling: float | None

    @property
    def ceiling_ci95(self) -> Interval:
        """Interval of the ceiling, from that of the correlation; limits below 0 count as 0."""
        low, high = np.sqrt(np.maximum(self.ci95, 0.0))
        return float(low), float(high)

    @property
    def sentence(self) -> str:
        """Agreement and ceiling in plain words."""
        said = f"{self.n:,} test RNAs were measured twice, and the two measurements correlate with r = {self.pearson:.2f}"
        if self.ceiling is None:
            return f"{said}: they do not repeat themselves, so no model can predict them"
        return f"{said}, so even a perfect model could reach a Pearson of only about {self.ceiling:.2f} (the noise ceiling)"

    @classmethod
    def of_card(cls, entry: dict[str, Any]) -> Replicates:
        """Read the entry of a valid card.

        Parameters
        ----------
        entry : `pearson`, `n`, `ci95` and `ceiling`.
        """
        low, high = entry["ci95"]
        ceiling = entry["ceiling"]
        return cls(float(entry["pearson"]), entry["n"], (float(low), float(high)), None if ceiling is None else float(ceiling))


def replicates(codes: Codes, scores: NDArray[np.floating], rng: np.random.Generator) -> Replicates | None:
    """Correlate the scores of RNAs that were measured at least twice.

    For each such RNA two measurements are taken at random and in random order: in a table sorted by score, the first of
    two would always be the smaller one.

    Parameters
    ----------
    codes : (n, 41) uint8.
    scores : (n,) measured scores on any scale; NaN where missing.

    Returns
    -------
    Replicates or None
        None where fewer than 10 RNAs were measured twice, or all their scores are equal.
    """
    known = rng.permutation(np.flatnonzero(np.isfinite(scores)))
    rna = same_rna(codes)[known]
    order = np.argsort(rna, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(rna[order]) != 0]) if len(order) else order
    twice = first[np.diff(np.r_[first, len(order)]) > 1]
    if len(twice) < FEWEST:
        return None
    one, other = (scores[known[order[places]]].astype(np.float64) for places in (twice, twice + 1))
    r = pearson(one, other)
    if np.isnan(r):
        return None
    low, high = pearson_ci95(r, len(twice))
    return Replicates(round(r, 4), len(twice), (round(low, 4), round(high, 4)), round(r**0.5, 4) if r > 0 else None)
