"""Waiting on a page: what a click on *Cancel* ends."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.state import jobs
from dashboard.state.requests import Request
from dashboard.state.results import RESULTS
from rbind_core.errors import ModelError

may_end = threading.Event()
broken: set[int] = set()


def slow_page() -> None:
    import streamlit as st

    from dashboard.state.errors import said_on_the_page
    from dashboard.state.waiting import compute
    from tests.dashboard.state.test_waiting import Square

    number = st.number_input("N", 1, key="n")
    with said_on_the_page():
        answer = compute("result", Square(number), st.empty())
        st.write(f"The result of {answer.request.number} is {answer.result}.")


@dataclass(frozen=True)
class Square(Request[int]):
    """Waits for the test."""

    number: int
    doing = "Scoring"

    def compute(self) -> int:
        may_end.wait(30)
        if self.number in broken:
            raise ModelError(f"{self.number} is broken")
        return self.number**2


@pytest.fixture
def app():
    may_end.clear()
    broken.clear()
    RESULTS.forget()
    jobs._running.clear()
    yield AppTest.from_function(slow_page, default_timeout=30).run()
    may_end.set()
    for job in list(jobs._running.values()):
        job._ended.wait(30)


def job_of(number: int) -> jobs.Job:
    return jobs._running[Square(number)]


def cancel(app: AppTest) -> AppTest:
    [button] = [button for button in app.button if button.label == "Cancel"]
    return button.click()


def test_a_cancelled_computation_is_offered_again(app):
    cancel(app).run()
    assert [text.value for text in app.caption] == ["Cancelled."]
    [again] = app.button
    again.click().run()
    assert [button.label for button in app.button] == ["Cancel"]


def test_cancel_ends_what_was_shown_though_something_else_is_asked_for_before_it_is_heard(app):
    """Both reach the script in one run where the server is busy."""
    first = job_of(1)
    cancel(app)
    app.number_input(key="n").set_value(2).run()
    assert [button.label for button in app.button] == ["Cancel"], "the second one is under way"
    assert first._waiting == {}, "nobody waits for the first one any more"
    second = job_of(2)
    may_end.set()
    assert second._ended.wait(30)
    assert [text.value for text in app.run().markdown] == ["The result of 2 is 4."]


def ask_for(app: AppTest, number: int) -> list[str]:
    app.number_input(key="n").set_value(number).run()
    return [text.value for text in app.markdown]


def finish(app: AppTest) -> list[str]:
    """What the page says when nothing is under way."""
    may_end.set()
    end = time.monotonic() + 30
    while [button for button in app.run().button if button.label == "Cancel"] and time.monotonic() < end:
        time.sleep(0.05)
    may_end.clear()
    return [text.value for text in app.markdown]


def test_an_answer_names_its_own_request_whatever_is_asked_for_meanwhile(app):
    assert finish(app) == ["The result of 1 is 1."]
    assert ask_for(app, 2) == ["The result of 1 is 1."], "under way"
    cancel(app).run()
    assert [text.value for text in app.markdown] == ["The result of 1 is 1."], "cancelled"
    assert ask_for(app, 3) == ["The result of 1 is 1."], "under way"
    assert finish(app) == ["The result of 3 is 9."]
    assert ask_for(app, 1) == ["The result of 1 is 1."], "known already"


def test_a_cancellation_is_forgotten_when_something_else_is_asked_for(app):
    cancel(app).run()
    ask_for(app, 2)
    ask_for(app, 1)
    assert [button.label for button in app.button] == ["Cancel"], "it is computed"


def test_what_is_asked_for_no_more_is_left_at_once(app):
    before = job_of(1)
    ask_for(app, 2)
    assert before._waiting == {}


def test_an_error_is_told_to_the_one_who_waited_and_the_next_try_is_a_new_one(app):
    broken.add(2)
    finish(app)
    ask_for(app, 2)
    failed = job_of(2)
    may_end.set()
    assert failed._ended.wait(30)
    app.run()
    assert [error.value for error in app.error] == ["2 is broken."]
    broken.clear()
    app.run()
    assert finish(app) == ["The result of 2 is 4."]


def test_another_session_is_not_told_the_error_of_one_that_left(app):
    broken.add(2)
    ask_for(app, 2)
    may_end.set()
    assert job_of(2)._ended.wait(30)
    broken.clear()
    another = AppTest.from_function(slow_page, default_timeout=30)
    another.run()
    another.number_input(key="n").set_value(2).run()
    assert not another.error
    assert finish(another) == ["The result of 2 is 4."]
