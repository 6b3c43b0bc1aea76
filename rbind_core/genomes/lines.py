"""Lines of text files of any size: plain, gzip or bgzip, with the ends of lines of any system."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from rbind_core.errors import DataError

GZIP = b"\x1f\x8b"
_BINARY = {b"BCF": "a BCF file; give it as VCF, for example from bcftools view", b"BAM": "a BAM file; give a text file"}


def is_packed(path: Path) -> bool:
    """Tell whether a file is packed by gzip or bgzip, whatever its name.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(2) == GZIP
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from None


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Read a text file line by line.

    Parameters
    ----------
    path : plain, or packed by gzip or bgzip.

    Yields
    ------
    (int, str)
        Number of the line from 1, and the line without its end.

    Raises
    ------
    DataError
        If it cannot be read, is not text, or is packed and damaged.
    """
    opened = gzip.open if is_packed(path) else open
    try:
        with opened(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                if number == 1:
                    _refuse_binary(path, line)
                    line = line.removeprefix(b"\xef\xbb\xbf")
                yield number, line.rstrip(b"\r\n").decode("utf-8", "replace")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path.name} is damaged or not complete; pack it again") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error})") from None


def _refuse_binary(path: Path, line: bytes) -> None:
    for magic, kind in _BINARY.items():
        if line.startswith(magic):
            raise DataError(f"{path.name} is {kind}")
    if b"\0" in line:
        raise DataError(f"{path.name} is not a text file; give plain text")
