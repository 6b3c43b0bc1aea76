"""Sequences that users upload: kept in the cache under a digest, so that a link finds them again on the same computer."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from pathlib import Path

from rbind_core.backgrounds import own_sequences
from rbind_core.data.fetch import cache_folder
from rbind_core.errors import BackgroundError

MOST_KEPT = 100  # files, the newest; 5 MB each at most


def store(content: bytes) -> str:
    """Check uploaded sequences and keep them.

    Returns
    -------
    str
        Their digest, 16 hexadecimal letters, for `find`.

    Raises
    ------
    RBindError
        If they cannot be a background, or the cache cannot be written.
    """
    own_sequences(content)
    return keep(content)


def keep(content: bytes) -> str:
    """Keep sequences that have been checked.

    Parameters
    ----------
    content : FASTA, 5 MB at most.

    Returns
    -------
    str
        Their digest, 16 hexadecimal letters, for `find`.

    Raises
    ------
    BackgroundError
        If the cache cannot be written.
    """
    digest = digest_of(content)
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{digest}.{os.getpid()}-{threading.get_ident()}.part"
        try:
            part.write_bytes(content)
            part.replace(folder / f"{digest}.fa")
        finally:
            part.unlink(missing_ok=True)  # of a disk that is full
        _drop_oldest(folder, folder / f"{digest}.fa")
    except OSError as error:
        raise BackgroundError(f"the sequences cannot be kept in {folder} ({error.strerror or error})") from None
    return digest


def digest_of(content: bytes) -> str:
    """Name under which sequences are kept. 16 hexadecimal letters."""
    return hashlib.sha256(content).hexdigest()[:16]


def _drop_oldest(folder: Path, newest: Path) -> None:
    """Drop what is beyond the number that is kept; the one just stored stays, even if the clock was set back since."""
    age = {}
    for path in folder.glob("*.fa"):
        with contextlib.suppress(FileNotFoundError):  # another session may have dropped it
            age[path] = path.stat().st_mtime
    others = sorted(age.keys() - {newest}, key=age.__getitem__, reverse=True)
    for old in others[MOST_KEPT - 1 :]:
        old.unlink(missing_ok=True)


def find(digest: str) -> Path | None:
    """Find uploaded sequences.

    Parameters
    ----------
    digest : from a link, so anything may stand here.

    Returns
    -------
    Path or None
        The file, or None where it is not on this computer or this is no digest.
    """
    path = _folder() / f"{digest}.fa"
    return path if re.fullmatch("[0-9a-f]{16}", digest) and path.is_file() else None


def _folder() -> Path:
    return cache_folder() / "sequences"
