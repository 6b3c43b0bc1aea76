"""All proteins along one RNA: a panel slid over it, with a column for each head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.sliding import AT_ONCE, codes_of, windows_of
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.progress import report_done
from rbind_core.rna.sequences import LENGTH, PADDING, Codes


@dataclass(frozen=True)
class PanelTrack:
    """Scores of the windows of one RNA by every head of a panel.

    `starts` is (w,) int64, 1-based; `scores` is (w, heads) float16 in z-score units of log intensity, NaN where a window holds a
    letter that stands for several nucleotides. float16 keeps three digits, and 100,000 windows of 244 heads in 49 MB.
    """

    sequence: str
    starts: NDArray[np.int64]
    scores: NDArray[np.float16]

    @property
    def windows(self) -> int:
        """Number of windows with a score."""
        return int(np.isfinite(self.scores[:, 0]).sum())

    def best(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Place of the best window of each head, (heads,) indices into `starts`, and its score, (heads,) float32."""
        filled = np.where(np.isfinite(self.scores), self.scores, -np.inf)
        place = filled.argmax(axis=0)
        return place, filled[place, np.arange(filled.shape[1])].astype(np.float32)

    def window(self, place: int) -> str:
        """RNA letters of a window."""
        start = int(self.starts[place])
        return self.sequence[start - 1 : start - 1 + LENGTH]


def panel_track(panel: ResidualBindPredictor, sequence: str, stride: int = 1) -> PanelTrack:
    """Score every window of an RNA by every head.

    Parameters
    ----------
    panel : with many outputs.
    sequence : RNA or IUPAC letters, any length from 11 nt.
    stride : nt from one window to the next.
    """
    codes = codes_of(sequence)
    starts = windows_of(len(codes), stride)
    return PanelTrack(sequence, starts, scores_of_windows(panel, codes, starts))


def scores_of_windows(panel: ResidualBindPredictor, codes: Codes, starts: NDArray[np.int64]) -> NDArray[np.float16]:
    """Scores of some windows of one RNA, (w, heads).

    Parameters
    ----------
    codes : (length,) uint8 of the RNA, 4 where a letter stands for several nucleotides.
    starts : (w,) 1-based.
    """
    is_one_window = len(codes) <= LENGTH  # padding at its 3' end is no unknown letter
    letters = int((codes != PADDING).nonzero()[0].max(initial=-1)) + 1 if is_one_window else LENGTH
    padded = np.pad(codes, (0, max(LENGTH - len(codes), 0)), constant_values=PADDING)
    parts = []
    for first in range(0, len(starts), AT_ONCE):
        some = padded[starts[first : first + AT_ONCE, None] - 1 + np.arange(LENGTH)]
        scores = panel.predict_all(some).astype(np.float16)
        scores[(some[:, :letters] == PADDING).any(axis=1)] = np.nan
        parts.append(scores)
        report_done(len(some))
    return np.concatenate(parts)
