"""Memory of large computations, given back to the system when they are over.

The C library would keep it: freed arrays below 32 MB go to its own store, and cycles of objects wait for the collector.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import threading

from dashboard.state.results import RESULTS

_FORGOTTEN = 150.0  # seconds, after which Streamlit has dropped the sessions that were left
_LARGE_RESULT = 1_000_000  # bytes, from which on a result is dropped when nobody has asked for it lately
_APART = 1_000_000  # bytes, from which on an array has memory of its own, which is given back when it is freed
_M_MMAP_THRESHOLD = -3  # in glibc's malloc.h


class Memory:
    """Gives memory back when a large computation ends, and once more when those who asked for it may have left.

    By then their large results are dropped. Elsewhere than on Linux with glibc only the garbage is collected.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._later: threading.Timer | None = None
        try:
            self._library: ctypes.CDLL | None = ctypes.CDLL("libc.so.6")
            self._library.mallopt(_M_MMAP_THRESHOLD, _APART)
        except (OSError, AttributeError):
            self._library = None

    def give_back(self) -> None:
        """Now."""
        gc.collect()
        if self._library is not None:
            with contextlib.suppress(AttributeError):
                self._library.malloc_trim(0)

    def give_back_now_and_later(self) -> None:
        """Now, and when some time has passed without another large computation."""
        self.give_back()
        with self._lock:
            if self._later is not None:
                self._later.cancel()
            self._later = threading.Timer(_FORGOTTEN, self._give_back_later)
            self._later.daemon = True
            self._later.start()

    def _give_back_later(self) -> None:
        RESULTS.drop_unused(_FORGOTTEN / 2, at_least=_LARGE_RESULT)
        self.give_back()
