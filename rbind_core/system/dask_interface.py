"""Undocumented parts of Dask and Python that parallel tasks use, tested with distributed 2026.8 and Python 3.11."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def silent_dask() -> Generator[None, None, None]:
    """Silence Dask's log, such as that a worker was lost; Dask adds its own handlers to its logger."""
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
    """Count the workers killed by a task; 0 if it failed for another reason.

    Parameters
    ----------
    error : the task's error from Dask.
    """
    from distributed import KilledWorker

    return error.allowed_failures + 1 if isinstance(error, KilledWorker) else 0


async def shake_hands(scheduler: str, seconds: float) -> None:
    """Check that a scheduler answers in time; Dask's client would wait for ever where something else listens.

    Parameters
    ----------
    scheduler : its address.
    seconds : time limit.

    Raises
    ------
    Exception
        Whatever results if something else listens there.
    """
    from distributed import Security, connect

    connecting = connect(scheduler, timeout=seconds, **Security().get_connection_args("client"))
    await (await asyncio.wait_for(connecting, seconds)).close()


def start_resource_tracker() -> None:
    """Start Python's resource tracker, which would inherit the blocked Ctrl-C of this process if started later."""
    resource_tracker.ensure_running()
