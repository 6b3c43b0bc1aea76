"""What was computed is kept for all users: results by small keys, the oldest dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Results by key, safe to share between threads; a result that two threads want is computed once.

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
        self._computing: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Look a result up, or compute and keep it.

        Parameters
        ----------
        key : everything that it depends on.
        compute : makes it; its errors are passed on and nothing is kept.

        Returns
        -------
        T
            The result.
        """
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
            computing = self._computing.setdefault(key, threading.Lock())
        with computing:
            with self._lock:
                if key in self._results:
                    return self._results[key]
            try:
                result = compute()
                self._keep(key, result)
            finally:
                with self._lock:
                    self._computing.pop(key, None)
            return result

    def _keep(self, key: Hashable, result: T) -> None:
        with self._lock:
            self._results[key] = result
            self._total += self._size(result)
            while self._total > self._most and len(self._results) > 1:
                _, oldest = self._results.popitem(last=False)
                self._total -= self._size(oldest)
