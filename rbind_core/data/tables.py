"""Reading of a user's own table: `sequence` and `score` in either order, with or without a header, plain or gzip."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import DataError
from rbind_core.sequences import LENGTH, Codes, encode

LARGEST_FILE = 200_000_000  # bytes, unpacked
LONGEST_LINE = 10_000  # letters
LARGEST_SCORE = 1e30  # beyond it a standard deviation overflows
FEWEST_ROWS = 500
MOST_REJECTED = 0.1  # share of the lines that may be left out before the table is refused
_SHORTEST = 8  # nt
_SEPARATORS = ("\t", ";", ",", None)  # None: spaces; the comma comes after those beside which it may be a decimal comma
_NAMES_OF_A_SCORE = re.compile("score|intensity|signal|affinity|enrichment", re.IGNORECASE)


@dataclass(frozen=True)
class Rejected:
    """A line that was left out, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """What was understood: (n, 41) uint8 probes, (n,) float64 scores, the lines left out, and notes for the user.

    `columns` says which column the sequences and which the scores were read from.
    """

    codes: Codes
    scores: NDArray[np.float64]
    rejected: list[Rejected]
    notes: list[str]
    columns: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class _Layout:
    """How lines are split, which two columns are taken, and what is said about that."""

    separator: str | None
    sequence: int
    score: int
    header: bool
    notes: list[str]
    columns: tuple[str, str]


def read_table(path: Path, largest: int | None = None) -> Table:
    """Read a table of sequences and scores.

    Columns are separated by tabs, semicolons, commas or spaces; which one holds the sequences is found out from the
    lines. Of several columns of numbers the one whose header sounds like a score is taken, otherwise the first. DNA and RNA
    letters, upper and lower case are accepted. Lines that cannot be used (a sequence longer than 41 nt, a letter N, a score
    that is no finite number) are left out and reported.

    Parameters
    ----------
    path : a text file (UTF-16 with its byte order mark, otherwise UTF-8), or the same packed by gzip.
    largest : bytes that are read at most, unpacked; 200 MB when None.

    Returns
    -------
    Table
        At least 500 probes.

    Raises
    ------
    DataError
        If the file cannot be read, has no column of numbers or of sequences, has too few usable lines, too many unusable
        ones, or all scores are equal; the message names the file and, where there is one, the line.
    """
    lines = [(number, text) for number, text in _lines(path, largest or LARGEST_FILE) if text and not text.startswith("#")]
    if not lines:
        raise DataError(f"{path.name}: the file is empty; give lines with a sequence and a score")
    layout = _layout(path, lines)
    rejected: list[Rejected] = []
    sequences, scores = [], []
    for number, text in lines[1:] if layout.header else lines:
        fields = _fields(text, layout.separator)
        reason = _problem(fields, layout)
        if reason:
            rejected.append(Rejected(number, reason))
        else:
            sequences.append(_letters(fields[layout.sequence]))
            scores.append(float(fields[layout.score]))
    total = len(sequences) + len(rejected)
    if len(rejected) > MOST_REJECTED * total:
        first = rejected[0]
        raise DataError(
            f"{path.name}: {len(rejected):,} of {total:,} lines cannot be used; the first is line {first.line}: {first.reason}"
        )
    if len(sequences) < FEWEST_ROWS:
        raise DataError(f"{path.name}: {len(sequences)} usable lines; at least {FEWEST_ROWS} are needed to train and test a model")
    values = np.array(scores)
    if values.min() == values.max():
        raise DataError(f"{path.name}: all {len(values):,} scores are {values[0]:g}; there is nothing to learn")
    return Table(encode(sequences), values, rejected, layout.notes + _notes_on(rejected, total), layout.columns)


def _notes_on(rejected: list[Rejected], total: int) -> list[str]:
    reasons: dict[str, list[int]] = {}
    for item in rejected:
        reasons.setdefault(re.sub(r"^\S+: ", "", item.reason), []).append(item.line)
    return [
        f"{len(numbers):,} of {total:,} lines left out, first line {numbers[0]}: {reason}" for reason, numbers in reasons.items()
    ]


