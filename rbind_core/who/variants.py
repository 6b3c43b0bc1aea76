"""Variants and all proteins: what a change does to the best of the windows that cover it, for each head of a panel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import ALPHABET, LENGTH, SHORTEST, Codes
from rbind_core.who.heads import Network
from rbind_core.who.track import ScoresAll
from rbind_core.who.windows import Best, best_of, scores_of, stack_of

AROUND = 20  # nt on either side of a change in a long RNA whose single changes it is compared with
_ROUNDING = 1e-4  # z; scores of the same window may differ this much between batches
MOST_SINGLES = 500  # nt of an RNA all of whose single changes are scored


@dataclass(frozen=True)
class Change:
    """A substitution, insertion or deletion in an RNA.

    `position` is the 1-based place of the first letter of `reference`, or of the letter that an insertion stands before. Letters
    that `reference` and `alternative` share at their ends are left out, so that one of them may be ''.
    """

    sequence: str
    position: int
    reference: str
    alternative: str

    @property
    def changed(self) -> str:
        """The RNA with the change."""
        before, after = self.sequence[: self.position - 1], self.sequence[self.position - 1 + len(self.reference) :]
        return before + self.alternative + after

    @property
    def label(self) -> str:
        """The change in short, such as A12G, 12_14del or 12_13insAC."""
        first, last = self.position, self.position + len(self.reference) - 1
        place = f"{first}" if first == last else f"{first}_{last}"
        if not self.reference:
            return f"{first - 1}_{first}ins{self.alternative}"
        if not self.alternative:
            return f"{place}del"
        return f"{self.reference}{first}{self.alternative}" if first == last and len(self.alternative) == 1 else self._delins(place)

    def _delins(self, place: str) -> str:
        return f"{place}delins{self.alternative}"


@dataclass(frozen=True)
class Wanted:
    """What is said of each change: the `top` proteins by size of the difference, all when 0; with `percentiles` their rank."""

    top: int = 5
    percentiles: bool = False


@dataclass(frozen=True)
class Effects:
    """Effects of n changes on some proteins each, the largest difference first.

    `head` is (n, top) int64, a column of the panel; `reference` and `alternative` are (n, top) float32, the best window that covers
    the change without and with it, in z-score units of log intensity, NaN where no window is of known letters. `percentile` is
    (n, top) float32, the mid-rank of the difference among all single changes of the same RNA, 0 to 100, NaN where it was not
    asked for. `agree` is (n, top) int16: networks in which the same two windows differ in the same direction, the first included.
    """

    head: NDArray[np.int64]
    reference: NDArray[np.float32]
    alternative: NDArray[np.float32]
    percentile: NDArray[np.float32]
    agree: NDArray[np.int16]

    @property
    def difference(self) -> NDArray[np.float32]:
        """What the change does to the best window, (n, top) float32."""
        return self.alternative - self.reference


def covering(sequence: str, first: int, letters: int) -> Codes:
    """All windows of an RNA that hold at least one of some letters, or both neighbours of the gap where there is none.

    Parameters
    ----------
    sequence : RNA or IUPAC letters.
    first : 1-based place of the first of the letters, or of the one behind the gap.
    letters : their number; 0 for a gap.

    Returns
    -------
    Codes
        (w, 41) uint8 of windows without unknown letters; one padded window for an RNA no longer than a window.
    """
    last_start = max(len(sequence) - LENGTH, 0) + 1
    low = first - LENGTH + 1  # whose last letter is the first of them, or the one behind the gap
    high = first + letters - 1
    return stack_of(sequence, first=min(max(low, 1), last_start), last=min(max(high, 1), last_start))


def places_of_singles(change: Change, whole: bool) -> tuple[int, int]:
    """First and last position whose single changes a change is compared with.

    Parameters
    ----------
    whole : all of the RNA, where it is not longer than 500 nt; else the 41 nt around the change.
    """
    length = len(change.sequence)
    if whole and length <= MOST_SINGLES:
        return 1, length
    end = change.position + max(len(change.reference), 1) - 1
    return max(change.position - AROUND, 1), min(end + AROUND, length)


def singles_of(sequence: str, first: int, last: int) -> Iterator[Change]:
    """All substitutions of one letter at some positions of an RNA.

    Parameters
    ----------
    first, last : 1-based, both included; unknown letters are left as they are.
    """
    for position in range(first, last + 1):
        there = sequence[position - 1]
        if there in ALPHABET:
            yield from (Change(sequence, position, there, letter) for letter in ALPHABET if letter != there)


@dataclass(frozen=True)
class _Scored:
    """Best windows without and with each of n changes, and the stacks that they are in."""

    reference: Best
    alternative: Best
    stacks: tuple[Codes, ...]


def _score(scorer: ScoresAll, changes: Sequence[Change], heads: int) -> _Scored:
    stacks: list[Codes] = []
    for change in changes:
        stacks.append(covering(change.sequence, change.position, len(change.reference)))
        stacks.append(covering(change.changed, change.position, len(change.alternative)))
    best = best_of(scorer, stacks, heads)
    first, second = (Best(best.score[start::2], best.place[start::2]) for start in (0, 1))
    return _Scored(first, second, tuple(stacks))


def score_changes(shared: tuple[Sequence[Network], int, Wanted, bool], changes: Sequence[Change]) -> Effects:
    """Score every window that covers each change, without and with it; windows of many changes are scored in one batch.

    Parameters
    ----------
    shared : the networks, the one that scores first; their number of heads; what is wanted; and whether the percentile is among
        changes of the whole RNA rather than of the 41 nt around the change.
    """
    networks, heads, wanted, whole = shared
    scorer = networks[0].scorer()
    found = _score(scorer, changes, heads)
    difference = found.alternative.score - found.reference.score
    size = np.where(np.isnan(difference), -1, np.abs(difference))
    head = np.argsort(-size, axis=1, kind="stable")[:, : wanted.top or heads]
    rank = np.full(head.shape, np.nan, np.float32)
    if wanted.percentiles:
        singles: dict[tuple[str, int, int], NDArray[np.float32]] = {}
        for row, change in enumerate(changes):
            key = change.sequence, *places_of_singles(change, whole)
            if key not in singles:
                of_one = _score(scorer, list(singles_of(*key)), heads)
                singles = {key: of_one.alternative.score - of_one.reference.score}
            rank[row] = _percentiles(singles[key][:, head[row]], difference[row, head[row]])
    agree = _agreement(networks[1:], found, head, np.take_along_axis(difference, head, axis=1))
    reference, alternative = (np.take_along_axis(best.score, head, axis=1) for best in (found.reference, found.alternative))
    return Effects(head, reference, alternative, rank, agree)


def _percentiles(others: NDArray[np.float32], difference: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mid-ranks of differences of some heads, (heads,), among those of single changes, (singles, heads)."""
    others = others[~np.isnan(others).any(axis=1)]
    if not len(others):
        return np.full(len(difference), np.nan, np.float32)
    apart = others - difference
    ranks = 100 * ((apart < -_ROUNDING).mean(axis=0) + (np.abs(apart) <= _ROUNDING).mean(axis=0) / 2)
    return np.where(np.isnan(difference), np.nan, ranks).astype(np.float32)


