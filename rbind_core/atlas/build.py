"""Building the atlas: missing models are measured, on a Dask cluster or locally, and stored as they arrive."""

from __future__ import annotations

import contextlib
import os
import platform
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core import __version__
from rbind_core.atlas.files import Atlas, is_current, read_atlas, write_atlas
from rbind_core.atlas.measure import AtlasSettings, Ingredients, OtherNetwork, Row, Scan, measure_weights
from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.data.library import profile
from rbind_core.errors import DataError, ModelError
from rbind_core.model.committee import other_members
from rbind_core.model.panel import read_panel
from rbind_core.model.registry import Model, weights_of_model
from rbind_core.motifs.panel_scan import panel_scan
from rbind_core.system.locks import take
from rbind_core.system.tasks import Progress, Task, run_tasks
from rbind_core.system.versions import versions_of

_WAIT = 60.0  # seconds to wait for others that write the same file
PACKAGES = ("numpy", "openvino", "viennarna", "pyarrow")


def missing(models: Sequence[Model], atlas: Atlas, settings: AtlasSettings) -> list[Model]:
    """List the models that an atlas lacks, has in another version, or has under other settings.

    Parameters
    ----------
    models : broken ones are left out.

    Returns
    -------
    list of Model
        Those that fold every sequence come first, since they take longest.
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
    """Measure the models that a file lacks; after a kill at any time the same call resumes.

    Parameters
    ----------
    models : to be in the file.
    out : the atlas file, to which each model is added as it arrives; see `add_row`.
    scheduler : address of a running Dask scheduler; a cluster of local processes when None.
    workers : local processes, one per core when None; 0 for this process alone.
    progress : called after each model.

    Returns
    -------
    dict
        One sentence per model that could not be measured, by model.

    Raises
    ------
    ClusterError
        If the scheduler cannot be used.
    DataError
        If the file cannot be written.
    ModelError
        If a model's weights are damaged.
    """
    try:
        atlas = read_atlas(out)
    except DataError:
        atlas = Atlas.empty()  # set aside when the first row arrives
    wanted = missing(models, atlas, settings)

    def keep(name: str, row: Row) -> None:
        add_row(out, row, settings)

    scans = _scans_in_one_pass(wanted, settings)
    tasks = [Task(m.experiment, measure_weights, (m, ingredients_of(m, scans.get(m.experiment)), settings)) for m in wanted]
    return run_tasks(tasks, keep, scheduler, workers, progress)


def _scans_in_one_pass(models: Sequence[Model], settings: AtlasSettings) -> dict[str, Scan]:
    """Importances of all 6-mers for the models that are heads of one panel, in one pass of it."""
    heads: defaultdict[Path, list[Model]] = defaultdict(list)
    for model in models:
        if model.panel:
            heads[model.weights_file.with_suffix(".json")].append(model)
    found: dict[str, Scan] = {}
    for card, some in heads.items():
        sample = draw_sample(Profile(profile()), profile(), settings.samples, np.random.default_rng(settings.seed))
        predictor = read_panel(card).predictor([model.measured_in for model in some])
        scan = panel_scan(predictor, sample.first(settings.scan_samples))
        found |= {model.experiment: (scan.mean[:, n], scan.standard_error[:, n]) for n, model in enumerate(some)}
    return found


def ingredients_of(model: Model, scan: Scan | None = None) -> Ingredients:
    """Weights of a model and of its other networks; those that are damaged are left out, as on a page.

    Parameters
    ----------
    scan : from a pass of its panel; made with its own network when None.

    Raises
    ------
    ModelError
        If the model's own weights are damaged.
    """
    others = []
    for member in other_members(model):
        with contextlib.suppress(ModelError):
            weights, dilations = member.read()
            others.append(OtherNetwork(member.name, weights, dilations))
    return Ingredients(weights_of_model(model), tuple(others), scan)


def add_row(out: Path, row: Row, settings: AtlasSettings) -> Path | None:
    """Add one model to an atlas file, replacing its earlier row.

    Others may add to the same file at the same time, in this process or another: each locks it to read and write. A file that
    cannot be read is set aside under another name, since rows take minutes to measure, and a new one is started.

    Parameters
    ----------
    out : the atlas file; created if missing.
    row : from `measure`.

    Returns
    -------
    Path or None
        Path of an unreadable file that was set aside, or None.

    Raises
    ------
    DataError
        If the file cannot be written, or others have been writing it for a minute.
    """
    with _alone(out):
        try:
            atlas, aside = read_atlas(out), None
        except DataError:
            atlas, aside = Atlas.empty(), _set_aside(out)
        write_atlas(out, [row], provenance(settings), atlas)
    return aside


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of an atlas file, so that it cannot change between reading and writing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = take(path.with_name(f".{path.name}.lock"), _WAIT)
    except OSError as error:
        raise DataError(f"{path}: the atlas cannot be written ({error.strerror or error})") from None
    if lock is None:
        raise DataError(f"{path}: the atlas cannot be written (others have been writing it for {_WAIT:.0f} s); try again")
    try:
        yield
    finally:
        os.close(lock)


def _set_aside(path: Path) -> Path:
    """Rename a file to an unused name."""
    names = (path.with_name(f"{path.stem}.set-aside-{number}{path.suffix}") for number in count(1))
    aside = next(name for name in names if not name.exists())
    path.rename(aside)
    return aside


def provenance(settings: AtlasSettings) -> dict[str, Any]:
    """How and with what the atlas was made, for the file's metadata."""
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
