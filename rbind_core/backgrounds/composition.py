"""Composition of sequences: nucleotides at each position, GC content, dinucleotides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import PADDING, Codes, gc_content, lengths

GC_BINS = 20


@dataclass(frozen=True)
class Composition:
    """Composition of a set of sequences, padding left out everywhere.

    `positions` is (41, 4): the shares of A, C, G, U among the sequences that reach a position, 0 where none does;
    `gc_histogram` is (20,): the share of sequences in each twentieth of GC content, 0-5 % first; `dinucleotides` is
    (4, 4): the share of each letter (row) followed by each other (column).
    """

    sequences: int
    mean_length: float
    mean_gc: float
    positions: NDArray[np.float64]
    gc_histogram: NDArray[np.float64]
    dinucleotides: NDArray[np.float64]


def composition_of(codes: Codes) -> Composition:
    """Compute the composition of sequences, in shares between 0 and 1, never NaN.

    Parameters
    ----------
    codes : (n, 41) uint8, at least one sequence.
    """
    letters = np.stack([(codes == letter).sum(axis=0) for letter in range(4)], axis=1)
    gc = gc_content(codes)
    pairs = word_counts(codes, 2)
    bins = np.minimum(np.floor(GC_BINS * gc + 1e-9), GC_BINS - 1).astype(int)  # 3/5 belongs to 60-65 %, whatever the rounding
    return Composition(
        sequences=len(codes),
        mean_length=float(lengths(codes).mean()),
        mean_gc=float(gc.mean()),
        positions=letters / np.maximum(letters.sum(axis=1, keepdims=True), 1),
        gc_histogram=np.bincount(bins, minlength=GC_BINS) / len(codes),
        dinucleotides=(pairs / max(pairs.sum(), 1)).reshape(4, 4),
    )


def word_counts(codes: Codes, length: int) -> NDArray[np.int64]:
    """Count every word of a given length at all positions of all sequences, without padding.

    Parameters
    ----------
    codes : (n, 41) uint8.
    length : of the words, in nt.

    Returns
    -------
    NDArray
        (4**length,) int64, words in alphabetical order.
    """
    width = codes.shape[1] - length + 1
    words = np.zeros((len(codes), width), np.int64)
    for first in range(length):
        words = 4 * words + codes[:, first : first + width]
    return np.bincount(words[codes[:, length - 1 :] != PADDING], minlength=4**length)  # padding is at the 3' end only
