"""How a user's table is split, so that held-out RNAs are unlike those trained on, and how users are told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.near_copies import find_near_copies, share_with_near_copy
from rbind_core.data.splits import SPLIT_SEED, VALIDATION_FRACTION, split_by_group
from rbind_core.rna.sequences import Codes

BY_CLUSTER, BY_RNA = "cluster", "RNA"
_SMALLEST = 0.5  # of a tenth: a smaller held-out part is not enough
_FEW_CLUSTERS = 10

Rows = NDArray[np.integer]


@dataclass(frozen=True)
class TableSplit:
    """The parts of a table, as sorted row numbers, and how alike its RNAs are.

    `distinct` and `clusters` count the distinct RNAs and their clusters of near copies. `by` is 'cluster' where near copies are
    kept together, or 'RNA' where only identical RNAs are, since a few clusters hold nearly all rows. `test_near_copies` is the
    share (0 to 1) of the test part with a near copy in the training part; `test_units` counts the independent units of the
    test part: its clusters, or its distinct RNAs.
    """

    training: Rows
    validation: Rows
    test: Rows
    rows: int
    distinct: int
    clusters: int
    by: str
    test_near_copies: float
    test_units: int

    @property
    def counts(self) -> str:
        """The counts in words."""
        if self.by == BY_RNA:
            held = f"{100 * self.test_near_copies:.0f} % of the test part has a near copy in the training part"
        else:
            held = "no RNA of the test part has a near copy in the training part"
        return f"{self.rows:,} usable rows, {self.distinct:,} different RNAs, {self.clusters:,} {_clusters(self.clusters)}; {held}"

    @property
    def units(self) -> str:
        """The name of what `test_units` counts."""
        return "different RNAs" if self.by == BY_RNA else _clusters(self.test_units)

    @property
    def caution(self) -> str:
        """Why the test means less than it seems to, in a sentence without its full stop; '' where it does not."""
        if self.by == BY_RNA:
            return (
                "nearly all RNAs are near copies of each other, so the table could only be split by RNA: "
                f"{100 * self.test_near_copies:.0f} % of the test part has a near copy in training, and the test correlation is no "
                "estimate for new RNAs"
            )
        if self.test_units < _FEW_CLUSTERS:
            return f"the test part comes from only {self.test_units} {_clusters(self.test_units)}, so its correlation says little"
        return ""


def _clusters(number: int) -> str:
    return "cluster of near copies" if number == 1 else "clusters of near copies"


def split_table(codes: Codes) -> TableSplit:
    """Split the rows of a table reproducibly: a tenth for the test, a tenth of the rest for validation.

    All rows of a cluster of near copies go to one part. Where that leaves less than half a tenth for the test or for validation,
    as in a scan of all mutants of one RNA, the rows of each RNA go to one part.

    Parameters
    ----------
    codes : (n, 41) uint8, padded at the 3' end.
    """
    found = find_near_copies(codes)
    by, groups = BY_CLUSTER, found.clusters
    parts = _split(groups)
    if min(len(part) / (len(codes) * VALIDATION_FRACTION) for part in parts[1:]) < _SMALLEST:
        by, groups = BY_RNA, found.distinct
        parts = _split(groups)
    training, validation, test = parts
    return TableSplit(
        training,
        validation,
        test,
        rows=len(codes),
        distinct=int(found.distinct.max()) + 1,
        clusters=int(found.clusters.max()) + 1,
        by=by,
        test_near_copies=share_with_near_copy(found, test, training),
        test_units=len(np.unique(groups[test])),
    )


def _split(groups: NDArray[np.integer]) -> tuple[Rows, Rows, Rows]:
    rng = np.random.default_rng(SPLIT_SEED)
    rest, test = split_by_group(np.arange(len(groups)), groups, rng)
    training, validation = split_by_group(rest, groups[rest], rng)
    return training, validation, test
