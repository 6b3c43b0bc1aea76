"""The queue of a server: one run trains at a time, the others wait in order of arrival.

Each run that waits or trains has a ticket: a link to its folder, named by time. A ticket counts while the lock of its
run is held, so that a run whose process was killed never blocks the others.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from rbind_core.runs.run import LOCK
from rbind_core.system.locks import is_held, take

QUEUE = "queue"  # folder of the queue, among the runs of the server's user
_TRAINING = "training.lock"
_BETWEEN = 0.3  # seconds between two checks
_TICKET = ".ticket"


def enter(queue: Path, folder: Path) -> None:
    """Take a ticket for a run, whose lock must be held, and give back an earlier one.

    Parameters
    ----------
    queue : created if missing.
    """
    queue.mkdir(parents=True, exist_ok=True)
    leave(queue, folder)
    (queue / f"{time.time_ns():020d}-{folder.name}{_TICKET}").symlink_to(folder.resolve())


def leave(queue: Path, folder: Path) -> None:
    """Give back the ticket of a run.

    Parameters
    ----------
    folder : of the run; it may have no ticket.
    """
    for ticket in queue.glob(f"*-{folder.name}{_TICKET}"):
        ticket.unlink(missing_ok=True)


def waiting(queue: Path) -> list[Path]:
    """List the folders of the runs that wait or train, in order, and delete invalid tickets."""
    folders: dict[Path, None] = {}
    for ticket in sorted(queue.glob(f"*{_TICKET}")):
        with contextlib.suppress(FileNotFoundError):  # deleted by another process meanwhile
            folder = ticket.readlink()
            if is_held(folder / LOCK):
                folders.setdefault(folder)
            else:
                ticket.unlink()
    return list(folders)


def ahead(queue: Path, folder: Path) -> int:
    """Count the runs ahead of one; 0 when it is its turn."""
    folders = waiting(queue)
    own = folder.resolve()
    return folders.index(own) if own in folders else len(folders)


@contextlib.contextmanager
def turn(queue: Path, folder: Path) -> Iterator[None]:
    """Context manager that waits for a run's turn and keeps the others waiting.

    Parameters
    ----------
    folder : of the run, whose lock this process holds.
    """
    lock = None
    while lock is None:
        # Tickets decide the order; the lock ensures that never two train at once.
        lock = take(queue / _TRAINING) if ahead(queue, folder) == 0 else None
        if lock is None:
            time.sleep(_BETWEEN)
    try:
        yield
    finally:
        leave(queue, folder)
        os.close(lock)
