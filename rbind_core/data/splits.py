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


def split_by_group(
    candidates: NDArray[np.integer], groups: NDArray[np.integer], rng: np.random.Generator
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Split rows at random, nine tenths and one tenth, with all rows of a group on the same side.

    The unit of the split is the group: copies of an RNA on both sides would let a network be judged by what it memorised.

    Parameters
    ----------
    candidates : (n,) row numbers.
    groups : (n,) the group of each candidate, such as its distinct sequence or its cluster of near copies.
    rng : source of randomness.

    Returns
    -------
    (NDArray, NDArray)
        Row numbers of the larger and of the smaller part, each sorted. The smaller part is the first groups of a random order whose
        rows reach a tenth, so it exceeds a tenth by less than one group.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = rng.permutation(len(sizes))
    taken = np.searchsorted(np.cumsum(sizes[order]), round(len(candidates) * VALIDATION_FRACTION)) + 1
    held_out = np.isin(group, order[:taken])
    return np.sort(candidates[~held_out]), np.sort(candidates[held_out])
