"""What side-by-side tasks take from Dask and Python beyond their documentation: tried with distributed 2026.8 and Python 3.11."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def silent_dask() -> Generator[None, None, None]:
    """Print nothing of what Dask logs, such as that a worker was lost; Dask's own handlers stand at its logger."""
    import distributed  # noqa: F401  makes the handlers

    before = [(handler, handler.level) for handler in logging.getLogger("distributed").handlers]
    for handler, _ in before:
        handler.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for handler, level in before:
            handler.setLevel(level)


def workers_killed_by(error: object) -> int:
    """Count the workers that died of a task.

    Parameters
    ----------
    error : what Dask gives as the task's error.

    Returns
    -------
    int
        0 where the task failed for another reason.
    """
    from distributed import KilledWorker

    return error.allowed_failures + 1 if isinstance(error, KilledWorker) else 0


async def shake_hands(scheduler: str, seconds: float) -> None:
    """See whether a scheduler answers in time; Dask's client would wait without end where something else listens.

    Parameters
    ----------
    scheduler : its address.
    seconds : how long it may take.

    Raises
    ------
    Exception
        Whatever a stranger who listens there makes of it.
    """
    from distributed import Security, connect

    connecting = connect(scheduler, timeout=seconds, **Security().get_connection_args("client"))
    await (await asyncio.wait_for(connecting, seconds)).close()


def start_resource_tracker() -> None:
    """Start the process that Python keeps beside others; started later, it would take the block of Ctrl-C from this process."""
    resource_tracker.ensure_running()
