"""Imports in the background, and those that must not be made by two threads at the same time."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterable

# Of scipy two threads that begin with different parts find each other's half made.
_ONE_BY_ONE = ("openvino.opset13", "scipy.special", "scipy.cluster.hierarchy", "matplotlib.textpath", "RNA")
_lock = threading.Lock()
_are_loaded = False


def load(names: Iterable[str]) -> None:
    """Import modules; what is missing is met where it is used.

    Parameters
    ----------
    names : of modules.
    """
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def load_scientific() -> None:
    """Import the packages that pages compute and draw with, once for all threads; who comes meanwhile waits."""
    global _are_loaded
    with _lock:
        if not _are_loaded:
            load(_ONE_BY_ONE)
            _are_loaded = True
