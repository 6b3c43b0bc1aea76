"""Waiting on a page: short computations at once, long ones with progress and a way out, the last figure staying meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import jobs
from dashboard.faults import said_on_the_page

T = TypeVar("T")

_SILENT = 0.25  # seconds before a word is said
_PATIENT = 0.35  # further seconds before progress and a way out are offered
_SOONEST, _LATEST = 0.3, 1.0  # seconds between two reports, each of which costs server and browser time that the job wants too
_REPORTS = 8  # about how many a job is worth where that allows it
_NOT_ASKED_YET = object()


def compute(slot: str, key: Hashable, work: Callable[[], T], expected: int, doing: str, status: DeltaGenerator) -> T:
    """Get a result, or the last finished one of the same place while the new one is under way or was cancelled.

    Stops the script where there is none to show yet.

    Parameters
    ----------
    slot : the place on the page.
    key : everything that the result depends on.
    work : makes it, without any Streamlit call.
    expected : about how many sequences it scores.
    doing : what is computed, in a few words.
    status : where progress is drawn.

    Returns
    -------
    T
        An error of the computation is raised here.
    """
    key = (slot, key)
    stays = " The figure is the last one that was finished." if f"_shown_{slot}" in st.session_state else ""
    if st.session_state.get(f"_cancelled_{slot}") == key:
        with status.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Cancelled.{stays}")
            st.button("Compute it after all", key=f"resume_{slot}", on_click=_forget_cancellation, args=(slot,))
        return last_shown(slot)
    job = jobs.start(key, work, expected, _me())
    if not job.wait(_me(), _SILENT):
        status.caption(f":material/hourglass_top: {doing} ...")
        job.wait(_me(), _PATIENT)
    if not job.is_over:
        with status.container():
            interval = min(max(job.seconds_left / _REPORTS, _SOONEST), _LATEST)
            st.fragment(_progress, run_every=interval)(slot, key, doing, stays, interval)
        return last_shown(slot)
    if job.error is not None:
        jobs.forget(key)  # what was missing may be there next time
        raise job.error
    status.empty()
    st.session_state[f"_shown_{slot}"] = job.result
    return job.result


def last_shown(slot: str) -> Any:
    """Get the last finished result of a place; stops the script where there is none.

    Parameters
    ----------
    slot : the place on the page.

    Returns
    -------
    Any
        What `compute` gave there.
    """
    result = st.session_state.get(f"_shown_{slot}", _NOT_ASKED_YET)
    if result is _NOT_ASKED_YET:
        st.stop()
    return result


def _forget_cancellation(slot: str) -> None:
    st.session_state.pop(f"_cancelled_{slot}", None)


def _me() -> str:
    """A name for this session, for jobs to know who waits."""
    return st.session_state.setdefault("_session_name", secrets.token_hex(8))


@said_on_the_page()
def _progress(slot: str, key: Hashable, doing: str, stays: str, interval: float) -> None:
    """Say how far a job is; near its end wait for it, so that the result is there at once."""
    job = jobs.find(key)
    was_cancelled = st.session_state.get(f"_cancelled_{slot}") == key  # a tick of the clock may come after the click
    if job is None or was_cancelled or job.wait(_me(), interval if job.seconds_left < interval else 0):
        st.rerun()
    bar, way_out = st.columns([5, 1], vertical_alignment="center")
    left = job.seconds_left
    rest = f", about {left:.0f} s left" if left < float("inf") else ""
    bar.progress(job.fraction, f"{doing}: {job.fraction:.0%}{rest}.{stays}")
    # A click that is heard only when something else is computed must not end that.
    if way_out.button("Cancel", key=f"cancel_{slot}_{hash(key)}", width="stretch"):
        job.leave(_me())
        st.session_state[f"_cancelled_{slot}"] = key
        st.rerun()
