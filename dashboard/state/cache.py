"""What was computed is kept for all users: results by small keys, the oldest dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Results by key, safe to share between threads; a result that several threads want is computed once.

    Streamlit's own caches are for the threads of scripts; long computations run in threads of their own.

    Parameters
    ----------
    most : total size that is kept.
    size : of a result, 1 for each unless given.
    """

    def __init__(self, most: float, size: Callable[[T], float] = lambda result: 1) -> None:
        self._most, self._size = most, size
        self._results: OrderedDict[Hashable, T] = OrderedDict()
        self._total = 0.0
        self._lock = threading.Lock()
        self._computing: dict[Hashable, threading.Event] = {}

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Look a result up, or compute and keep it.

        Parameters
        ----------
        key : everything that it depends on.
        compute : makes it; its errors are passed on to whoever computes, nothing is kept, and the next one tries again.

        Returns
        -------
        T
            The result.
        """
        while True:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
                    return self._results[key]
                others = self._computing.get(key)
                if others is None:
                    ended = self._computing[key] = threading.Event()
                    break
            others.wait()
        try:
            result = compute()
            self._keep(key, result)
            return result
        finally:
            with self._lock:
                del self._computing[key]
            ended.set()

    def holds(self, key: Hashable) -> bool:
        """Tell whether a result can be had without computing.

        Parameters
        ----------
        key : as for `get`.

        Returns
        -------
        bool
            Whether it is kept now.
        """
        with self._lock:
            return key in self._results

    def _keep(self, key: Hashable, result: T) -> None:
        with self._lock:
            if key in self._results:
                self._total -= self._size(self._results.pop(key))
            self._results[key] = result
            self._total += self._size(result)
            while self._total > self._most and len(self._results) > 1:
                _, oldest = self._results.popitem(last=False)
                self._total -= self._size(oldest)
