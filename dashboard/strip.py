"""The construct strip as a Streamlit component: place, drag, nudge, add and remove patterns on 41 nt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from rbind_core.constructs import Construct
from rbind_core.figures.theme import CONSTRUCT_COLOURS

MOST_CONSTRUCTS = len(CONSTRUCT_COLOURS)
_HERE = Path(__file__).parent
_HTML = '<div class="strip"></div>'
_CSS = (_HERE / "strip.css").read_text()
_JS = (_HERE / "strip.js").read_text()


def construct_strip(constructs: Sequence[Construct], background: str, on_edit: Callable[[str], None], key: str) -> None:
    """Draw the strip.

    Parameters
    ----------
    constructs : one row each.
    background : one background sequence, shown in grey behind the patterns.
    on_edit : called with the text form of all constructs, joined with ';', after a change.
    key : of the component.
    """
    rows = [
        {"colour": colour, "patterns": [{"letters": p.letters, "start": p.start} for p in construct.patterns]}
        for construct, colour in zip(constructs, CONSTRUCT_COLOURS, strict=False)
    ]

    def edited() -> None:
        if text := st.session_state[key].edit:
            on_edit(text)

    component = st.components.v2.component("construct_strip", html=_HTML, css=_CSS, js=_JS)
    component(
        key=key,
        data={"constructs": rows, "background": background, "most": MOST_CONSTRUCTS},
        on_edit_change=edited,
    )
