"""Do sites add up? All of them together against the sum of each alone at the same places, in per cent of that sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rbind_core.analyses.gia import Importance
from rbind_core.model.measured_scores import MeasuredScores
from rbind_core.statistics import Effect, StoredEffect, contrast, ratio, t_margin

ADDITIVE, MORE, LESS, UNDECIDED = "additive", "more than the sum", "less than the sum", "undecided"
VERDICTS = (ADDITIVE, MORE, LESS, UNDECIDED)
TOLERANCE = 20.0  # per cent of the sum within which sites count as additive


@dataclass(frozen=True)
class Additivity:
    """Deviation of several sites together from the sum of each alone, in per cent of the sum: 0 is additive, +32 a third more.

    `added` is the sum of the importances alone, `mean_score` the mean score of the RNAs with all sites, in z-score units;
    `beyond_measured` tells whether that is above the 99.9th percentile of the measured scores, None where these are unknown.
    """

    per_cent_of_sum: float
    standard_error: float
    samples: int
    added: Effect
    mean_score: float
    beyond_measured: bool | None = None

    @property
    def ci95(self) -> tuple[float, float]:
        """95 % confidence interval of the deviation, in per cent of the sum (delta method for paired measurements)."""
        margin = t_margin(self.standard_error, self.samples)
        return self.per_cent_of_sum - margin, self.per_cent_of_sum + margin

    @property
    def has_sum(self) -> bool:
        """Whether the sum differs clearly from 0, so that it can serve as a reference."""
        low, high = self.added.ci95
        return low > 0 or high < 0

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return additivity_verdict(self.ci95, self.has_sum)

    def sentence(self, name: str) -> str:
        """Whether the sites add up and by how much they do not, with the interval, or why this is undecided."""
        if self.samples < 2:
            return f"{name}: one RNA says nothing of how sites add up."
        if not self.has_sum:
            return f"{name}: undecided, since the sum of each site alone, {self.added.mean:+.2f}, is not clearly different from 0."
        low, high = self.ci95
        figures = f"{self.per_cent_of_sum:+.0f} % (95 % CI {low:+.0f} to {high:+.0f} %)"
        why = f"; N is too small to say whether that is within {TOLERANCE:.0f} %" if self.verdict == UNDECIDED else ""
        return (
            f"{name}: {self.verdict}. Together they differ from the sum of each alone at the same places, {self.added.mean:+.2f}, "
            f"by {figures}{why}."
        )

    @property
    def range_sentence(self) -> str:
        """Whether the RNAs with all sites are predicted beyond the measured range; '' where that is unknown."""
        if self.beyond_measured is None:
            return ""
        if self.beyond_measured:
            return (
                f"With all sites the mean predicted score is {self.mean_score:.1f}, above 99.9 % of the measured scores that the "
                "network was trained on: it extrapolates, and no measurement says whether it does so rightly."
            )
        return f"With all sites the mean predicted score is {self.mean_score:.1f}, within 99.9 % of the measured scores."

    @property
    def record(self) -> dict[str, Any]:
        """As in `--json`."""
        known = bool(np.isfinite(self.per_cent_of_sum))
        return {
            "per_cent_of_sum": self.per_cent_of_sum if known else None,
            "ci95": list(self.ci95),
            "verdict": self.verdict,
            "beyond_measured": self.beyond_measured,
            "sum_of_each": self.added.mean,
            "sum_ci95": list(self.added.ci95),
            "mean_score": self.mean_score,
            "samples": self.samples,
        }


def additivity_verdict(ci95: tuple[float, float], has_sum: bool = True) -> str:
    """Judge whether sites add up, as one of `VERDICTS`.

    Parameters
    ----------
    ci95 : of the deviation, in per cent of the sum.
    has_sum : whether the sum differs clearly from 0.
    """
    low, high = ci95
    if not (has_sum and np.isfinite(low) and np.isfinite(high)):
        return UNDECIDED
    if low >= -TOLERANCE and high <= TOLERANCE:
        return ADDITIVE
    return MORE if low > TOLERANCE else LESS if high < -TOLERANCE else UNDECIDED


def additivity(together: Importance, alone: Sequence[Importance], measured: MeasuredScores | None = None) -> Additivity:
    """Compare sites together with the sum of each alone at the same places, on the same background RNAs.

    Parameters
    ----------
    alone : importance of each alone.
    measured : scores that the network was trained on, where known.

    Returns
    -------
    Additivity
        Without a number where the sum is 0.
    """
    return pooled_additivity([together], [alone], measured)


def pooled_additivity(
    together: Sequence[Importance], alone: Sequence[Sequence[Importance]], measured: MeasuredScores | None = None
) -> Additivity:
    """As `additivity`, over several arrangements of sites: their mean against the mean of their sums.

    Parameters
    ----------
    together : importance of all sites, for each arrangement.
    alone : importances of each site alone, for each arrangement.
    measured : scores that the network was trained on, where known.

    Returns
    -------
    Additivity
        `mean_score` is the highest of all arrangements.
    """
    each, share = [one for some in alone for one in some], 1 / len(together)
    added = contrast("the sum of each alone", "none", [*each, *together], [share] * len(each) + [0] * len(together))
    weights = [share] * len(together) + [-share] * len(each)
    beyond = contrast("all together", "the sum of each alone", [*together, *each], weights)
    relative = ratio(beyond, added)
    score = max(one.mean_score for one in together)
    return Additivity(
        100 * relative.value,
        100 * relative.standard_error,
        added.samples,
        StoredEffect(added.mean, added.standard_error, added.samples),
        score,
        None if measured is None else score > measured.percentile_99_9,
    )
