"""Constraints on a designed RNA: GC content, forbidden motifs, positions to keep, how many may change."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ExperimentError, SequenceError
from rbind_core.rna.iupac import allowed_letters
from rbind_core.rna.sequences import LENGTH, PADDING, Codes

_MOST_MOTIFS = 20
_NOTHING_BELOW = 1e-9  # a GC content exactly at the bound is allowed, despite rounding


@dataclass(frozen=True)
class Constraints:
    """Constraints of a design.

    `gc` is the inclusive range of the GC content, 0 to 1; `forbidden` are motifs in IUPAC letters that must not occur; `kept`
    are 1-based positions that stay as in the start; `most_changes` is how many positions may differ from the start, None
    for any number.
    """

    gc: tuple[float, float] = (0.0, 1.0)
    forbidden: tuple[str, ...] = ()
    kept: frozenset[int] = frozenset()
    most_changes: int | None = None

    def __post_init__(self) -> None:
        low, high = self.gc
        if not 0 <= low <= high <= 1:
            raise ExperimentError(f"GC content {low:g} to {high:g}: give a range between 0 and 1, the lower end first")
        if self.most_changes is not None and self.most_changes < 1:
            raise ExperimentError(f"{self.most_changes} changes at most: allow at least 1")
        if self.kept and not (min(self.kept) >= 1 and max(self.kept) <= LENGTH):
            raise ExperimentError(f"keep {positions_text(self.kept)}: positions count from 1 to {LENGTH}")
        for motif in self.forbidden:
            allowed_letters(motif)

    def check(self, start: Codes) -> None:
        """Refuse constraints that no change of a start can meet.

        Parameters
        ----------
        start : (1, 41) uint8.

        Raises
        ------
        ExperimentError
            If the constraints cannot be met together; the message names the one to loosen.
        """
        letters = start[0][start[0] != PADDING]
        length = len(letters)
        if self.kept and max(self.kept) > length:
            raise ExperimentError(f"keep {positions_text(self.kept)}: the RNA has {length} nt; keep positions from 1 to {length}")
        free = np.array([position not in self.kept for position in range(1, length + 1)])
        if not free.any():
            raise ExperimentError(f"keep {positions_text(self.kept)}: all {length} positions are kept, so nothing can change")
        fewest, most = self._gc_counts(length)
        if fewest > most:
            raise ExperimentError(
                f"no RNA of {length} nt has a GC content between {self.gc[0]:g} and {self.gc[1]:g}; widen the range"
            )
        gc_kept = int(np.isin(letters[~free], (1, 2)).sum())
        if gc_kept > most or gc_kept + int(free.sum()) < fewest:
            lowest, highest = gc_kept / length, (gc_kept + int(free.sum())) / length
            raise ExperimentError(
                f"GC content {self._gc_text}: with positions {positions_text(self.kept)} kept only {lowest:.2f} to {highest:.2f} "
                "can be reached; keep fewer positions or widen the range"
            )
        for motif in self.forbidden:
            if set(motif) == {"N"} and len(motif) <= length:
                raise ExperimentError(f"{motif} is forbidden, but every RNA of {length} nt holds it; leave it out")
            for place in np.flatnonzero(occurrences(start, motif)[0]):
                if not free[place : place + len(motif)].any():
                    raise ExperimentError(
                        f"{motif} is forbidden, but stands at {place + 1}-{place + len(motif)}, which is kept; "
                        "keep fewer positions or allow it"
                    )

    def excess(self, codes: Codes, start: Codes) -> dict[str, NDArray[np.int64]]:
        """Measure by how much sequences break each constraint.

        Parameters
        ----------
        codes : (n, 41) uint8.
        start : (1, 41) uint8, the reference for kept positions and changes.

        Returns
        -------
        dict
            Each constraint in words, and (n,) int64, 0 where it is met: nucleotides too many or too few, occurrences, positions.
        """
        return self.mendable(codes) | self._never(codes, start)

    def mendable(self, codes: Codes) -> dict[str, NDArray[np.int64]]:
        """Measure by how much sequences break the constraints that a start may break too.

        Parameters
        ----------
        codes : (n, 41) uint8.

        Returns
        -------
        dict
            As in `excess`, (n,) int64 each: GC content and forbidden motifs.
        """
        lengths, gc = (codes != PADDING).sum(axis=1), np.isin(codes, (1, 2)).sum(axis=1)
        bounds = np.array([self._gc_counts(int(length)) for length in lengths])
        result = {f"GC content {self._gc_text}": np.maximum(np.maximum(bounds[:, 0] - gc, gc - bounds[:, 1]), 0)}
        return result | {f"forbidden {motif}": occurrences(codes, motif).sum(axis=1) for motif in self.forbidden}

    def _never(self, codes: Codes, start: Codes) -> dict[str, NDArray[np.int64]]:
        """By how much sequences break the constraints that a start always meets."""
        changed = codes != start
        result = {}
        if self.kept:
            columns = [position - 1 for position in sorted(self.kept)]
            result[f"keep {positions_text(self.kept)}"] = changed[:, columns].sum(axis=1)
        if self.most_changes is not None:
            plural = "s" * (self.most_changes > 1)
            result[f"at most {self.most_changes} change{plural}"] = np.maximum(changed.sum(axis=1) - self.most_changes, 0)
        return result

    def allows(self, mutants: Codes, codes: Codes, start: Codes) -> NDArray[np.bool_]:
        """Tell which mutants may come next: those that meet all constraints, or come nearer to them than the current RNA.

        Parameters
        ----------
        mutants : (n, 41) uint8.
        codes : (1, 41) uint8, the current RNA.
        start : (1, 41) uint8.

        Returns
        -------
        NDArray
            (n,) bool.
        """
        nothing = np.zeros(len(mutants), np.int64)
        before, after = self.total(codes)[0], self.total(mutants)
        never = sum(self._never(mutants, start).values(), nothing)
        return (never == 0) & ((after < before) if before else (after == 0))

    def total(self, codes: Codes) -> NDArray[np.int64]:
        """Measure by how much sequences break all constraints that can be repaired.

        Parameters
        ----------
        codes : (n, 41) uint8.

        Returns
        -------
        NDArray
            (n,) int64, 0 where all are met.
        """
        return sum(self.mendable(codes).values(), np.zeros(len(codes), np.int64))

    def broken(self, codes: Codes, start: Codes) -> list[str]:
        """Name the constraints that a sequence breaks, in words.

        Parameters
        ----------
        codes, start : (1, 41) uint8.
        """
        return [name for name, excess in self.excess(codes, start).items() if excess[0]]

    @property
    def _gc_text(self) -> str:
        return f"{self.gc[0]:g} to {self.gc[1]:g}"

    def _gc_counts(self, length: int) -> tuple[int, int]:
        """Fewest and most G and C in an RNA of a given length."""
        return math.ceil(self.gc[0] * length - _NOTHING_BELOW), math.floor(self.gc[1] * length + _NOTHING_BELOW)


def occurrences(codes: Codes, motif: str) -> NDArray[np.bool_]:
    """Find where a motif starts.

    Parameters
    ----------
    codes : (n, length) uint8; padding never matches.
    motif : IUPAC letters.

    Returns
    -------
    NDArray
        (n, length - k + 1) bool; (n, 0) where the motif is longer than the sequences.
    """
    allowed = allowed_letters(motif)
    windows = max(codes.shape[1] - len(allowed) + 1, 0)
    found = np.ones((len(codes), windows), np.bool_)
    for place, letters in enumerate(allowed):
        found &= letters[codes[:, place : place + windows]]
    return found


def read_gc(text: str) -> tuple[float, float]:
    """Read a range of the GC content, returned as 0 to 1.

    Parameters
    ----------
    text : such as '0.3-0.6', or '30-60' in percent; empty for any.

    Raises
    ------
    ExperimentError
        If it is not such a range.
    """
    if not text.strip():
        return 0.0, 1.0
    match = re.fullmatch(r"(\d{0,20}\.?\d{1,20})-(\d{0,20}\.?\d{1,20})%?", "".join(text.split()))
    if not match:
        raise ExperimentError(f"{text.strip()[:24]!r} is not a range of the GC content; give it as in 0.3-0.6")
    low, high = float(match[1]), float(match[2])
    return (low / 100, high / 100) if high > 1 else (low, high)


def read_motifs(text: str) -> tuple[str, ...]:
    """Read a list of motifs into RNA letters, without duplicates.

    Parameters
    ----------
    text : IUPAC letters, separated by commas, semicolons or spaces; T counts as U.

    Raises
    ------
    SequenceError
        If a motif holds another letter, or there are too many.
    """
    motifs = [part.upper().replace("T", "U") for part in re.split(r"[\s,;]+", text) if part]
    if len(motifs) > _MOST_MOTIFS:
        raise SequenceError(f"{len(motifs):,} forbidden motifs; give at most {_MOST_MOTIFS}")
    for motif in motifs:
        allowed_letters(motif)
    return tuple(dict.fromkeys(motifs))


def read_positions(text: str) -> frozenset[int]:
    """Read a list of 1-based positions.

    Parameters
    ----------
    text : such as '1-10, 15'.

    Raises
    ------
    ExperimentError
        If it cannot be read, or a position is outside the window.
    """
    found: set[int] = set()
    for part in filter(None, re.split(r"[,;]", "".join(text.split()))):
        match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", part)
        if not match:
            raise ExperimentError(f"{part[:24]!r} is not a position; give positions as in 1-10,15")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise ExperimentError(f"{part} runs backwards; the first position comes first")
        if first < 1 or last > LENGTH:
            raise ExperimentError(f"{part}: positions count from 1 to {LENGTH}")
        found |= set(range(first, last + 1))
    return frozenset(found)


def positions_text(positions: Iterable[int]) -> str:
    """Write 1-based positions as ranges, such as '1-10,15'."""
    runs: list[list[int]] = []
    for position in sorted(positions):
        if runs and position == runs[-1][1] + 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    return ",".join(f"{first}-{last}" if first < last else f"{first}" for first, last in runs)
