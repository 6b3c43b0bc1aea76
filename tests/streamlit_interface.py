"""What the tests use of Streamlit beyond what it documents. Tried with Streamlit 1.65 and 1.67."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import scan_component_manifests
from streamlit.runtime.state.common import TESTING_KEY

TRIED_WITH = {"1.65", "1.67"}
_components_of_installed_packages = cache(scan_component_manifests)


def read_packages_once(patch: pytest.MonkeyPatch) -> None:
    """Each AppTest would look for components in the metadata of all installed packages, as the server does once."""
    patch.setattr(manifest_scanner, "scan_component_manifests", _components_of_installed_packages)


def choose_by_what_is_shown(widget: Any) -> None:
    """Let AppTest choose an option by its label: of segmented controls and the like it does not know the values behind."""
    widget.root.session_state[TESTING_KEY][widget.id] = str


@cache
def front_end() -> str:
    """The scripts that Streamlit sends to browsers."""
    return "".join(path.read_text() for path in (Path(streamlit.__file__).parent / "static" / "static" / "js").glob("*.js"))


@cache
def names_in_the_front_end() -> set[str]:
    """Its test ids and classes."""
    return set(re.findall(r"\bst[A-Z]\w+", front_end()))
