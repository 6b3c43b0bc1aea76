"""Reading of the paper's own HDF5 files, rnacompete2013.h5 and rnacompete2009.h5 (Mendeley Data, 10.17632/m2yzh6ktzb.1).

The first holds one set of probes with a column of scores per experiment, the second a group per protein with its own
probes. A file's contents show which of the two it is. Of `X` only the sequence (channels 0-3) is read: the structure
profiles (channels 4-8) are recomputed by ViennaRNA where a model needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.rnacompete import Assay, experiments
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH, PADDING, Codes, from_one_hot, lengths

if TYPE_CHECKING:
    import h5py

LAYOUT_2013, LAYOUT_2009 = "rnacompete2013", "rnacompete2009"
PARTS = ("train", "valid", "test")
TRAINING, VALIDATION, TEST = range(3)
_CHANNELS = (4, 9)  # the sequence; the sequence and its structure profiles
_SHORTEST = 30  # nt; arrays of probes are at least as wide
_PROBES_AT_A_TIME = 16_384
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


@dataclass(frozen=True)
class Measurements:
    """Probes measured together, with the raw scores of one or more experiments.

    `source` is the layout, with the protein where each has its own probes. `codes` is (n, 41) uint8, padded at the 3' end;
    `parts` is (n,) uint8, 0 for training, 1 for validation, 2 for the test; `scores` is (n, len(experiments)) in the file's
    dtype, NaN where missing.
    """

    source: str
    experiments: list[Assay]
    codes: Codes
    parts: NDArray[np.uint8]
    scores: NDArray[np.floating]

    def log_scores(self, column: int) -> NDArray[np.float32]:
        """Log-transform the raw scores S of one experiment: log(S - S_min + 1).

        Parameters
        ----------
        column : of the experiment, from 0.

        Returns
        -------
        NDArray
            (n,) float32, from 0; NaN where missing.
        """
        raw = self.scores[:, column].astype(np.float64)
        known = np.isfinite(raw)
        raw[~known] = np.nan
        return np.log(raw - (raw[known].min() if known.any() else 0) + 1).astype(np.float32)


def read_measurements(path: Path, report: Callable[[str], None] = lambda line: None) -> Iterator[Measurements]:
    """Read an HDF5 file of the paper a few thousand probes at a time, since it may not fit into memory.

    Parameters
    ----------
    report : called with the progress, and with what was left out.

    Returns
    -------
    Iterator of Measurements
        One for rnacompete2013.h5; one per protein for rnacompete2009.h5.

    Raises
    ------
    DataError
        If it is not an HDF5 file, is damaged, or its arrays are not those of either layout; the message names the array.
    """
    with _opened(path) as file:
        if "X_train" in file:
            yield _read(path, file, LAYOUT_2013, _named_experiments(path, file), report)
            return
        proteins = [name for name, group in file.items() if hasattr(group, "items") and "X_train" in group]
        if not proteins:
            raise DataError(f"{path.name}: no array X_train, neither in the file itself nor in a group per protein")
        for protein in proteins:
            of = Assay(_safe(path, f"{protein}_2009"), protein, "", "")
            yield _read(path, file[protein], f"{LAYOUT_2009}-{protein}", [of], report)


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    import h5py

    if not path.is_file():
        raise DataError(f"{path} is not a file; give rnacompete2013.h5 or rnacompete2009.h5")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError, KeyError) as error:
        if not h5py.is_hdf5(path):
            raise DataError(f"{path.name} is not an HDF5 file; give rnacompete2013.h5 or rnacompete2009.h5") from None
        reason = "is truncated" if "truncated" in str(error) else "is damaged"
        raise DataError(f"{path.name}: the HDF5 file {reason}; copy or download it again") from None


def _read(path: Path, group: h5py.Group, source: str, of: list[Assay], report: Callable[[str], None]) -> Measurements:
    sizes = [_check_part(path, group, part, len(of)) for part in PARTS]
    codes = np.full((sum(sizes), LENGTH), PADDING, np.uint8)
    scores = np.empty((sum(sizes), len(of)), np.result_type(*(group[f"Y_{part}"].dtype for part in PARTS), np.float32))
    ends = np.cumsum(sizes)
    for part, size, end in zip(PARTS, sizes, ends, strict=True):
        inputs = group[f"X_{part}"]
        for start in range(0, size, _PROBES_AT_A_TIME):
            block = inputs[start : start + _PROBES_AT_A_TIME, :4]
            first = end - size + start
            codes[first : first + len(block)] = _codes(path, inputs.name, block, start)
            report(f"{inputs.name.strip('/')}: {start + len(block):,} of {size:,} probes")
        scores[end - size : end] = group[f"Y_{part}"][:].reshape(size, len(of))
    unreadable = _unreadable(codes)
    if unreadable.any():
        scores[unreadable] = np.nan
        report(f"note: {source}: {unreadable.sum():,} probes with unknown letters are left out")
    return Measurements(source, of, codes, np.repeat(np.arange(3, dtype=np.uint8), sizes), scores)


def _check_part(path: Path, group: h5py.Group, part: str, outputs: int) -> int:
    """Refuse arrays of another shape; return the number of probes."""
    names = [f"{group.name}/{letter}_{part}".strip("/") for letter in "XY"]
    for name, array in zip(names, (group.get(f"X_{part}"), group.get(f"Y_{part}")), strict=True):
        if not hasattr(array, "dtype"):
            raise DataError(f"{path.name}: the array {name} is missing")
        if array.dtype.kind not in ("fiub" if name.endswith(f"X_{part}") else "fiu"):
            raise DataError(f"{path.name}: {name} does not hold numbers")
    inputs, targets = group[f"X_{part}"].shape, group[f"Y_{part}"].shape
    if len(inputs) != 3 or inputs[1] not in _CHANNELS or not _SHORTEST <= inputs[2] <= LENGTH:
        raise DataError(f"{path.name}: {names[0]} has the shape {inputs}; it must be (probes, 9 or 4, {_SHORTEST}-{LENGTH})")
    if targets not in ((inputs[0], outputs), (inputs[0],) if outputs == 1 else None):
        raise DataError(f"{path.name}: {names[1]} has the shape {targets}; beside {names[0]} it must be {(inputs[0], outputs)}")
    return inputs[0]


def _codes(path: Path, name: str, block: NDArray, start: int) -> Codes:
    """Codes of some probes, (m, 41), with the padding at the 3' end (the authors' own script pads at both)."""
    wrong = ~(np.isin(block, (0, 1)).all(axis=(1, 2)) & (block.sum(axis=1) <= 1).all(axis=1))
    if wrong.any():
        row = start + int(np.argmax(wrong)) + 1
        raise DataError(f"{path.name}: {name.strip('/')}, probe {row:,}: channels 0-3 are not one-hot A, C, G, U")
    codes = from_one_hot(block.transpose(0, 2, 1))
    first = (codes != PADDING).argmax(axis=1)
    padded = np.pad(codes, ((0, 0), (0, 2 * LENGTH - codes.shape[1])), constant_values=PADDING)
    return np.take_along_axis(padded, first[:, None] + np.arange(LENGTH), axis=1)


def _unreadable(codes: Codes) -> NDArray[np.bool_]:
    """Probes that are empty or have a gap between their letters."""
    letters = np.arange(LENGTH) < lengths(codes)[:, None]
    return ~letters[:, 0] | ((codes == PADDING) & letters).any(axis=1)


def _named_experiments(path: Path, file: h5py.File) -> list[Assay]:
    named = file.get("experiment")
    if not hasattr(named, "dtype") or named.ndim != 1 or named.dtype.kind not in "SO":
        raise DataError(f"{path.name}: the array experiment, with the ids of the columns of Y_train, is missing")
    ids = [_safe(path, i.decode("utf-8", "replace") if isinstance(i, bytes) else str(i)) for i in named[:]]
    seen: set[str] = set()
    for name in ids:
        if name.upper() in seen:
            raise DataError(f"{path.name}: the experiment {name} is in the file twice")
        seen.add(name.upper())
    known = experiments()
    return [known.get(name) or Assay(name, name, "", "") for name in ids]


def _safe(path: Path, name: str) -> str:
    if not _SAFE_NAME.fullmatch(name):
        raise DataError(f"{path.name}: {name[:60]!r} cannot be an experiment's id; use up to 60 letters, digits, '-', '_' and '.'")
    return name
