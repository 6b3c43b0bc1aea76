"""What a measurement is, and pieces of work timed in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Measure:
    """One line of the table.

    `value` is in `unit`; `beside` names what it is compared with, measured in the same turns, and `beside_value` its value in the
    same unit; `ratio` says how many times better `value` is, median over the turns. Without a comparison the last three are empty.
    """

    what: str
    value: float
    unit: str
    beside: str = ""
    beside_value: float | None = None
    ratio: float | None = None


def side_by_side(*works: Callable[[], Any], repeats: int) -> list[NDArray[np.float64]]:
    """Time several pieces of work in turn, so that a drift of the machine's speed meets them all.

    Parameters
    ----------
    *works : called without arguments, once to warm up and then `repeats` times.
    repeats : how often each is timed.

    Returns
    -------
    list of NDArray
        For each piece of work (repeats,) float64 seconds.
    """
    times = np.empty((len(works), repeats))
    for work in works:
        work()
    for turn in range(repeats):
        for number, work in enumerate(works):
            start = time.perf_counter()
            work()
            times[number, turn] = time.perf_counter() - start
    return list(times)


def measure_seconds(what: str, work: Callable[[], Any], repeats: int) -> Measure:
    """Median time of a piece of work.

    Parameters
    ----------
    what : names it.
    work : called without arguments.
    repeats : how often it is timed.

    Returns
    -------
    Measure
        In seconds.
    """
    return Measure(what, float(np.median(side_by_side(work, repeats=repeats)[0])), "s")


def measure_rate(
    what: str, n: int, times: NDArray[np.float64], beside: str = "", beside_times: NDArray[np.float64] | None = None
) -> Measure:
    """Sequences a second, beside those of something else.

    Parameters
    ----------
    what : names it.
    n : sequences in each turn.
    times : (turns,) seconds.
    beside : names what it is compared with.
    beside_times : (turns,) seconds of the same turns.

    Returns
    -------
    Measure
        In sequences/s.
    """
    rate = n / float(np.median(times))
    if beside_times is None:
        return Measure(what, rate, "sequences/s")
    ratio = float(np.median(beside_times / times))
    return Measure(what, rate, "sequences/s", beside, n / float(np.median(beside_times)), ratio)
