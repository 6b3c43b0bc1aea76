"""Parallel independent tasks: on a cluster of local processes, on a running Dask cluster, or one by one in this process.

Each result is handed over as soon as it arrives, so a caller who stores it loses nothing when the run is stopped, and
resumes by leaving out the tasks whose results it has. When a worker is lost, only its current task is run again.

A task uses one core, like a thread of a Dask worker: workers get `RBIND_CORES=1` unless it is set.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import signal
import sys
import tempfile
import threading
import traceback
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rbind_core
from rbind_core.errors import ClusterError
from rbind_core.system.cores import CORES, cores
from rbind_core.system.dask_interface import shake_hands, silent_dask, start_resource_tracker, workers_killed_by
from rbind_core.system.error_messages import in_one_sentence

if TYPE_CHECKING:
    from distributed import Client

Keep = Callable[[str, Any], None]  # name of the task, its result
Progress = Callable[[str, int, int], None]  # name of the finished task, tasks finished so far, all tasks
Kept = TypeVar("Kept")

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")
_AHEAD = 3  # items for each thread of a cluster that are sent before the first is back
ANSWER_SECONDS = 10  # seconds within which a scheduler must answer and have a worker


@dataclass(frozen=True)
class Task:
    """An independent piece of work: a function that every worker can import, and its arguments.

    Names are unique within a run. Arguments and result are sent between machines, so keep them below a few megabytes.
    """

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class _Outcome:
    """The result of a task, or its error."""

    result: Any = None
    problem: str | None = None


def run_tasks(
    tasks: Sequence[Task],
    keep: Keep,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda name, done, total: None,
) -> dict[str, str]:
    """Run tasks and hand over each result as it arrives; an error in one task does not stop the others.

    A program that calls this with local workers must be importable without side effects (`if __name__ == "__main__":`),
    since workers are new processes. If it is stopped, by Ctrl-C or an error in `keep`, its local workers end.

    Parameters
    ----------
    tasks : in the order in which free workers take them.
    keep : called in this process with name and result of each successful task.
    scheduler : address of a running Dask scheduler, such as tcp://host:8786; a cluster of local processes when None.
    workers : local processes, each on one core; one per core when None; with 0 the tasks run in this process, without Dask.
    progress : called after each task with its name, the number of finished tasks and their total.

    Returns
    -------
    dict
        One sentence per failed task, by its name.

    Raises
    ------
    ClusterError
        If the scheduler's address is malformed, nothing answers there, it has no workers, a worker lacks this version of the
        project, or the scheduler is lost during the run.
    """
    if scheduler is not None and workers is not None:
        raise ClusterError("give the address of a scheduler or a number of local workers, not both")
    if workers is not None and workers < 0:
        raise ClusterError(f"{workers} is not a number of workers; allowed are whole numbers from 0")
    failures = {}
    with closing(_outcomes(tasks, scheduler, workers)) as outcomes:
        for done, (name, outcome) in enumerate(outcomes, start=1):
            if outcome.problem is None:
                keep(name, outcome.result)
            else:
                failures[name] = outcome.problem
            progress(name, done, len(tasks))
    return failures


def run_in_order(
    function: Callable[[Any, Any], Any], shared: Any, items: Iterable[tuple[Kept, Any]], scheduler: str | None = None
) -> Generator[tuple[Kept, Any], None, None]:
    """Run one function over any number of items, and give the results in their order; only a few items are in memory at a time.

    Parameters
    ----------
    function : called with `shared` and an item; every worker can import it.
    shared : sent to the workers once, not with each item.
    items : what is kept in this process, and what is sent to a worker.
    scheduler : address of a running Dask scheduler; this process alone when None.

    Yields
    ------
    (Any, Any)
        What was kept, and the result.

    Raises
    ------
    ClusterError
        If the scheduler cannot be used or is lost, or an item fails on its workers.
    """
    if scheduler is None:
        for kept, item in items:
            yield kept, function(shared, item)
        return

    def itself(packed: bytes) -> bytes:  # both are sent by value, as in `_gather`
        return packed

    def unpack_and_run(packed: bytes, item: bytes) -> _Outcome:
        import pickle

        run, function, shared, expected = pickle.loads(packed)
        return run(function, (shared, pickle.loads(item)), expected)

    with ExitStack() as stack:
        client = _connect(scheduler, stack)
        # As a task, not scattered: if its worker is lost, Dask makes it again on another.
        packed = client.submit(itself, _pickled((_run_on_worker, function, shared, project_version())), pure=False)
        ahead = _AHEAD * max(2, sum(client.nthreads().values()))
        waiting: deque[tuple[Kept, Any]] = deque()
        for kept, item in items:
            waiting.append((kept, client.submit(unpack_and_run, packed, _pickled(item), pure=False)))
            if len(waiting) >= ahead:
                yield _next_of(waiting, scheduler)
        while waiting:
            yield _next_of(waiting, scheduler)


def _next_of(waiting: deque[tuple[Kept, Any]], scheduler: str) -> tuple[Kept, Any]:
    """The first of what is awaited."""
    kept, future = waiting.popleft()
    try:
        outcome = future.result()
    except Exception as error:
        if deaths := workers_killed_by(error):
            raise ClusterError(f"{deaths} workers died while they worked on the same part; see their logs") from None
        if future.status in ("cancelled", "lost"):
            raise ClusterError(f"{scheduler}: the scheduler was lost; run it again") from None
        raise ClusterError(f"{scheduler}: a part failed ({_sentence(error)})") from None
    if outcome.problem is not None:
        raise ClusterError(f"{scheduler}: a part failed ({outcome.problem})")
    return kept, outcome.result


def _pickled(value: Any) -> bytes:
    import cloudpickle

    return cloudpickle.dumps(value)


def _outcomes(tasks: Sequence[Task], scheduler: str | None, workers: int | None) -> Generator[tuple[str, _Outcome], None, None]:
    if workers == 0:
        for task in tasks:
            yield task.name, _run(task.function, task.arguments)
    elif tasks:
        with ExitStack() as stack:
            client = _start(min(workers or cores(), len(tasks)), stack) if scheduler is None else _connect(scheduler, stack)
            yield from _gather(client, tasks, scheduler or "")


def _gather(client: Client, tasks: Sequence[Task], scheduler: str) -> Generator[tuple[str, _Outcome], None, None]:
    from distributed import as_completed

    def unpack_and_run(packed: bytes) -> _Outcome:  # sent by value, since it is local: the scheduler need not have the project
        import pickle

        function, arguments = pickle.loads(packed)
        return function(*arguments)

    # Another run on the same scheduler may have tasks of the same names. All keys share a group: Dask hands out the tasks of
    # a group one by one, to whichever worker is free; other keys are dealt out beforehand and not redistributed.
    group = f"task-{uuid.uuid4().hex}"
    names = {(group, task.name): task.name for task in tasks}
    arriving = as_completed(
        [
            client.submit(unpack_and_run, _packed(task, scheduler), key=key, pure=False)
            for key, task in zip(names, tasks, strict=True)
        ],
        loop=client.loop,
        with_results=True,
        raise_errors=False,
    )
    for future, result in arriving:
        name, status = names[future.key], future.status
        future.release()  # else Dask would recompute it if the worker with the result were lost
        if status in ("cancelled", "lost"):
            raise ClusterError(f"{scheduler or 'local cluster'}: the scheduler was lost; run it again to go on where it was")
        if status == "error":
            deaths = workers_killed_by(result[1])
            result = _Outcome(problem=f"{deaths} workers died while they worked on it" if deaths else _sentence(result[1]))
        yield name, result


def _packed(task: Task, scheduler: str) -> bytes:
    import cloudpickle

    expected = project_version() if scheduler else ""  # local processes read the same files as this one
    return cloudpickle.dumps((_run_on_worker, (task.function, task.arguments, expected)))


def _start(workers: int, stack: ExitStack) -> Client:
    """Start local processes, which end with the stack."""
    import dask
    from distributed import Client, LocalCluster

    stack.enter_context(silent_dask())
    stack.enter_context(dask.config.set({"distributed.scheduler.worker-saturation": 1.0}))  # no task queues at a busy worker
    stack.enter_context(_same_environment_afterwards())
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rbind-", ignore_cleanup_errors=True))
    try:
        with _interrupts_held_back():
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=0,  # Dask's default, an equal share of memory, would end a training process on small machines
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # else Dask warns when its usual port is in use
                local_directory=folder,
                silence_logs=logging.CRITICAL,
            )
            return stack.enter_context(Client(stack.enter_context(cluster), set_as_default=False))
    except (OSError, RuntimeError, TimeoutError, asyncio.TimeoutError) as error:
        raise ClusterError(f"{workers} local workers could not be started ({_sentence(error)}); 0 workers do without") from None


@contextmanager
def _interrupts_held_back() -> Generator[None, None, None]:
    """Hold Ctrl-C back from this process until afterwards, and from threads and processes started meanwhile for ever.

    A terminal sends it to workers too, which would end noisily; this process ends them instead.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    interrupts = []
    start_resource_tracker()
    handler = signal.signal(signal.SIGINT, lambda *arguments: interrupts.append(arguments))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by new threads and processes
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if interrupts:
        raise KeyboardInterrupt