def _lines(path: Path, largest: int) -> Iterator[tuple[int, str]]:
    """Number and text of each line."""
    try:
        if path.stat().st_size > largest:
            raise DataError(f"{path.name}: {path.stat().st_size / 1e6:,.0f} MB; at most {largest / 1e6:.0f} MB can be read")
        with path.open("rb") as opening:
            packed = opening.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from None
    number, size = 0, 0
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            wide = file.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff")
            # A header may hold letters in an old encoding; in a sequence or a score, what replaces them is refused.
            text = io.TextIOWrapper(file, encoding="utf-16" if wide else "utf-8-sig", errors="replace")
            for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 1), ""), start=1):
                size += len(line)
                if "\0" in line:
                    raise DataError(f"{path.name}: line {number} is not text; give a plain table or one packed by gzip")
                if len(line) > LONGEST_LINE:
                    raise DataError(f"{path.name}: line {number} is longer than {LONGEST_LINE:,} letters; give one probe a line")
                if size > largest:
                    raise DataError(f"{path.name}: more than {largest / 1e6:.0f} MB unpacked; at most that much can be read")
                yield number, line.strip()
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path.name}: the gzip file ends early or is damaged after line {number}; pack or copy it again") from None


def _fields(line: str, separator: str | None) -> list[str]:
    if separator is None:
        return [field.strip("\"'") for field in line.split()]
    [fields] = csv.reader([line], delimiter=separator, skipinitialspace=True)
    return [field.strip().strip("'") for field in fields]


def _layout(path: Path, lines: list[tuple[int, str]]) -> _Layout:
    """Find the separator, the column of sequences and the column of scores, and whether the first line is a header."""
    sample = lines[1:51] or lines  # the first line may be a header
    has_sequences = False
    for separator in _SEPARATORS:
        split = [_fields(text, separator) for _, text in sample]
        sequences = _columns_of(split, _looks_like_sequence)
        numbers = [column for column in _columns_of(split, _looks_like_number) if column not in sequences]
        has_sequences = has_sequences or bool(sequences)
        if sequences and numbers:
            opening = _fields(lines[0][1], separator)
            header = not any(_looks_like_number(field) or _looks_like_sequence(field) for field in opening)
            names = opening if header else []
            score, notes = _choose_score(numbers, names)
            columns = _column_name(sequences[0], names), _column_name(score, names)
            if header:
                notes = ["the first line was read as a header", *notes]
            return _Layout(separator, sequences[0], score, header, notes, columns)
    number, text = sample[0]
    missing = "a column of numbers" if has_sequences else "a column of RNA or DNA sequences"
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:60])
    raise DataError(f"{path.name}: {missing} is missing (line {number}: {shown}); give a sequence and a score on each line")


def _columns_of(sample: list[list[str]], test: Callable[[str], bool]) -> list[int]:
    """Columns of which more than half the fields pass a test."""
    width = max(map(len, sample))
    return [c for c in range(width) if 2 * sum(c < len(fields) and test(fields[c]) for fields in sample) > len(sample)]


def _choose_score(numbers: list[int], header: list[str]) -> tuple[int, list[str]]:
    """Of several columns of numbers, the one whose name sounds like a score, otherwise the first."""
    named = [column for column in numbers if column < len(header) and _NAMES_OF_A_SCORE.search(header[column])]
    score = (named or numbers)[0]
    if len(numbers) == 1:
        return score, []
    return score, [f"{len(numbers)} columns hold numbers; {_column_name(score, header)} was taken as the score"]


def _column_name(column: int, header: list[str]) -> str:
    return f"column {column + 1}" + (f" ({header[column]})" if column < len(header) else "")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # which Python would read as a number


def _has_comma(text: str) -> bool:
    return "," in text and _is_number(text.replace(",", ""))


def _looks_like_number(text: str) -> bool:
    return _is_number(text) or _has_comma(text)


def _looks_like_sequence(text: str) -> bool:
    return len(text) >= _SHORTEST and set(text.upper()) <= set("ACGUTN-")


def _letters(text: str) -> str:
    return text.upper().replace("T", "U")


def _problem(fields: list[str], layout: _Layout) -> str | None:
    """Why a line cannot be used: the bad value, a colon, what is wrong with it."""
    if len(fields) <= max(layout.sequence, layout.score):
        return "a column is missing"
    sequence, score = _letters(fields[layout.sequence]), fields[layout.score]
    if _is_number(sequence) and _looks_like_sequence(score):
        return "sequence and score are the other way round than in the first lines"
    if _has_comma(score):
        return f"{score[:20]}: write numbers with a decimal point and without commas"
    if not _is_number(score):
        return f"{score[:20] or 'nothing'}: not a number"
    if not math.isfinite(float(score)):
        return f"{score}: not a finite number"
    if abs(float(score)) > LARGEST_SCORE:
        return f"{score[:20]}: beyond {LARGEST_SCORE:g}, the largest score that can be used"
    wrong = re.search("[^ACGU]", sequence)
    if wrong:
        return f"{wrong.group()}: not one of A, C, G, U"
    if len(sequence) > LENGTH:
        return f"sequence longer than {LENGTH} nt, which is all a model sees"
    if len(sequence) < _SHORTEST:
        return f"sequence shorter than {_SHORTEST} nt"
    return None
