"""State in the URL for widgets that show labels: `bind="query-params"` would put the label there instead of the value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard.state import pages
from dashboard.state.keys import setting_key
from dashboard.state.markdown import plain

AS_CONTEXT = "As a context, in which patterns can be placed and windows occluded."


def linked(key: str, options: Sequence[str], default: str, draw: Callable[[], Any], read: Callable[[str], str | None]) -> str:
    """Draw a widget whose first value comes from the URL and whose later values are kept there.

    Parameters
    ----------
    key : of the widget and the query parameter.
    default : value without an entry in the URL; it is left out of the URL.
    read : turns the URL's text into one of the options, or None.
    """
    if key not in st.session_state:
        asked = st.query_params.get(key, "")
        value = read(asked) if asked else default
        if value is None:
            st.warning(f"The link asks for {key} = {plain(repr(asked[:40]))}, which is not known; showing {default}.")
        st.session_state[key] = value or default
    elif st.session_state[key] not in options:
        st.session_state[key] = default
    chosen = draw()
    if chosen == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen
    return chosen


def read_option(options: Sequence[str]) -> Callable[[str], str | None]:
    """Read an option regardless of case."""
    return lambda asked: next((option for option in options if option.lower() == asked.lower()), None)


_ENDLESS = "_endless_numbers"


def drop_endless_numbers() -> None:
    """Remove infinite and huge numbers from the link, since Streamlit fails to convert them to integers; texts stay."""
    endless = [
        name
        for name in st.query_params
        if any(map(_is_endless, st.query_params.get_all(name))) and not isinstance(st.session_state.get(name), str)
    ]
    for name in endless:
        st.query_params.pop(name)
    if endless:
        st.session_state[_ENDLESS] = endless
        st.rerun()  # widgets read the link as it was when the run began
    if dropped := st.session_state.pop(_ENDLESS, []):
        st.warning(f"The link asks for a number that is too large; {plain(', '.join(dropped)[:60])} is left out.")


def _is_endless(text: str) -> bool:
    try:
        return any(math.isinf(float(part)) for part in text.split(","))
    except ValueError:
        return False


_GO = "_go_to"


def go_to(page: str, rbp: str | None = None) -> None:
    """Request another page from a callback; `follow` opens it.

    Parameters
    ----------
    page : its name, such as 'profile'.
    rbp : model to choose there; the current one when None.
    """
    if rbp is not None:
        st.session_state["rbp"] = rbp
    st.session_state[_GO] = page


def open_sequence(sequence: str) -> None:
    """Request the single mutations of an RNA from a callback.

    Parameters
    ----------
    sequence : RNA of 11-41 nt.
    """
    st.session_state["seq"], st.session_state["show"] = sequence, "mutations"
    go_to("sequence")


def open_hypothesis(constructs: str) -> None:
    """Request the Hypothesis page with some constructs from a callback.

    Parameters
    ----------
    constructs : in text form.
    """
    st.session_state["c"] = constructs
    go_to("hypothesis")


def open_experiment(name: str, settings: dict[str, Any]) -> None:
    """Request an experiment under the background of the sidebar from a callback."""
    st.session_state["experiment"] = name
    st.session_state["robust"] = False
    for setting, value in settings.items():
        st.session_state[setting_key(name, setting)] = value
    go_to("experiments")


def ways_on(sequence: str, constructs: str, as_what: str) -> None:
    """Draw the buttons that open an RNA on other pages: Sequence and Hypothesis.

    Parameters
    ----------
    sequence : RNA letters.
    constructs : construct for Hypothesis, in text form.
    as_what : role of the RNA there, for the hint.
    """
    with st.container(horizontal=True):
        st.button(
            "See the ISM",
            icon=":material/grid_on:",
            on_click=open_sequence,
            args=(sequence,),
            help="In silico mutagenesis on the Sequence page: every letter of this RNA changed to each other one.",
        )
        st.button("Open in Hypothesis", icon=":material/science:", on_click=open_hypothesis, args=(constructs,), help=as_what)


def follow() -> None:
    """Open the page that a callback has requested, if any."""
    if name := st.session_state.pop(_GO, None):
        # With our own parameters, since without any Streamlit refuses if a widget is bound to one; widgets restore theirs.
        st.switch_page(pages.page(name), query_params={"rbp": st.session_state["rbp"]})
