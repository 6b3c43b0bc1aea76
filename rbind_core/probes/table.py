"""The test probes of a model as a table: measured and predicted scores, the best site of its motif, GC content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.library import ProbeLibrary, profile
from rbind_core.data.repeats import same_rna
from rbind_core.errors import ExperimentError
from rbind_core.model.designed_scores import scores_of
from rbind_core.model.registry import Model
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.motifs.scan import BestSites, best_sites, log_odds
from rbind_core.rna.sequences import LENGTH, Codes, decode, encode, gc_content
from rbind_core.statistics import Correlation, correlation

FOLDED_PROBES = 5_000  # most probes scored by a model that folds each of them, which takes 1 ms
ORDERS = {
    "predicted": "predicted score",
    "measured": "measured score",
    "residual": "residual",
    "error": "size of the residual",
    "match": "best motif match",
    "gc": "GC content",
}
NEED_MEASURED = ("measured", "residual", "error")

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class ProbeTable:
    """n probes with their scores, motif sites and GC content.

    `codes` is (n, 41) uint8; `measured` is (n,) float32 z-scores of log intensity, None for designed
    probes; `predicted` is (n,) float32 on the same scale; `sites` are the best sites of the model's motif; `gc` is (n,) float64
    between 0 and 1. `library_size` is the number of probes in the library, more than n where only a random sample was scored.
    """

    label: str
    codes: Codes
    measured: NDArray[np.float32] | None
    predicted: NDArray[np.float32]
    sites: BestSites
    gc: NDArray[np.float64]
    library_size: int

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def residual(self) -> NDArray[np.float32]:
        """Measured minus predicted score, (n,) float32 z-score units; NaN where not measured."""
        return np.full(len(self), np.nan, np.float32) if self.measured is None else self.measured - self.predicted

    @property
    def against(self) -> NDArray[np.float32]:
        """What predicted scores are compared with, (n,): measured scores, or the best motif match where there are none."""
        return self.sites.score if self.measured is None else self.measured

    @property
    def counted(self) -> str:
        """Number of probes and their library, in words."""
        of = self.label if self.label.endswith("probes") else f"probes of {self.label}"
        if len(self) == self.library_size:
            return f"{len(self):,} {of}"
        return f"{len(self):,} of {self.library_size:,} {of}, a random sample, since this model folds every probe"

    def values(self, order: str) -> NDArray[np.floating]:
        """The quantity by which probes are ranked.

        Parameters
        ----------
        order : one of `ORDERS`.

        Returns
        -------
        NDArray
            (n,) float.

        Raises
        ------
        ExperimentError
            If the order is unknown, or needs measured scores and there are none.
        """
        check_order(order, self)
        if order == "match":
            return self.sites.score
        if order == "error":
            return np.abs(self.residual)
        return np.asarray(getattr(self, order))

    @cached_property
    def rna(self) -> NDArray[np.intp]:
        """Number of each probe's RNA, (n,), the same for copies of one RNA."""
        return same_rna(self.codes)

    def correlation(self, rows: Rows | None = None) -> Correlation:
        """Correlate predicted scores with measured ones, or with the best motif match where there are none.

        Parameters
        ----------
        rows : (m,) row numbers; all probes when None.

        Returns
        -------
        Correlation
            With 95 % confidence intervals over distinct RNAs, since copies of one are not independent.
        """
        if rows is None:
            return correlation(self.against, self.predicted, self.rna)
        return correlation(self.against[rows], self.predicted[rows], self.rna[rows])

    def same_as(self, sequence: str) -> Rows:
        """Find the probes with a sequence, which a library may hold several times.

        Parameters
        ----------
        sequence : RNA letters.

        Returns
        -------
        NDArray
            (m,) row numbers; empty where there is none.
        """
        if not sequence or len(sequence) > LENGTH:
            return np.empty(0, np.int64)
        return np.flatnonzero((self.codes == encode(sequence)).all(axis=1))


def check_order(order: str, probes: ProbeLibrary | ProbeTable) -> None:
    """Refuse an order that is not available, before probes are scored.

    Parameters
    ----------
    order : one of `ORDERS`.
    probes : a library, or its table.

    Raises
    ------
    ExperimentError
        If the order is unknown, or needs measured scores and there are none.
    """
    if order not in ORDERS:
        raise ExperimentError(f"{order!r} is not an order; choose from {', '.join(ORDERS)}")
    if order in NEED_MEASURED and probes.measured is None:
        known = [other for other in ORDERS if other not in NEED_MEASURED]
        use = f"{', '.join(known[:-1])} or {known[-1]}"
        raise ExperimentError(f"{probes.label} have no {ORDERS[order]}, since nobody has measured them; use {use}")


def motif_background() -> NDArray[np.float64]:
    """Background of the motif match: mean frequencies of A, C, G, U over all positions of the bundled profile.

    Returns
    -------
    NDArray
        (4,) float64, sums to 1.
    """
    return profile().mean(axis=0)


def probe_table(model: Model, predictor: OwnModel, library: ProbeLibrary, rng: np.random.Generator) -> ProbeTable:
    """Score the probes of a library, in its order; a sample of a large library if the model folds every probe.

    Parameters
    ----------
    model, predictor : the motif is the alignment of the model's best ten 6-mers.
    rng : draws the sample.
    """
    rows = np.arange(len(library.codes))
    if model.structure and len(rows) > FOLDED_PROBES:
        rows = np.sort(rng.choice(rows, FOLDED_PROBES, replace=False))
    codes = library.codes if len(rows) == len(library.codes) else library.codes[rows]
    return ProbeTable(
        library.label,
        codes,
        None if library.measured is None else library.measured[rows],
        scores_of(wrap(predictor), library) if codes is library.codes else wrap(predictor).predict(codes),
        best_sites(codes, log_odds(np.array(model.motif), motif_background())),
        gc_content(codes),
        len(library.codes),
    )


def site_letters(table: ProbeTable, rows: Rows) -> list[str]:
    """Letters of the best motif site of some probes.

    Parameters
    ----------
    table : of n probes.
    rows : (m,) row numbers.

    Returns
    -------
    list of str
        m texts, empty for a probe shorter than the motif.
    """
    if not len(rows):
        return []
    width, starts = table.sites.width, table.sites.start[rows]
    sites = (s[start - 1 : start - 1 + width] if start else "" for s, start in zip(decode(table.codes[rows]), starts, strict=True))
    return list(sites)
