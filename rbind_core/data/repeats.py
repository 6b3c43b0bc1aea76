"""RNAs that occur more than once among the probes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import Codes


def same_rna(codes: Codes) -> NDArray[np.intp]:
    """Number RNAs so that copies share a number.

    Parameters
    ----------
    codes : (n, length) uint8.

    Returns
    -------
    NDArray
        (n,) integers from 0, in the order of the sorted distinct RNAs.
    """
    if not len(codes):
        return np.empty(0, np.intp)
    as_bytes = np.ascontiguousarray(codes).view(f"S{codes.shape[1]}").ravel()  # sorts several times faster than rows
    return np.unique(as_bytes, return_inverse=True)[1]
