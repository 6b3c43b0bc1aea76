"""Public data files and their download into the user's cache: pinned addresses and SHA-256, and only on request.

A file is looked for in the folder named by `RBIND_DATA_DIR`, then in the user's cache, and is downloaded into the
cache only when `fetch` is called. Nothing here is part of the project: see the data rule in the README.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from rbind_core.errors import DataError
from rbind_core.system.files import Stamp, stamp

METADATA = "rnacompete_metadata.mat"
PATIENCE = 30.0  # seconds without data after which a download is given up

Progress = Callable[[str, int, int], None]  # file name, bytes so far, total bytes


@dataclass(frozen=True)
class PublicFile:
    """A public file: its name here, its address, and the size and digest it must have."""

    name: str
    url: str
    size: int
    sha256: str


RNACOMPETE, DEEPBIND = "sources.tsv", "deepbind.tsv"  # tables of the public files: scores of RNAcompete, DeepBind's parameters


@cache
def sources_in(table: str) -> dict[str, PublicFile]:
    """The public files of one table, by name relative to the data folder.

    Parameters
    ----------
    table : `RNACOMPETE` or `DEEPBIND`.
    """
    with files("rbind_core.data").joinpath(table).open() as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {r["file"]: PublicFile(r["file"], r["url"], int(r["bytes"]), r["sha256"]) for r in rows}


@cache
def sources() -> dict[str, PublicFile]:
    """Every public file that can be fetched, by its name relative to the data folder."""
    return sources_in(RNACOMPETE) | sources_in(DEEPBIND)


def intensities_file(experiment: str) -> str:
    """Name, relative to the data folder, of the file with the binding scores of one RNAcompete 2013 experiment.

    Parameters
    ----------
    experiment : id, such as RNCMPT00168.

    Raises
    ------
    DataError
        If no public file is known for the experiment.
    """
    name = f"intensities/{experiment}.txt"
    if name not in sources():
        raise DataError(f"{experiment}: no public intensities are known for this experiment")
    return name


def cache_folder() -> Path:
    """Folder of downloads: `RBIND_CACHE_DIR`, or the user's usual cache folder; it may not exist yet."""
    import platformdirs

    return Path(os.environ.get("RBIND_CACHE_DIR") or platformdirs.user_cache_dir("rbind"))


def data_folders() -> list[Path]:
    """Folders that are searched for data files, in order: `RBIND_DATA_DIR` if set, then the cache."""
    named = os.environ.get("RBIND_DATA_DIR")
    return [Path(named), cache_folder()] if named else [cache_folder()]


def is_available(name: str) -> bool:
    """Tell whether a file can be read without a download: whether a data folder has it at its full size.

    Parameters
    ----------
    name : file name relative to the data folder.
    """
    size = sources()[name].size
    return any((folder / name).is_file() and (folder / name).stat().st_size == size for folder in data_folders())


@cache
def _sha256(path: Path, of: Stamp) -> str:
    """Digest of a file, recomputed only after the file was written."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_pinned(path: Path, source: PublicFile) -> bool:
    try:
        return _sha256(path, stamp(path)) == source.sha256
    except OSError:  # it exists but cannot be read
        return False


def locate(name: str) -> Path:
    """Find a data file with the pinned SHA-256.

    Parameters
    ----------
    name : file name relative to the data folder.

    Raises
    ------
    DataError
        If the file is missing (the message says how to fetch it) or differs from the pinned one.
    """
    damaged = None
    for path in (folder / name for folder in data_folders()):
        if path.is_file():
            if _is_pinned(path, sources()[name]):
                return path
            damaged = path
    if damaged:
        raise DataError(f"{damaged}: not the pinned file (wrong SHA-256); delete it and run './rbind data fetch'")
    raise DataError(f"{name} is not on this computer; run './rbind data fetch' or set RBIND_DATA_DIR")


def fetch(names: Iterable[str], progress: Progress | None = None) -> list[Path]:
    """Download the named files into the cache, skipping those that are already there.

    A file has another name until its SHA-256 has been checked, so that an interrupted download never counts.

    Parameters
    ----------
    names : file names relative to the data folder.
    progress : called with file name, bytes so far and total bytes.

    Raises
    ------
    DataError
        If there is no network, the download is interrupted, the checksum is wrong or the cache cannot be written.
    """
    return [_fetch_one(sources()[name], progress) for name in names]


def _fetch_one(source: PublicFile, progress: Progress | None) -> Path:
    try:
        return locate(source.name)
    except DataError:
        pass  # missing or damaged: fetch it into the cache again

    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    target = cache_folder() / source.name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        downloader = pooch.HTTPDownloader(progressbar=_Meter(source, progress) if progress else False, timeout=PATIENCE)
        pooch.retrieve(source.url, f"sha256:{source.sha256}", fname=target.name, path=target.parent, downloader=downloader)
    except requests.exceptions.RequestException as error:
        reason = "cut off" if isinstance(error, requests.exceptions.ChunkedEncodingError) else "not possible"
        raise DataError(f"{source.name}: download {reason} ({_why(error)}); check the network and run it again") from None
    except OSError as error:
        raise DataError(f"{source.name}: cannot write to {target.parent} ({error.strerror or error})") from None
    except ValueError:
        raise DataError(f"{source.name}: the download does not have the pinned SHA-256 and was thrown away") from None
    return target


def _why(error: Exception) -> str:
    import requests

    kinds = [
        (requests.exceptions.Timeout, "the server did not answer in time"),
        (requests.exceptions.HTTPError, f"the server said: {error}"),
        (requests.exceptions.ChunkedEncodingError, "the connection broke"),
        (requests.exceptions.ConnectionError, "no connection to the server"),
    ]
    return next((text for kind, text in kinds if isinstance(error, kind)), type(error).__name__)


class _Meter:
    """The part of a tqdm progress bar's interface that pooch uses."""

    def __init__(self, source: PublicFile, progress: Progress) -> None:
        self.total = 0  # set by pooch from the server's answer, which may lack it
        self._name, self._size, self._progress, self._done = source.name, source.size, progress, 0

    def update(self, count: int) -> None:
        self._done = min(self._done + count, self._size)
        self._progress(self._name, self._done, self._size)

    def reset(self) -> None:
        """Pooch resets the count before a last, full update; there is nothing to undo."""

    def close(self) -> None:
        """There is nothing to free."""
