"""Random positions: every arrangement of the patterns without overlap is equally likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import LENGTH


def starts_on(free: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Find where a pattern may start so that it lies on free positions.

    Parameters
    ----------
    free : (41,) bool, where a pattern may lie.
    length : nt of the pattern.

    Returns
    -------
    NDArray
        (41,) bool.
    """
    fits = np.zeros(LENGTH, np.bool_)
    fits[: LENGTH - length + 1] = np.lib.stride_tricks.sliding_window_view(free, length).all(axis=1)
    return fits


def count_arrangements(lengths: Sequence[int], allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Count the ways to lay out patterns without overlap.

    Parameters
    ----------
    lengths : nt of each of the m patterns.
    allowed : (m, 41) bool, where each may start.

    Returns
    -------
    NDArray
        (42, 2**m) float64: ways to complete the layout from each position on, for each set of patterns already placed (bit i:
        pattern i). The first entry is the total number of arrangements.
    """
    sets = 2 ** len(lengths)
    ways = np.zeros((LENGTH + 1, sets))
    ways[:, sets - 1] = 1
    for position in range(LENGTH - 1, -1, -1):
        for placed in range(sets - 1):
            ways[position, placed] = ways[position + 1, placed] + sum(
                ways[position + length, placed | 1 << pattern]
                for pattern, length in enumerate(lengths)
                if _can_start(placed, pattern, position, allowed)
            )
    return ways


def place(lengths: Sequence[int], allowed: NDArray[np.bool_], draws: NDArray[np.floating]) -> NDArray[np.intp]:
    """Lay out patterns at random, each arrangement without overlap equally likely.

    Parameters
    ----------
    lengths : nt of each of the m patterns; an arrangement must exist.
    allowed : (m, 41) bool, where each may start.
    draws : (n, 41) between 0 and 1.

    Returns
    -------
    NDArray
        (n, m) 1-based starts.
    """
    ways = count_arrangements(lengths, allowed)
    starts = np.zeros((len(draws), len(lengths)), np.intp)
    position, placed = np.zeros(len(draws), np.intp), np.zeros(len(draws), np.intp)
    for here in range(LENGTH):
        for state in np.unique(placed[position == here]):
            rows = np.flatnonzero((position == here) & (placed == state))
            options = [
                ways[here + length, state | 1 << pattern] if _can_start(state, pattern, here, allowed) else 0.0
                for pattern, length in enumerate(lengths)
            ]
            bounds = np.cumsum(options) / ways[here, state]  # beyond the last bound no pattern starts here
            chosen = np.searchsorted(bounds, draws[rows, here], side="right")
            position[rows] = here + 1
            for pattern, length in enumerate(lengths):
                starting = rows[chosen == pattern]
                starts[starting, pattern] = here + 1
                position[starting] = here + length
                placed[starting] |= 1 << pattern
    return starts


def _can_start(placed: int, pattern: int, position: int, allowed: NDArray[np.bool_]) -> bool:
    """Whether a pattern not placed yet can start at a position (from 0)."""
    return not placed >> pattern & 1 and bool(allowed[pattern, position])
