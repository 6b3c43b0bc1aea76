"""The construct strip as a Streamlit component: place, drag, nudge, add and remove elements on 41 nt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from rbind_core.constructs import MAX_CONSTRUCTS, Construct, Element
from rbind_core.figures.theme import CONSTRUCT_COLOURS

MOST_CONSTRUCTS = MAX_CONSTRUCTS
_HERE = Path(__file__).parent
_HTML = """<div class="strip"><div class="lines"></div>
<div class="foot"><div class="bar"></div><span class="status" role="status" aria-live="polite"></span></div></div>"""
_CSS = (_HERE / "construct_editor.css").read_text()
_JS = "\n".join(
    (_HERE / name).read_text() for name in ("construct_editor_text.js", "construct_editor_bar.js", "construct_editor.js")
)  # one module


def construct_editor(constructs: Sequence[Construct], background: str, on_edit: Callable[[str], None], key: str) -> None:
    """Draw the strip.

    Parameters
    ----------
    constructs : one row each.
    background : one background sequence, shown in grey behind the elements.
    on_edit : called after a change with the text form of all constructs, including names, joined with ';'.
    """

    answered = f"_{key}_answered"  # number of the latest edit, to tell an old answer from a new one

    def edited() -> None:
        if edit := st.session_state[key].edit:
            st.session_state[answered] = edit["number"]
            on_edit(edit["text"])

    component = st.components.v2.component("construct_editor", html=_HTML, css=_CSS, js=_JS)
    component(
        key=key,
        data={
            "rows": [{"name": c.name, "elements": [_element(e) for e in c.elements]} for c in constructs],
            "colours": CONSTRUCT_COLOURS,
            "background": background,
            "most": MOST_CONSTRUCTS,
            "answered": st.session_state.get(answered, 0),
        },
        on_edit_change=edited,
    )


def _element(element: Element) -> dict[str, Any]:
    """Fields of an element, and its kind in lower case: pattern, stem, context or occlusion."""
    return {"kind": type(element).__name__.lower()} | asdict(element)
