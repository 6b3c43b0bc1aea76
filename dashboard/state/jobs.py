"""Requests computed in threads, shared by all sessions that wait for the same one, with progress and cancelling.

Not Streamlit's: a rerun of a page would start a second copy of a plain function while the first one runs on.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from dashboard.state.memory import Memory
from dashboard.state.requests import Request
from dashboard.state.results import RESULTS, result_of
from rbind_core.model.progress import reporting
from rbind_core.system.error_messages import in_one_sentence

T = TypeVar("T")

_ABANDONED = 20.0  # seconds without interest after which a job stops, since its page was closed
_LARGE = 50_000  # sequences, from which on a job waits for its turn, so that those of others stay short
_TURNS = threading.BoundedSemaphore(2)  # of large jobs at once, each of which keeps all cores busy


class Stopped(Exception):
    """Raised in a computation that nobody waits for any more."""


class Job(Generic[T]):
    """A request whose computation is running or over."""

    def __init__(self, request: Request[T]) -> None:
        self.request = request
        self.error: Exception | None = None
        self._result: T | None = None
        self._expected = max(request.expected, 1)
        self._scored, self._started = 0, time.monotonic()
        self.waits_for_others = False
        self._waiting: dict[str, float] = {}
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the computation in a thread."""
        threading.Thread(target=self.run, daemon=True, name="rbind-job").start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, with a result or an error."""
        return self._ended.is_set()

    @property
    def result(self) -> T:
        """The result; an error of the computation is raised here."""
        if self.error is not None:
            raise self.error
        return self._result  # type: ignore[return-value]  # set where there is no error

    @property
    def fraction(self) -> float:
        """Share of the work done, 0 to 1."""
        return min(self._scored / self._expected, 1.0)

    @property
    def seconds_left(self) -> float:
        """Estimated time left; infinite before the first report."""
        passed = time.monotonic() - self._started
        return passed / self.fraction - passed if self.fraction else float("inf")

    def wait(self, who: str, seconds: float) -> bool:
        """Wait for the end, registering the interest; tell whether it is over.

        Parameters
        ----------
        who : name of the waiting session.
        seconds : longest wait.
        """
        with self._lock:
            self._waiting[who] = time.monotonic() + seconds
        return self._ended.wait(seconds)

    def leave(self, who: str) -> None:
        """Stop waiting; the computation ends at its next report if nobody else waits.

        Parameters
        ----------
        who : name of the session.
        """
        with self._lock:
            self._waiting.pop(who, None)

    def run(self) -> None:
        """Compute in the calling thread."""
        is_large = self._expected >= _LARGE
        try:
            with self._turn() if is_large else contextlib.nullcontext(), reporting(self._report):
                self._result = result_of(self.request)
        except Exception as error:
            self.error = _without_frames(error)
        finally:
            with _lock:
                if _running.get(self.request) is self:
                    del _running[self.request]
            self._ended.set()
        if is_large:
            _memory.give_back_now_and_later()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the end of other large jobs."""
        while not _TURNS.acquire(timeout=0.1):
            self.waits_for_others = True
            self._report(0)
        try:
            self.waits_for_others, self._started = False, time.monotonic()
            yield
        finally:
            _TURNS.release()

    def _report(self, scored: int) -> None:
        self._scored += scored
        with self._lock:
            latest = max(self._waiting.values(), default=float("-inf"))
        if time.monotonic() - latest > _ABANDONED:
            raise Stopped


def _without_frames(error: Exception) -> Exception:
    """The same error without its frames, which hold arrays; for RBind's own bugs the log has them."""
    if not isinstance(error, Stopped) and in_one_sentence(error) is None:
        logging.getLogger(__name__).error("A computation failed", exc_info=error)
    linked: list[BaseException | None] = [error]
    while linked:
        one = linked.pop()
        if one is not None and one.__traceback__ is not None:
            one.__traceback__ = None
            linked += [one.__cause__, one.__context__]
    return error


_memory = Memory()
_running: dict[Request[Any], Job[Any]] = {}
_lock = threading.Lock()


def submit(request: Request[T], who: str) -> Job[T]:
    """Compute a request in a thread, or join its running job.

    Parameters
    ----------
    request : a kept result is available at once.
    who : name of the waiting session.
    """
    with _lock:
        job = _running.get(request)
        is_new = job is None
        if job is None:
            job = _running[request] = Job(request)
        job.wait(who, 0)
    if is_new:
        (job.run if RESULTS.hold(request) else job.start)()
    return job
