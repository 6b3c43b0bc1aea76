"""Common parts of commands that run many tasks: where they run, their progress, and failures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
BAR = 24  # characters
CLEAR = "\r\x1b[K"  # return to the start of the line and clear it


def cluster_options(command: Command) -> Command:
    """Give a command the parameters `scheduler` (str or None) and `workers` (int or None) of `run_tasks`."""
    scheduler = click.option(
        "--scheduler", metavar="ADDRESS", help="Running Dask scheduler, such as tcp://host:8786 [a cluster on this computer]."
    )
    workers = click.option(
        "--workers", type=click.IntRange(min=0), help="Processes on this computer; 0: no cluster [one for each core]."
    )
    return scheduler(workers(command))


class TaskProgress:
    """Reports on standard error how many tasks have finished and how long the rest may take; for `run_tasks`.

    On a terminal one line is overwritten; elsewhere, as in a log file, each task has its own.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def __call__(self, name: str, done: int, total: int) -> None:
        """Report a finished task."""
        elapsed = time.monotonic() - self._start
        filled = BAR * done // total
        times = f"{_clock(elapsed)} so far"
        if done < total:
            times += f", about {_clock(elapsed / done * (total - done))} left"
        line = f"[{'#' * filled}{'-' * (BAR - filled)}] {done}/{total}  {times}  {name}"
        click.echo((CLEAR if self._terminal else "") + line, err=True, nl=not self._terminal or done == total)


def fail_for(failures: Mapping[str, str]) -> None:
    """End with exit status 2 if tasks have failed, with one line on standard error per kind of failure."""
    names_of: dict[str, list[str]] = {}
    for name, problem in failures.items():
        names_of.setdefault(problem, []).append(name)
    for problem, names in names_of.items():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        click.echo(f"rbind: {shown}: {problem}", err=True)
    if failures:
        sys.exit(2)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
