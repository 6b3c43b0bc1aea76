"""Results by request, kept for all users within a common limit; concurrent requests for one result compute it once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any, TypeVar

from dashboard.state.requests import Request

T = TypeVar("T")

MOST_BYTES = 250_000_000


class Results:
    """Results of requests; the least recently used are dropped first.

    Errors are not kept: the caller that computed receives them, and the next one tries again.

    Parameters
    ----------
    most_bytes : limit of what is kept, apart from the latest result.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Request[Any], tuple[Any, int]] = OrderedDict()
        self._used: dict[Request[Any], float] = {}
        self._bytes = 0
        self._computing: dict[Request[Any], threading.Event] = {}
        self._lock = threading.Lock()

    def of(self, request: Request[T]) -> T:
        """Look a result up or compute it in this thread, waiting if another thread is computing it.

        Parameters
        ----------
        request : everything that the result depends on.
        """
        while True:
            with self._lock:
                if request in self._kept:
                    self._kept.move_to_end(request)
                    self._used[request] = time.monotonic()
                    return self._kept[request][0]
                others = self._computing.get(request)
                if others is None:
                    ended = self._computing[request] = threading.Event()
                    break
            others.wait()
        try:
            result = request.compute()
            self._keep(request, result, request.size(result))
            return result
        finally:
            with self._lock:
                del self._computing[request]
            ended.set()

    def hold(self, request: Request[Any]) -> bool:
        """Tell whether a result is kept."""
        with self._lock:
            return request in self._kept

    def forget(self) -> None:
        """Drop all results."""
        self.drop_unused(0)

    def drop_unused(self, seconds: float, at_least: int = 0) -> None:
        """Drop results that nobody has asked for lately.

        Parameters
        ----------
        seconds : time without a question for it.
        at_least : size from which on a result is dropped, in bytes.
        """
        with self._lock:
            before = time.monotonic() - seconds
            for request in [one for one, (_, size) in self._kept.items() if size >= at_least and self._used[one] <= before]:
                self._drop(request)

    def _keep(self, request: Request[T], result: T, size: int) -> None:
        with self._lock:
            self._kept[request] = result, size
            self._used[request] = time.monotonic()
            self._bytes += size
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def _drop(self, request: Request[Any]) -> None:
        self._bytes -= self._kept.pop(request)[1]
        del self._used[request]


RESULTS = Results()


def result_of(request: Request[T]) -> T:
    """Look up or compute the result of a request, for all users of this server; see `Results.of`."""
    return RESULTS.of(request)
