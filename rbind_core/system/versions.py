"""Versions of the packages that numbers rest on."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Look up which versions are installed; nothing is imported for it.

    Parameters
    ----------
    packages : names in the package index.

    Returns
    -------
    dict
        Name to version; 'not installed' where it is not.
    """
    return {package: _version(package) for package in packages}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
