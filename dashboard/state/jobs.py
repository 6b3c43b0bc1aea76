"""Long computations in threads of their own, shared by all who wait for the same one, with progress and an end on demand.

No Streamlit here: a rerun of a page would start a second copy of a plain function, and the first one would run on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from rbind_core.model.progress import reporting
from rbind_core.system.error_messages import in_one_sentence

_KEPT = 16  # finished jobs whose results may still be asked for; the engine remembers their parts
_ABANDONED = 20.0  # seconds without anybody asking, after which a job stops: its page was left or closed


class Stopped(Exception):
    """Raised inside a computation that nobody waits for any more."""


class Job:
    """One computation in its thread.

    Parameters
    ----------
    work : makes the result.
    expected : about how many sequences it scores.
    """

    def __init__(self, work: Callable[[], Any], expected: int) -> None:
        self.result: Any = None
        self.error: Exception | None = None
        self._work, self._expected = work, max(expected, 1)
        self._scored, self._started = 0, time.monotonic()
        self._waiting: dict[str, float] = {}
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True, name="rbind-job").start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, with a result or with an error."""
        return self._ended.is_set()

    @property
    def has_failed(self) -> bool:
        """Whether it has ended with an error."""
        return self.error is not None

    @property
    def fraction(self) -> float:
        """How much is done, 0 to 1."""
        return min(self._scored / self._expected, 1.0)

    @property
    def seconds_left(self) -> float:
        """Estimated from what is done; infinite before the first report."""
        passed = time.monotonic() - self._started
        return passed / self.fraction - passed if self.fraction else float("inf")

    def wait(self, who: str, seconds: float) -> bool:
        """Wait for the end, and note that somebody does.

        Parameters
        ----------
        who : name of the session that waits.
        seconds : at most.

        Returns
        -------
        bool
            Whether it is over.
        """
        with self._lock:
            self._waiting[who] = time.monotonic() + seconds
        return self._ended.wait(seconds)

    def leave(self, who: str) -> None:
        """Wait no longer; the computation ends at its next report if nobody else does.

        Parameters
        ----------
        who : name of the session.
        """
        with self._lock:
            self._waiting.pop(who, None)

    def _run(self) -> None:
        try:
            with reporting(self._report):
                self.result = self._work()
        except Exception as error:
            self.error = _without_frames(error)
        finally:
            del self._work  # it and the frames of an error hold arrays that nobody needs any more
            self._ended.set()

    def _report(self, scored: int) -> None:
        self._scored += scored
        with self._lock:
            latest = max(self._waiting.values(), default=-_ABANDONED)
        if time.monotonic() - latest > _ABANDONED:
            raise Stopped


def _without_frames(error: Exception) -> Exception:
    """The same error without the frames that it went through, which hold arrays; the log has those of RBind's own mistakes."""
    if not isinstance(error, Stopped) and in_one_sentence(error) is None:
        logging.getLogger(__name__).error("A computation failed", exc_info=error)
    linked: list[BaseException | None] = [error]
    while linked:
        one = linked.pop()
        if one is not None and one.__traceback__ is not None:
            one.__traceback__ = None
            linked += [one.__cause__, one.__context__]
    return error


_jobs: OrderedDict[Hashable, Job] = OrderedDict()
_lock = threading.Lock()


def start(key: Hashable, work: Callable[[], Any], expected: int, who: str) -> Job:
    """Start a computation, or join the one that is under way or finished; one that has failed is started anew.

    Whoever waited for the one that failed holds its `Job`, and finds the error there.

    Parameters
    ----------
    key : everything that the result depends on.
    work : makes the result.
    expected : about how many sequences it scores.
    who : name of the session that waits for it.

    Returns
    -------
    Job
        Under way, or finished with a result.
    """
    with _lock:
        job = _jobs.get(key)
        if job is None or job.has_failed:
            job = _jobs[key] = Job(work, expected)
            job.start()
        job.wait(who, 0)
        _jobs.move_to_end(key)
        for old in [k for k, j in _jobs.items() if j.is_over][: max(len(_jobs) - _KEPT, 0)]:
            del _jobs[old]
        return job


def forget(key: Hashable) -> None:
    """Forget a computation, so that it is started anew when it is asked for again.

    Parameters
    ----------
    key : as it was started with.
    """
    with _lock:
        _jobs.pop(key, None)


def find(key: Hashable) -> Job | None:
    """Look a computation up.

    Parameters
    ----------
    key : as it was started with.

    Returns
    -------
    Job or None
        None where it is not known any more.
    """
    with _lock:
        return _jobs.get(key)
