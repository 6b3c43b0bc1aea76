"""Reading of a user's own table: `sequence` and `score` in either order, with or without a header, plain or gzip."""

from __future__ import annotations

import gzip
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import DataError
from rbind_core.sequences import LENGTH, Codes, encode

LARGEST_FILE = 200_000_000  # bytes, unpacked
FEWEST_ROWS = 500
MOST_REJECTED = 0.1  # share of the lines that may be left out before the table is refused
_SHORTEST = 8  # nt


@dataclass(frozen=True)
class Rejected:
    """A line that was left out, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """What was understood: (n, 41) uint8 probes, (n,) float64 scores, the lines left out, and notes for the user."""

    codes: Codes
    scores: NDArray[np.float64]
    rejected: list[Rejected]
    notes: list[str]


def read_table(path: Path) -> Table:
    """Read a table of sequences and scores.

    Columns are separated by tabs, commas, semicolons or spaces; which one holds the sequences is found out from the
    lines. DNA and RNA letters, upper and lower case are accepted. Lines that cannot be used are left out and reported.

    Parameters
    ----------
    path : a text file, or the same packed by gzip.

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
    lines = [(number, fields) for number, fields in _lines(path) if fields]
    if not lines:
        raise DataError(f"{path.name}: the file is empty; give lines with a sequence and a score")
    sequence_column, score_column, header = _columns(path, lines)
    rejected: list[Rejected] = []
    sequences, scores = [], []
    for number, fields in lines[1:] if header else lines:
        reason = _problem(fields, sequence_column, score_column)
        if reason:
            rejected.append(Rejected(number, reason))
        else:
            sequences.append(_letters(fields[sequence_column]))
            scores.append(float(fields[score_column]))
    total = len(sequences) + len(rejected)
    if len(rejected) > MOST_REJECTED * total:
        first = rejected[0]
        raise DataError(
            f"{path.name}: {len(rejected):,} of {total:,} lines cannot be used; the first is line {first.line}: {first.reason}"
        )
    if len(sequences) < FEWEST_ROWS:
        raise DataError(f"{path.name}: {len(sequences)} usable lines; at least {FEWEST_ROWS} are needed to train and test a model")
    values = np.array(scores)
    if np.ptp(values) == 0:
        raise DataError(f"{path.name}: all {len(values):,} scores are {values[0]:g}; there is nothing to learn")
    return Table(encode(sequences), values, rejected, _notes(total, rejected, header))


def _notes(total: int, rejected: list[Rejected], header: bool) -> list[str]:
    notes = ["the first line was read as a header"] if header else []
    reasons: dict[str, list[int]] = {}
    for item in rejected:
        reasons.setdefault(re.sub(r"^\S+: ", "", item.reason), []).append(item.line)
    notes += [
        f"{len(numbers):,} of {total:,} lines left out, first line {numbers[0]}: {reason}" for reason, numbers in reasons.items()
    ]
    return notes


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and fields of each line."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"{path.name}: {path.stat().st_size / 1e6:,.0f} MB; at most {LARGEST_FILE / 1e6:.0f} MB can be read")
        with path.open("rb") as opening:
            packed = opening.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from None
    number, size = 0, 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                size += len(line)
                if size > LARGEST_FILE:
                    raise DataError(f"{path.name}: more than {LARGEST_FILE / 1e6:.0f} MB unpacked; at most that much can be read")
                text = line.strip()
                yield number, [] if not text or text.startswith("#") else _fields(text)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path.name}: the gzip file ends early or is damaged after line {number}; pack or copy it again") from None
    except UnicodeDecodeError:
        raise DataError(f"{path.name}: line {number + 1} is not text; give a plain table or one packed by gzip") from None


def _fields(line: str) -> list[str]:
    for separator in ("\t", ",", ";"):
        if separator in line:
            return [field.strip().strip("\"'") for field in line.split(separator)]
    return line.split()


def _columns(path: Path, lines: list[tuple[int, list[str]]]) -> tuple[int, int, bool]:
    """Find the column of sequences and the column of scores, and whether the first line is a header."""
    for first in range(min(2, len(lines))):  # a header would be the first line
        sample = [fields for _, fields in lines[first : first + 50]]
        width = min(len(fields) for fields in sample)
        sequences = [c for c in range(width) if _share(sample, c, _looks_like_sequence) > 0.5]
        numbers = [c for c in range(width) if c not in sequences and _share(sample, c, _is_number) > 0.5]
        if sequences and numbers:
            opening = lines[0][1]
            usable = _looks_like_sequence(opening[sequences[0]]) and _is_number(opening[numbers[0]])
            return sequences[0], numbers[0], not usable and not any(map(_is_number, opening))
    number, fields = lines[min(1, len(lines) - 1)]
    shown = " | ".join(fields)[:60]
    missing = "a column of RNA or DNA sequences" if not sequences else "a column of numbers"
    raise DataError(f"{path.name}: {missing} is missing (line {number}: {shown}); give a sequence and a score on each line")


def _share(sample: list[list[str]], column: int, test: object) -> float:
    return sum(bool(test(fields[column])) for fields in sample) / len(sample)  # type: ignore[operator]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _looks_like_sequence(text: str) -> bool:
    return len(text) >= _SHORTEST and set(text.upper()) <= set("ACGUTN-")


def _letters(text: str) -> str:
    return text.upper().replace("T", "U")


def _problem(fields: list[str], sequence_column: int, score_column: int) -> str | None:
    if len(fields) <= max(sequence_column, score_column):
        return "a column is missing"
    sequence, score = _letters(fields[sequence_column]), fields[score_column]
    if not _is_number(score):
        return f"{score[:20] or 'nothing'}: not a number"
    if not math.isfinite(float(score)):
        return f"{score}: not a finite number"
    wrong = re.search("[^ACGU]", sequence)
    if wrong:
        return f"{wrong.group()}: not one of A, C, G, U"
    if len(sequence) > LENGTH:
        return f"sequence longer than {LENGTH} nt, which is all a model sees"
    if len(sequence) < _SHORTEST:
        return f"sequence shorter than {_SHORTEST} nt"
    return None
