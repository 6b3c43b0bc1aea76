"""All proteins along one RNA: a panel slid over it, with a column for each head."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rbind_core.analyses.sliding import AT_ONCE, codes_of, windows_of
from rbind_core.model.progress import report_done
from rbind_core.rna.sequences import LENGTH, PADDING, Codes


class ScoresAll(Protocol):
    """Anything that scores RNA for many proteins in one pass: a panel, and the toys of the tests."""

    def predict_all(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences by every output; see `ResidualBindPredictor.predict_all`."""
        ...


@dataclass(frozen=True)
class PanelTrack:
    """Scores of the windows of one RNA by every head of a panel.

    `starts` is (w,) int64, 1-based; `scores` is (w, heads) float16 in z-score units of log intensity, NaN where a window holds a
    letter that stands for several nucleotides. float16 keeps three digits, and 100,000 windows of 244 heads in 49 MB.
    """

    sequence: str
    starts: NDArray[np.int64]
    scores: NDArray[np.float16]

    @cached_property
    def windows(self) -> int:
        """Number of windows with a score."""
        return int(np.isfinite(self.scores[:, 0]).sum())

    def best(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Place of the best window of each head, (heads,) indices into `starts`, and its score, (heads,) float32.

        The score is NaN where no window has one.
        """
        heads = np.arange(self.scores.shape[1])
        place, score = np.zeros(len(heads), np.int64), np.full(len(heads), -np.inf, np.float32)
        for first in range(0, len(self.scores), AT_ONCE):  # parts, so that no copy of a long track is made
            part = self.scores[first : first + AT_ONCE].astype(np.float32)
            part[np.isnan(part)] = -np.inf
            at = part.argmax(axis=0)
            is_better = part[at, heads] > score
            place[is_better], score[is_better] = first + at[is_better], part[at, heads][is_better]
        return place, np.where(np.isfinite(score), score, np.nan).astype(np.float32)

    def window(self, place: int) -> str:
        """RNA letters of a window."""
        start = int(self.starts[place])
        return self.sequence[start - 1 : start - 1 + LENGTH]


def panel_track(panel: ScoresAll, sequence: str, stride: int = 1) -> PanelTrack:
    """Score every window of an RNA by every head.

    Parameters
    ----------
    panel : with many outputs.
    sequence : RNA or IUPAC letters, any length from 11 nt.
    stride : nt from one window to the next.
    """
    codes = codes_of(sequence)
    starts = windows_of(len(codes), stride)
    return PanelTrack(sequence, starts, scores_of_windows(panel, codes, starts, min(len(sequence), LENGTH)))


def scores_of_windows(panel: ScoresAll, codes: Codes, starts: NDArray[np.int64], width: int = LENGTH) -> NDArray[np.float16]:
    """Scores of some windows of one RNA, (w, heads), NaN where a letter is not known.

    Parameters
    ----------
    codes : (length,) uint8 of the RNA, at least 41 long, 4 where a letter stands for several nucleotides.
    starts : (w,) 1-based.
    width : letters of each window; fewer than 41 for a shorter RNA, behind whose 3' end padding is no unknown letter.
    """
    view = sliding_window_view(codes, LENGTH)
    windows = view if len(starts) == len(view) else view[starts - 1]  # every window, without a copy
    is_known = np.all(sliding_window_view(codes != PADDING, LENGTH)[:, :width], axis=1)[starts - 1]
    scores = scores_of(panel, windows)
    scores[~is_known] = np.nan
    return scores


def scores_of(panel: ScoresAll, windows: Codes) -> NDArray[np.float16]:
    """Scores of windows, a few thousand at a time, with progress, (w, heads).

    Parameters
    ----------
    windows : (w, 41) uint8.
    """
    scores: NDArray[np.float16] | None = None
    for first in range(0, len(windows), AT_ONCE):
        some = np.ascontiguousarray(windows[first : first + AT_ONCE])
        found = panel.predict_all(some)
        if scores is None:
            scores = np.empty((len(windows), found.shape[1]), np.float16)
        scores[first : first + len(some)] = found
        report_done(len(some))
    if scores is None:
        raise ValueError("there is no window to score")
    return scores
