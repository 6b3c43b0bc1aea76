"""The register of pages, for the menu and for links between pages.

A page is identified by the name of its file. Its address is the same with dashes, so `all_rbps` is at `/all-rbps`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).resolve().parents[2] / "pages"
FIRST = "browse"  # shown at /
# The most used pages are in the bar itself, the rest in three menus.
TITLES = {
    "": {
        "browse": "Browse",
        "who": "Which proteins bind?",
        "profile": "Profile",
        "sequence": "Sequence",
        "hypothesis": "Hypothesis",
        "experiments": "Experiments",
        "lessons": "Lessons",
    },
    "Motifs": {"compare": "Compare", "kmers": "K-mers", "all_rbps": "All RBPs"},
    "RNAs": {"probes": "Test sequences", "long_rna": "Long RNA", "variants": "Variants", "design": "Design"},
    "Models": {"models": "Quality", "train": "Train your own"},
}
_TITLE = {name: title for section in TITLES.values() for name, title in section.items()}
NAMES = tuple(_TITLE)


def address(name: str) -> str:
    """The path of a page below the server's address."""
    return name.replace("_", "-")


def page(name: str) -> st.Page:
    """A page for `st.page_link` and `st.switch_page`, within the run of a script."""
    return _page(name, url_path="start", default=True) if name == FIRST else _page(name)


def menu() -> dict[str, list[st.Page]]:
    """All pages by section, for `st.navigation`."""
    sections = {section: [page(name) for name in titles] for section, titles in TITLES.items()}
    sections[""].append(_page(FIRST, visibility="hidden"))  # the default page has no address of its own
    return sections


def _page(name: str, **options: Any) -> st.Page:
    return st.Page(FOLDER / f"{name}.py", title=_TITLE[name], **({"url_path": address(name)} | options))
