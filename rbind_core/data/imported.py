"""Experiments imported from the paper's HDF5 files: stored once, then read like the public ones.

Each import is one folder (one per protein for rnacompete2009.h5) in the user's own data folder:

- `codes.npy`: (n, 41) uint8 probes, padded at the 3' end.
- `parts.npy`: (n,) uint8, 0 for training, 1 for validation, 2 for the test.
- `scores/<experiment>.npy`: (n,) float32, log(S - S_min + 1), NaN where missing; not normalised.
- `about.json`: the file's name and SHA-256, experiments, sizes, date.

The file's structure profiles (channels 4-8) are not kept: ViennaRNA recomputes them where a model needs them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import Dataset, Rows, make_dataset
from rbind_core.data.hdf5 import PARTS, TEST, TRAINING, VALIDATION, Measurements, read_measurements
from rbind_core.data.repeats import same_rna
from rbind_core.data.rnacompete import Assay, experiments
from rbind_core.errors import DataError
from rbind_core.rna.sequences import Codes
from rbind_core.system.paths import imported_folder

FEWEST_PROBES = 500
SMALLEST_INTENSITY = 50  # the highest intensities of an array are far above it, their logarithms and z-scores far below
ABOUT, CODES, SCORES, PART_OF_PROBE = "about.json", "codes.npy", "scores", "parts.npy"


@dataclass(frozen=True)
class Import:
    """One import; `problem` says why it cannot be used, None if it can.

    `date` is in ISO 8601, UTC; `probes` counts the training, validation and test parts.
    """

    folder: Path
    file: str
    sha256: str = ""
    date: str = ""
    probes: tuple[int, int, int] = (0, 0, 0)
    experiments: dict[str, Assay] = field(default_factory=dict)
    problem: str | None = None


def import_file(path: Path, report: Callable[[str], None] = lambda line: None) -> list[Assay]:
    """Import the experiments of rnacompete2013.h5 or rnacompete2009.h5 into the user's own data folder.

    The import is stored completely or not at all. An experiment imported before is replaced.

    Parameters
    ----------
    path : the HDF5 file.
    report : called with lines on the progress, and with notes on what was left out, replaced or there already.

    Returns
    -------
    list of Assay
        The usable experiments; those with fewer than 500 known scores are left out.

    Raises
    ------
    DataError
        If the file is neither of the two or is damaged, no experiment in it can be used, or the folder cannot be written.
    """
    if not path.is_file():
        raise DataError(f"{path} is not a file; give rnacompete2013.h5 or rnacompete2009.h5")
    report(f"{path.name}: reading its checksum")
    digest = _sha256(path)
    present = [each for each in list_imports() if each.sha256 == digest and not each.problem]
    if present:
        report(f"note: {path.name} was imported already, on {present[0].date[:10]}")
        for each in present:
            _make_newest(each)
        return [experiment for each in present for experiment in each.experiments.values()]
    before = imported_experiments()
    part = imported_folder() / f".part-{digest[:12]}"
    try:
        shutil.rmtree(part, ignore_errors=True)  # left by an import that was killed
        stored = [_store(measurements, part, path.name, digest, report) for measurements in read_measurements(path, report)]
        found = [experiment for _, kept in stored for experiment in kept]
        if not found:
            raise DataError(f"{path.name}: no experiment has {FEWEST_PROBES} known scores that differ, in all three parts")
        for folder, kept in stored:
            if kept:
                shutil.rmtree(imported_folder() / folder.name, ignore_errors=True)  # a damaged earlier import of this file
                folder.rename(imported_folder() / folder.name)
    except OSError as error:
        raise DataError(f"{imported_folder()} cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _report_replaced(found, before, report)
    return found


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from None
    return digest.hexdigest()


def _store(of: Measurements, part: Path, file: str, digest: str, report: Callable[[str], None]) -> tuple[Path, list[Assay]]:
    """Write one folder of an import; return it with the experiments that can be used."""
    folder = part / f"{of.source}-{digest[:12]}"
    (folder / SCORES).mkdir(parents=True)
    kept = []
    for column, experiment in enumerate(of.experiments):
        scores = of.log_scores(column)
        reason = _why_left_out(scores, of.parts)
        if reason:
            report(f"note: {experiment.id} is left out: {reason}")
        else:
            np.save(folder / SCORES / f"{experiment.id}.npy", scores)
            kept.append(experiment)
    logged = [experiment.id for column, experiment in enumerate(of.experiments) if experiment in kept and _is_logged(of, column)]
    if logged:
        shown = logged[0] + (f" and {len(logged) - 1} more" if len(logged) > 1 else "")
        report(
            f"note: {shown}: no score is above {SMALLEST_INTENSITY}, as if logarithms were taken already; they are taken once more"
        )
    np.save(folder / CODES, of.codes)
    np.save(folder / PART_OF_PROBE, of.parts)
    about = {
        "file": file,
        "sha256": digest,
        "source": of.source,
        "date": _now(),
        "probes": np.bincount(of.parts, minlength=len(PARTS)).tolist(),
        "experiments": [asdict(experiment) for experiment in kept],
        "bytes": {f.relative_to(folder).as_posix(): f.stat().st_size for f in sorted(folder.rglob("*.npy"))},
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n")
    return folder, kept


def _is_logged(of: Measurements, column: int) -> bool:
    return bool(np.nanmax(of.scores[:, column]) <= SMALLEST_INTENSITY)


def _why_left_out(scores: NDArray[np.float32], parts: NDArray[np.uint8]) -> str | None:
    known = np.isfinite(scores)
    if known.sum() < FEWEST_PROBES:
        return f"{known.sum()} known scores; at least {FEWEST_PROBES} are needed"
    empty = next((PARTS[part] for part in (TRAINING, VALIDATION, TEST) if not known[parts == part].any()), None)
    if empty:
        return f"Y_{empty} has no known score"
    if np.ptp(scores[known & (parts == TRAINING)]) == 0:
        return "all training scores are equal"
    return None


def _now() -> str:
    """The time now, or just after the newest import if the clock was set back, since the newest import counts."""
    now = datetime.now(timezone.utc)
    for each in list_imports():
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            now = max(now, datetime.fromisoformat(each.date) + timedelta(microseconds=1))
    return now.isoformat()


def _make_newest(imported: Import) -> None:
    """Date a repeated import anew: of experiments imported twice, the newest import counts."""
    about = json.loads((imported.folder / ABOUT).read_text()) | {"date": _now()}
    part = imported.folder / "about.part"
    part.write_text(json.dumps(about, indent=1) + "\n")
    part.replace(imported.folder / ABOUT)


def _report_replaced(found: list[Assay], before: dict[str, Assay], report: Callable[[str], None]) -> None:
    for others, what in ((before, "an earlier import"), (experiments(), "the public files")):
        ids = [experiment.id for experiment in found if experiment.id in others]
        if ids:
            shown = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
            report(f"note: {shown}: training now takes these scores, not those of {what}")


def list_imports() -> list[Import]:
    """List the imports, oldest first; a damaged one with its problem."""
    return sorted(map(_read_about, imported_folder().glob(f"*/{ABOUT}")), key=lambda each: (each.date, each.folder))


def _read_about(path: Path) -> Import:
    folder = path.parent
    try:
        about: dict[str, Any] = json.loads(path.read_text())
        of = {each["id"]: Assay(**each) for each in about["experiments"]}
        training, validation, test = about["probes"]
        datetime.fromisoformat(about["date"])  # the newest import counts
        damaged = [name for name, size in about["bytes"].items() if _size(folder / name) != size]
        problem = f"{damaged[0]} is missing or damaged; import {about['file']} again" if damaged else None
        return Import(folder, about["file"], about["sha256"], about["date"], (training, validation, test), of, problem)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Import(folder, folder.name, problem=f"{ABOUT} cannot be read ({type(error).__name__}); import the file again")


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def imported_experiments() -> dict[str, Assay]:
    """The imported experiments that can be used, by id."""
    return {name: of for each in list_imports() if not each.problem for name, of in each.experiments.items()}


def import_of(experiment: str) -> Import:
    """Find the import that an experiment is read from: the newest that holds it.

    Raises
    ------
    DataError
        If the experiment was not imported or its import is damaged.
    """
    holding = [each for each in list_imports() if experiment in each.experiments]
    usable = [each for each in holding if not each.problem]
    if usable:
        return usable[-1]
    if holding:
        raise DataError(f"{experiment}: the import is damaged: {holding[-1].problem}")
    raise DataError(f"{experiment} was not imported; run './rbind data import FILE' with the HDF5 file that holds it")


def imported_dataset(experiment: str) -> Dataset:
    """Log-transformed scores of an imported experiment, in the parts named by the file; probes without a score are in none.

    A validation probe with a copy in the training part is left out, so that the epoch is not chosen by memorised probes,
    unless all of them are copies.

    Raises
    ------
    DataError
        If the experiment was not imported or its import is damaged.
    """
    folder = import_of(experiment).folder
    try:
        names = (CODES, PART_OF_PROBE, f"{SCORES}/{experiment}.npy")
        codes, parts, scores = (np.load(folder / name, allow_pickle=False) for name in names)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{experiment}: the import in {folder} cannot be read ({error}); import the file again") from None
    training, validation, test = (np.flatnonzero((parts == part) & np.isfinite(scores)) for part in (TRAINING, VALIDATION, TEST))
    unseen = validation[~are_copies(codes, validation, training)]
    return make_dataset(codes, scores, training, unseen if len(unseen) else validation, test)


def are_copies(codes: Codes, rows: Rows, others: Rows) -> NDArray[np.bool_]:
    """Tell which rows hold an RNA that `others` hold too.

    Parameters
    ----------
    codes : (n, 41) uint8.
    rows, others : (m,) row numbers each.

    Returns
    -------
    NDArray
        (len(rows),) bool.
    """
    rna = same_rna(codes)
    return np.isin(rna[rows], rna[others])
