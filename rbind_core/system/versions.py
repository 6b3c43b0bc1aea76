"""Versions of the packages behind the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Look up installed versions by package name, without importing; 'not installed' for missing ones.

    Parameters
    ----------
    packages : names in the package index.
    """
    return {package: _version(package) for package in packages}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
