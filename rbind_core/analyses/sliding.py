"""A model slid along an RNA longer than its window: one score per window, and the best sites that do not overlap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rbind_core.analyses.mutagenesis import length_note
from rbind_core.errors import SequenceError
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import LENGTH, PADDING, SHORTEST, Codes, encode

LONGEST = 100_000  # nt, longest RNA
AT_ONCE = 4_000  # windows held in memory at a time

Report = Callable[[int], None]


@dataclass(frozen=True)
class Track:
    """Scores of the windows of one RNA.

    `starts` is (w,) int64, 1-based; `scores` is (w,) float32 in z-score units of log intensity, NaN where a window holds
    a letter that stands for several nucleotides. All windows are `width` nt long.
    """

    sequence: str
    starts: NDArray[np.int64]
    scores: NDArray[np.float32]
    width: int = LENGTH
    stride: int = 1

    @property
    def ends(self) -> NDArray[np.int64]:
        """Last position of each window, (w,) int64."""
        return self.starts + self.width - 1

    @property
    def centres(self) -> NDArray[np.int64]:
        """Position in the middle of each window, (w,) int64."""
        return self.starts + (self.width - 1) // 2

    @cached_property
    def left_out(self) -> int:
        """Number of windows without a score."""
        return int(np.isnan(self.scores).sum())

    @property
    def note(self) -> str | None:
        """What to know before reading the scores, or None."""
        notes = []
        if len(self.sequence) < LENGTH:
            notes.append(f"The RNA is shorter than the window of {LENGTH} nt, so it is one padded window.")
            if note := length_note(self.sequence):
                notes.append(f"{note}.")
        if self.left_out:
            notes.append(f"{self.left_out:,} of {len(self.starts):,} windows hold letters such as N and are left out.")
        return " ".join(notes) or None

    def window(self, start: int) -> str:
        """RNA letters of the window that starts at a 1-based position."""
        return self.sequence[start - 1 : start - 1 + self.width]

    def score_at(self, start: int) -> float:
        """Score of the window that starts at a 1-based position; NaN where there is none or it was left out."""
        place = int(np.searchsorted(self.starts, start))
        is_there = place < len(self.starts) and self.starts[place] == start
        return float(self.scores[place]) if is_there else float("nan")


@dataclass(frozen=True)
class Site:
    """One of an RNA's best windows.

    `start` and `end` are 1-based; `percentile` is the share of the RNA's windows with a lower score; `others` are the
    scores of further models at the same window.
    """

    rank: int
    start: int
    end: int
    sequence: str
    score: float
    percentile: float
    others: tuple[float, ...] = ()


@dataclass(frozen=True)
class RecordSites:
    """Best sites of one RNA among many; none where every window was left out."""

    name: str
    length: int
    windows: int
    sites: tuple[Site, ...]
    note: str | None = None


def check_stride(stride: int) -> None:
    """Refuse a stride outside 1 to 41 nt, which would leave gaps.

    Raises
    ------
    SequenceError
        If it is out of range.
    """
    if not 1 <= stride <= LENGTH:
        raise SequenceError(f"stride {stride}: allowed are 1 to {LENGTH} nt, so that the windows leave no gap")


def windows_of(length: int, stride: int = 1) -> NDArray[np.int64]:
    """First positions of the windows of an RNA; the last window ends where the RNA does.

    Parameters
    ----------
    length : of the RNA, nt.
    stride : nt from one window to the next.

    Returns
    -------
    NDArray
        (w,) int64, 1-based; just 1 for an RNA no longer than a window.
    """
    last = max(length - LENGTH, 0) + 1
    starts = np.arange(1, last + 1, stride)
    return starts if starts[-1] == last else np.append(starts, last)


def codes_of(rna: str) -> Codes:
    """Turn a long RNA into codes; letters that stand for several nucleotides become padding.

    Parameters
    ----------
    rna : upper-case RNA or IUPAC letters.

    Returns
    -------
    Codes
        (length,) uint8, at least 41 long.
    """
    return encode(re.sub("[BDHKMNRSVWY]", "-", rna), max(len(rna), LENGTH))[0]


def slide(model: OwnModel, rna: str, stride: int = 1, report: Report | None = None) -> Track:
    """Score the windows of an RNA, a few thousand at a time.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.
    rna : 11-100,000 nt, upper-case RNA or IUPAC letters.
    stride : nt from one window to the next, 1 to 41.
    report : called with the number of windows just done; an error raised in it ends the computation.

    Returns
    -------
    Track
        One padded window where the RNA is shorter than 41 nt.

    Raises
    ------
    SequenceError
        If the length of the RNA or the stride is out of range, or a letter is not a nucleotide.
    """
    model = wrap(model)
    check_stride(stride)
    if not SHORTEST <= len(rna) <= LONGEST:
        raise SequenceError(f"the RNA is {len(rna):,} nt long; allowed are {SHORTEST} to {LONGEST:,} nt")
    starts, codes = windows_of(len(rna), stride), codes_of(rna)
    windows = sliding_window_view(codes, LENGTH)  # no copy
    is_known = _are_known(codes[: len(rna)])
    scores = np.full(len(starts), np.nan, np.float32)
    for first in range(0, len(starts), AT_ONCE):
        chunk = np.arange(first, min(first + AT_ONCE, len(starts)))
        scored = chunk[is_known[starts[chunk] - 1]]
        if len(scored):
            scores[scored] = model.predict(windows[starts[scored] - 1])
        if report is not None:
            report(len(chunk))
    return Track(rna, starts, scores, min(len(rna), LENGTH), stride)


def _are_known(codes: Codes) -> NDArray[np.bool_]:
    """Whether every letter is a nucleotide, for each window of an RNA."""
    return np.all(sliding_window_view(codes != PADDING, min(len(codes), LENGTH)), axis=1)


def best_sites(track: Track, n: int = 10, min_distance: int = LENGTH, others: Sequence[Track] = ()) -> list[Site]:
    """Pick the highest-scoring windows, each at some distance from those before it.

    Parameters
    ----------
    n : at most so many.
    min_distance : nt between the starts of two sites, at least 1; 41 keeps them from overlapping.
    others : tracks of further models over the same windows.

    Returns
    -------
    list of Site
        Best first; of equal scores, the first on the RNA.
    """
    free = np.where(np.isnan(track.scores), -np.inf, track.scores)
    known = np.sort(track.scores[~np.isnan(track.scores)])
    sites: list[Site] = []
    while len(sites) < n:
        place = int(free.argmax())
        if free[place] == -np.inf:
            break
        start, score = int(track.starts[place]), float(track.scores[place])
        lower = 100 * float(np.searchsorted(known, track.scores[place])) / len(known)
        other_scores = tuple(other.score_at(start) for other in others)
        sites.append(Site(len(sites) + 1, start, start + track.width - 1, track.window(start), score, lower, other_scores))
        free[np.abs(track.starts - start) < min_distance] = -np.inf
    return sites


def best_sites_of(
    models: Sequence[OwnModel],
    records: Iterable[tuple[str, str]],
    n: int = 10,
    stride: int = 1,
    min_distance: int = LENGTH,
    report: Report | None = None,
) -> Iterator[RecordSites]:
    """Find the best sites of many RNAs, one RNA after the other.

    Parameters
    ----------
    models : the first decides which sites are best; the others score the same windows.
    records : names and RNAs.
    n : number of sites per RNA.
    stride : nt from one window to the next.
    min_distance : nt between the starts of two sites.
    report : called with the number of windows just done, once for each model.

    Returns
    -------
    Iterator of RecordSites
        Each is yielded as soon as it is known, and nothing of it is kept.
    """
    for name, rna in records:
        first, *others = (slide(model, rna, stride, report) for model in models)
        sites = best_sites(first, n, min_distance, others)
        yield RecordSites(name, len(rna), len(first.starts), tuple(sites), first.note)
