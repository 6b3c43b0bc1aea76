"""Measurements, and pieces of work timed in turn."""

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

    `value` is in `unit`; `beside` names what it is compared with, in the same turns, and `beside_value` is its value in the
    same unit; `ratio` says how many times better `value` is, the median over turns. The last three are empty without a comparison.
    """

    what: str
    value: float
    unit: str
    beside: str = ""
    beside_value: float | None = None
    ratio: float | None = None


def side_by_side(*works: Callable[[], Any], repeats: int) -> list[NDArray[np.float64]]:
    """Time several pieces of work in turn, so that drifts of the machine's speed affect them all.

    Parameters
    ----------
    *works : called without arguments, once to warm up and then `repeats` times.
    repeats : number of timings of each.

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
    """Median time of a piece of work in seconds.

    Parameters
    ----------
    what : its name.
    work : called without arguments.
    repeats : number of timings.
    """
    return Measure(what, float(np.median(side_by_side(work, repeats=repeats)[0])), "s")


def measure_rate(
    what: str, n: int, times: NDArray[np.float64], beside: str = "", beside_times: NDArray[np.float64] | None = None
) -> Measure:
    """Sequences per second, compared with those of something else.

    Parameters
    ----------
    what : its name.
    n : number of sequences per turn.
    times : (turns,) seconds.
    beside : name of what it is compared with.
    beside_times : (turns,) seconds of the same turns.
    """
    rate = n / float(np.median(times))
    if beside_times is None:
        return Measure(what, rate, "sequences/s")
    ratio = float(np.median(beside_times / times))
    return Measure(what, rate, "sequences/s", beside, n / float(np.median(beside_times)), ratio)
