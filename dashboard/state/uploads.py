"""Uploaded sequences, kept in the cache by digest, so that a link finds them again on the same computer."""

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

MOST_KEPT = 100  # newest files that are kept, of at most 5 MB each


def store(content: bytes) -> str:
    """Check uploaded sequences and keep them.

    Returns
    -------
    str
        Digest of 16 hexadecimal digits, for `find`.

    Raises
    ------
    RBindError
        If they cannot be used as a background, or the cache cannot be written.
    """
    own_sequences(content)
    return keep(content)


def keep(content: bytes) -> str:
    """Keep sequences that have been checked.

    Parameters
    ----------
    content : FASTA of 5 MB at most.

    Returns
    -------
    str
        Digest of 16 hexadecimal digits, for `find`.

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
            part.unlink(missing_ok=True)  # on a full disk
        _drop_oldest(folder, folder / f"{digest}.fa")
    except OSError as error:
        raise BackgroundError(f"the sequences cannot be kept in {folder} ({error.strerror or error})") from None
    return digest


def digest_of(content: bytes) -> str:
    """Name under which sequences are kept, 16 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:16]


def _drop_oldest(folder: Path, newest: Path) -> None:
    """Drop the oldest files beyond the limit; the one just stored stays, even if the clock was set back."""
    age = {}
    for path in folder.glob("*.fa"):
        with contextlib.suppress(FileNotFoundError):  # another session may have dropped it
            age[path] = path.stat().st_mtime
    others = sorted(age.keys() - {newest}, key=age.__getitem__, reverse=True)
    for old in others[MOST_KEPT - 1 :]:
        old.unlink(missing_ok=True)


def find(digest: str) -> Path | None:
    """Find the file of uploaded sequences; None if it is not on this computer or this is not a digest.

    Parameters
    ----------
    digest : from a link, so may be anything.
    """
    path = _folder() / f"{digest}.fa"
    return path if re.fullmatch("[0-9a-f]{16}", digest) and path.is_file() else None


def _folder() -> Path:
    return cache_folder() / "sequences"
