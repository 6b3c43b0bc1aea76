"""The queue of a server: one run trains at a time, the others wait in the order in which they came.

Each run that waits or trains has a ticket, a link to its folder named after the time. A ticket counts while the lock of its
run is held, so a run whose process was killed never holds the others up.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from rbind_core.runs.run import LOCK
from rbind_core.system.locks import is_held, take

QUEUE = "queue"  # its folder, among the runs of the server's user
_TRAINING = "training.lock"
_BETWEEN = 0.3  # seconds between two looks
_TICKET = ".ticket"


def enter(queue: Path, folder: Path) -> None:
    """Take a ticket for a run, whose lock is held already; one that it had before is given back.

    Parameters
    ----------
    queue : folder of the queue; made where it is missing.
    """
    queue.mkdir(parents=True, exist_ok=True)
    leave(queue, folder)
    (queue / f"{time.time_ns():020d}-{folder.name}{_TICKET}").symlink_to(folder.resolve())


def leave(queue: Path, folder: Path) -> None:
    """Give the ticket of a run back.

    Parameters
    ----------
    folder : of the run; it may have no ticket.
    """
    for ticket in queue.glob(f"*-{folder.name}{_TICKET}"):
        ticket.unlink(missing_ok=True)


def waiting(queue: Path) -> list[Path]:
    """List the runs that wait or train, and throw away tickets that count no more. Their folders, in order."""
    folders: dict[Path, None] = {}
    for ticket in sorted(queue.glob(f"*{_TICKET}")):
        with contextlib.suppress(FileNotFoundError):  # thrown away by another process meanwhile
            folder = ticket.readlink()
            if is_held(folder / LOCK):
                folders.setdefault(folder)
            else:
                ticket.unlink()
    return list(folders)


def ahead(queue: Path, folder: Path) -> int:
    """Count the runs that come before one. 0 where it is its turn."""
    folders = waiting(queue)
    own = folder.resolve()
    return folders.index(own) if own in folders else len(folders)


@contextlib.contextmanager
def turn(queue: Path, folder: Path) -> Iterator[None]:
    """Wait until it is a run's turn, and keep the others waiting within a `with` block.

    Parameters
    ----------
    folder : of the run, whose lock this process holds.
    """
    lock = None
    while lock is None:
        # The order is that of the tickets; that never two train at once is ensured by the lock.
        lock = take(queue / _TRAINING) if ahead(queue, folder) == 0 else None
        if lock is None:
            time.sleep(_BETWEEN)
    try:
        yield
    finally:
        leave(queue, folder)
        os.close(lock)
