"""Elements of a construct: patterns, stems, a fixed context, occluded windows.

Positions are 1-based and inclusive, as users see them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.constructs.draws import Draws
from rbind_core.rna.sequences import ALPHABET, IUPAC, LENGTH, Codes

_WOBBLE_PARTNER = np.array([3, 2, 3, 2], np.uint8)  # of A, C, G, U where a G-U pair is drawn
_WATSON_CRICK_PARTNER = np.array([3, 2, 1, 0], np.uint8)


OPEN, SWAP, SWAP_FIVE, SWAP_THREE, FIXED = "open", "swap", "swap5", "swap3", "fixed"
STEM_FORMS = {
    OPEN: "the 3' strand pairs with the 5' strand of another background RNA: the same letters on average, but no pairs",
    SWAP: "the two letters of each pair are swapped: other letters, the same pairing",
    SWAP_FIVE: "the same with the 5' strand alone: no letter pairs with the one opposite",
    SWAP_THREE: "the same with the 3' strand alone: no letter pairs with the one opposite",
    FIXED: "pairs, but a pattern in a strand does not rewrite its partners",
}
"""Forms of a stem that serve as controls, by their name in the text form."""


def covered_by(letters: str, start: int) -> frozenset[int]:
    """The 1-based positions that IUPAC letters set; N leaves what is there.

    Parameters
    ----------
    start : 1-based position of the first.
    """
    return frozenset(start + i for i, letter in enumerate(letters) if letter != "N")


def write_letters(codes: Codes, letters: str, starts: NDArray[np.integer], draws: Draws) -> tuple[Codes, NDArray[np.bool_]]:
    """Write IUPAC letters into sequences; N leaves what is there, other codes draw one of their nucleotides, all equally likely.

    Parameters
    ----------
    codes : (n, 41) uint8, left unchanged.
    starts : (n,) 1-based position of the first letter in each sequence.
    draws : decide the IUPAC letters.

    Returns
    -------
    (Codes, NDArray)
        (n, 41) uint8, a new array, and (n, 41) bool, the positions that were set.
    """
    written, is_set, rows = codes.copy(), np.zeros(codes.shape, np.bool_), np.arange(len(codes))
    for i, letter in enumerate(letters):
        if letter != "N":
            columns = starts - 1 + i
            choices = np.array([ALPHABET.index(c) for c in IUPAC[letter]], np.uint8)
            written[rows, columns] = choices[(draws.letters[rows, columns] * len(choices)).astype(np.intp)]
            is_set[rows, columns] = True
    return written, is_set


@dataclass(frozen=True)
class Pattern:
    """A run of IUPAC letters at a fixed position, or at a random one (`start` is None) that is marginalised out."""

    letters: str
    start: int | None

    @property
    def covered(self) -> frozenset[int]:
        """Positions that the pattern sets, N left out; none where the position is random."""
        return frozenset() if self.start is None else covered_by(self.letters, self.start)

    @property
    def last_position(self) -> int:
        """Last position that may be set."""
        return LENGTH if self.start is None else max(self.covered, default=0)

    def __str__(self) -> str:
        return f"{self.letters}@{'*' if self.start is None else self.start}"


@dataclass(frozen=True)
class Context:
    """A pasted sequence under the patterns; part of the null too."""

    letters: str
    start: int = 1

    @property
    def covered(self) -> frozenset[int]:
        """Positions that the context sets, N left out."""
        return covered_by(self.letters, self.start)

    @property
    def last_position(self) -> int:
        """Last position that is set."""
        return max(self.covered, default=0)

    def __str__(self) -> str:
        return f"context:{self.letters}@{self.start}"


@dataclass(frozen=True)
class Occlusion:
    """A window that is replaced by random nucleotides, which are marginalised out."""

    first: int
    last: int

    @property
    def covered(self) -> frozenset[int]:
        """Positions of the window."""
        return frozenset(range(self.first, self.last + 1))

    @property
    def last_position(self) -> int:
        """Last position of the window."""
        return self.last

    def __str__(self) -> str:
        return f"occlude:{self.first}-{self.last}"


@dataclass(frozen=True)
class Stem:
    """Two strands of equal length that pair: `first`-`last` with `partner_first`-`partner_last`; part of the null too.

    The 3' strand becomes the reverse complement of the 5' strand. With `wobble`, G pairs with C or U, and U with A or G,
    drawn for each sequence with equal probability. `form` is '' or one of `STEM_FORMS`, the controls of a stem.
    """

    first: int
    last: int
    partner_first: int
    partner_last: int
    wobble: bool = False
    form: str = ""

    @property
    def strand(self) -> frozenset[int]:
        """Positions of the 5' strand."""
        return frozenset(range(self.first, self.last + 1))

    @property
    def covered(self) -> frozenset[int]:
        """Positions of both strands."""
        return self.strand | frozenset(range(self.partner_first, self.partner_last + 1))

    @property
    def last_position(self) -> int:
        """Last position of the 3' strand."""
        return self.partner_last

    @property
    def loop(self) -> int:
        """Nucleotides between the strands."""
        return self.partner_first - self.last - 1

    def __str__(self) -> str:
        options = (":gu" if self.wobble else "") + (f":{self.form}" if self.form else "")
        return f"stem:{self.first}-{self.last}/{self.partner_first}-{self.partner_last}{options}"

    @property
    def follows(self) -> bool:
        """Whether a pattern in one strand rewrites its partners in the other."""
        return self.form != FIXED

    def build(self, codes: Codes, draws: Draws) -> Codes:
        """Write both strands, as the form says; every other position stays as it is.

        Parameters
        ----------
        codes : (n, 41) uint8 without padding in the strands, left unchanged.
        draws : decide between the partners of G and U where G-U pairs are allowed.

        Returns
        -------
        Codes
            (n, 41) uint8, a new array.
        """
        here = np.arange(self.first - 1, self.last)
        there = self.first + self.partner_last - 2 - here
        if self.form == OPEN:
            others = codes if len(codes) == 1 else np.roll(codes, -1, axis=0)
            same = (others[:, here] == codes[:, here]).all(axis=1)  # there is no other RNA, as on a fixed sequence
            others = np.where(same[:, None], draws.replacements, others)
            built = codes.copy()
            built[:, there] = self.pair(others, draws)[:, there]
            return built
        built = self.pair(codes, draws)
        five, three = built[:, here], built[:, there]
        if self.form in (SWAP, SWAP_FIVE):
            built[:, here] = three
        if self.form in (SWAP, SWAP_THREE):
            built[:, there] = five
        return built

    def partner(self, position: int) -> int:
        """The 1-based position that pairs with a 1-based position of either strand."""
        return self.first + self.partner_last - position

    def pair(self, codes: Codes, draws: Draws | None = None, kept: NDArray[np.bool_] | None = None) -> Codes:
        """Make the strands pair; every other position stays as it is.

        Parameters
        ----------
        codes : (n, 41) uint8 without padding in the strands, left unchanged.
        draws : decide between the partners of G and U where G-U pairs are allowed.
        kept : (n or 1, 41) bool, letters that stay and whose partners are rewritten; the whole 5' strand where it is
            left out. Where both partners are kept, the 5' strand wins.

        Returns
        -------
        Codes
            (n, 41) uint8, a new array.
        """
        paired = codes.copy()
        for position in range(self.first, self.last + 1):
            here, there = position - 1, self.partner(position) - 1
            leads = np.True_ if kept is None else kept[:, here]
            follows = np.False_ if kept is None else kept[:, there] & ~leads
            paired[:, there] = np.where(leads, self._partners(codes[:, here], draws, there), codes[:, there])
            paired[:, here] = np.where(follows, self._partners(codes[:, there], draws, here), codes[:, here])
        return paired

    def _partners(self, letters: Codes, draws: Draws | None, column: int) -> Codes:
        """Letters that pair with the given ones, for one column."""
        if not self.wobble or draws is None:
            return _WATSON_CRICK_PARTNER[letters]
        wobbles = draws.letters[:, column] >= 0.5
        return np.where(wobbles, _WOBBLE_PARTNER[letters], _WATSON_CRICK_PARTNER[letters])


Element = Pattern | Stem | Context | Occlusion
