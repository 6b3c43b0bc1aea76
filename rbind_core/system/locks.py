"""File locks, which the operating system releases when a process ends, however it ends.

So whether a process is alive is never a guess, as by its number, which another process may have by now.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

_BETWEEN = 0.05  # seconds between two attempts


def take(path: Path, seconds: float = 0.0) -> int | None:
    """Take a lock, which is held until this process and the children that inherit it have closed it or ended.

    Parameters
    ----------
    path : created if missing.
    seconds : how long to try, since a check whether it is held holds it for a moment.

    Returns
    -------
    int or None
        File descriptor; None if another process holds the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(descriptor)
                return None
        time.sleep(_BETWEEN)


def is_held(path: Path) -> bool:
    """Tell whether a living process holds a lock; False too if there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