@contextmanager
def _same_environment_afterwards() -> Generator[None, None, None]:
    """Undo what Dask adds to the environment for its workers, such as OMP_NUM_THREADS=1."""
    before = set(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - before:
            del os.environ[name]


def _connect(scheduler: str, stack: ExitStack) -> Client:
    """Connect to a running scheduler, and check that its workers have this version of the project."""
    address = ADDRESS.fullmatch(scheduler)
    if not address or not 0 < int(address[3]) < 65536:
        raise ClusterError(
            f"{scheduler!r} is not the address of a scheduler; allowed is tcp://HOST:PORT, as in tcp://127.0.0.1:8786"
        )

    from distributed import Client

    stack.enter_context(silent_dask())
    try:
        with ThreadPoolExecutor(1) as thread:  # since this thread may have a running event loop, as in a notebook
            thread.submit(asyncio.run, shake_hands(scheduler, ANSWER_SECONDS)).result()
        client = stack.enter_context(Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False))
    except Exception:  # whatever something else listening there has sent
        raise ClusterError(f"no Dask scheduler answers at {scheduler}; start one with 'dask scheduler', or leave it out") from None
    try:
        client.wait_for_workers(1, timeout=ANSWER_SECONDS)
    except (TimeoutError, asyncio.TimeoutError):
        raise ClusterError(f"the scheduler at {scheduler} has no workers; start some with 'dask worker {scheduler}'") from None
    for worker, version in client.run(project_version, on_error="return").items():
        if isinstance(version, OSError):
            continue  # just lost: Dask gives its tasks to other workers
        if version != project_version():
            found = f"has {version}, but here is {project_version()}" if isinstance(version, str) else "cannot import rbind_core"
            raise ClusterError(
                f"worker {worker} {found}; start it with PYTHONPATH naming a folder with the same files of this project"
            )
    return client


