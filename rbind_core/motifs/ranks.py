"""Which ranks of a k-mer scan the data can distinguish: paired differences on the same background RNAs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.motifs.kmers import KmerScan, local_importances
from rbind_core.statistics import clustered_error

MOST_RANKED = 64  # most k-mers to compare with each other
SEPARATED = 2.0  # standard errors of the paired difference
SAYS = (
    "Ranks are those of this draw of background RNAs. A k-mer is told apart from another one where their importances on the same "
    "RNAs differ by more than 2 standard errors of the paired difference."
)


@dataclass(frozen=True)
class RankGroup:
    """Possible ranks, from 1, of one k-mer given the data; `separated` tells whether it differs from the next one.

    `first` and `last` are the outermost ranks that can be reached from its own without passing a k-mer that differs
    from it by more than 2 standard errors of the paired difference; `separated` is None for the last k-mer.
    """

    first: int
    last: int
    separated: bool | None

    @property
    def text(self) -> str:
        """The ranks as text, such as '1' or '2-5'."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def rank_groups(analysis: GlobalImportanceAnalysis, scan: KmerScan, top: int = MOST_RANKED) -> list[RankGroup]:
    """Find for the best k-mers of a scan which ranks the data cannot distinguish.

    All pairs are compared on the same background RNAs, without a correction for their number: this is a warning
    not to read too much into the order, not a test.

    Parameters
    ----------
    scan : best first.
    top : number of k-mers, 64 at most; each is scored on all background sequences again.

    Returns
    -------
    list of RankGroup
        One per k-mer, in order; on a single background sequence nothing can be distinguished.
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
    """Say in one sentence how many neighbouring ranks the data can distinguish; '' for a single k-mer."""
    neighbours = [group.separated for group in groups if group.separated is not None]
    if not neighbours:
        return ""
    return (
        f"Of {len(neighbours)} pairs of neighbouring ranks, the data tell {sum(neighbours)} apart "
        "(2 standard errors of the paired difference)."
    )
