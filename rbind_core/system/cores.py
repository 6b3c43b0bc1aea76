"""Number of processor cores that a computation may use."""

from __future__ import annotations

import os

from rbind_core.errors import ClusterError

CORES = "RBIND_CORES"


def cores() -> int:
    """Processor cores that this process may use.

    Returns
    -------
    int
        The environment variable `RBIND_CORES`, which is set for workers that share a machine; otherwise all cores that the
        operating system grants.

    Raises
    ------
    ClusterError
        If the variable is not a positive integer.
    """
    named = os.environ.get(CORES)
    if named:
        if not (named.isdecimal() and int(named) > 0):
            raise ClusterError(f"{CORES}={named!r} is not a number of cores; allowed are whole numbers from 1")
        return int(named)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
