"""Contents of one line of pasted or uploaded text: letters alone, blocks of letters, or columns of which one is an RNA.

All readers of sequences use this, so that white space never turns two columns into one RNA.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rbind_core.errors import SequenceError

USABLE = 11  # nt; a field of this length could be scored by itself, so it is never a block of a longer RNA
BLOCKS = (3, 4, 5, 10)  # nt, usual widths of printed blocks: codons, restriction sites, GenBank
_SEPARATORS = "\t;,|"
_ALIKE = 3  # most mismatches at which two blocks are rather a wild type and its mutant
_LONGEST_COLUMN_OF_LETTERS = 5  # nt; a longer second column of nucleotides may be a second RNA
_WRAPPED = 42  # nt, shortest line of a wrapped sequence where one RNA is expected

NUMBERS_OUT = "Numbers beside the letters were taken out."
COLUMNS_READ = "Of the columns of a line, the RNA and its name were read."

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]+")
_ENDS = re.compile(r"^\s*5['′’`]?\s*[-–]|[-–]\s*3['′’`]?\s*$|^\s*5['′’`]|3['′’`]\s*$")  # 5'-ACGU-3'
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_LETTERS = re.compile(r"[ACGUTNRYSWKMBDHV\-.*~]+", re.IGNORECASE | re.ASCII)
_SEQUENCE_NAMES = re.compile(r"(\w*[ _.])?(sequences?|seqs?|[rd]na|oligos?|mut|mutant|wt|wild.?type|sequence_\w+)", re.IGNORECASE)
_PLAIN = re.compile(r"[ACGUTN]", re.IGNORECASE | re.ASCII)


class Notes:
    """Sentences on what was changed in the text, without repeats."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def say(self, sentence: str) -> None:
        """Add a sentence unless it is there."""
        self._said[sentence] = None

    def __iter__(self) -> Iterator[str]:
        yield from self._said


@dataclass(frozen=True)
class Line:
    """One line: its letters without white space, and what is beside them.

    `numbers` are the integers before and after the letters ('' for none), `width` counts the columns.
    """

    letters: str
    name: str = ""
    numbers: tuple[str, str] = ("", "")
    width: int = 1


def read_line(text: str, notes: Notes) -> Line:
    """Separate the letters of a line from its other columns.

    Parameters
    ----------
    text : one line without a header.
    notes : receives a sentence where something was removed or ignored.

    Returns
    -------
    Line
        If there is only one field, its letters need not all be nucleotides.

    Raises
    ------
    SequenceError
        If several fields may be RNAs, or none is.
    """
    if text.isalpha() and text.isascii():  # nearly all
        return Line(text)
    text = _without_marks(text, notes)
    separator = _separator(text)
    if separator is None:
        fields = text.strip(_SEPARATORS[1:] + " \t").split() or [text.strip()]
        return _of_words([field.strip("\"'") or field for field in fields], notes)
    fields = [cell.strip().strip("'") for cell in _cells(text.strip(" "), separator)]
    return _of_cells(fields, notes)


def read_body(text: str, notes: Notes) -> str:
    """Read a line that holds letters only: below a FASTA header, or an RNA by itself.

    Parameters
    ----------
    text : one line.
    notes : receives a sentence where something was removed.

    Returns
    -------
    str
        Without white space; the letters need not be nucleotides.

    Raises
    ------
    SequenceError
        If it has columns.
    """
    text = _without_marks(text, notes).strip()
    words = text.split()
    if len(words) == 1 and _NUMBER.fullmatch(text):
        notes.say(NUMBERS_OUT)
        return ""
    if len(words) < 2:
        return text
    if "\t" in text and not any(_NUMBER.fullmatch(word) for word in words):
        raise SequenceError(f"{shown(text)!r} holds columns separated by a tab; give one RNA without anything beside it")
    line = _of_words(words, notes)
    if any(line.numbers):
        notes.say(NUMBERS_OUT)
    if line.name:
        raise SequenceError(f"{shown(text)!r} holds more than one word; give one RNA without anything beside it")
    return line.letters


