"""Files: detecting changes, reading up to a limit, and replacing as a whole."""

from __future__ import annotations

import os
from pathlib import Path

from rbind_core.errors import ModelError

Stamp = tuple[int, int, int, int]


def stamp(path: Path) -> Stamp:
    """A stamp that changes whenever a file is written or replaced, whatever the clock says.

    The modification time is not enough: a clock that was set back, a copy that keeps times, or two writes within one tick of a
    coarse clock may leave it unchanged. The file's inode, its size and the system's own change time tell them apart.

    Raises
    ------
    OSError
        If there is no such file.
    """
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def read_at_most(path: Path, most_bytes: int) -> bytes:
    """Read a model's file that may be too large, or endless.

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


def replace_text(path: Path, text: str) -> Path:
    """Write a text file so that others see the old or the new one, never a part, even after a power cut."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return part.replace(path)
