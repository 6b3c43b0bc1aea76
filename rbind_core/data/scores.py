"""The distribution of a table's scores, and whether their logarithm would be easier to learn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONG_TAIL = 2.0  # skewness; RNAcompete's log intensities have 0 to 3, raw ones far more


def skewness(scores: NDArray[np.floating]) -> float:
    """Measure how long the upper tail is.

    Parameters
    ----------
    scores : (n,), not all equal.

    Returns
    -------
    float
        Mean cube of the z-scores; 0 for a symmetric distribution, negative for a long lower tail.
    """
    values = scores.astype(np.float64)
    z = (values - values.mean()) / values.std()
    return float((z**3).mean())


def log_transform(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Take the logarithm as for RNAcompete's scores: log(S - S_min + 1).

    Parameters
    ----------
    scores : (n,) of any sign.

    Returns
    -------
    NDArray
        (n,) float64, from 0.
    """
    values = scores.astype(np.float64)
    return np.log(values - values.min() + 1)


def is_log_advised(scores: NDArray[np.floating]) -> bool:
    """Tell whether few high scores would outweigh all others: whether a logarithm makes a long upper tail shorter by half.

    Parameters
    ----------
    scores : (n,), not all equal.
    """
    before = skewness(scores)
    return before > LONG_TAIL and skewness(log_transform(scores)) < before / 2
