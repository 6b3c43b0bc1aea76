"""Imports of all pages in one thread, for all sessions.

Two threads that import different modules of a package at the same time may find each other's half initialised.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType

import dashboard
from rbind_core import figures

# Undocumented, and large; imported by the first page with an icon. Tried with Streamlit 1.65 and 1.67.
STREAMLIT_IMPORTS_LATE = ("streamlit.emojis", "streamlit.material_icon_names")
_IMPORTED_WHERE_USED = (
    *("pandas", "pandas.io.formats.csvs", "pyarrow.parquet", "pyarrow.dataset"),
    *("plotly.subplots", "plotly.offline", "plotly.colors", *STREAMLIT_IMPORTS_LATE),
    *("scipy.special", "scipy.cluster.hierarchy", "scipy.sparse.csgraph", "matplotlib.textpath", "matplotlib.text"),
    *("openvino.opset13", "RNA", "safetensors.numpy", "platformdirs"),
)
_lock = threading.Lock()
_are_loaded = False


def load() -> None:
    """Import everything once; callers wait meanwhile, and missing packages are reported where they are used."""
    global _are_loaded
    with _lock:
        if _are_loaded:
            return
        for name in (
            *_IMPORTED_WHERE_USED,
            *_modules_of(dashboard),
            *_modules_of(figures),
            "rbind_core.experiments.catalogue",
            "rbind_core.who.records",
        ):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        _are_loaded = True


@contextlib.asynccontextmanager
async def loaded_ahead(_app: object) -> AsyncIterator[None]:
    """Context of the running server, in which everything that pages need is imported and read ahead."""
    threading.Thread(target=_prepare, daemon=True).start()
    yield


def _prepare() -> None:
    load()
    from rbind_core.atlas.files import load_atlas
    from rbind_core.figures.logos import letter_paths

    for read in (load_atlas, letter_paths):
        with contextlib.suppress(Exception):
            read()
    gc.collect()
    gc.freeze()  # permanent objects are exempt from full garbage collections, which took 0.15 s


def _modules_of(package: ModuleType) -> Iterator[str]:
    folder = Path(package.__path__[0])
    for file in sorted(folder.rglob("[!_]*.py")):
        yield ".".join((package.__name__, *file.relative_to(folder).with_suffix("").parts))
