"""Starting, cancelling, resuming and deleting runs. The training process is detached and outlives the one that starts it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import rbind_core
from rbind_core.errors import RunError
from rbind_core.model.own_models import check_name
from rbind_core.model.registry import CARD
from rbind_core.runs.queue import enter
from rbind_core.runs.run import CANCEL, LOG, OUTCOME, RESERVE, TABLE, Run, TrainingRequest, read_run, write_about
from rbind_core.runs.status import FAILED, FINISHED, WAITING, boot, status
from rbind_core.system.locks import take

MOST_WAITING, MOST_KEPT = 5, 50  # most runs of one owner: waiting or training, and in all
PROGRAM = "rbind_core.training.child"
SUBMITTING = "submitting.lock"
_PATIENCE_TO_SUBMIT = 20.0  # seconds to let others start theirs
_PATIENCE = 3.0  # seconds for a process to end after it has written its outcome


def submit(table: bytes, request: TrainingRequest, folder: Path, queue: Path) -> Run:
    """Start a run, or queue it.

    Parameters
    ----------
    table : content of a file that `read_table` has accepted.
    folder : of the owner's runs; created if missing.

    Raises
    ------
    RunError
        If another run of that name is unfinished, too many are waiting, or it cannot be written.
    ModelError
        If the name is not allowed or taken.
    """
    check_name(request.name)
    try:
        queue.mkdir(parents=True, exist_ok=True)
        lock = take(queue / SUBMITTING, _PATIENCE_TO_SUBMIT)
    except OSError as error:
        raise RunError(f"the run cannot be started ({error.strerror or error}); free some room and try again") from None
    if lock is None:
        raise RunError("another run is just being started; try again")
    try:  # one process at a time checks whether a name is free
        return _submit(table, request, folder, queue)
    finally:
        os.close(lock)


def _submit(table: bytes, request: TrainingRequest, folder: Path, queue: Path) -> Run:
    if (request.models / request.name / CARD).exists():
        raise RunError(f"{request.name}: there is a model of this name already; choose another name")
    known = {run: status(run, queue) for run in list_runs(folder)}
    for run, found in known.items():
        if run.request.name.upper() == request.name.upper() and found.state != FINISHED:
            raise RunError(f"{request.name}: a run of this name is {found.state}; resume or delete it, or choose another name")
    if (count := sum(found.is_active for found in known.values())) >= MOST_WAITING:
        raise RunError(f"{count} of your runs train or wait already; wait until one has ended, or cancel one")
    if len(known) >= MOST_KEPT:
        raise RunError(f"{MOST_KEPT} of your runs are kept already; delete some first (their models stay)")
    name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    new, final = folder / f".new-{name}", folder / name
    try:
        new.mkdir(parents=True)
        (new / TABLE).write_bytes(table)
        about = write_about(new, request)
        new.replace(final)
        run = Run(final, request, about.created)
        _start(run, queue)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(final, ignore_errors=True)
        raise RunError(f"the run cannot be started ({error.strerror or error}); free some room and try again") from None
    return run


def resume(run: Run, queue: Path) -> None:
    """Resume a run that was cancelled, failed or was stopped, at the end of the queue.

    Parameters
    ----------
    run : not under way.

    Raises
    ------
    RunError
        If it is under way or finished, or cannot be started.
    """
    found = status(run, queue)
    if not found.can_resume:
        raise RunError(f"{run.request.name} is {found.state}, so there is nothing to resume")
    try:
        _start(run, queue)
    except OSError as error:
        raise RunError(f"the run cannot go on ({error.strerror or error}); free some room and try again") from None


def cancel(run: Run) -> None:
    """Ask a run to end, which takes about a second; its progress is kept for `resume`.

    Parameters
    ----------
    run : waiting or training.
    """
    with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
        try:
            (run.folder / CANCEL).touch()
        except OSError:  # no room for another file
            (run.folder / RESERVE).replace(run.folder / CANCEL)


def delete(run: Run, queue: Path) -> None:
    """Delete a run, but not its model.

    Parameters
    ----------
    run : not under way.

    Raises
    ------
    RunError
        If it is under way.
    """
    lock = take(run.lock, _PATIENCE if not status(run, queue).is_active else 0.0)
    if lock is None:
        raise RunError(f"{run.request.name} is under way; cancel it first")
    try:
        half_made = run.request.models / run.request.name
        if half_made.is_dir() and not (half_made / CARD).exists():
            shutil.rmtree(half_made, ignore_errors=True)
        hidden = run.folder.with_name(f".deleted-{run.id}")
        run.folder.replace(hidden)
        shutil.rmtree(hidden, ignore_errors=True)
    finally:
        os.close(lock)


def list_runs(folder: Path) -> list[Run]:
    """List the runs of an owner, newest first.

    Parameters
    ----------
    folder : of their runs; it may not exist yet.
    """
    if not folder.is_dir():
        return []
    runs = [read_run(path) for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted((run for run in runs if run is not None), key=lambda run: (run.created, run.id), reverse=True)


def _start(run: Run, queue: Path) -> None:
    """Start the training process, which inherits the lock, so that it is held from before its start until its end."""
    lock = take(run.lock, _PATIENCE)
    if lock is None:
        raise RunError(f"{run.request.name} is under way already")
    try:
        for name in (OUTCOME, CANCEL):
            (run.folder / name).unlink(missing_ok=True)
        run.reserve()
        run.note(stage=WAITING, boot=boot())
        enter(queue, run.folder)
        root = str(Path(rbind_core.__file__).resolve().parents[1])
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
        with (run.folder / LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(run.folder), str(queue)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=root,
                env=environment,
                pass_fds=[lock],
                start_new_session=True,  # so that no signal to this terminal reaches it
            )
        threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie behind
    except OSError as error:
        with contextlib.suppress(OSError):
            run.end(FAILED, f"The training process could not be started ({error.strerror or error}).")
        raise
    finally:
        os.close(lock)
