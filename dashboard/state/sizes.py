"""Memory taken by results, to limit what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

_SMALL = 200  # bytes of an object besides its arrays and texts


def size_of(value: Any) -> int:
    """Estimate the bytes of a value by its arrays, frames and texts, including those in lists, dictionaries and objects.

    Parameters
    ----------
    value : of any type; repeated parts count once.
    """
    total, seen, left = 0, set(), [value]
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        total += _SMALL
        if isinstance(one, np.ndarray):
            total += one.nbytes
        elif isinstance(one, pd.DataFrame | pd.Series):
            total += int(np.sum(one.memory_usage()))
        elif isinstance(one, str | bytes):
            total += len(one)
        elif isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            left += one
        elif hasattr(one, "__dict__") and not isinstance(one, type):
            left += vars(one).values()
    return total
