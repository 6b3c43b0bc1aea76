"""Errors of a page, shown in one sentence in their place."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from dashboard.state.markdown import plain
from rbind_core.system.error_messages import in_one_sentence


@contextmanager
def said_on_the_page() -> Generator[None, None, None]:
    """Show errors that a user can put right in one sentence; the rest of the dashboard keeps working."""
    try:
        yield
    except Exception as error:
        sentence = in_one_sentence(error)
        if sentence is None:
            raise  # a bug of RBind: Streamlit logs it, and says on the page that something went wrong
        first, _, rest = sentence.partition(" ")
        st.error(f"{plain(first.capitalize() if first.islower() and first.isalpha() else first)} {plain(rest)}.")
