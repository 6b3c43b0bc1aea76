"""Typed inputs: if the latest cannot be used, a page continues with the last good one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from rbind_core.errors import RBindError

T = TypeVar("T")


def read_or_last(name: str, read: Callable[[], T], default: Callable[[], T]) -> tuple[T, str]:
    """Read an input, or continue with the last good one.

    Parameters
    ----------
    read : reads the input; its `RBindError` says what is wrong.
    default : makes the value to use before there is a good one.

    Returns
    -------
    (T, str)
        The value to use, and what is wrong with the input, '' if nothing.
    """
    key = f"_good_{name}"
    try:
        value = st.session_state[key] = read()
    except RBindError as error:
        kept = st.session_state.get(key)
        return (default() if kept is None else kept), str(error)
    return value, ""


def forget(name: str) -> None:
    """Fall back to the default if the next input cannot be read.

    Parameters
    ----------
    name : as for `read_or_last`.
    """
    st.session_state.pop(f"_good_{name}", None)