def _agreement(
    others: Sequence[Network], found: _Scored, head: NDArray[np.int64], difference: NDArray[np.float32]
) -> NDArray[np.int16]:
    """In how many networks the two best windows of the first differ in the same direction, the first included."""
    agree = (~np.isnan(difference)).astype(np.int16)
    rows, columns = np.nonzero(~np.isnan(difference))
    if not others or not len(rows):
        return agree
    heads = head[rows, columns]
    pairs = [
        [found.stacks[2 * row + side][best.place[row, one]] for row, one in zip(rows, heads, strict=True)]
        for side, best in enumerate((found.reference, found.alternative))
    ]
    windows, number = np.unique(np.array(pairs[0] + pairs[1]), axis=0, return_inverse=True)
    without, with_ = np.split(number.reshape(-1), 2)
    for network in others:
        scores = scores_of(network.scorer(), windows)
        other = scores[with_, heads] - scores[without, heads]
        agree[rows, columns] += np.sign(other) == np.sign(difference[rows, columns])
    return agree


def smallest(reference: str, alternative: str) -> tuple[int, str, str]:
    """A change without the letters that both share at their ends: how many are cut at the front, and what is left of both."""
    while reference and alternative and reference[-1] == alternative[-1]:
        reference, alternative = reference[:-1], alternative[:-1]
    front = 0
    while front < min(len(reference), len(alternative)) and reference[front] == alternative[front]:
        front += 1
    return front, reference[front:], alternative[front:]


def is_long_enough(change: Change) -> bool:
    """Whether the RNA is long enough for the models with and without the change."""
    return min(len(change.sequence), len(change.changed)) >= SHORTEST
