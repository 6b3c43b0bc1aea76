"""Reading and writing of RNA or DNA motifs in the minimal MEME format."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import DataError

LARGEST_FILE = 20_000_000  # bytes
MOST_MOTIFS = 20_000
WIDEST = 100  # positions of a motif
NAME_LETTERS = 100  # letters of a name; longer ones are cut
ROUNDING = 0.02  # by which a row of frequencies may differ from 1: two decimals each

_LETTERS = ("ACGU", "ACGT")
_END_OF_MATRIX = re.compile("URL|log-odds|--|[*#]")


@dataclass(frozen=True, eq=False)
class PublishedMotif:
    """A motif from a file or a paper.

    `frequencies` is (w, 4) float64 in the order A, C, G, U, each row sums to 1; `name` is unique in its file,
    `alternative` may be empty; `source` says in words where the motif is from. Names are plain text that anybody may have
    written: escape them before showing them as HTML.
    """

    name: str
    alternative: str
    frequencies: NDArray[np.float64]
    source: str = ""

    @property
    def label(self) -> str:
        """Both names, the more telling one first: RBFOX1 (RNCMPT00168)."""
        return f"{self.alternative} ({self.name})" if self.alternative else self.name


def read_meme(text: str, source: str = "") -> list[PublishedMotif]:
    """Read motifs in MEME format, as written by MEME, STREME or DREME; everything but the matrices is ignored.

    Parameters
    ----------
    text : content of a file; the alphabet is ACGU, or ACGT with T read as U.
    source : in words, for all motifs.

    Returns
    -------
    list of PublishedMotif
        In the order of the file, 1 to 20,000.

    Raises
    ------
    DataError
        If the text is no MEME file of RNA or DNA, or a motif cannot be used; the message names the line and the value.
    """
    if len(text) > LARGEST_FILE:
        raise DataError(f"the motif file is larger than {LARGEST_FILE / 1e6:.0f} MB; at most that much can be read")
    preamble, draft = _Preamble(), None
    motifs: list[PublishedMotif] = []
    first_lines: dict[str, int] = {}
    for number, line in _numbered(text):
        if line.split(None, 1)[:1] == ["MOTIF"]:
            preamble.check()
            if draft:
                motifs.append(draft.motif(source))
            draft = _Draft(number, line)
            first = first_lines.setdefault(draft.name, number)
            if first != number:
                raise DataError(f"line {number}: the motif {_shown(draft.name)} is in line {first} too; each needs its own name")
            if len(first_lines) > MOST_MOTIFS:
                raise DataError(f"line {number}: more than {MOST_MOTIFS:,} motifs; at most that many can be read")
        elif draft:
            draft.take(number, line)
        else:
            preamble.take(number, line)
    preamble.check()
    if not draft:
        raise DataError("there is no motif in this file; each begins with a line 'MOTIF name'")
    return [*motifs, draft.motif(source)]


def read_meme_file(path: Path, source: str = "") -> list[PublishedMotif]:
    """Read a file of motifs; see `read_meme`.

    Parameters
    ----------
    path : of a text file in MEME format.
    source : in words, for all motifs; the name of the file when empty.

    Raises
    ------
    DataError
        If the file cannot be read; the message names the file and, where there is one, the line.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error})") from None
    try:
        if len(data) > LARGEST_FILE:
            raise DataError(f"larger than {LARGEST_FILE / 1e6:.0f} MB; at most that much can be read")
        return read_meme(data.decode("utf-8-sig", errors="replace"), source or _clean(path.name))
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None


