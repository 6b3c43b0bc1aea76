"""Results by request, kept for all users within a common limit; concurrent requests for one result compute it once."""

from __future__ import annotations

import threading
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
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _keep(self, request: Request[T], result: T, size: int) -> None:
        with self._lock:
            self._kept[request] = result, size
            self._bytes += size
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped


RESULTS = Results()


def result_of(request: Request[T]) -> T:
    """Look up or compute the result of a request, for all users of this server; see `Results.of`."""
    return RESULTS.of(request)
