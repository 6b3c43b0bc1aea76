"""Files: told from what they were before, and read up to a limit."""

from __future__ import annotations

from pathlib import Path

from rbind_core.errors import ModelError

Stamp = tuple[int, int, int, int]


def stamp(path: Path) -> Stamp:
    """What changes whenever a file is written or replaced, whatever its clock says.

    The time of change alone is not enough: a clock that was set back, a copy that keeps times, or two writes within one tick of a
    coarse clock leave it as it was. The number of the file, its size and the time that the system itself notes tell them apart.

    Returns
    -------
    tuple of int
        To be compared for equality.

    Raises
    ------
    OSError
        If there is no such file.
    """
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def read_at_most(path: Path, most_bytes: int) -> bytes:
    """Read a file of a model that may be larger than any of ours, or without end.

    Parameters
    ----------
    most_bytes : limit.

    Raises
    ------
    ModelError
        If it cannot be read or is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read ({error.strerror})") from None
    if len(content) > most_bytes:
        raise ModelError(f"{path.name} cannot be read (larger than {most_bytes / 1e6:.0f} MB)")
    return content