@cache
def project_version() -> str:
    """Version of the running project, down to its source files: the same files give the same results.

    Returns
    -------
    str
        Version, digest of the source files, and Python's version.
    """
    digest = hashlib.sha256()
    root = Path(rbind_core.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    python = ".".join(map(str, sys.version_info[:2]))
    return f"RBind {rbind_core.__version__} ({digest.hexdigest()[:8]}, Python {python})"


def _run_on_worker(function: Callable[..., Any], arguments: tuple[Any, ...], expected: str) -> _Outcome:
    """Run a task; on a remote worker, which may have joined after the check, only if it has the expected version."""
    os.environ.setdefault(CORES, "1")
    if not expected:
        return _run(function, arguments)

    from distributed import get_worker

    found = project_version()
    outcome = _run(function, arguments) if found == expected else _Outcome(problem=f"{found} was found instead of {expected}")
    return outcome if outcome.problem is None else _Outcome(problem=f"{outcome.problem} (on worker {get_worker().address})")


def _run(function: Callable[..., Any], arguments: tuple[Any, ...]) -> _Outcome:
    try:
        return _Outcome(function(*arguments))
    except Exception as error:
        return _Outcome(problem=_sentence(error))


def _sentence(error: BaseException) -> str:
    """The error on one line, with its place unless it is the user's."""
    if sentence := in_one_sentence(error):
        return sentence
    text = " ".join(str(error).split())
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{where}" if text else f"{type(error).__name__}{where}"
