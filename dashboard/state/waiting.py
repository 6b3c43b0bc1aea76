"""Waiting on a page: short computations at once, long ones with progress and Cancel, while the last figure stays."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state import jobs
from dashboard.state.errors import said_on_the_page
from dashboard.state.requests import Request

T = TypeVar("T")
R = TypeVar("R", bound=Request[Any])

_SILENT = 0.25  # seconds before a message appears
_PATIENT = 0.35  # further seconds before progress and Cancel appear
_SOONEST, _LATEST = 0.3, 1.0  # seconds between two reports, each of which takes server and browser time from the job
_REPORTS = 8  # approximate number of reports per job, if the interval allows it


@dataclass(frozen=True)
class Answer(Generic[R]):
    """A result with its request.

    A page takes all that it says about a result, in a title, a table, a file or a command, from here: the controls may ask for
    something else by now, whose result is under way, was cancelled or failed.
    """

    request: R
    result: Any


def compute(slot: str, request: R, status: DeltaGenerator) -> Answer[R]:
    """Get the answer to a request, or the last one of the same place while the new one is under way or was cancelled.

    Stops the script if there is none to show yet.

    Parameters
    ----------
    status : place for the progress.

    Returns
    -------
    Answer
        With its own request. An error of the computation is raised here.
    """
    if ask(slot, request, status) is None:
        st.stop()
    return last_shown(slot)


def ask(slot: str, request: R, status: DeltaGenerator) -> Answer[R] | None:
    """Do as `compute`, but return None if there is nothing to show yet.

    Parameters
    ----------
    slot, request, status : see `compute`.
    """
    before = shown(slot)
    stays = " The figure is the last one that was finished." if before else ""
    if st.session_state.get(_name("cancelled", slot)) == request:
        with status.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Cancelled.{stays}")
            st.button("Compute it after all", key=f"resume_{slot}", on_click=_forget_cancellation, args=(slot,))
        return before
    _forget_cancellation(slot)
    job = _job_of(slot, request)
    if not job.wait(_me(), _SILENT):
        status.caption(f":material/hourglass_top: {request.doing} ...")
        job.wait(_me(), _PATIENT)
    if not job.is_over:
        with status.container():
            interval = min(max(job.seconds_left / _REPORTS, _SOONEST), _LATEST)
            st.fragment(_progress, run_every=interval)(slot, job, stays, interval)
        return before
    st.session_state.pop(_name("pending", slot))
    if isinstance(job.error, jobs.Stopped):  # it was about to end, since all others had left it
        return ask(slot, request, status)
    answer = Answer(request, job.result)
    status.empty()
    st.session_state[_name("shown", slot)] = answer
    return answer


def shown(slot: str) -> Answer[Any] | None:
    """The last answer of a place, or None."""
    return st.session_state.get(_name("shown", slot))


def last_shown(slot: str) -> Answer[Any]:
    """Get the last answer of a place; stops the script if there is none."""
    answer = shown(slot)
    if answer is None:
        st.stop()
    return answer


def _name(what: str, slot: str) -> str:
    """Key of the session for an item of a place."""
    return f"_{what}_{slot}"


def _job_of(slot: str, request: Request[Any]) -> jobs.Job[Any]:
    """The job that this session waits for in this place, after leaving any earlier one."""
    job: jobs.Job[Any] | None = st.session_state.get(_name("pending", slot))
    if job is not None and job.request != request:
        job.leave(_me())
        job = None
    if job is None or isinstance(job.error, jobs.Stopped):
        job = st.session_state[_name("pending", slot)] = jobs.submit(request, _me())
    return job


def _forget_cancellation(slot: str) -> None:
    st.session_state.pop(_name("cancelled", slot), None)


def _cancel(slot: str, job: jobs.Job[Any]) -> None:
    job.leave(_me())
    st.session_state[_name("cancelled", slot)] = job.request
    st.session_state.pop(_name("pending", slot), None)


def _me() -> str:
    """Name of this session, for jobs to know who waits."""
    return st.session_state.setdefault("_session_name", secrets.token_hex(8))


@said_on_the_page()
def _progress(slot: str, job: jobs.Job[Any], stays: str, interval: float) -> None:
    """Show the progress of a job; near its end wait for it, so that the result appears at once."""
    was_cancelled = st.session_state.get(_name("cancelled", slot)) == job.request
    if was_cancelled or job.wait(_me(), interval if job.seconds_left < interval else 0):
        st.rerun()
    bar, way_out = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.fraction, _how_far(job) + stays)
    # By a callback, which works even if something else is requested in the same run; with its own key for each
    # request, so that a click on an old button does not end a new job.
    key = f"cancel_{slot}_{hash(job.request)}"
    way_out.button("Cancel", key=key, on_click=_cancel, args=(slot, job), width="stretch")


def _how_far(job: jobs.Job[Any]) -> str:
    """What is computed and how far it is, as a sentence."""
    if job.waits_for_others:
        return f"{job.request.doing}: waiting for other large computations to end."
    left = job.seconds_left
    rest = f", about {left:.0f} s left" if left < float("inf") else ""
    return f"{job.request.doing}: {job.fraction:.0%}{rest}."
