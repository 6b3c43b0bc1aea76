"""Training, validation and test parts. Set B is only ever the test part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

VALIDATION_FRACTION = 0.1
SPLIT_SEED = 20210513  # fixed for every bundled model and recorded in the registry


def training_and_validation(
    candidates: NDArray[np.integer], rng: np.random.Generator
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Split the rows of set A at random, nine tenths for training and one tenth for validation.

    Parameters
    ----------
    candidates : (n,) row numbers.
    rng : source of randomness.

    Returns
    -------
    (NDArray, NDArray)
        Row numbers for training and for validation, each sorted.
    """
    order = rng.permutation(candidates)
    cut = round(len(order) * VALIDATION_FRACTION)
    return np.sort(order[cut:]), np.sort(order[:cut])
