"""Near copies among the RNAs of a table: mutants, overlapping windows, one RNA within another.

Two RNAs are near copies if, laid side by side without gaps,

- the shorter lies within the longer with at most a fifth of its letters changed, or
- they share a segment that scores (match +1, mismatch -2) at least a third of the shorter one's length.

Both limits are tightened until hardly any pair among so many random RNAs of these lengths and letters would pass, so that
RNAs alike by chance, as short ones must be, are not chained together. What a tenth of all RNAs have in common, such
as a constant flank, is ignored unless hardly anything else is left to compare. Candidates are pairs that share exact
letters, found as neighbours among all sorted suffixes, so that the time is not quadratic in the number of RNAs; where
thousands share a segment, each is compared only with those that continue most alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.repeats import same_rna
from rbind_core.rna.sequences import LENGTH, PADDING, Codes, lengths

MOST_CHANGED = 0.2  # share of the shorter one's letters
SHARED_SEGMENT = 1 / 3  # score of a segment, as a share of the shorter one's length
MUTANTS_BY_CHANCE = 0.1  # near copies that an RNA may have by chance in the whole table: by changed letters,
SEGMENTS_BY_CHANCE = 0.003  # and by shared segments
COMMON = 0.1  # share of RNAs with a word or a flanking letter in common from which it is ignored
FLANK = 0.9  # the same for the letter of a column next to an end
_WORD = 10  # nt, of common words
_FEWEST_LETTERS = 6  # nt that must be left to compare
_MISMATCH = -2
_PAIRS = 3_000_000  # candidates that share letters by chance
_NEIGHBOURS, _MOST_NEIGHBOURS = 8, 400  # suffixes that each is compared with: fewest and most
_SHORTEST_WORD = 4  # nt that candidates share
_POSITION = 6  # bits
_AT_A_TIME = 200_000

Ints = NDArray[np.integer]


@dataclass(frozen=True)
class NearCopies:
    """Copies and near copies in a table of n RNAs.

    `distinct` is (n,) int, the number of each RNA's sequence; `clusters` is (n,) int, the number of its cluster of near copies
    (single linkage: a near copy of a near copy belongs to it too). `first` and `second` are (m,) int: pairs of distinct sequences
    that are near copies, enough to connect each cluster but not all that exist.
    """

    distinct: Ints
    clusters: Ints
    first: Ints
    second: Ints


def find_near_copies(codes: Codes) -> NearCopies:
    """Find identical RNAs and near copies, in a few seconds for 120,000 RNAs.

    Parameters
    ----------
    codes : (n, 41) uint8, padded at the 3' end.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    distinct = same_rna(codes)
    rnas = codes[np.unique(distinct, return_index=True)[1]]
    first, second = _near_pairs(rnas)
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(len(rnas), len(rnas)))
    _, cluster = connected_components(graph, directed=False)
    return NearCopies(distinct, cluster[distinct], first, second)


def clusters(codes: Codes) -> Ints:
    """Number the clusters of near copies.

    Parameters
    ----------
    codes : (n, 41) uint8, padded at the 3' end.

    Returns
    -------
    NDArray
        (n,) int: the number of each RNA's cluster, the same for identical RNAs.
    """
    return find_near_copies(codes).clusters


def share_with_near_copy(found: NearCopies, rows: Ints, others: Ints) -> float:
    """Compute the share of rows that have a copy or near copy among others.

    Parameters
    ----------
    rows, others : (m,) row numbers of two parts of the table.

    Returns
    -------
    float
        0 to 1, and 0 for no rows; a lower bound where many RNAs share a segment.
    """
    there = np.zeros(found.distinct.max(initial=0) + 1, bool)
    there[found.distinct[others]] = True
    near = there.copy()
    near[found.first[there[found.second]]] = True
    near[found.second[there[found.first]]] = True
    return float(near[found.distinct[rows]].mean()) if len(rows) else 0.0


def _near_pairs(rnas: Codes) -> tuple[Ints, Ints]:
    """Pairs (i, j) of distinct RNAs that are near copies, without duplicates."""
    size, packed = lengths(rnas), _packed(rnas)
    common = _common_letters(rnas, packed)
    informative = (size - common.sum(axis=1)).astype(np.int64)
    limits, planes = _limits(rnas, size, informative), _planes(rnas, common)
    found = [np.empty(0, np.int64)]
    for aligned in (False, True):
        first, second, shift = _candidates(rnas, size, common, packed, aligned)
        for start in range(0, len(first), _AT_A_TIME):
            part = slice(start, start + _AT_A_TIME)
            i, j = first[part], second[part]
            near = _are_near(planes, np.minimum(size[i], size[j]), i, j, shift[part], limits)
            i, j = i[near].astype(np.int64), j[near].astype(np.int64)
            found.append(np.minimum(i, j) * len(rnas) + np.maximum(i, j))
    pairs = np.unique(np.concatenate(found))
    return pairs // len(rnas), pairs % len(rnas)