def read_one(text: str, notes: Notes) -> str:
    """Read the letters of one RNA from a field or an option.

    Parameters
    ----------
    text : letters, on one line or wrapped.
    notes : receives a sentence where something was removed.

    Returns
    -------
    str
        Without white space; the letters need not be nucleotides.

    Raises
    ------
    SequenceError
        If it has columns, or lines that are RNAs by themselves.
    """
    if text.isascii() and text.isalpha():  # nearly all
        return text
    lines = [letters for line in text.splitlines() if line.strip() and (letters := read_body(line, notes))]
    widths = [len(letters) for letters in lines]
    is_wrapped = len(set(widths[:-1])) == 1 and widths[0] >= max(_WRAPPED, widths[-1])
    if sum(width >= USABLE for width in widths) > 1 and not is_wrapped:
        raise SequenceError(f"{len(lines)} lines of letters where one RNA is asked for; give one")
    return "".join(lines)


def are_positions(lines: Sequence[Line]) -> bool:
    """Tell whether the numbers beside several lines count the letters, as in GenBank and EMBL; each line must have one."""
    for side, counted in ((0, lines[:-1]), (1, lines[1:])):
        numbers = [line.numbers[side] for line in lines]
        if all(numbers):
            steps = [int(b) - int(a) for a, b in pairwise(numbers)]
            if steps == [len(line.letters) for line in counted]:
                return True
    return False


def is_header(text: str, following: str) -> bool:
    """Tell whether the first line of a table of sequences names its columns.

    Parameters
    ----------
    text, following : the first two lines.

    Returns
    -------
    bool
        True if a column has a name such as 'sequence', or no field is an RNA and the next line has as many columns with one.
    """
    fields = _any_fields(text)
    if any(len(field) >= USABLE and is_nucleotides(field) for field in fields):
        return False
    if any(map(_SEQUENCE_NAMES.fullmatch, fields)) and (len(fields) == 1 or _width(following) == len(fields)):
        return True
    return len(fields) > 1 and _width(following) == len(fields) and not _is_read(text) and _is_read(following)


def shown(text: str, letters: int = 24) -> str:
    """The beginning of a text for a message: one printable line of a number of letters, with dots where it is cut."""
    text = " ".join(text.split())
    start = "".join(sign if sign.isprintable() else "?" for sign in text[:letters])
    return start if len(text) <= letters else f"{start}..."


def is_nucleotides(field: str) -> bool:
    """Tell whether a field without white space consists of nucleotides, a few ambiguous ones included; an empty one does not."""
    return bool(_LETTERS.fullmatch(field)) and 5 * len(_PLAIN.findall(field)) >= 4 * len(field.strip("-.*~")) > 0


def are_blocks(words: Sequence[str]) -> bool:
    """Tell whether words of nucleotides are one RNA in blocks of one width, not two short RNAs side by side.

    Parameters
    ----------
    words : at least one.

    Returns
    -------
    bool
        True for blocks of 3, 4, 5 or 10 nt, of which the last may be shorter.
    """
    width = len(words[0])
    if width not in BLOCKS or any(len(word) != width for word in words[:-1]) or len(words[-1]) > width:
        return False
    is_pair = len(words) == 2 and len(words[1]) == width == 10
    return not (is_pair and sum(a != b for a, b in zip(words[0].upper(), words[1].upper(), strict=True)) <= _ALIKE)


def _without_marks(text: str, notes: Notes) -> str:
    """A line without invisible characters and the marks of its ends."""
    if text.isascii() and "'" not in text and "`" not in text and not re.search(r"^\s*5|3\s*$", text):
        return text
    if found := _INVISIBLE.search(text):
        words = [_INVISIBLE.split(word) for word in re.split(f"[\\s{_SEPARATORS}]+", text)]
        if any(sum(len(piece) >= USABLE and is_nucleotides(piece) for piece in word) > 1 for word in words):
            raise SequenceError(f"an invisible character (U+{ord(found.group()[0]):04X}) stands between two RNAs; {_ONE_A_LINE}")
        text = _INVISIBLE.sub("", text)
        notes.say("Invisible characters were taken out.")
    text, marks = (text, 0) if any(sign in text for sign in _SEPARATORS) else _ENDS.subn("", text)
    if marks:
        notes.say("The marks 5' and 3' were taken out.")
    return text


_ONE_A_LINE = "give each RNA on a line of its own, or as FASTA"


def _separator(text: str) -> str | None:
    """The separator between the columns of a line, outside quotes; None for spaces."""
    bare = re.sub('"[^"]*"', "", text) if '"' in text else text.strip(_SEPARATORS + " ")
    return next((sign for sign in _SEPARATORS if sign in bare), None)


