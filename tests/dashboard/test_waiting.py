"""Waiting on a page: what a click on *Cancel* ends."""

from __future__ import annotations

import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import jobs

may_end = threading.Event()


def slow_page() -> None:
    import streamlit as st

    from dashboard.waiting import compute
    from tests.dashboard.test_waiting import wait_for_the_test

    number = st.number_input("N", 1, key="n")
    result = compute("result", number, lambda: wait_for_the_test(number), 10, "Scoring", st.empty())
    st.write(f"The result is {result}.")


def wait_for_the_test(number: int) -> int:
    may_end.wait(30)
    return number


@pytest.fixture
def app():
    may_end.clear()
    for number in (1, 2):
        jobs.forget(("result", number))
    yield AppTest.from_function(slow_page, default_timeout=30).run()
    may_end.set()


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
    cancel(app)
    app.number_input(key="n").set_value(2).run()
    assert [button.label for button in app.button] == ["Cancel"], "the second one is under way"
    may_end.set()
    end = time.monotonic() + 30
    while not jobs.find(("result", 2)).is_over and time.monotonic() < end:
        time.sleep(0.05)
    assert [text.value for text in app.run().markdown] == ["The result is 2."]
