"""The process that trains a run: `python -m rbind_core.training.child RUN QUEUE`, where both are folders.

It waits for its turn before importing TensorFlow, so that it is small while waiting. It inherits the lock of its run, which
it holds until it ends. Whatever happens, the state after the last epoch is in the run's folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rbind_core.errors import RBindError
from rbind_core.model.progress import reporting
from rbind_core.runs.queue import leave, turn
from rbind_core.runs.run import Run, read_run
from rbind_core.runs.status import CANCELLED, FAILED, FINISHED, has_stored_its_model, how_to_go_on, status, where
from rbind_core.system.cores import cores
from rbind_core.system.error_messages import in_one_sentence

if TYPE_CHECKING:
    from rbind_core.training.fitting import EpochReport, Recipe

NICENESS = 10  # the dashboard has priority
STAGES = ("reading the table", "learning the last layer", "training", "testing on the held-out tenth")
_BETWEEN_NOTES = 1.0  # seconds
_BETWEEN_LOOKS = 0.3  # seconds between checks whether the run was cancelled
_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Ending:
    """The outcome of a run, written once: by the thread that trains or the one that waits for a cancel."""

    def __init__(self, run: Run, queue: Path) -> None:
        self._run, self._queue = run, queue
        self._lock = threading.Lock()

    def end(self, state: str, message: str = "") -> None:
        """Write the outcome, and end this process at once.

        Parameters
        ----------
        state : finished, cancelled or failed.
        message : one sentence for the user.
        """
        self._lock.acquire()  # never released, since the process ends
        for part in self._run.folder.glob("*.part.npz"):
            part.unlink(missing_ok=True)
        if state == FINISHED:
            self._run.table.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            leave(self._queue, self._run.folder)  # before the outcome is written, so that nobody counts the run after that
        with contextlib.suppress(OSError):
            self._run.end(state, message)
        os._exit(0)

    def watch(self) -> None:
        """Wait until the run is cancelled."""
        while not self._run.wants_to_end:
            time.sleep(_BETWEEN_LOOKS)
        if has_stored_its_model(self._run):
            return  # too late
        epochs = status(self._run, self._queue).epochs
        self.end(CANCELLED, f"Cancelled {where(epochs)}; {how_to_go_on(epochs)}.")


class Progress:
    """Reports progress, at intervals.

    Parameters
    ----------
    probes : number of training probes.
    epochs : total number.
    done : number of earlier epochs.
    """

    def __init__(self, run: Run, probes: int, epochs: int, done: int) -> None:
        self._run, self._probes, self._epochs = run, probes, epochs
        self._before, self._seen, self._said = done, 0, 0.0

    def probes(self, number: int) -> None:
        """Count a number of training probes as done."""
        if self._said == 0:
            self._run.note(stage=STAGES[2])
        self._seen += number
        if time.monotonic() - self._said > _BETWEEN_NOTES:
            self._say((self._before + min(self._seen / self._probes, 1)) / self._epochs)

    def epoch(self, report: EpochReport) -> None:
        """Record an epoch."""
        self._before, self._seen = report.epoch, 0
        self._run.note(epoch=report.epoch, epochs=report.epochs, loss=report.loss, validation_pearson=report.validation_pearson)
        self._say(report.epoch / report.epochs)
        if report.epoch == report.epochs:
            self._run.note(stage=STAGES[3])

    def _say(self, done: float) -> None:
        self._run.note(done=round(done, 4))
        self._said = time.monotonic()


def train(run: Run, queue: Path) -> None:
    """Train a run whose turn it is."""
    request = run.request
    if has_stored_its_model(run):
        return
    run.note(stage=STAGES[0])
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(cores()))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from rbind_core.data.tables import read_table
    from rbind_core.training.from_table import train_from_table, usual_recipe

    table = read_table(run.table, sequence_column=request.sequence_column, score_column=request.score_column)
    recipe = _recipe(request.recipe) if request.recipe else usual_recipe(request.start, request.probes["training"])
    progress = Progress(run, request.probes["training"], recipe.epochs, len(status(run, queue).epochs))
    run.note(stage=STAGES[1] if request.start == "trunk" else STAGES[2])
    provenance: dict[str, Any] = {"data": request.source, "run": run.id} | ({"scores": "predicted"} if request.predicted else {})
    with reporting(progress.probes):
        train_from_table(table, request.name, request.models, request.start, recipe, progress.epoch, run.folder, provenance)


def _recipe(fields: dict[str, Any]) -> Recipe:
    from rbind_core.model.architecture import Dropout
    from rbind_core.training.fitting import Recipe

    return Recipe(**fields | {"dropout": Dropout(**fields["dropout"])})


def main(arguments: list[str]) -> None:
    """Wait, train, and write the outcome."""
    run, queue = read_run(Path(arguments[0])), Path(arguments[1])
    if run is None:
        raise SystemExit(f"{arguments[0]} is not the folder of a run")
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    ending = Ending(run, queue)
    threading.Thread(target=ending.watch, daemon=True).start()
    state, message = FINISHED, ""
    try:
        with turn(queue, run.folder):
            train(run, queue)
    except Exception as error:
        traceback.print_exc()
        state, message = FAILED, _sentence(error, run, queue)
    ending.end(state, message)


def _sentence(error: Exception, run: Run, queue: Path) -> str:
    epochs = status(run, queue).epochs
    so_far = f"{where(epochs)}; {how_to_go_on(epochs)}"
    if isinstance(error, RBindError):
        return f"{error}."
    if isinstance(error, OSError) and error.errno in _DISK_IS_FULL:
        return f"The disk was full {so_far} once there is room."
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return f"Memory ran out {so_far}."
    if isinstance(error, ImportError) and (sentence := in_one_sentence(error)):
        return f"{sentence}."
    said = next(iter(str(error).splitlines()), "")[:100]
    return f"Training failed with {type(error).__name__} ({said}) {so_far}."


if __name__ == "__main__":
    main(sys.argv[1:])
