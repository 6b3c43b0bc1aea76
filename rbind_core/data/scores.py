"""What a table's scores look like, and whether their logarithm would be learned better."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONG_TAIL = 2.0  # skewness; log intensities of RNAcompete are between 0 and 3, raw ones far beyond


def skewness(scores: NDArray[np.floating]) -> float:
    """Measure how long the upper tail is.

    Parameters
    ----------
    scores : (n,) not all equal.

    Returns
    -------
    float
        Mean cube of the z-scores; 0 for a symmetric distribution, negative for a long lower tail.
    """
    values = scores.astype(np.float64)
    z = (values - values.mean()) / values.std()
    return float((z**3).mean())


def log_transform(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Take the logarithm as RNAcompete's scores are: log(S - S_min + 1).

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
    """Tell whether few high scores would outweigh all others, and a logarithm would change that.

    Parameters
    ----------
    scores : (n,) not all equal.

    Returns
    -------
    bool
        True for a long upper tail that a logarithm makes shorter by half.
    """
    before = skewness(scores)
    return before > LONG_TAIL and skewness(log_transform(scores)) < before / 2
