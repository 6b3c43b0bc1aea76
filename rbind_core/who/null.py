"""What the best window of a matched random RNA would score, for every protein: the null of `who`.

The RNA is shuffled with its dinucleotide counts kept (Altschul & Erickson 1985), so composition alone is no evidence. Blocks of
neighbouring windows of the shuffles are scored, and the maximum of each block is kept. As windows overlap, a site raises many of
them at once; maxima of blocks take account of that. Beyond the upper fifth of the block maxima an exponential tail is fitted, which
is heavier than that of scores with an upper end. The best of an RNA with m windows is at least s with probability

    p(s) = 1 - (1 - P(block maximum >= s)) ** (m / b)

for blocks of b windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.sliding import codes_of, windows_of
from rbind_core.backgrounds.shuffles import dinucleotide_shuffle
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.rna.sequences import LENGTH, PADDING, Codes
from rbind_core.who.track import scores_of_windows

BLOCK = 50  # neighbouring windows whose maximum is taken
BLOCKS = 400  # blocks that are scored
TAIL = 0.2  # share of the block maxima from which the tail is fitted


@dataclass(frozen=True)
class Null:
    """Block maxima (blocks, heads) and single windows (windows, heads) of matched random RNAs, each column sorted."""

    maxima: NDArray[np.float32]
    windows: NDArray[np.float32]
    block: int

    def percentile(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Percentage of random windows with a lower score, for each head.

        Parameters
        ----------
        scores : (heads,) of one window.

        Returns
        -------
        NDArray
            (heads,) float64, 0 to 100.
        """
        lower = (self.windows < np.asarray(scores)).mean(axis=0)
        return 100 * lower

    def p_of_best(self, scores: NDArray[np.floating], windows: int) -> NDArray[np.float64]:
        """Probability that the best of so many random windows scores at least as high.

        Parameters
        ----------
        scores : (heads,) of each head's best window.
        windows : m.

        Returns
        -------
        NDArray
            (heads,) float64.
        """
        scores, count = np.asarray(scores, np.float64), len(self.maxima)
        from_ = int(count * (1 - TAIL))
        threshold = self.maxima[from_].astype(np.float64)
        scale = np.maximum((self.maxima[from_:] - threshold).mean(axis=0), 1e-9)
        tail = TAIL * np.exp(-np.maximum(scores - threshold, 0) / scale)
        counted = ((self.maxima >= scores).sum(axis=0) + 1) / (count + 1)
        in_block = np.where(scores > threshold, np.minimum(tail, TAIL), counted)
        return -np.expm1(windows / self.block * np.log1p(-np.minimum(in_block, 1 - 1e-12)))


def matched_null(panel: ResidualBindPredictor, sequence: str, rng: np.random.Generator, blocks: int = BLOCKS) -> Null:
    """Score matched random RNAs.

    Parameters
    ----------
    sequence : whose dinucleotides are kept; letters that stand for several nucleotides are left out of the shuffles.
    blocks : number of blocks; an RNA with fewer windows than a block is shuffled that often, each shuffle a block of its own.
    """
    codes = codes_of(sequence)
    known = codes[codes != PADDING]
    of_rna = max(len(known) - LENGTH, 0) + 1
    block = min(BLOCK, of_rna)
    length = block + LENGTH - 1 if of_rna > 1 else len(known)
    parts = _pieces(known, length, blocks, rng)
    starts = windows_of(length)[:block]
    scores = np.stack([scores_of_windows(panel, part, starts) for part in parts]).astype(np.float32)
    flat = scores.reshape(-1, scores.shape[2])
    return Null(np.sort(scores.max(axis=1), axis=0), np.sort(flat, axis=0), block)


def _pieces(known: Codes, length: int, blocks: int, rng: np.random.Generator) -> list[Codes]:
    """Stretches of shuffled copies of an RNA, as many as there are blocks."""
    in_one = len(known) // length
    copies = -(-blocks // max(in_one, 1))
    at_once = max(1, 2_000_000 // max(len(known), 1))
    pieces: list[Codes] = []
    for first in range(0, copies, at_once):
        shuffled = dinucleotide_shuffle(np.repeat(known[None], min(at_once, copies - first), axis=0), rng)
        pieces += [row[start : start + length] for row in shuffled for start in range(0, in_one * length, length)]
    return pieces[:blocks]
