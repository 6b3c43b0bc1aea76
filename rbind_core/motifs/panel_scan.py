"""Scans of k-mers for all proteins at once: one pass of a panel scores every protein."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds import BackgroundSample
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.progress import report_done
from rbind_core.motifs.kmers import KMER_START, SEQUENCES_AT_ONCE, KmerScan, check_place
from rbind_core.rna.sequences import Codes, all_kmers

SPARE = 3  # multiples of the top that go into the second round


@dataclass(frozen=True)
class PanelScan:
    """Global importance of k-mers at one place for each head of a panel.

    `codes` is (m, k) uint8; `mean` and `standard_error` are (m, heads) float64 in z-score units of log intensity, as
    `GlobalImportanceAnalysis.importance` would give them for each head; `samples` is N.
    """

    codes: Codes
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    samples: int
    start: int
    predictions: int

    def of(self, head: int, top: int | None = None) -> KmerScan:
        """The k-mers of one head, best first."""
        order = np.argsort(-self.mean[:, head], kind="stable")[:top]
        return KmerScan(
            self.codes[order],
            self.mean[order, head],
            self.standard_error[order, head],
            self.samples,
            self.start,
            4 ** self.codes.shape[1],
            self.predictions,
        )


def panel_scan(
    panel: ResidualBindPredictor, sample: BackgroundSample, kmers: Codes | None = None, k: int = 6, start: int = KMER_START
) -> PanelScan:
    """Measure k-mers at one place on every background RNA, for all heads in the same pass.

    Parameters
    ----------
    panel : with many outputs.
    kmers : (m, k) uint8; all 4**k when None.
    start : 1-based position of the first nucleotide.

    Raises
    ------
    ExperimentError
        If k is not allowed or the k-mer does not fit at that position.
    """
    kmers = all_kmers(k) if kmers is None else kmers
    width = kmers.shape[1]
    check_place(width, start)
    last = start + width - 1
    background = np.where(sample.too_short_for(last)[:, None], sample.full_length, sample.codes)
    without, n = panel.predict_all(background).astype(np.float64), len(background)
    place = slice(start - 1, last)
    mean, error = np.empty((2, len(kmers), without.shape[1]))
    at_once = max(1, SEQUENCES_AT_ONCE // n)
    for first in range(0, len(kmers), at_once):
        some = kmers[first : first + at_once]
        codes = np.repeat(background[None], len(some), axis=0)
        codes[:, :, place] = some[:, None]
        effects = panel.predict_all(codes.reshape(-1, codes.shape[2])).reshape(len(some), n, -1) - without
        mean[first : first + len(some)] = effects.mean(axis=1)
        error[first : first + len(some)] = effects.std(axis=1, ddof=1) / n**0.5 if n > 1 else np.nan
        report_done(len(some) * n)
    return PanelScan(kmers, mean, error, n, start, (len(kmers) + 1) * n)


def best_kmers(panel: ResidualBindPredictor, sample: BackgroundSample, first: PanelScan, top: int) -> PanelScan:
    """Measure on all background RNAs what a scan on fewer found among the best k-mers of any head.

    Parameters
    ----------
    first : a scan of all k-mers.
    top : k-mers wanted for each head; three times as many are measured.
    """
    best = np.argsort(-first.mean, axis=0, kind="stable")[: SPARE * top]
    return panel_scan(panel, sample, first.codes[np.unique(best)], start=first.start)


def top_of_each(first: PanelScan, second: PanelScan, heads: Sequence[int], top: int) -> list[KmerScan]:
    """The best k-mers of some heads: measured in the second scan, among those that the first found best for the head."""
    found = []
    for head in heads:
        candidates = np.argsort(-first.mean[:, head], kind="stable")[: SPARE * top]
        kept = np.flatnonzero((second.codes[:, None] == first.codes[candidates][None]).all(axis=2).any(axis=1))
        of_head = PanelScan(
            second.codes[kept], second.mean[kept], second.standard_error[kept], second.samples, second.start, second.predictions
        )
        found.append(of_head.of(head, top))
    return found
