"""Training, validation and test parts. Set B is always the test part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

VALIDATION_FRACTION = 0.1
MOST_OVERSHOOT = 1.25  # of the held-out part, since groups are not divided
SPLIT_SEED = 20210513  # fixed for every bundled model and recorded in the registry


def training_and_validation(
    candidates: NDArray[np.integer], rng: np.random.Generator
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Split the rows of set A at random: nine tenths for training, one tenth for validation.

    Parameters
    ----------
    candidates : (n,) row numbers.

    Returns
    -------
    (NDArray, NDArray)
        (m,) row numbers for training and for validation, each sorted.
    """
    order = rng.permutation(candidates)
    cut = round(len(order) * VALIDATION_FRACTION)
    return np.sort(order[cut:]), np.sort(order[:cut])


def split_by_group(
    candidates: NDArray[np.integer], groups: NDArray[np.integer], rng: np.random.Generator
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Split rows at random, nine tenths and one tenth, with all rows of a group on the same side.

    Groups are not divided: copies of an RNA on both sides would reward a network for memorising.

    Parameters
    ----------
    candidates : (n,) row numbers.
    groups : (n,) group of each candidate, such as its distinct sequence or its cluster of near copies.

    Returns
    -------
    (NDArray, NDArray)
        (m,) row numbers of the larger and the smaller part, each sorted. The smaller part takes groups in random order until it
        has a tenth of the rows; a group that would make it larger than an eighth stays in the larger part. So the smaller part
        has less than a tenth where large groups hold most of the rows, and is empty where there are no smaller groups.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    wanted, rows = round(len(candidates) * VALIDATION_FRACTION), 0
    taken = np.zeros(len(sizes), bool)
    for number in rng.permutation(len(sizes)):
        if rows >= wanted:
            break
        if rows + sizes[number] <= max(wanted * MOST_OVERSHOOT, 1):
            taken[number] = True
            rows += sizes[number]
    held_out = taken[group.ravel()]
    return np.sort(candidates[~held_out]), np.sort(candidates[held_out])