def write_meme(motifs: Sequence[PublishedMotif]) -> str:
    """Write motifs in the minimal MEME format, for programs such as Tomtom.

    Parameters
    ----------
    motifs : their names are written as one word each.

    Returns
    -------
    str
        Content of a file that `read_meme` reads.
    """
    parts = ["MEME version 4\n\nALPHABET= ACGU\n"]
    for motif in motifs:
        names = " ".join(filter(None, ("_".join(name.split()) for name in (motif.name, motif.alternative))))
        rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in motif.frequencies)
        parts.append(f"MOTIF {names}\n\nletter-probability matrix: alength= 4 w= {len(motif.frequencies)}\n{rows}\n")
    return "\n".join(parts)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Number and stripped text of each line, one at a time, since a file may have millions."""
    empty = True
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if "\0" in line:
            raise DataError(f"line {number} is not text; give motifs in MEME format as a plain text file")
        stripped = line.strip("\ufeff \t\r\n")
        empty = empty and not stripped
        yield number, stripped
    if empty:
        raise DataError("the file is empty; give motifs in MEME format")


class _Preamble:
    """The part before the first motif: the version, which makes it a MEME file, and the alphabet."""

    def __init__(self) -> None:
        self._first: tuple[int, str] | None = None
        self._is_meme = False
        self._block: list[str] | None = None  # letters so far, inside a spelt-out alphabet
        self._block_line = 0

    def take(self, number: int, line: str) -> None:
        if not line:
            return
        self._first = self._first or (number, line)
        if self._block is not None:
            self._take_letter(line)
        elif line.startswith("MEME version"):
            self._is_meme = True
        elif line.startswith("ALPHABET") and "=" in line:
            _check_alphabet(number, line.partition("=")[2].strip())
        elif line.startswith("ALPHABET"):
            self._block, self._block_line = [], number

    def _take_letter(self, line: str) -> None:
        """A line such as 'A "Adenine" 8510A8', or 'A ~ T' for two; letters that stand for several have a '='."""
        assert self._block is not None
        if line.startswith("END"):
            _check_alphabet(self._block_line, "".join(sorted(set(self._block))))
            self._block = None
            return
        definition = re.sub('"[^"]*"', "", line)
        if "=" not in definition and not line.startswith("#") and len(self._block) < WIDEST:
            self._block += [side.split()[0] for side in definition.split("~") if side.split()]

    def check(self) -> None:
        if self._is_meme and self._block is None:
            return
        if self._block is not None:
            raise DataError(f"line {self._block_line}: the alphabet does not end; close it with 'END ALPHABET'")
        number, line = self._first or (1, "MOTIF")
        raise DataError(f"line {number}: {_shown(line)} does not begin a MEME file; it starts with 'MEME version 4'")


def _check_alphabet(number: int, letters: str) -> None:
    if letters.upper() not in _LETTERS:
        raise DataError(f"line {number}: the alphabet is {_shown(letters)}; allowed are ACGU (RNA) and ACGT (DNA)")


class _Draft:
    """A motif while its lines are being read."""

    def __init__(self, number: int, line: str) -> None:
        words = line.split(None, 4)[1:]
        self.name = _clean(words[0]) if words else ""
        if not self.name:
            raise DataError(f"line {number}: the motif has no name; write 'MOTIF name'")
        self._alternative = _clean(words[1]) if len(words) > 1 and words[2:3] != ["="] else ""  # MEME 4: 'MOTIF 1 width = 7'
        self._line = number
        self._rows: list[list[float]] = []
        self._row_lines: list[int] = []
        self._header = 0  # number of the line above the matrix
        self._width: int | None = None
        self._reading = False

    def take(self, number: int, line: str) -> None:
        if line.startswith("letter-probability matrix"):
            if self._header:
                raise DataError(f"line {number}: a second matrix of the motif {_shown(self.name)}; each has one")
            self._header, self._reading = number, True
            self._read_header(line)
        elif self._reading and ((not line and self._rows) or _END_OF_MATRIX.match(line)):
            self._reading = False
        elif self._reading and line:
            self._rows.append(_row(number, line))
            self._row_lines.append(number)
            if len(self._rows) > WIDEST:
                raise DataError(f"line {number}: the motif {_shown(self.name)} is too long; allowed are 1-{WIDEST} positions")

    def _read_header(self, line: str) -> None:
        length, width = (re.search(rf"\b{key}=\s*(\S+)", line) for key in ("alength", "w"))
        if length and length[1] != "4":
            raise DataError(f"line {self._header}: alength= {_shown(length[1])}; allowed is 4, for A, C, G, U")
        if width:
            if not re.fullmatch("[0-9]{1,9}", width[1]) or not 1 <= int(width[1]) <= WIDEST:
                raise DataError(f"line {self._header}: w= {_shown(width[1])}; a motif has 1-{WIDEST} positions")
            self._width = int(width[1])

    def motif(self, source: str) -> PublishedMotif:
        if not self._rows:
            raise DataError(f"line {self._line}: the motif {_shown(self.name)} has no letter-probability matrix")
        if self._width not in (None, len(self._rows)):
            raise DataError(
                f"line {self._header}: w= {self._width}, but the motif {_shown(self.name)} has {len(self._rows)} rows; "
                "both must agree"
            )
        frequencies = np.array(self._rows)
        sums = frequencies.sum(axis=1)
        wrong = np.flatnonzero(abs(sums - 1) > ROUNDING + 1e-9)
        if len(wrong):
            raise DataError(f"line {self._row_lines[wrong[0]]}: the frequencies sum to {sums[wrong[0]]:.4g}; they must sum to 1")
        return PublishedMotif(self.name[:NAME_LETTERS], self._alternative[:NAME_LETTERS], frequencies / sums[:, None], source)


def _row(number: int, line: str) -> list[float]:
    words = line.split(None, 4)
    values = []
    for word in words[:4]:
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1 + ROUNDING:
            raise DataError(f"line {number}: {_shown(word)} is not a frequency; allowed are numbers from 0 to 1")
        values.append(value)
    if len(words) != 4:
        raise DataError(f"line {number}: {len(words) if len(words) < 4 else 'more than 4'} numbers; a row has 4, for A, C, G, U")
    return values


def _clean(name: str) -> str:
    """A name without control characters, marks of writing direction, and unpaired surrogates, which no file can hold."""
    return name if name.isascii() and name.isprintable() else "".join(c for c in name if unicodedata.category(c)[0] != "C")


def _shown(text: str, letters: int = 24) -> str:
    """A value in a message: one short line in quotation marks."""
    return ascii(text if len(text) <= letters else text[:letters] + "...")
