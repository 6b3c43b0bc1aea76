"""Reading the public RNAcompete files: probes, binding scores, and which experiment measured which protein.

The intensity files contain no sequences. Their lines follow the probes of the metadata file, without the
control sequences of `excluded_controls.txt`, sorted by sequence (worked out by aligning the files).
"""

from __future__ import annotations

import contextlib
import csv
import os
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data import fetch
from rbind_core.errors import DataError
from rbind_core.rna.sequences import Codes, encode

PROBES_OF_SET_A = 120_326
PROBES_OF_SET_B = 121_031


@dataclass(frozen=True)
class Assay:
    """One RNAcompete experiment: the protein measured, and its published consensus ('' where there is none)."""

    id: str
    protein: str
    species: str
    published_consensus: str


@dataclass(frozen=True)
class Probes:
    """The RNAcompete 2013 probes in the order of the intensity files: set A for training, set B held out.

    `codes` is (241357, 41) uint8, padded at the 3' end; `in_set_b` is (241357,) bool.
    """

    codes: Codes
    in_set_b: NDArray[np.bool_]


@cache
def experiments() -> dict[str, Assay]:
    """The experiments whose intensities are public (Ray et al. 2013), by id."""
    with files("rbind_core.data").joinpath("experiments.tsv").open() as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {r["experiment"]: Assay(*r.values()) for r in rows}


@cache
def load_probes() -> Probes:
    """Read the probes of RNAcompete 2013 from the metadata file.

    Returns
    -------
    Probes
        120,326 probes of set A and 121,031 of set B, read-only.

    Raises
    ------
    DataError
        If the metadata file is missing or damaged.
    """
    metadata = fetch.locate(fetch.METADATA)
    parsed = fetch.cache_folder() / f"probes-{fetch.sources()[fetch.METADATA].sha256[:12]}.npz"
    try:
        with parsed.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            codes, in_set_b = arrays["codes"], arrays["in_set_b"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        codes, in_set_b = _parse_metadata(metadata)
        _keep(parsed, codes=codes, in_set_b=in_set_b)
    codes.flags.writeable = in_set_b.flags.writeable = False
    return Probes(codes, in_set_b)


def _parse_metadata(path: Path) -> tuple[Codes, NDArray[np.bool_]]:
    from scipy.io import loadmat

    metadata = loadmat(path, squeeze_me=True, struct_as_record=False)["Metadata"]
    sequences, sets = np.array(metadata.seqs.tolist()), np.array(metadata.set.tolist())
    controls = files("rbind_core.data").joinpath("excluded_controls.txt").read_text().split()
    kept = np.flatnonzero(~np.isin(sequences, controls))
    kept = kept[np.argsort(sequences[kept], kind="stable")]
    return encode(sequences[kept].tolist()), sets[kept] == "SetB"


def _keep(path: Path, **arrays: NDArray) -> None:
    """Store parsed arrays for the next start (reading the MATLAB file takes seconds); a read-only cache is no error."""
    part = path.with_suffix(f".{os.getpid()}.part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(part, **arrays)  # type: ignore[arg-type]
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()


def load_intensities(experiment: str) -> NDArray[np.float32]:
    """Read the log-transformed binding scores of one experiment, in the order of `load_probes`.

    Parameters
    ----------
    experiment : id, such as RNCMPT00168.

    Returns
    -------
    NDArray
        (241357,) float32, log(S - S_min + 1) of the intensity S; not normalised.

    Raises
    ------
    DataError
        If the experiment is unknown, its file is missing or damaged.
    """
    path = fetch.locate(fetch.intensities_file(experiment))
    values = np.array(path.read_text().split(), dtype=np.float32)
    expected = PROBES_OF_SET_A + PROBES_OF_SET_B
    if values.shape != (expected,):
        raise DataError(f"{path}: {len(values)} lines; expected {expected}")
    return values
