"""Errors from outside RBind in one sentence: a missing package, a full disk, an unreadable file."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from rbind_core.errors import RBindError

_INSTALLED_AS = {"RNA": "viennarna", "keras": "tensorflow", "google": "protobuf"}  # names that differ from the imported ones
_FOR = {
    "viennarna": "predicted structure",
    "tensorflow": "training",
    "matplotlib": "a logo",
    "logomaker": "a logo",
    "pyfaidx": "a genome",
}
_EXTRAS = ("pyfaidx",)  # what neither the launcher nor RBind itself brings
_OURS = ("rbind_core", "dashboard", "pages")
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def in_one_sentence(error: BaseException) -> str | None:
    """Say what went wrong, if a user can put it right.

    Returns
    -------
    str or None
        One sentence without a full stop; None for what can only be a bug in RBind.
    """
    if isinstance(error, RBindError):
        return " ".join(str(error).split())
    if isinstance(error, ImportError):
        return _of_a_package(error)
    if isinstance(error, MemoryError):
        return "this computer has too little memory for this; ask for fewer sequences, or close other programs"
    if isinstance(error, OSError) and error.errno is not None:
        return _of_a_file(error)
    return None


def _of_a_package(error: ImportError) -> str | None:
    imported = (error.name or "").split(".")[0]
    if not imported or imported in _OURS:
        return None
    name = _INSTALLED_AS.get(imported, imported)
    what = "is not installed here" if isinstance(error, ModuleNotFoundError) else "is installed, but does not load"
    return f"{_FOR.get(name, 'this')} needs the Python package {name}, which {what}; {remedy(name)}"


def remedy(package: str) -> str:
    """Say how to install a missing package.

    Parameters
    ----------
    package : its name in the package index.

    Returns
    -------
    str
        By the launcher of the source tree, or by pip if RBind itself was installed as a package.
    """
    if package in _EXTRAS:
        return f"'{Path(sys.executable).name} -m pip install {package}' installs it"
    has_launcher = (Path(__file__).resolve().parents[2] / "rbind").is_file()
    return "'./rbind repair' installs what is missing" if has_launcher else f"'pip install {package}' installs it"


def _of_a_file(error: OSError) -> str:
    file = error.filename if isinstance(error.filename, str | bytes) else None
    name = os.fsdecode(file) if file is not None else ""
    if error.errno in _NO_SPACE:
        return f"there is no space left on the disk{f' for {name}' if name else ''}; free some and run it again"
    reason = error.strerror or type(error).__name__
    return f"{name} cannot be used ({reason})" if name else f"the computer refused to go on ({reason})"
