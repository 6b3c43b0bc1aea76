"""Motifs as matrices: the best k-mers aligned to one another, and the letter heights of a logo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rbind_core.motifs.kmers import KmerImportance
from rbind_core.rna.sequences import ALPHABET, encode

ALIGNED = 10  # number of k-mers in the alignment motif


def alignment_motif(kmers: Sequence[KmerImportance]) -> NDArray[np.float64]:
    """Align k-mers to the best one by cross-correlation, weighted by importance (Fig. 4b, S1 table).

    Parameters
    ----------
    kmers : of one length, best first; only positive importances count.

    Returns
    -------
    NDArray
        (k, 4) float64 letter frequencies over the positions of the best k-mer, each row sums to 1.
    """
    best = kmers[0]
    k = len(best.kmer)
    reference = encode(best.kmer, k)[0]
    counts = np.zeros((k, 4))
    for kmer in kmers:
        weight = max(kmer.global_importance, 0.0) if kmer is not best else max(kmer.global_importance, 1e-9)
        codes = encode(kmer.kmer, k)[0]
        # Shifts further than half the length would align by chance.
        shift = max(range(-(k // 2), k // 2 + 1), key=lambda s: (_agreement(reference, codes, s), -abs(s)))
        for position, letter in enumerate(codes, start=shift):
            if 0 <= position < k:
                counts[position, letter] += weight
    return counts / counts.sum(axis=1, keepdims=True)


def _agreement(reference: NDArray[np.uint8], codes: NDArray[np.uint8], shift: int) -> int:
    if shift >= 0:
        return int((reference[shift:] == codes[: len(codes) - shift]).sum())
    return int((reference[:shift] == codes[-shift:]).sum())


def information(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Letter heights of a sequence logo: frequency times information content of the column.

    Parameters
    ----------
    frequencies : (k, 4), each row sums to 1.

    Returns
    -------
    NDArray
        (k, 4) float64, bits; a column holds at most 2.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(np.where(frequencies > 0, frequencies * np.log2(frequencies), 0.0), axis=1)
    return frequencies * (np.log2(len(ALPHABET)) - entropy)[:, None]


def mutation_heights(kmer: str, effects: NDArray[np.floating]) -> NDArray[np.float64]:
    """Heights of a k-mer's logo: for each letter the L2 norm over its mutations (Fig. 2e, 3b).

    Parameters
    ----------
    kmer : of k letters.
    effects : (k, 4) change of global importance by each mutation, 0 for the wild-type letter.

    Returns
    -------
    NDArray
        (k, 4) float64, one letter per position, in z-score units.
    """
    heights = np.zeros((len(kmer), len(ALPHABET)))
    letters = [ALPHABET.index(letter) for letter in kmer]
    heights[np.arange(len(kmer)), letters] = np.sqrt((np.asarray(effects, np.float64) ** 2).sum(axis=1))
    return heights
