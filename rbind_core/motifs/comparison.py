"""Similarity of two motifs: the best ungapped alignment, and how often a random motif aligns as well (Gupta et al. 2007).

There are two nulls. Random motifs of published columns are easy to beat for a motif of the same letters; the motif's own columns in
another order are not.

RNA has one strand, so a motif is never compared with a reverse complement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import DataError
from rbind_core.motifs.meme import PublishedMotif
from rbind_core.statistics import p_value_text

LEAST_OVERLAP = 5  # fewest columns of an alignment, or all of a shorter motif
RANDOM_MOTIFS = 100_000
ORDERS = 50_000  # orders of a motif's columns to try; as many are drawn where there are more
BOTH_NULLS = (
    "p against random motifs: other columns of published motifs, so that letters and order count. p against shuffled columns: the "
    "same columns in another order, so that a match by letters alone does not pass."
)
_AT_ONCE = 10_000  # random motifs at a time, whose scores fit the processor's cache
_ROUNDING = 1e-9  # rounding must not decide whether a random motif aligns as well


@dataclass(frozen=True)
class MotifMatch:
    """The best ungapped alignment of two motifs.

    Column j of the second is below column j + `offset` of the first (from 0); `overlap` columns stand below one
    another. `score` is the sum of the correlations of these columns, `correlation` that of all their entries. `p_value` is
    the share of `random_motifs` that align at least as well, including the compared one: it tells a match from one with
    other columns. `p_shuffled` is the share of orders of the second motif's own columns that align at least as well: it
    tells whether the order matters, not only the letters. `orders` is their number, or how many were drawn.
    """

    offset: int
    overlap: int
    score: float
    correlation: float
    p_value: float
    random_motifs: int
    p_shuffled: float = float("nan")
    orders: int = 0

    @property
    def shuffled_text(self) -> str:
        """The p-value against the same columns in another order, as text."""
        return p_value_text(self.p_shuffled)

    @property
    def p_text(self) -> str:
        """The p-value as text; 'p < 1e-5' where no random motif aligned as well."""
        if self.p_value > 1 / self.random_motifs:
            return p_value_text(self.p_value)
        return f"p < {1 / self.random_motifs:.2g}".replace("e-0", "e-")


@dataclass(frozen=True)
class MatchedMotif:
    """A motif of a file or a paper, how well it matches, and how many motifs were searched."""

    motif: PublishedMotif
    match: MotifMatch
    among: int = 1

    @property
    def e_value(self) -> float:
        """Expected number of motifs of the file that match as well by chance: p-value times the number of motifs."""
        return self.match.p_value * self.among


def compare_motifs(
    ours: NDArray[np.float64],
    published: NDArray[np.float64],
    columns: NDArray[np.float64],
    rng: np.random.Generator,
    random_motifs: int = RANDOM_MOTIFS,
) -> MotifMatch:
    """Find the best alignment of two motifs, and how often a random motif aligns as well.

    The similarity of two columns is the correlation of their frequencies (Pearson; 0 for equal frequencies), that of an alignment
    the sum over its columns. All offsets with an overlap of 5 columns, or of all columns of a shorter motif, are
    tried, for random motifs too. Of equally good alignments the one with the largest overlap is taken.

    Parameters
    ----------
    ours : (k, 4) frequencies.
    published : (w, 4) frequencies.
    columns : (n, 4) frequencies, from which the w columns of each random motif are drawn independently.
    rng : draws the random motifs.

    Returns
    -------
    MotifMatch
        With a p-value of at least 1 / (random_motifs + 1).

    Raises
    ------
    DataError
        If a matrix is empty or does not have four columns of finite numbers.
    """
    return rank_motifs(ours, [PublishedMotif("", "", published)], rng, 1, columns, random_motifs)[0].match


def rank_motifs(
    ours: NDArray[np.float64],
    motifs: Sequence[PublishedMotif],
    rng: np.random.Generator,
    top: int = 10,
    columns: NDArray[np.float64] | None = None,
    random_motifs: int = RANDOM_MOTIFS,
) -> list[MatchedMotif]:
    """Find the best-matching motifs; see `compare_motifs`. Motifs of the same width share their random motifs.

    Parameters
    ----------
    ours : (k, 4) frequencies.
    rng : draws the random motifs.
    top : most motifs to return.
    columns : (n, 4) frequencies, from which random motifs are drawn; those of all `motifs` when None.
    random_motifs : number for each width.

    Returns
    -------
    list of MatchedMotif
        By p-value, then by descending score; each with its p-value against its own columns in other orders.

    Raises
    ------
    DataError
        If a matrix is empty or does not have four columns of finite numbers.
    """
    if not motifs:
        return []
    own_columns = columns_of(motifs)
    columns = own_columns if columns is None else columns
    _check("the motif", ours)
    _check("the motif to compare with", own_columns)
    _check("the columns of random motifs", columns)
    if random_motifs < 1:
        raise DataError(f"{random_motifs} random motifs; at least 1 is needed")
    alike, alike_by_chance = _similarity(ours, own_columns), _similarity(ours, columns)
    widths = np.array([len(motif.frequencies) for motif in motifs])
    starts = np.cumsum(widths) - widths
    offsets, scores, p_values = np.empty(len(motifs), np.int64), np.empty(len(motifs)), np.empty(len(motifs))
    for width in np.unique(widths):
        members = np.flatnonzero(widths == width)
        of_each_offset = _scores(alike, starts[members] + np.arange(width)[:, None])
        best = of_each_offset.round(9).argmax(axis=0)
        offsets[members] = np.array(_offsets(len(ours), width))[best]
        scores[members] = of_each_offset[best, np.arange(len(members))]
        by_chance = _best_by_chance(alike_by_chance, int(width), rng, random_motifs)
        as_good = random_motifs - np.searchsorted(by_chance, scores[members] - _ROUNDING)
        p_values[members] = (1 + as_good) / (random_motifs + 1)
    order = np.lexsort((np.arange(len(motifs)), -scores.round(9), p_values))[:top]
    matched = []
    for i in order:
        match = _match(ours, motifs[i].frequencies, int(offsets[i]), float(scores[i]), float(p_values[i]), random_motifs)
        p_shuffled, orders = _p_shuffled(alike[:, starts[i] : starts[i] + widths[i]], float(scores[i]), rng)
        matched.append(MatchedMotif(motifs[i], replace(match, p_shuffled=p_shuffled, orders=orders), len(motifs)))
    return matched


def columns_of(motifs: Sequence[PublishedMotif]) -> NDArray[np.float64]:
    """Columns of all motifs in one array.

    Parameters
    ----------
    motifs : at least one.

    Returns
    -------
    NDArray
        (n, 4) float64.
    """
    return np.concatenate([motif.frequencies for motif in motifs])


def _check(name: str, matrix: NDArray[np.float64]) -> None:
    if matrix.ndim != 2 or matrix.shape[1] != 4 or not len(matrix):
        raise DataError(f"{name}: the shape is {matrix.shape}; expected is (positions, 4)")
    if not np.isfinite(matrix).all():
        raise DataError(f"{name}: some frequencies are no finite numbers")


def _similarity(ours: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """(k, n) Pearson correlations of each of our columns with each of the others."""
    return _standardised(ours) @ _standardised(columns).T


def _standardised(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = columns - columns.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.divide(centred, length, out=np.zeros_like(centred), where=length > _ROUNDING)


def _offsets(k: int, width: int) -> list[int]:
    """Offsets with enough overlap, by descending overlap, then by ascending shift."""
    least = min(LEAST_OVERLAP, k, width)
    return sorted(range(least - width, k - least + 1), key=lambda offset: (-_overlap(k, width, offset), abs(offset), offset))


def _overlap(k: int, width: int, offset: int) -> int:
    return min(k, offset + width) - max(0, offset)


def _scores(alike: NDArray[np.float64], chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score of every offset for m motifs given as columns of `alike`: (k, n) and (w, m) in, (offsets, m) out."""
    (k, width), offsets = (len(alike), len(chosen)), _offsets(len(alike), len(chosen))
    scores = np.zeros((len(offsets), chosen.shape[1]))
    for row, offset in enumerate(offsets):
        for position in range(max(0, offset), min(k, offset + width)):
            scores[row] += alike[position].take(chosen[position - offset])
    return scores