def _cells(text: str, separator: str) -> list[str]:
    if '"' in text:
        try:
            return next(csv.reader([text], delimiter=separator, skipinitialspace=True))
        except (csv.Error, StopIteration):
            pass
    return text.split(separator)


def _any_fields(text: str) -> list[str]:
    separator = _separator(text)
    return [field.strip("\"' ") for field in text.strip().split(separator)]


def _is_read(text: str) -> bool:
    try:
        read_line(text, Notes())
    except SequenceError:
        return False
    return True


def _width(text: str) -> int:
    return len(_any_fields(text))


def _is_broken(field: str) -> bool:
    """Whether a field may be an RNA with a wrong letter in it, and so not a name."""
    return len(field) >= 8 and field.isalpha() and 4 * len(_PLAIN.findall(field)) >= 3 * len(field)


def _of_words(words: list[str], notes: Notes) -> Line:
    """A line with fields separated by spaces."""
    core = words[:]
    before = core.pop(0) if len(core) > 1 and _NUMBER.fullmatch(core[0]) else ""
    after = core.pop() if len(core) > 1 and _NUMBER.fullmatch(core[-1]) else ""
    if len(core) == 1:
        return Line(core[0], "", (before, after))
    is_rna = [is_nucleotides(word) for word in core]
    if not any(is_rna):
        raise SequenceError(f"{shown(' '.join(words))!r}: none of these words is an RNA; give RNA or DNA letters, or FASTA")
    first, last = is_rna.index(True), len(is_rna) - is_rna[::-1].index(True)
    rna, others = core[first:last], core[:first] + core[last:]
    doubtful = not all(is_rna[first:last]) or any(map(_is_broken, others)) or not (len(rna) == 1 or are_blocks(rna))
    if doubtful:
        raise SequenceError(
            f"the spaces in {shown(' '.join(words), 40)!r} may separate a name from an RNA, or two RNAs; "
            "give FASTA, or one RNA a line without spaces"
        )
    if len(rna) > 1:
        notes.say("Spaces between blocks of letters were taken out.")
    if others:
        notes.say(COLUMNS_READ)
    return Line("".join(rna), " ".join(core[:first] or others), (before, after) if not others else ("", ""), len(words))


def _of_cells(cells: list[str], notes: Notes) -> Line:
    """A line with fields separated by tabs, commas, semicolons or bars."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    letters = [_letters_of(cell) for cell in cells]
    usable = [at for at, found in enumerate(letters) if len(found) >= USABLE]
    short = [at for at, found in enumerate(letters) if 0 < len(found) < USABLE]
    if len(usable) > 1 or (not usable and len(short) > 1):
        several = (usable or short)[:2]
        two = " and ".join(shown(cells[at], 14) for at in several)
        raise SequenceError(f"columns {several[0] + 1} and {several[1] + 1} both hold RNA letters ({two}); {_ONE_A_LINE}")
    if not usable and not short:
        if len(cells) == 1:
            return Line(cells[0])
        raise SequenceError(
            f"{shown(' '.join(cells))!r}: none of the {len(cells)} columns is an RNA; give a name and an RNA, or FASTA"
        )
    [at] = usable or short
    for other in range(len(cells)):
        is_long = other in short and other > 0 and len(letters[other]) > _LONGEST_COLUMN_OF_LETTERS
        if other != at and (is_long or _is_broken(cells[other])):
            two = f"{shown(cells[at], 14)} and {shown(cells[other], 14)}"
            raise SequenceError(f"columns {at + 1} and {other + 1} may both be RNAs ({two}); {_ONE_A_LINE}")
    if " " in cells[at]:
        notes.say("Spaces between blocks of letters were taken out.")
    others = cells[:at] + cells[at + 1 :]
    if others and all(_NUMBER.fullmatch(other) for other in others) and len(others) <= 2:
        return Line(letters[at], "", (cells[0] if at else "", cells[-1] if at < len(cells) - 1 else ""), len(cells))
    if others:
        notes.say(COLUMNS_READ)
    names = cells[:1] if at else [other for other in others if not _is_a_number(other)]
    return Line(letters[at], names[0] if names else "", ("", ""), len(cells))


def _letters_of(cell: str) -> str:
    """The nucleotides of a cell, or '' if it holds something else."""
    words = cell.split()
    if not words or not all(map(is_nucleotides, words)) or not (len(words) == 1 or are_blocks(words)):
        return ""
    return "".join(words)


def _is_a_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return not text
    return True