def _common_letters(rnas: Codes, packed: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """(n, 41) bool: letters that many RNAs have in common, such as constant flanks."""
    n, width = rnas.shape
    size = lengths(rnas)
    common = np.zeros(rnas.shape, bool)
    words = packed >> np.uint64(64 - 2 * _WORD)
    whole = np.arange(width) <= size[:, None] - _WORD
    counts = np.bincount(words[whole].astype(np.int64), minlength=4**_WORD)
    frequent = whole & (counts[words] >= max(COMMON * n, 3))
    if frequent.any():
        rna = np.nonzero(frequent)[0].astype(np.int64)
        once = np.unique(rna * 4**_WORD + words[frequent].astype(np.int64)) % 4**_WORD  # an RNA that holds a word twice counts once
        frequent &= (np.bincount(once, minlength=4**_WORD) >= max(COMMON * n, 3))[words]
        for offset in range(_WORD):
            common[:, offset:] |= frequent[:, : width - offset]
    for at_end in (False, True):
        for column in range(width):
            index = size - 1 - column if at_end else np.full(n, column)
            inside = (index >= 0) & (index < size)
            letters = rnas[np.flatnonzero(inside), index[inside]]
            if len(letters) < FLANK * n or np.bincount(letters).max() < FLANK * n:
                break
            usual = np.bincount(letters).argmax()
            common[np.flatnonzero(inside)[letters == usual], index[inside][letters == usual]] = True
    common[(size - common.sum(axis=1)) < _FEWEST_LETTERS] = False
    return common


def _limits(rnas: Codes, size: Ints, informative: Ints) -> tuple[Ints, Ints]:
    """Most letters changed (-1: no match allowed) and lowest score of a segment, by the number of comparable letters."""
    letters = np.bincount(rnas[rnas != PADDING], minlength=4)[:4] / max(size.sum(), 1)
    alike = min(float((letters**2).sum()), 0.6)  # chance that two letters are equal
    number = np.bincount(informative, minlength=LENGTH + 1)
    most_changed, least_score = np.full(LENGTH + 1, -1), np.full(LENGTH + 1, LENGTH + 1)
    for length in range(1, LENGTH + 1):
        longer = np.arange(length, LENGTH + 1)
        placements = float((number[length:] * (longer - length + 1)).sum())
        by_chance = 0.0
        for changed in range(int(MOST_CHANGED * length) + 1):
            by_chance += placements * math.comb(length, changed) * (1 - alike) ** changed * alike ** (length - changed)
            if by_chance <= MUTANTS_BY_CHANCE:
                most_changed[length] = changed
        scores = range(math.ceil(SHARED_SEGMENT * length), length + 1)
        rare = (score for score in scores if _segments_by_chance(length, score, number, alike) <= SEGMENTS_BY_CHANCE)
        least_score[length] = next(rare, LENGTH + 1)
    return most_changed, least_score


def _segments_by_chance(length: int, score: int, number: Ints, alike: float) -> float:
    """Expected segments of a score that an RNA of this length shares by chance with all others, counted by length in `number`."""
    total = 0.0
    for changed in range(length):
        width = score + (1 - _MISMATCH) * changed  # of a segment with so many changed letters
        if width > length:
            break
        placements = (length - width + 1) * float((number * np.maximum(np.arange(LENGTH + 1) - width + 1, 0)).sum())
        ways = math.comb(width - 2, changed) if width > 2 else 1  # it begins and ends with equal letters
        total += placements * ways * (1 - alike) ** changed * alike ** (width - changed)
    return total


def _packed(rnas: Codes) -> NDArray[np.uint64]:
    """(n, 41) uint64: the 32 letters from each position on, two bits each, the first on top; padding as A."""
    packed = np.where(rnas == PADDING, 0, rnas).astype(np.uint64)
    for letters in (1, 2, 4, 8, 16):
        following = np.pad(packed, ((0, 0), (0, letters)))[:, letters:]
        packed = (packed << np.uint64(2 * letters)) | following
    return packed


def _candidates(
    rnas: Codes, size: Ints, common: NDArray[np.bool_], packed: NDArray[np.uint64], aligned: bool
) -> tuple[Ints, Ints, Ints]:
    """Pairs i, j that share exact letters, and the shift of j against i; `aligned`: at the same position, where fewer suffice."""
    n, width = rnas.shape
    expected = n**2 / 2 * size.mean() if aligned else size.sum() ** 2 / 2
    word = max(math.ceil(math.log(max(expected / _PAIRS, 1), 4)), _SHORTEST_WORD)
    starts = (np.arange(width) <= size[:, None] - word) & ~_all_common(common, word)
    rna, position = (index.astype(np.int32) for index in np.nonzero(starts))
    suffix = packed[starts]
    if aligned:
        suffix = (suffix >> np.uint64(_POSITION)) | (position.astype(np.uint64) << np.uint64(64 - _POSITION))
    key = suffix >> np.uint64(64 - 2 * word - (_POSITION if aligned else 0))
    order = np.argsort(suffix, kind="stable")
    rna, position, key = rna[order], position[order], key[order]
    before = np.where(position > 0, rnas[rna, np.maximum(position, 1) - 1], PADDING)
    return _neighbours(key, rna, position, before)


def _neighbours(key: NDArray[np.uint64], rna: Ints, position: Ints, before: NDArray[np.uint8]) -> tuple[Ints, Ints, Ints]:
    """Pairs of sorted suffixes that begin with the same word, and the shift of the second RNA against the first."""
    pairs, count, alive = [], 0, np.arange(len(key))
    for step in range(1, _MOST_NEIGHBOURS + 1):
        alive = alive[: np.searchsorted(alive, len(key) - step)]
        alive = alive[key[alive] == key[alive + step]]
        if not len(alive) or (count > _PAIRS and step > _NEIGHBOURS):
            break
        other = alive + step
        # A match that extends to the left is found there too, so each is taken once.
        new = (rna[alive] != rna[other]) & ((before[alive] != before[other]) | (before[alive] == PADDING))
        i, j = alive[new], other[new]
        pairs.append((rna[i], rna[j], position[i] - position[j]))
        count += len(i)
    if not pairs:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32)
    first, second, shift = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return first, second, shift