def _best_by_chance(alike: NDArray[np.float64], width: int, rng: np.random.Generator, random_motifs: int) -> NDArray[np.float64]:
    """Best scores of random motifs, in ascending order."""
    best = np.empty(random_motifs)
    for first in range(0, random_motifs, _AT_ONCE):
        some = best[first : first + _AT_ONCE]
        some[:] = _scores(alike, rng.integers(0, alike.shape[1], (width, len(some)))).max(axis=0)
    best.sort()
    return best


def _p_shuffled(alike: NDArray[np.float64], score: float, rng: np.random.Generator) -> tuple[float, int]:
    """Share of orders of the second motif's columns that align at least as well as its own, and the number of orders.

    Up to `ORDERS`, all are tried, including its own; of more, as many are drawn and its own is added.
    """
    width = alike.shape[1]
    if math.factorial(width) <= ORDERS:
        every = np.array(list(permutations(range(width))), np.int64).T
        return float((_scores(alike, every).max(axis=0) >= score - _ROUNDING).mean()), every.shape[1]
    drawn = rng.permuted(np.tile(np.arange(width)[:, None], (1, ORDERS)), axis=0)
    as_good = (_scores(alike, drawn).max(axis=0) >= score - _ROUNDING).sum()
    return float((1 + as_good) / (ORDERS + 1)), ORDERS


def _match(
    ours: NDArray[np.float64], published: NDArray[np.float64], offset: int, score: float, p_value: float, random_motifs: int
) -> MotifMatch:
    first, overlap = max(0, offset), _overlap(len(ours), len(published), offset)
    one, other = (m.ravel() - m.mean() for m in (ours[first : first + overlap], published[first - offset :][:overlap]))
    length = np.linalg.norm(one) * np.linalg.norm(other)
    correlation = float(one @ other / length) if length > _ROUNDING else 0.0
    return MotifMatch(offset, overlap, score, correlation, p_value, random_motifs)
