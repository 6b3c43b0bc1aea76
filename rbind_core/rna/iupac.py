"""Agreement of probes with a motif: mismatches of the best match, and probes grouped by them (Fig. 1b, 2a, 3a)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import SequenceError
from rbind_core.rna.sequences import ALPHABET, IUPAC, LENGTH, Codes
from rbind_core.statistics import pearson

MOST_POINTS = 10_000
GROUPS = ("0 mismatches", "1 mismatch", "2 or more")

_ALLOWED_BY_LETTER = np.zeros((256, 5), np.bool_)
for _letter, _nucleotides in IUPAC.items():
    _ALLOWED_BY_LETTER[ord(_letter), :4] = [nucleotide in _nucleotides for nucleotide in ALPHABET]


def mismatches(codes: Codes, pattern_text: str) -> NDArray[np.int64]:
    """Count the mismatches of the best match to a pattern in each sequence.

    Parameters
    ----------
    codes : (n, length) uint8; padding (4) never matches, not even N.
    pattern_text : IUPAC letters, T for U and lower case accepted; no longer than `length`.

    Returns
    -------
    NDArray
        (n,) int64, from 0 to the length of the pattern.

    Raises
    ------
    SequenceError
        If the pattern is empty, too long, or holds another letter.
    """
    allowed = allowed_letters(pattern_text)
    windows = codes.shape[1] - len(allowed) + 1
    if windows < 1:
        raise SequenceError(f"{pattern_text.strip()[:60]}: {len(allowed)} nt long; the sequences hold {codes.shape[1]} nt")
    misses = np.zeros((len(codes), windows), np.uint8)
    for position, letters in enumerate(allowed):
        misses += ~letters[codes[:, position : position + windows]]
    return misses.min(axis=1).astype(np.int64)


def allowed_letters(pattern_text: str) -> NDArray[np.bool_]:
    """Tell which codes each letter of a pattern allows.

    Parameters
    ----------
    pattern_text : IUPAC letters, T for U and lower case accepted.

    Returns
    -------
    NDArray
        (k, 5) bool for A, C, G, U and padding, which is never allowed.

    Raises
    ------
    SequenceError
        If the pattern is empty or holds another letter.
    """
    letters = iupac_letters(pattern_text.strip())
    if not letters:
        raise SequenceError("the pattern is empty; give letters A, C, G, U or IUPAC letters")
    return _ALLOWED_BY_LETTER[np.frombuffer(letters.encode(), np.uint8)]


def iupac_letters(text: str) -> str:
    """Turn a pattern into upper-case IUPAC letters of RNA, '' for an empty text.

    Parameters
    ----------
    text : IUPAC letters, T for U and lower case accepted.

    Raises
    ------
    SequenceError
        If it holds another letter.
    """
    letters = "".join(c.upper() if c.isascii() else c for c in text).replace("T", "U")  # 'ß'.upper() is 'SS'
    wrong = next((letter for letter in letters if letter not in IUPAC), None)
    if wrong is not None:
        raise SequenceError(f"{letters[:LENGTH]}: {wrong} is not a nucleotide; use A, C, G, U or IUPAC letters")
    return letters


@dataclass(frozen=True)
class MatchedProbes:
    """A choice of n measured probes, with the mismatches of their best match to a motif.

    `codes` is (m, 41) uint8, `measured` and `predicted` are (m,) z-scores, `groups` is (m,) int64: 0, 1, or 2 for two or
    more; `of_each` counts all n probes in each group; `pearson` is over all n.
    """

    motif: str
    codes: Codes
    measured: NDArray[np.floating]
    predicted: NDArray[np.floating]
    groups: NDArray[np.int64]
    of_each: tuple[int, int, int]
    pearson: float

    @property
    def n(self) -> int:
        """Number of all probes, chosen or not."""
        return sum(self.of_each)


def matched_probes(
    codes: Codes,
    measured: NDArray[np.floating],
    predicted: NDArray[np.floating],
    motif: str,
    rng: np.random.Generator,
    most: int = MOST_POINTS,
) -> MatchedProbes:
    """Choose probes to draw, including all of the few with the motif.

    Parameters
    ----------
    codes : (n, 41) uint8.
    measured, predicted : (n,) z-scores.
    motif : IUPAC letters.
    rng : samples groups that are too large.
    most : most probes to choose.

    Returns
    -------
    MatchedProbes
        In the order of `codes`.

    Raises
    ------
    SequenceError
        If the motif cannot be read.
    """
    groups = np.minimum(mismatches(codes, motif), len(GROUPS) - 1)
    rows = evenly_from(groups, most, rng)
    of_each = np.bincount(groups, minlength=len(GROUPS)).tolist()
    return MatchedProbes(
        motif, codes[rows], measured[rows], predicted[rows], groups[rows], tuple(of_each), pearson(measured, predicted)
    )


def evenly_from(groups: NDArray[np.integer], most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Choose rows as evenly from all groups as possible; small groups are kept whole.

    Parameters
    ----------
    groups : (n,) group of each row.
    most : most rows to choose.
    rng : samples groups that are too large.

    Returns
    -------
    NDArray
        (m,) sorted row numbers, m <= `most`.
    """
    members = sorted((np.flatnonzero(groups == group) for group in np.unique(groups)), key=len)
    chosen: list[NDArray[np.int64]] = []
    left = most
    for number, rows in enumerate(members):
        share = min(len(rows), left // (len(members) - number))
        chosen.append(rows if share == len(rows) else rng.choice(rows, share, replace=False))
        left -= share
    return np.sort(np.concatenate(chosen)).astype(np.int64) if chosen else np.empty(0, np.int64)
