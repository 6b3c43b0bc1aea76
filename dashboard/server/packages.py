"""Everything that pages import is imported by one thread, for all sessions.

Two threads that import at the same time, and begin with different modules of a package, may find each other's half made.
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
    """Import it, once; who comes meanwhile waits, and what is missing is met where it is used."""
    global _are_loaded
    with _lock:
        if _are_loaded:
            return
        for name in (*_IMPORTED_WHERE_USED, *_modules_of(dashboard), *_modules_of(figures), "rbind_core.experiments.catalogue"):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        _are_loaded = True


@contextlib.asynccontextmanager
async def loaded_ahead(_app: object) -> AsyncIterator[None]:
    """While the server runs: what pages need is imported and read before somebody asks for one."""
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
    gc.freeze()  # what is there for good is not looked through by each full collection, which took 0.15 s


def _modules_of(package: ModuleType) -> Iterator[str]:
    folder = Path(package.__path__[0])
    for file in sorted(folder.rglob("[!_]*.py")):
        yield ".".join((package.__name__, *file.relative_to(folder).with_suffix("").parts))
