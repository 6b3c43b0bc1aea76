"""Shuffling of sequences, plain or preserving dinucleotide counts (Altschul and Erickson 1985)."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import PADDING, Codes, decode, lengths


def shuffle(codes: Codes, rng: np.random.Generator) -> Codes:
    """Permute the nucleotides of each sequence; padding stays where it is.

    Parameters
    ----------
    codes : (n, length) uint8, left unchanged.

    Returns
    -------
    Codes
        (n, length) uint8, a new array.
    """
    keys = rng.random(codes.shape) + (codes == PADDING)  # padding sorts behind every nucleotide
    return np.take_along_axis(codes, np.argsort(keys, axis=1), axis=1)


def dinucleotide_shuffle(codes: Codes, rng: np.random.Generator) -> Codes:
    """Permute each sequence uniformly among all sequences with the same dinucleotide counts.

    Altschul and Erickson (1985): a sequence is an Euler path through its dinucleotides. The successors of each letter
    are put in random order; orders in which the last successors lead every letter to the final one give a path,
    others are drawn again. Padding stays where it is.

    Parameters
    ----------
    codes : (n, length) uint8, left unchanged.

    Returns
    -------
    Codes
        (n, length) uint8, a new array.
    """
    shuffled = codes.copy()
    pending = np.flatnonzero(lengths(codes) > 3)  # shorter ones have a single arrangement
    while len(pending):
        paths, complete = _random_walks(codes[pending], rng)
        shuffled[pending[complete]] = paths
        pending = pending[~complete]
    return shuffled


def _random_walks(codes: Codes, rng: np.random.Generator) -> tuple[Codes, NDArray[np.bool_]]:
    """Order the successors of every letter at random; walk where that uses every dinucleotide, and report where it does."""
    n = len(codes)
    row = np.arange(n)
    source = np.where(codes[:, 1:] == PADDING, PADDING, codes[:, :-1])  # no dinucleotide leads into the padding
    order = np.argsort(source + rng.random(source.shape), axis=1)  # grouped by letter, random within a letter
    successors = np.take_along_axis(codes[:, 1:], order, axis=1)
    counts = np.stack([(source == letter).sum(axis=1) for letter in range(4)], axis=1)
    next_successor = np.concatenate([np.zeros((n, 1), int), np.cumsum(counts, axis=1)], axis=1)

    final = codes[row, lengths(codes) - 1]
    last_successor = np.where(counts > 0, successors[row[:, None], np.maximum(next_successor[:, 1:], 1) - 1], final[:, None])
    last_successor[row, final] = final
    reached = last_successor.astype(np.intp)
    for _ in range(2):  # at most three steps lead from any letter to the final one
        reached = last_successor[row[:, None], reached]
    complete = (reached == final[:, None]).all(axis=1)
    return _walk(codes[complete], successors[complete], next_successor[complete]), complete


def _walk(codes: Codes, successors: Codes, next_successor: NDArray[np.integer]) -> Codes:
    """Go from the first letter to the successors of each in their order, to the length of the sequence."""
    n, steps = successors.shape
    # The successors of all sequences in one row, with room for a step beyond each: one index is all that a step needs.
    along = np.append(successors, np.full((n, 1), PADDING, np.uint8), axis=1).ravel()
    pointer = (next_successor + np.arange(n)[:, None] * (steps + 1)).ravel()
    of_sequence = np.arange(n) * next_successor.shape[1]
    paths = np.empty((steps + 1, n), np.uint8)
    paths[0] = letter = codes[:, 0]
    for position in range(1, steps + 1):
        at = of_sequence + letter
        place = pointer[at]
        pointer[at] = place + 1
        paths[position] = letter = along[place]
    return np.where(codes == PADDING, PADDING, paths.T)


def count_single_arrangements(codes: Codes, rng: np.random.Generator) -> int:
    """Count the sequences that a dinucleotide shuffle cannot change.

    Parameters
    ----------
    codes : (n, length) uint8.
    rng : only saves work: a sequence that a shuffle has changed need not be counted out.
    """
    unchanged = (dinucleotide_shuffle(codes, rng) == codes).all(axis=1)
    return sum(count_dinucleotide_shuffles(sequence) == 1 for sequence in decode(codes[unchanged]))


def count_dinucleotide_shuffles(sequence: str) -> int:
    """Count the arrangements that a dinucleotide shuffle can reach, including the sequence itself (BEST theorem).

    Returns
    -------
    int
        Distinct sequences with the same first letter and dinucleotide counts; 1 means that a shuffle changes nothing.
    """
    letters = sorted(set(sequence))
    final = sequence[-1]
    edges = np.zeros((len(letters), len(letters)), int)
    for a, b in itertools.pairwise(sequence):
        edges[letters.index(a), letters.index(b)] += 1
    others = [i for i, letter in enumerate(letters) if letter != final]
    laplacian = np.diag(edges.sum(axis=1)) - edges
    trees = round(float(np.linalg.det(laplacian[np.ix_(others, others)]))) if others else 1
    degrees = edges.sum(axis=1)
    closing = degrees + [letter == final for letter in letters]  # an edge from the final letter closes the circuit
    paths = trees * math.prod(math.factorial(int(d) - 1) for d in closing)
    return paths // math.prod(math.factorial(int(m)) for m in edges.ravel())
