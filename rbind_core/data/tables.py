"""Reading a user's table: sequences and scores in any columns, with or without a header, plain or gzip."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.table_column_choice import choose, with_score, with_sequence
from rbind_core.data.table_layout import SHORTEST, Columns, find_columns, looks_like_sequence
from rbind_core.data.table_text import has_comma, is_missing, read_lines, split_fields, to_number, uses_decimal_commas
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH, Codes, encode

LARGEST_FILE = 200_000_000  # bytes, unpacked
LARGEST_SCORE = 1e30  # beyond this a standard deviation overflows
FEWEST_ROWS = 500  # lines, usable ones and those with a missing value
FEWEST_USABLE = 400
FEWEST_DIFFERENT = 20  # distinct RNAs, so that some can be held out
MOST_REJECTED = 0.1  # share of lines that may be unusable before the table is refused; a missing value is no fault
MOST_LISTED = 100  # lines that `left_out` lists for one reason


@dataclass(frozen=True)
class Rejected:
    """A line that was left out, and why; `missing` where there was no value, which is no fault."""

    line: int
    reason: str
    missing: bool = False


@dataclass(frozen=True)
class Table:
    """A table as read: (n, 41) uint8 probes, (n,) float64 scores, the lines left out, and notes for the user.

    `columns` says in words from which columns sequences and scores were read; `sequence_column` and `score_column`
    are their names, or their numbers from 1 where they have none.
    """

    codes: Codes
    scores: NDArray[np.float64]
    rejected: list[Rejected]
    notes: list[str]
    columns: tuple[str, str] = ("", "")
    sequence_column: str | int = ""
    score_column: str | int = ""

    @property
    def rows(self) -> int:
        """Number of lines with a probe, used or left out."""
        return len(self.codes) + len(self.rejected)


def look_at_columns(path: Path, largest: int | None = None) -> Columns:
    """Find the columns of a table, and which of them hold the sequences and the scores where that is clear.

    Parameters
    ----------
    path : a text file (UTF-16 with its byte order mark, otherwise UTF-8), or the same packed by gzip.
    largest : most bytes to read, unpacked; 200 MB when None.

    Returns
    -------
    Columns
        With a sequence and a score chosen only where they are clear.

    Raises
    ------
    DataError
        If the file cannot be read, or has no column of numbers or of sequences.
    """
    lines = [(n, text) for n, text in read_lines(path, largest or LARGEST_FILE) if text.strip() and text.lstrip()[0] != "#"]
    if not lines:
        raise DataError(f"{path.name}: the file is empty; give lines with a sequence and a score")
    return with_score(with_sequence(find_columns(path, lines)))


def read_table(
    path: Path,
    largest: int | None = None,
    sequence_column: str | int | None = None,
    score_column: str | int | None = None,
    to_train: bool = True,
) -> Table:
    """Read a table of sequences and scores.

    Columns are separated by tabs, semicolons, commas, bars or spaces. Those with the sequences and the scores are detected
    where it is clear: by a name such as `sequence` or `score`; otherwise, of the columns with 8 to 41 nt, the one with the most
    distinct sequences, and the only column of numbers that does not number the lines or accompany a score (a p-value, a
    standard deviation, a position). DNA and RNA letters, upper and lower case, decimal commas are accepted. Lines that cannot be
    used (a sequence longer than 41 nt, a letter N, a missing score) are left out and reported.

    Parameters
    ----------
    path : a text file (UTF-16 with its byte order mark, otherwise UTF-8), or the same packed by gzip.
    largest : most bytes to read, unpacked; 200 MB when None.
    sequence_column, score_column : name of a column, or its number from 1; detected when None.
    to_train : require enough lines to train and test a model: 500, and 20 distinct RNAs.

    Raises
    ------
    UnclearColumnError
        If several columns could be meant; the message names them.
    DataError
        If the file cannot be read, has no column of numbers or of sequences, has too few usable lines, too many unusable
        ones, or all scores or all sequences are equal; the message names the file and, where there is one, the line.
    """
    columns = choose(path.name, look_at_columns(path, largest), sequence_column, score_column)
    at, value = columns.sequence or 0, columns.score or 0  # both are chosen
    split = [(number, split_fields(text, columns.separator)) for number, text in columns.body]
    comma = uses_decimal_commas(fields[value] for _, fields in split if value < len(fields))
    rejected: list[Rejected] = []
    sequences, scores = [], []
    for number, fields in split:
        reason, missing = _problem(fields, at, value, comma)
        if reason:
            rejected.append(Rejected(number, reason, missing))
        else:
            sequences.append(_letters(fields[at]))
            scores.append(to_number(fields[value], comma))
    _check_share(path, rejected, len(split))
    if not sequences:
        raise DataError(f"{path.name}: no line can be used; the first is line {rejected[0].line}: {rejected[0].reason}")
    notes = ["the first line was read as a header"] if columns.header else []
    notes += [*columns.sequence_notes, *columns.score_notes, *(["commas were read as decimal commas"] if comma else [])]
    notes += _notes_on(rejected, len(split))
    if repeats := len(sequences) - len(set(sequences)):
        notes.append(f"{repeats:,} of {len(sequences):,} rows repeat an RNA; all rows of an RNA go to one part")
    described = columns.described(at), columns.described(value)
    labels = columns.label(at), columns.label(value)
    table = Table(encode(sequences), np.array(scores, dtype=float), rejected, notes, described, *labels)
    if to_train and (too_few := too_few_rows(table)):
        raise DataError(f"{path.name}: {too_few}")
    _check_variety(path, sequences, table.scores, to_train)
    return table


def too_few_rows(table: Table) -> str:
    """Say that a table has too few lines; '' where it has enough."""
    usable, missing = len(table.codes), sum(item.missing for item in table.rejected)
    if usable >= FEWEST_USABLE and usable + missing >= FEWEST_ROWS:
        return ""
    needed = FEWEST_ROWS if usable + missing < FEWEST_ROWS else FEWEST_USABLE
    return f"{usable} usable lines; at least {needed} are needed to train and test a model"


def left_out(table: Table) -> list[dict[str, Any]]:
    """List the lines that were left out.

    Returns
    -------
    list of dict
        With `line`, `reason` and `count`, the number of lines left out for that reason; the first 100 lines for each reason.
    """
    listed = [(item, lines) for _, lines in _by_reason(table.rejected).items() for item in lines[:MOST_LISTED]]
    return [{"line": item.line, "reason": item.reason, "count": len(lines)} for item, lines in sorted(listed, key=_line)]


def _line(listed: tuple[Rejected, list[Rejected]]) -> int:
    return listed[0].line


def _by_reason(rejected: list[Rejected]) -> dict[str, list[Rejected]]:
    """Lines left out, by reason without the quoted value."""
    reasons: dict[str, list[Rejected]] = {}
    for item in rejected:
        reasons.setdefault(re.sub(r"^\S+: ", "", item.reason), []).append(item)
    return reasons


def _notes_on(rejected: list[Rejected], total: int) -> list[str]:
    return [
        f"{len(items):,} of {total:,} lines left out, first line {items[0].line}: {reason}"
        for reason, items in _by_reason(rejected).items()
    ]


def _check_share(path: Path, rejected: list[Rejected], total: int) -> None:
    unusable = [item for item in rejected if not item.missing]
    total -= len(rejected) - len(unusable)
    if len(unusable) > MOST_REJECTED * total:
        first = unusable[0]
        raise DataError(
            f"{path.name}: {len(unusable):,} of {total:,} lines cannot be used; the first is line {first.line}: {first.reason}"
        )


def _check_variety(path: Path, sequences: list[str], scores: NDArray[np.float64], to_train: bool) -> None:
    different = len(set(sequences))
    if len(scores) < 2 and not to_train:
        return
    if scores.min() == scores.max():
        raise DataError(f"{path.name}: all {len(scores):,} scores are {scores[0]:g}; there is nothing to learn")
    if different == 1:
        raise DataError(f"{path.name}: all {len(sequences):,} sequences are {sequences[0]}; there is nothing to learn")
    if to_train and different < FEWEST_DIFFERENT:
        raise DataError(f"{path.name}: {different} different sequences; at least {FEWEST_DIFFERENT} are needed to hold some out")


def _letters(text: str) -> str:
    return text.upper().replace("T", "U")


def _problem(fields: list[str], at: int, value: int, comma: bool) -> tuple[str, bool]:
    """Why a line cannot be used ('' if it can), as the bad value, a colon and the fault; and whether a value is missing."""
    if len(fields) <= max(at, value):
        return "a column is missing", False
    sequence, score = _letters(fields[at]), fields[value]
    if to_number(sequence) is not None and looks_like_sequence(score):
        return "sequence and score are the other way round than in the first lines", False
    for text, what in ((fields[at], "sequence"), (score, "score")):
        if is_missing(text):
            return f"the {what} is missing", True
    return _problem_of_score(score, comma) or _problem_of_sequence(sequence), False


def _problem_of_score(score: str, comma: bool) -> str:
    number = to_number(score, comma)
    if number is None and has_comma(score):
        return f"{score[:20]}: write numbers with a decimal point and without commas"
    if number is None:
        return f"{score[:20]}: not a number"
    if not math.isfinite(number):
        return f"{score}: not a finite number"
    return f"{score[:20]}: beyond {LARGEST_SCORE:g}, the largest score that can be used" if abs(number) > LARGEST_SCORE else ""


def _problem_of_sequence(sequence: str) -> str:
    wrong = re.search("[^ACGU]", sequence)
    if wrong:
        return f"{wrong.group()}: not one of A, C, G, U"
    if len(sequence) > LENGTH:
        return f"sequence longer than {LENGTH} nt, which is all a model sees"
    return f"sequence shorter than {SHORTEST} nt" if len(sequence) < SHORTEST else ""
