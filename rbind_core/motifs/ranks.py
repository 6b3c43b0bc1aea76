"""Which ranks of a scan of k-mers the data can tell apart: paired differences on the same background RNAs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.motifs.kmers import KmerScan, local_importances
from rbind_core.statistics import clustered_error

MOST_RANKED = 64  # k-mers that are compared with each other
SEPARATED = 2.0  # standard errors of the paired difference
SAYS = (
    "Ranks are those of this draw of background RNAs. A k-mer is told apart from another one where their importances on the same "
    "RNAs differ by more than 2 standard errors of the paired difference."
)


@dataclass(frozen=True)
class RankGroup:
    """Ranks, from 1, that one k-mer may have as far as the data can tell; `separated` tells whether it differs from the next one.

    `first` and `last` are the outermost ranks of the list that can be reached from its own without passing a k-mer that differs
    from it by more than 2 standard errors of the paired difference; `separated` is None for the last of the list.
    """

    first: int
    last: int
    separated: bool | None

    @property
    def text(self) -> str:
        """Such as '1' or '2-5'."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def rank_groups(analysis: GlobalImportanceAnalysis, scan: KmerScan, top: int = MOST_RANKED) -> list[RankGroup]:
    """Tell for the best k-mers of a scan which of their ranks the data cannot tell apart.

    Every pair is compared on the same background RNAs, without a correction for the number of pairs: the rule is a warning
    not to read too much into an order, no test.

    Parameters
    ----------
    scan : best first.
    top : how many, 64 at most; each is scored on all background sequences once more.

    Returns
    -------
    list of RankGroup
        One for each of the best, in order; on a single background sequence nothing can be told apart.
    """
    n = min(top, MOST_RANKED, len(scan.codes))
    local, units = local_importances(analysis, scan.codes[:n], scan.start)
    alike = np.ones((n, n), np.bool_)
    for one in range(n if local.shape[1] > 1 else 0):
        differences = local[one] - local
        known = np.arange(local.shape[1]) if units is None else units
        alike[one] = ~(np.abs(differences.mean(axis=1, dtype=np.float64)) > SEPARATED * clustered_error(differences, known))
    groups = []
    for rank in range(n):
        first = last = rank
        while first > 0 and alike[rank, first - 1]:
            first -= 1
        while last < n - 1 and alike[rank, last + 1]:
            last += 1
        groups.append(RankGroup(first + 1, last + 1, None if rank == n - 1 else not alike[rank, rank + 1]))
    return groups


def separation_text(groups: Sequence[RankGroup]) -> str:
    """Say how many neighbouring ranks the data can tell apart.

    Parameters
    ----------
    groups : of the best k-mers.

    Returns
    -------
    str
        One sentence; empty for a single k-mer.
    """
    neighbours = [group.separated for group in groups if group.separated is not None]
    if not neighbours:
        return ""
    return (
        f"Of {len(neighbours)} pairs of neighbouring ranks, the data tell {sum(neighbours)} apart "
        "(2 standard errors of the paired difference)."
    )
