"""A user's table as columns: how its lines are split, the columns' names, which hold sequences and which numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rbind_core.data.table_names import is_a_sequence
from rbind_core.data.table_text import SEPARATORS, Line, is_missing, looks_like_number, split_fields
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH

SHORTEST = 8  # nt
_SHORTEST_KMER = 3  # nt; reported when they are too short
_SAMPLE = 2000  # lines from all over the file by which columns are judged
_FIRST = 50  # lines
_MOST = 0.6  # share of a column's values that decides its kind


@dataclass(frozen=True)
class Columns:
    """A table as columns, numbered from 0, and which of them were chosen.

    `names` has '' for a column without a name. `sequences` and `numbers` are the columns that hold these; `sequence` and `score`
    the chosen ones, None where unclear: then `perhaps_sequence` or `perhaps_score` are the candidates. `first` holds
    the fields of the first lines, `body` the lines after the header.
    """

    separator: str | None
    header: bool
    names: tuple[str, ...]
    sequences: tuple[int, ...]
    numbers: tuple[int, ...]
    first: tuple[tuple[str, ...], ...]
    body: list[Line]
    sequence: int | None = None
    score: int | None = None
    perhaps_sequence: tuple[int, ...] = ()
    perhaps_score: tuple[int, ...] = ()
    sequence_notes: tuple[str, ...] = ()
    score_notes: tuple[str, ...] = ()

    def label(self, column: int) -> str | int:
        """A column's name, or its number from 1 where it has no name of its own.

        Parameters
        ----------
        column : from 0.

        Returns
        -------
        str or int
            For `--sequence-column` and `--score-column`.
        """
        name = self.names[column]
        return name if name and self.names.count(name) == 1 else column + 1

    def described(self, column: int) -> str:
        """A column in words.

        Parameters
        ----------
        column : from 0.

        Returns
        -------
        str
            Such as `column 2 (score)`.
        """
        return f"column {column + 1}" + (f" ({self.names[column][:60]})" if self.names[column] else "")


def looks_like_sequence(text: str) -> bool:
    """Tell whether a field may be a sequence of 8 nt or more, also with N and gaps, which are refused later."""
    return len(text) >= SHORTEST and set(text.upper()) <= set("ACGUTN-")


def _looks_like_kmer(text: str) -> bool:
    return _SHORTEST_KMER <= len(text) < SHORTEST and set(text.upper()) <= set("ACGUT")


def find_columns(path: Path, lines: list[Line]) -> Columns:
    """Find the separator and the columns of sequences and of numbers, without choosing any.

    Parameters
    ----------
    path : of the file, for messages.
    lines : without empty lines and comments.

    Returns
    -------
    Columns
        With at least one column of either kind.

    Raises
    ------
    DataError
        If there is no such column, or the file is FASTA or FASTQ.
    """
    _refuse_fasta(path, lines)
    for sampled in (sampled_lines, _first):  # where columns swap places, the first lines count
        for separator in SEPARATORS:
            found = _columns(path, lines, separator, sampled)
            if found.sequences and found.numbers:
                return found
    raise DataError(f"{path.name}: {_what_is_missing(path, lines)}")


def _refuse_fasta(path: Path, lines: list[Line]) -> None:
    first = lines[0][1].lstrip()
    kind = "FASTA" if first.startswith(">") else ""
    if first.startswith("@") and len(lines) > 2 and lines[2][1].startswith("+"):
        kind = "FASTQ"
    if kind:
        raise DataError(f"{path.name}: this is {kind}, which has no scores; give a table with a sequence and a score on each line")


def _what_is_missing(path: Path, lines: list[Line]) -> str:
    tables = [_columns(path, lines, separator, sampled_lines) for separator in SEPARATORS]
    number, text = lines[1] if len(lines) > 1 else lines[0]
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:60])
    missing = "a column of RNA or DNA sequences"
    if any(table.sequences for table in tables):
        missing = "a column of numbers"
    for separator, table in zip(SEPARATORS, tables, strict=True):
        if not table.sequences and table.numbers:
            sample = [split_fields(text, separator) for _, text in sampled_lines(table.body)]
            for column in _columns_of(sample, len(table.names), _looks_like_kmer):
                sizes = [len(fields[column]) for fields in sample if column < len(fields) and _looks_like_kmer(fields[column])]
                long = f"{min(sizes)}" if min(sizes) == max(sizes) else f"{min(sizes)} to {max(sizes)}"
                return f"the sequences are {long} nt; {SHORTEST} to {LENGTH} are needed"
    return f"{missing} is missing (line {number}: {shown}); give a sequence and a score on each line"


def sampled_lines(lines: list[Line]) -> list[Line]:
    """Take a few thousand lines from all over a table."""
    return lines[:: max(len(lines) // _SAMPLE, 1)]


def _first(lines: list[Line]) -> list[Line]:
    return lines[:_FIRST]


def _columns(path: Path, lines: list[Line], separator: str | None, sampled: Callable[[list[Line]], list[Line]]) -> Columns:
    """The table as split by a separator, with nothing chosen."""
    body = lines[1:] or lines  # the first line may be a header
    sample = [split_fields(text, separator) for _, text in sampled(body)]
    width = Counter(map(len, sample)).most_common(1)[0][0]
    sequences = _columns_of(sample, width, looks_like_sequence)
    numbers = [column for column in _columns_of(sample, width, looks_like_number) if column not in sequences]
    opening = split_fields(lines[0][1], separator)
    header = len(lines) > 1 and _is_header(opening, sequences)
    names = _aligned_names(path, separator, opening, sample, width, sequences) if header and sequences and numbers else ()
    body = lines[1:] if header else lines
    first = tuple(tuple(split_fields(text, separator)) for _, text in body[:8])
    padded = (*names, *[""] * width)[:width]
    return Columns(separator, header, padded, tuple(sequences), tuple(numbers), first, body)


def _columns_of(sample: list[list[str]], width: int, test: Callable[[str], bool]) -> list[int]:
    """Columns of which most values pass a test; missing values must be written as such."""
    found = []
    for column in range(width):
        fields = [fields[column] for fields in sample if column < len(fields)]
        values = [field for field in fields if not is_missing(field)]
        passing = sum(map(test, values))
        if passing > _MOST * len(values) or (not values and any(map(test, fields))):
            found.append(column)
    return found


def _is_header(opening: list[str], sequences: list[int]) -> bool:
    named = [field for field in opening if field]
    if not any(looks_like_number(field) or looks_like_sequence(field) for field in named):
        return bool(named)
    if named == [str(number) for number in range(len(named))]:
        return True  # as pandas writes one for columns without names
    above = [opening[column] for column in sequences if column < len(opening)]
    letters = [re.fullmatch("[A-Za-z][A-Za-z _.-]*", field) and not set(field.upper()) <= set("ACGUTN-") for field in above]
    return bool(above) and all(letters) and not any(map(is_missing, above))


def _aligned_names(
    path: Path, separator: str | None, opening: list[str], sample: list[list[str]], width: int, sequences: list[int]
) -> tuple[str, ...]:
    """Names of the columns; a header one short lacks the name of the first column, as R writes it with row names."""
    names = tuple(opening)
    if len(names) != width - 1 or all(not fields[-1] for fields in sample if len(fields) == width):
        return names
    moved = ("", *names)
    here, there = (sum(is_a_sequence(name) for c, name in enumerate(each) if c in sequences) for each in (names, moved))
    if here <= there:
        return moved
    if separator == ",":
        raise DataError(
            f"{path.name}: the header names {len(names)} columns, the lines have {width}; if the numbers have decimal commas, "
            "separate the columns by semicolons"
        )
    return names
