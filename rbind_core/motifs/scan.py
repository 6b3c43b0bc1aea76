"""Where a motif fits best in each sequence: log-odds of its letter frequencies against a background, at all positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.motifs.alignment import ALIGNED
from rbind_core.rna.sequences import PADDING, Codes

PSEUDOCOUNT = 1.0  # distributed like the background, against the ALIGNED k-mers behind the frequencies


@dataclass(frozen=True)
class BestSites:
    """The best site of a motif in each of n sequences.

    `start` is (n,) int64, the 1-based position of the site's first nucleotide; `score` is (n,) float32, bits; `width` is the
    motif's length in nt. A sequence shorter than the motif has no site: start 0, score NaN.
    """

    start: NDArray[np.int64]
    score: NDArray[np.float32]
    width: int


def log_odds(
    frequencies: NDArray[np.floating], background: NDArray[np.floating], pseudocount: float = PSEUDOCOUNT
) -> NDArray[np.float64]:
    """Log-odds of the motif's letter frequencies against the background.

    The frequencies represent the 10 aligned k-mers of an alignment motif; a pseudocount keeps letters that none of them has
    from being impossible.

    Parameters
    ----------
    frequencies : (k, 4) of the motif, each row sums to 1.
    background : (4,) frequencies of A, C, G, U, all above 0.
    pseudocount : number of k-mers that the background counts for.

    Returns
    -------
    NDArray
        (k, 4) float64, bits.
    """
    background = np.asarray(background, np.float64) / np.sum(background)
    smoothed = (ALIGNED * np.asarray(frequencies, np.float64) + pseudocount * background) / (ALIGNED + pseudocount)
    return np.log2(smoothed / background)


def best_sites(codes: Codes, weights: NDArray[np.floating]) -> BestSites:
    """Find the site with the highest sum of weights in each sequence, the first of equal ones.

    Parameters
    ----------
    codes : (n, length) uint8, 4 = padding, which no site may contain.
    weights : (k, 4) of each letter at each position of the motif, bits.
    """
    width = len(weights)
    by_code = np.column_stack([weights, np.full(width, -np.inf)]).astype(np.float32)
    windows = codes.shape[1] - width + 1
    if windows < 1 or not len(codes):
        return BestSites(np.zeros(len(codes), np.int64), np.full(len(codes), np.nan, np.float32), width)
    scores = np.zeros((len(codes), windows), np.float32)
    for position, of_letters in enumerate(by_code):
        scores += of_letters[codes[:, position : position + windows]]
    start = scores.argmax(axis=1)
    score = scores[np.arange(len(codes)), start]
    fits = codes[:, width - 1] != PADDING
    return BestSites(np.where(fits, start + 1, 0), np.where(fits, score, np.nan).astype(np.float32), width)