def _all_common(common: NDArray[np.bool_], word: int) -> NDArray[np.bool_]:
    """(n, 41) bool: whether all letters of the word from each position on are common ones."""
    all_of_it = np.ones(common.shape, bool)
    for offset in range(word):
        all_of_it[:, : common.shape[1] - offset] &= common[:, offset:]
    return all_of_it


def _planes(rnas: Codes, common: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(n, 4) uint64 with a bit per position: both bits of the letter, whether there is one, whether it is a common one."""
    bits = np.uint64(1) << np.arange(rnas.shape[1], dtype=np.uint64)
    there = rnas != PADDING
    planes = [there & (rnas & 1 > 0), there & (rnas & 2 > 0), there, common]
    return np.stack([np.where(plane, bits, np.uint64(0)).sum(axis=1, dtype=np.uint64) for plane in planes], axis=1)


def _are_near(
    planes: NDArray[np.uint64], shorter: Ints, first: Ints, second: Ints, shift: Ints, limits: tuple[Ints, Ints]
) -> NDArray[np.bool_]:
    """(m,) bool: whether each pair is near, with position p of `second` under position p + shift of `first`.

    `shorter` is the length of the shorter one, in nt.
    """
    left, right = planes[first], planes[second]
    to_right, to_left = np.maximum(shift, 0).astype(np.uint64), np.maximum(-shift, 0).astype(np.uint64)
    right = right << to_right[:, None] >> to_left[:, None]
    there = left[:, 2] & right[:, 2]
    changed = ((left[:, 0] ^ right[:, 0]) | (left[:, 1] ^ right[:, 1])) & there
    both_common = there & left[:, 3] & right[:, 3]
    alike = there & ~changed & ~both_common
    shorter = shorter - np.bitwise_count(both_common & ~changed).astype(int)  # comparable letters
    most_changed, least_score = limits[0][shorter], limits[1][shorter]
    number_changed, number_alike = np.bitwise_count(changed).astype(int), np.bitwise_count(alike).astype(int)
    near = (number_changed + number_alike >= shorter) & (number_changed <= most_changed)
    perhaps = np.flatnonzero(~near & (number_alike >= least_score))
    near[perhaps] = _best_segment(alike[perhaps], changed[perhaps]) >= least_score[perhaps]
    return near


def _best_segment(alike: NDArray[np.uint64], changed: NDArray[np.uint64]) -> Ints:
    """(m,) int: score of the best segment, by letters that are equal (1) or changed (-2)."""
    score, best = np.zeros(len(alike), np.int16), np.zeros(len(alike), np.int16)
    for position in range(LENGTH):
        bit = np.uint64(position)
        score += ((alike >> bit) & np.uint64(1)).astype(np.int16)
        score += _MISMATCH * ((changed >> bit) & np.uint64(1)).astype(np.int16)
        np.maximum(score, 0, out=score)
        np.maximum(best, score, out=best)
    return best
