"""The text of a user's table: its lines, the fields of a line, numbers as people write them."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rbind_core.errors import DataError

LONGEST_LINE = 10_000  # letters
SEPARATORS = ("\t", ";", "|", ",", None)  # None: spaces; the comma comes after those with which it may be a decimal comma
_MISSING = frozenset({"", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "null", "none", ".", "-", "--", "?", "nd", "n.d.", "missing"})
_MINUS = str.maketrans({"\u2212": "-"})  # the typographic minus
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")

Line = tuple[int, str]


def read_lines(path: Path, largest: int) -> Iterator[Line]:
    """Read the lines of a text file, plain or packed by gzip.

    Parameters
    ----------
    path : UTF-16 with its byte order mark, otherwise UTF-8.
    largest : most bytes to read, unpacked.

    Returns
    -------
    Iterator of (int, str)
        Number, from 1, and text of each line without its line end; spaces and tabs stay.

    Raises
    ------
    DataError
        If the file cannot be read, is too large, is not text, or has a line of more than 10,000 letters.
    """
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
            # A header may hold letters in an old encoding; in a sequence or a score their replacements are refused.
            text = io.TextIOWrapper(file, encoding="utf-16" if wide else "utf-8-sig", errors="replace")
            for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 1), ""), start=1):
                size += len(line)
                if "\0" in line:
                    raise DataError(f"{path.name}: line {number} is not text; give a plain table or one packed by gzip")
                if len(line) > LONGEST_LINE:
                    raise DataError(f"{path.name}: line {number} is longer than {LONGEST_LINE:,} letters; give one probe a line")
                if size > largest:
                    raise DataError(f"{path.name}: more than {largest / 1e6:.0f} MB unpacked; at most that much can be read")
                yield number, line.rstrip("\n")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path.name}: the gzip file ends early or is damaged after line {number}; pack or copy it again") from None


def split_fields(line: str, separator: str | None) -> list[str]:
    """Split a line into its fields, without quotes and surrounding spaces; empty fields stay, leading ones too.

    Parameters
    ----------
    line : not empty.
    separator : one letter, or None for spaces.
    """
    if separator is None:
        line, separator = " ".join(line.split()), " "
    [fields] = csv.reader([line], delimiter=separator, skipinitialspace=True)
    return [field.strip().strip("'\"") for field in fields]


def is_missing(text: str) -> bool:
    """Tell whether a field says that there is no value, as NA does or an empty field."""
    return text.lower() in _MISSING


def to_number(text: str, decimal_comma: bool = False) -> float | None:
    """Read a number, which may have a typographic minus, be NaN or infinite; None where it is not a number."""
    text = text.translate(_MINUS)
    if decimal_comma:
        text = text.replace(",", ".")
    try:
        return None if "_" in text else float(text)  # Python would read it as a number
    except ValueError:
        return None


def has_comma(text: str) -> bool:
    """Tell whether a field is a number but for its commas, as 0,5 and 1,000 are."""
    return "," in text and to_number(text.replace(",", "")) is not None


def looks_like_number(text: str) -> bool:
    """Tell whether a field is a number, with or without commas, or NaN."""
    return to_number(text) is not None or has_comma(text)


def uses_decimal_commas(column: Iterable[str]) -> bool:
    """Tell whether the commas in a column are decimal commas.

    Parameters
    ----------
    column : all its fields.

    Returns
    -------
    bool
        True where every number with a comma can be read so, one of them cannot be read as thousands, and no number has a point.
    """
    certain = False
    for text in column:
        text = text.translate(_MINUS)
        if "," in text:
            if not _DECIMAL_COMMA.fullmatch(text):
                return False
            certain = certain or not _THOUSANDS.fullmatch(text)
        elif "." in text and to_number(text) is not None:
            return False
    return certain
