"""Constructs: patterns at fixed positions, as text (`UGCAUG@4+UGCAUG@11`) and as an object, and their embedding.

Positions are 1-based and inclusive, as users see them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ConstructError
from rbind_core.sequences import ALPHABET, IUPAC, LENGTH, Codes

MAX_PATTERNS = 20
_EXAMPLE = "give patterns as in UGCAUG@4+UGCAUG@11"


@dataclass(frozen=True)
class Pattern:
    """A run of IUPAC letters at a fixed position; N leaves the background, other codes are drawn for each sequence."""

    letters: str
    start: int

    @property
    def end(self) -> int:
        """Last position that the pattern covers."""
        return self.start + len(self.letters) - 1

    @property
    def covered(self) -> frozenset[int]:
        """Positions that the pattern sets, N left out."""
        return frozenset(self.start + i for i, letter in enumerate(self.letters) if letter != "N")

    def __str__(self) -> str:
        return f"{self.letters}@{self.start}"


@dataclass(frozen=True)
class Stem:
    """Two stretches of equal length that pair: the 3' one becomes the reverse complement of the 5' one."""

    first: int
    last: int
    partner_first: int
    partner_last: int

    def __str__(self) -> str:
        return f"stem:{self.first}-{self.last}/{self.partner_first}-{self.partner_last}"

    def pair(self, codes: Codes) -> Codes:
        """Make the two stretches pair; every other position stays as it is.

        Parameters
        ----------
        codes : (n, 41) uint8 without padding in the 5' stretch, left unchanged.

        Returns
        -------
        Codes
            (n, 41) uint8, a new array.
        """
        paired = codes.copy()
        paired[:, self.partner_first - 1 : self.partner_last] = 3 - codes[:, self.first - 1 : self.last][:, ::-1]
        return paired


@dataclass(frozen=True)
class Construct:
    """What is embedded into a background: patterns in order, a later one winning where two overlap."""

    patterns: tuple[Pattern, ...]

    @property
    def last_position(self) -> int:
        """Last position that is set; 0 where nothing is."""
        return max((max(p.covered, default=0) for p in self.patterns), default=0)

    def __str__(self) -> str:
        return "+".join(map(str, self.patterns))

    def overlap_notes(self) -> list[str]:
        """Say which pattern wins where two overlap.

        Returns
        -------
        list of str
            One sentence for each overlapping pair.
        """
        notes = []
        for i, earlier in enumerate(self.patterns):
            for later in self.patterns[i + 1 :]:
                shared = sorted(earlier.covered & later.covered)
                if shared:
                    where = f"position {shared[0]}" if len(shared) == 1 else f"positions {shared[0]}-{shared[-1]}"
                    notes.append(f"{earlier} and {later} overlap at {where}; the later one, {later}, wins")
        return notes

    def letters(self) -> str:
        """Letters of the construct over the window, '.' where the background shows through.

        Returns
        -------
        str
            41 characters.
        """
        strip = ["."] * LENGTH
        for pattern in self.patterns:
            for position in pattern.covered:
                strip[position - 1] = pattern.letters[position - pattern.start]
        return "".join(strip)

    def embed(self, codes: Codes, draws: NDArray[np.floating]) -> Codes:
        """Put the construct into sequences; every other position, padding included, stays as it is.

        Parameters
        ----------
        codes : (n, 41) uint8, left unchanged.
        draws : (n, 41) between 0 and 1, which decide the IUPAC letters, so that all constructs share them.

        Returns
        -------
        Codes
            (n, 41) uint8, a new array.
        """
        embedded = codes.copy()
        for position, letter in enumerate(self.letters()):
            if letter in ALPHABET:
                embedded[:, position] = ALPHABET.index(letter)
            elif letter != ".":
                choices = np.array([ALPHABET.index(c) for c in IUPAC[letter]], np.uint8)
                embedded[:, position] = choices[(draws[:, position] * len(choices)).astype(np.intp)]
        return embedded


def parse_pattern(letters: str, start: int | str) -> Pattern:
    """Check one pattern and its position.

    Parameters
    ----------
    letters : IUPAC letters; lower case, T for U and white space are accepted.
    start : 1-based position of the first letter.

    Returns
    -------
    Pattern
        In upper-case RNA letters.

    Raises
    ------
    ConstructError
        If a letter is unknown, or the pattern does not fit into 41 nt; the message names the last position that fits.
    """
    cleaned = re.sub(r"\s+", "", letters).upper().replace("T", "U")
    if not cleaned:
        raise ConstructError("the pattern is empty; use A, C, G, U or IUPAC letters")
    wrong = next((c for c in cleaned if c not in IUPAC), None)
    if wrong:
        raise ConstructError(f"{cleaned[:LENGTH]}: {wrong} is not a nucleotide; use A, C, G, U or IUPAC letters")
    if len(cleaned) > LENGTH:
        raise ConstructError(f"{cleaned[:12]}...: {len(cleaned)} nt long; a pattern has at most {LENGTH} nt")
    last_start = LENGTH - len(cleaned) + 1
    if not re.fullmatch(r"[+-]?\d{1,9}", str(start).strip()):
        raise ConstructError(f"{cleaned}@{start}: {str(start)!r} is not a position; use 1 to {last_start}")
    pattern = Pattern(cleaned, int(start))
    if pattern.start < 1:
        raise ConstructError(f"{pattern}: position {pattern.start} does not exist; positions count from 1 to {last_start}")
    if pattern.end > LENGTH:
        raise ConstructError(
            f"{pattern} runs off the end of the {LENGTH} nt; the last position that fits {cleaned} is {last_start}"
        )
    return pattern


def parse_construct(text: str) -> Construct:
    """Read a construct from its text form.

    Parameters
    ----------
    text : patterns with 1-based positions, joined with '+', such as UGCAUG@4+UGCAUG@11.

    Returns
    -------
    Construct
        Equal to what its own text form reads as.

    Raises
    ------
    ConstructError
        If a pattern is empty, has an unknown letter or does not fit.
    """
    parts = text.split("+")
    if len(parts) > MAX_PATTERNS:
        raise ConstructError(f"{len(parts)} patterns in one construct; at most {MAX_PATTERNS} are allowed")
    patterns = []
    for part in parts:
        letters, at, start = part.strip().rpartition("@")
        if not part.strip():
            raise ConstructError(f"the pattern is empty; {_EXAMPLE}")
        if not at:
            raise ConstructError(f"{part.strip()[:LENGTH]}: the position is missing; {_EXAMPLE}")
        patterns.append(parse_pattern(letters, start))
    return Construct(tuple(patterns))
