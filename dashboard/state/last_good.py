"""Inputs that a user types: where the latest cannot be used, a page goes on with the last one that could."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from rbind_core.errors import RBindError

T = TypeVar("T")


def read_or_last(name: str, read: Callable[[], T], default: Callable[[], T]) -> tuple[T, str]:
    """Read an input, or go on with the last one that could be read.

    Parameters
    ----------
    read : reads it; its `RBindError` says what is wrong with it.
    default : gives what is used while none could be read.

    Returns
    -------
    (T, str)
        What to go on with, and what is wrong with the input, '' where nothing is.
    """
    key = f"_good_{name}"
    try:
        value = st.session_state[key] = read()
    except RBindError as error:
        kept = st.session_state.get(key)
        return (default() if kept is None else kept), str(error)
    return value, ""


def forget(name: str) -> None:
    """Go on with the default if the next input cannot be read.

    Parameters
    ----------
    name : as for `read_or_last`.
    """
    st.session_state.pop(f"_good_{name}", None)
