"""Structure profiles of the RNAcompete probes: folded once, in parallel, and kept in the cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data import fetch
from rbind_core.rna.sequences import PADDING, Codes
from rbind_core.rna.structure import structure_profiles
from rbind_core.system.cores import cores

_log = logging.getLogger(__name__)

CHUNK = 12_000  # probes folded between two writes, the most that a stopped run loses


def probe_profiles(
    codes: Codes, kind: str, processes: int | None = None, report: Callable[[int, int], None] = lambda done, total: None
) -> NDArray[np.float16]:
    """Structure profiles of many probes, cached where possible; a run that was stopped resumes.

    Parameters
    ----------
    codes : (n, 41) uint8, 4 = padding.
    kind : 'PU' (paired, unpaired) or 'PHIME' (paired, hairpin, internal, multi, external loop).
    processes : number that fold in parallel; one per core when None.
    report : called with the number of probes done and their total.

    Returns
    -------
    NDArray
        (n, 41, 2 or 5) float16; exact to 0.0005.
    """
    profiles = np.empty((*codes.shape, 5), np.float16)
    for start in range(0, len(codes), CHUNK):
        rows = slice(start, start + CHUNK)
        profiles[rows] = _chunk(codes[rows], processes or cores())
        report(min(start + CHUNK, len(codes)), len(codes))
    return of_kind(profiles, codes, kind)


def of_kind(profiles: NDArray[np.float16], codes: Codes, kind: str) -> NDArray[np.float16]:
    """Reduce PHIME profiles to the kind that a network reads.

    Parameters
    ----------
    profiles : (n, 41, 5), PHIME.
    codes : (n, 41) uint8 of the same probes.
    kind : 'PU' or 'PHIME'.

    Returns
    -------
    NDArray
        (n, 41, 2 or 5) float16.
    """
    if kind == "PHIME":
        return profiles
    paired = profiles[:, :, :1]
    return np.concatenate([paired, np.where(codes[:, :, None] == PADDING, 0, 1 - paired)], axis=2).astype(np.float16)


def _chunk(codes: Codes, processes: int) -> NDArray[np.float16]:
    path = fetch.cache_folder() / "structure" / f"{hashlib.sha256(codes.tobytes()).hexdigest()[:16]}.npy"
    try:
        with path.open("rb") as file:
            profiles = np.load(file, allow_pickle=False)
        if profiles.shape == (*codes.shape, 5):
            return profiles
    except (OSError, ValueError, EOFError):
        pass  # missing or damaged: fold
    profiles = structure_profiles(codes, "PHIME", processes).astype(np.float16)
    _keep(path, profiles)
    return profiles


def _keep(path: Path, profiles: NDArray[np.float16]) -> None:
    """Keep the folds for the next run, which folds again if the cache folder cannot be written."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.save(file, profiles)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        _say_not_kept(path.parent, error.strerror or str(error))


@cache
def _say_not_kept(folder: Path, reason: str) -> None:
    """Say so once, since it is no error: on standard error, or wherever the program logs."""
    _log.warning(
        "note: predicted structures cannot be kept in %s (%s), so the next run will fold these probes again", folder, reason
    )
