"""What goes wrong on a page, said in one sentence in its place."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from dashboard.state.markdown import plain
from rbind_core.system.error_messages import in_one_sentence


@contextmanager
def said_on_the_page() -> Generator[None, None, None]:
    """Say in one sentence what goes wrong within, where a user can put it right; the rest of the dashboard works on."""
    try:
        yield
    except Exception as error:
        sentence = in_one_sentence(error)
        if sentence is None:
            raise  # a mistake of RBind's own: Streamlit writes it into the log, and says on the page that something went wrong
        first, _, rest = sentence.partition(" ")
        st.error(f"{plain(first.capitalize() if first.islower() and first.isalpha() else first)} {plain(rest)}.")
