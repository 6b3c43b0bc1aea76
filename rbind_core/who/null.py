"""What the best window of a matched random RNA would score, for every protein: the null of `who`.

The RNA is shuffled with its dinucleotide counts kept (Altschul & Erickson 1985), so composition alone is no evidence. Blocks of
neighbouring windows of the shuffles are scored, and the maximum of each block is kept. As windows overlap, a site raises many
of them at once; maxima of blocks take account of that. Beyond the upper fifth of the block maxima a generalised Pareto tail is
fitted by its moments (Hosking & Wallis 1987). Most proteins' scores have an upper end; they get an exponential tail, which is
heavier, and the few whose scores grow with the length of a site get the heavier tail that they have. The scale is taken one
standard error larger than fitted: what is named is named among hundreds of proteins, where a scale that is too small by chance
would count most. The best of an RNA with m windows is at least s with probability

    p(s) = 1 - (1 - P(block maximum >= s)) ** (m / b)

for blocks of b windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rbind_core.analyses.sliding import codes_of
from rbind_core.backgrounds.shuffles import dinucleotide_shuffle
from rbind_core.rna.sequences import LENGTH, PADDING, Codes
from rbind_core.who.track import ScoresAll, scores_of

BLOCK = 50  # neighbouring windows whose maximum is taken
BLOCKS = 400  # blocks that are scored
_COLUMNS = 32  # sorted at a time
TAIL = 0.2  # share of the block maxima from which the tail is fitted
MOST_SHAPE = 0.45  # of the Pareto tail, whose moments are known below a half
STRETCH = 5_000  # nt that are shuffled together; a longer RNA is shuffled stretch by stretch


@dataclass(frozen=True)
class Null:
    """Scores of matched random RNAs, each column sorted.

    `maxima` is (blocks, heads) float32, the best window of each block of `block` windows; `windows` is (windows, heads) float16.
    """

    maxima: NDArray[np.float32]
    windows: NDArray[np.float16]
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

    def rarity(self, scores: NDArray[np.floating], heads: Sequence[int]) -> NDArray[np.float32]:
        """How many random windows one would have to look at to find one with such a score, as a power of ten.

        Parameters
        ----------
        scores : (m, h) of windows by some heads, NaN where there is none.
        heads : numbers of the h heads.

        Returns
        -------
        NDArray
            (m, h) float32, 0 for a score that every random window has, 2 for one in a hundred, NaN where there is none; it
            ends where no random window scores as high.
        """
        count, rare = len(self.windows), np.empty(np.shape(scores), np.float32)
        for column, head in enumerate(heads):
            of_head = np.asarray(scores)[:, column].astype(np.float32)
            lower = np.searchsorted(self.windows[:, head].astype(np.float32), of_head)
            rare[:, column] = np.where(np.isnan(of_head), np.nan, np.log10((count + 1) / (count - np.minimum(lower, count) + 1)))
        return rare

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
        tail = _tail(self.maxima[from_:] - threshold, np.maximum(scores - threshold, 0))
        counted = ((self.maxima >= scores).sum(axis=0) + 1) / (count + 1)
        in_block = np.where(scores > threshold, np.minimum(tail, TAIL), counted)
        return -np.expm1(windows / self.block * np.log1p(-np.minimum(in_block, 1 - 1e-12)))


def false_discovery_rates(p: NDArray[np.floating]) -> NDArray[np.float64]:
    """Lowest false discovery rates at which each of some tests is named (Benjamini & Hochberg 1995).

    Parameters
    ----------
    p : (n,) p-values.

    Returns
    -------
    NDArray
        (n,) float64.
    """
    order = np.argsort(p, kind="stable")
    ranked = np.asarray(p, np.float64)[order] * len(p) / np.arange(1, len(p) + 1)
    rates = np.empty(len(p))
    rates[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1)
    return rates


def _tail(beyond: NDArray[np.floating], excess: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of a block maximum that exceeds the threshold by so much.

    Parameters
    ----------
    beyond : (n, heads) excesses of the null.
    excess : (heads,) float64.
    """
    mean, variance = beyond.mean(axis=0, dtype=np.float64), beyond.var(axis=0, dtype=np.float64)
    shape = np.clip((1 - mean**2 / np.maximum(variance, 1e-18)) / 2, 0, MOST_SHAPE)
    scale = np.maximum(mean * (1 + len(beyond) ** -0.5) * (1 - shape), 1e-9)
    heavy = np.maximum(shape, 1e-6)
    share = np.where(shape > heavy / 2, -np.log1p(heavy * excess / scale) / heavy, -excess / scale)
    return TAIL * np.exp(share)


@dataclass(frozen=True)
class MatchedRna:
    """Stretches of shuffles of one RNA, (blocks, length) uint8, each with `block` windows."""

    codes: Codes
    block: int

    @property
    def windows(self) -> int:
        """Number of windows of all blocks."""
        return len(self.codes) * self.block

    def first(self, blocks: int) -> MatchedRna:
        """Some of the blocks, evenly spread."""
        return MatchedRna(_some(self.codes, blocks), self.block)


def matched_rna(sequence: str, rng: np.random.Generator, blocks: int = BLOCKS) -> MatchedRna:
    """Shuffle an RNA into blocks of windows.

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
    pieces = _pieces(known, length, blocks, rng)
    return MatchedRna(np.pad(pieces, ((0, 0), (0, max(LENGTH - length, 0))), constant_values=PADDING), block)


def null_of(panel: ScoresAll, matched: MatchedRna) -> Null:
    """Score matched random RNAs.

    Parameters
    ----------
    panel : with many outputs.
    """
    windows = sliding_window_view(matched.codes, LENGTH, axis=1)[:, : matched.block].reshape(-1, LENGTH)
    scores = scores_of(panel, windows)
    maxima = scores.reshape(len(matched.codes), matched.block, -1).max(axis=1).astype(np.float32)
    # Sorted as float32, since processors compare no float16, some columns at a time.
    for first in range(0, scores.shape[1], _COLUMNS):
        some = slice(first, first + _COLUMNS)
        scores[:, some] = np.sort(scores[:, some].astype(np.float32), axis=0)
    return Null(np.sort(maxima, axis=0), scores, matched.block)


def matched_null(panel: ScoresAll, sequence: str, rng: np.random.Generator, blocks: int = BLOCKS) -> Null:
    """Score shuffles of an RNA; see `matched_rna` and `null_of`."""
    return null_of(panel, matched_rna(sequence, rng, blocks))


def _pieces(known: Codes, length: int, blocks: int, rng: np.random.Generator) -> Codes:
    """Stretches of shuffled copies of an RNA, (blocks, length)."""
    count = -(-len(known) // STRETCH)
    size = len(known) // count
    stretches = known[: count * size].reshape(count, size)
    in_one = size // length
    copies = -(-blocks // (in_one * count))
    shuffled = dinucleotide_shuffle(np.tile(stretches, (copies, 1)), rng)
    return _some(shuffled[:, : in_one * length].reshape(-1, length), blocks)


def _some(rows: Codes, count: int) -> Codes:
    """Rows evenly spread over all."""
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]
