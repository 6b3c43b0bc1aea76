"""Parallel training of many models, one task each, by local processes or a Dask cluster.

A worker need not share the caller's disk: it trains in its own cache folder, where a repeated task finds its
checkpoints, and sends back the files of the model. The caller stores them as they arrive, the card last.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from pathlib import Path, PurePosixPath

from rbind_core.data.fetch import cache_folder
from rbind_core.data.imported import import_of, imported_experiments
from rbind_core.data.vts1 import VTS1
from rbind_core.errors import DataError
from rbind_core.model.registry import CARD, WEIGHTS
from rbind_core.quality.score_histogram import DENSITY
from rbind_core.system.paths import TRUNK
from rbind_core.system.tasks import Progress, Task, project_version, run_tasks
from rbind_core.training.all_models import TrainingStep, train_steps
from rbind_core.training.trunk import open_trunk

Files = dict[str, bytes]
"""Path in a folder of models, such as RNCMPT00168/card.json, to what is in the file."""

_ONE_AT_A_TIME = threading.Lock()  # Keras has one source of randomness and one list of names per process


def train_side_by_side(
    steps: list[TrainingStep],
    out: Path | None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda model, done, total: None,
) -> dict[str, str]:
    """Train what is not there yet; after a kill at any moment the same call goes on.

    The models are those of `train_steps`, bit for bit on machines of the same kind.

    Parameters
    ----------
    out : folder of models; each step's usual one when None.
    scheduler, workers : as in `run_tasks`.
    progress : called after each model with the number of finished models and their total.

    Returns
    -------
    dict
        One sentence per model that could not be trained, by model.
    """
    folders = {step.model: step.folder(out) for step in steps}
    tasks = training_tasks(steps, out)
    return run_tasks(tasks, lambda model, files: store_files(folders[model], files), scheduler, workers, progress)


def training_tasks(steps: list[TrainingStep], out: Path | None) -> list[Task]:
    """Make one task per incomplete model, since steps depend on each other and models do not.

    Parameters
    ----------
    out : folder of models; each step's usual one when None.

    Returns
    -------
    list of Task
        The longest first: VTS1, then models that read structure. `store_files` stores the results.
    """
    missing: dict[str, list[TrainingStep]] = {}
    for step in sorted(steps, key=lambda step: (step.experiment != VTS1.id, not step.structure)):
        if not step.is_done(step.folder(out)):
            missing.setdefault(step.model, []).append(step)
    return [
        Task(model, train_model, (todo, ingredients(todo[0].experiment), read_files(todo[0].folder(out), [model])))
        for model, todo in missing.items()
    ]


def ingredients(experiment: str) -> tuple[str, str]:
    """Inputs of a model besides the project's sources and the pinned public files.

    Returns
    -------
    (str, str)
        SHA-256 of the trunk, and of the file that the experiment was imported from, or ''.
    """
    return open_trunk(TRUNK).sha256, import_of(experiment).sha256 if experiment in imported_experiments() else ""


def train_model(steps: list[TrainingStep], made_from: tuple[str, str], stored: Files) -> Files:
    """Train one model in this computer's cache folder, resuming an earlier attempt.

    Parameters
    ----------
    made_from : the caller's `ingredients`.

    Returns
    -------
    dict
        The files of the model, or of the three models of VTS1.

    Raises
    ------
    DataError
        If public data are missing here, or the trunk or import is not the caller's.
    """
    experiment, model = steps[0].experiment, steps[0].model
    if ingredients(experiment) != made_from:
        raise DataError(
            f"{experiment}: trunk or imported file differ from those where training was started; "
            f"copy pretrained/trunk here, or run './rbind data import FILE' with the same file"
        )
    digest = hashlib.sha256(repr((project_version(), steps, made_from, sorted(stored.items()))).encode()).hexdigest()
    folder = cache_folder() / "training" / f"{model}-{digest[:12]}"
    with _ONE_AT_A_TIME:
        if not (folder / model / CARD).exists():
            store_files(folder, stored)
        train_steps(steps, folder)
    files = read_files(folder, [path.name for path in folder.iterdir() if path.is_dir()])
    shutil.rmtree(folder, ignore_errors=True)
    return files


def read_files(folder: Path, models: list[str]) -> Files:
    """Read the files of models.

    Parameters
    ----------
    models : names of folders in it.

    Returns
    -------
    dict
        Content by path in `folder`; a model without a card, which is not stored yet, adds none.
    """
    names = [f"{model}/{name}" for model in models if (folder / model / CARD).exists() for name in (DENSITY, WEIGHTS, CARD)]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


def store_files(folder: Path, files: Files) -> None:
    """Write the files of models, each atomically.

    Parameters
    ----------
    files : cards are written last, so that a half-written model is never listed, and that of VTS1 itself, which says
        that its three models are complete, at the very end.
    """
    for name in sorted(files, key=lambda name: (PurePosixPath(name).name == CARD, name == f"{VTS1.id}/{CARD}")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(files[name])
        part.replace(path)
