"""Making the atlas: every model that is not in it yet is measured, on a Dask cluster or here, and kept as it arrives."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rbind_core import __version__
from rbind_core.atlas.files import Atlas, is_current, read_atlas, write_atlas
from rbind_core.atlas.measure import AtlasSettings, Row, measure_weights
from rbind_core.errors import DataError
from rbind_core.model.registry import WEIGHTS, Model
from rbind_core.model.weights import read_weights
from rbind_core.tasks import Progress, Task, run_tasks
from rbind_core.versions import versions_of

PACKAGES = ("numpy", "openvino", "viennarna", "pyarrow")


def missing(models: Sequence[Model], atlas: Atlas, settings: AtlasSettings) -> list[Model]:
    """List the models that an atlas does not hold as they are now, or measured under other settings.

    Parameters
    ----------
    models : from the registry; broken ones are left out.
    atlas : that is there.
    settings : numbers of background sequences and the seed.

    Returns
    -------
    list of Model
        Those that fold every sequence first, since they take longest.
    """
    wanted = [m for m in models if not m.problem and not (is_current(atlas, m) and _same_settings(atlas, m, settings))]
    return sorted(wanted, key=lambda m: (not m.structure, m.experiment))


def _same_settings(atlas: Atlas, model: Model, settings: AtlasSettings) -> bool:
    row = atlas.overview.loc[model.experiment]
    expected = asdict(settings) | {"samples": settings.samples_of(model)}
    return all(row[name] == value for name, value in expected.items())


def build_atlas(
    models: Sequence[Model],
    out: Path,
    settings: AtlasSettings,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda name, done, total: None,
) -> dict[str, str]:
    """Measure the models that a file does not hold yet; after a kill at any moment the same call goes on.

    Parameters
    ----------
    models : to be in the file.
    out : the atlas file, written anew after each model.
    settings : numbers of background sequences and the seed.
    scheduler : address of a running Dask scheduler; a cluster of local processes when None.
    workers : local processes, one a core when None; 0 for this process alone.
    progress : called after each model.

    Returns
    -------
    dict
        Models that could not be measured, to one sentence that says why.

    Raises
    ------
    ClusterError
        If the scheduler cannot be used.
    DataError
        If the file cannot be written.
    ModelError
        If a model's weights are damaged.
    """
    atlas = _read_or_empty(out)
    wanted = missing(models, atlas, settings)
    anew = {model.experiment for model in wanted}
    rows = {row["experiment"]: row for row in atlas.rows() if row["experiment"] not in anew}

    def keep(name: str, row: Row) -> None:
        rows[name] = row
        write_atlas(out, rows.values(), provenance(settings))

    tasks = [Task(m.experiment, measure_weights, (m, read_weights(m.folder / WEIGHTS, m.weights_sha256), settings)) for m in wanted]
    return run_tasks(tasks, keep, scheduler, workers, progress)


def add_row(out: Path, row: Row, settings: AtlasSettings) -> None:
    """Add one model to an atlas file, in place of what the file holds of it.

    Parameters
    ----------
    out : the atlas file; made where it is missing.
    row : as `measure` gives it.
    settings : numbers of background sequences and the seed.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    others = [other for other in _read_or_empty(out).rows() if other["experiment"] != row["experiment"]]
    write_atlas(out, [*others, row], provenance(settings))


def _read_or_empty(path: Path) -> Atlas:
    """An atlas file that is damaged, or of another version, counts as empty: it is made anew."""
    try:
        return read_atlas(path)
    except DataError:
        return Atlas.empty()


def provenance(settings: AtlasSettings) -> dict[str, Any]:
    """Say how the atlas is made and with what.

    Parameters
    ----------
    settings : numbers of background sequences and the seed.

    Returns
    -------
    dict
        For the file's metadata.
    """
    return {
        "command": "./rbind atlas",
        "date": datetime.now(timezone.utc).date().isoformat(),
        "settings": asdict(settings),
        "library": "designed",
        "rbind": __version__,
        "python": platform.python_version(),
        "packages": versions_of(PACKAGES),
        "method": "Global importance analysis: Koo et al. 2021, PLoS Comput Biol 17(5): e1008925",
    }
