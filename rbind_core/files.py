"""How a file is told from what it was before."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[int, int, int, int]


def stamp(path: Path) -> Stamp:
    """What changes whenever a file is written or replaced, whatever its clock says.

    The time of change alone is not enough: a clock that was set back, a copy that keeps times, or two writes within one tick of a
    coarse clock leave it as it was. The number of the file, its size and the time that the system itself notes tell them apart.

    Parameters
    ----------
    path : of a file.

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
