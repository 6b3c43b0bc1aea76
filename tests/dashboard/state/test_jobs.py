import threading
import time
import weakref

import numpy as np
import pytest

from dashboard.state import jobs
from rbind_core.errors import ModelError
from rbind_core.model.progress import ReportingPredictor
from tests.dashboard.state.works import Work
from tests.toys import AdditiveModel, random_probes


@pytest.fixture
def slow():
    """A predictor that takes its time, with the number of sequences it has scored."""

    class Slow:
        scored = 0

        def predict(self, codes):
            time.sleep(0.02)
            self.scored += len(codes)
            return np.zeros(len(codes), np.float32)

    return Slow()


def test_a_job_gives_the_result_of_its_work():
    job = jobs.submit(Work("result", lambda: 42, 1), "me")
    assert job.wait("me", 5)
    assert job.result == 42
    assert job.error is None


def test_those_who_want_the_same_share_one_job():
    made = []
    release = threading.Event()

    def work():
        made.append(1)
        release.wait(5)
        return "shared"

    first, second = (jobs.submit(Work("shared", work, 1), who) for who in ("me", "you"))
    release.set()
    assert first is second
    assert second.wait("you", 5)
    assert made == [1]


@pytest.mark.parametrize("error", [ValueError("broken"), OSError(28, "No space left on device"), ModelError("broken"), KeyError()])
def test_an_error_is_told_to_those_who_waited_and_the_next_one_starts_anew(error):
    def fail():
        raise error

    key = ("error", type(error).__name__)
    job = jobs.submit(Work(key, fail, 1), "me")
    assert job.wait("me", 5)
    assert job.error is error
    again = jobs.submit(Work(key, lambda: "mended", 1), "you")
    assert again.wait("you", 5)
    assert again.result == "mended"
    assert jobs.submit(Work(key, fail), "me").result == "mended", "it is kept"


def test_what_a_computation_held_is_freed_when_it_fails():
    class Large:
        pass

    def start(key, wrapped):
        held = []

        def fail():
            large = Large()
            held.append(weakref.ref(large))
            try:
                raise KeyError(str(large))
            except KeyError as error:
                if wrapped:
                    raise ModelError("broken") from error
                raise ModelError("broken") from None

        return held, jobs.submit(Work(key, fail), "me")

    for wrapped in (True, False):
        held, job = start(("freed", wrapped), wrapped)
        assert job.wait("me", 5)
        [large] = held
        end = time.monotonic() + 5
        while large() is not None and time.monotonic() < end:
            time.sleep(0.01)  # the thread is about to end
        assert large() is None
        assert isinstance(job.error, ModelError)


def test_the_log_says_where_a_mistake_of_our_own_was_made_and_nothing_of_a_users(caplog):
    def make_a_mistake():
        raise ZeroDivisionError("ours")

    def refuse():
        raise ModelError("theirs")

    for work in (make_a_mistake, refuse):
        jobs.submit(Work(("log", work), work, 1), "me").wait("me", 5)
    assert "in make_a_mistake" in caplog.text
    assert "theirs" not in caplog.text


def test_a_job_says_how_far_it_is(slow):
    job = jobs.submit(Work("progress", lambda: ReportingPredictor(slow).predict(random_probes(5000)), 5000), "me")
    seen = []
    while not job.wait("me", 0.01):
        seen.append(job.fraction)
        assert job.seconds_left >= 0
    assert job.fraction == 1
    assert any(0 < fraction < 1 for fraction in seen)
    assert seen == sorted(seen)


def test_a_cancelled_job_ends_before_its_work_is_done_and_can_be_started_again(slow):
    def work():
        return ReportingPredictor(slow).predict(random_probes(200_000, shortest=41))

    job = jobs.submit(Work("cancelled", work, 200_000), "me")
    while not job.fraction:
        job.wait("me", 0.01)
    job.leave("me")
    assert job._ended.wait(5)
    assert isinstance(job.error, jobs.Stopped)
    assert slow.scored < 200_000
    again = jobs.submit(Work("cancelled", lambda: "done", 1), "me")
    assert again is not job
    assert again.wait("me", 5)
    assert again.result == "done"


def test_a_job_goes_on_while_somebody_else_waits(slow):
    def work():
        return ReportingPredictor(slow).predict(random_probes(10_000))

    job = jobs.submit(Work("two wait", work, 10_000), "me")
    jobs.submit(Work("two wait", work, 10_000), "you")
    job.leave("me")
    assert job.wait("you", 10)
    assert job.error is None


def test_a_job_that_nobody_asks_for_any_more_ends(slow, monkeypatch):
    monkeypatch.setattr(jobs, "_ABANDONED", 0.1)
    job = jobs.submit(
        Work("abandoned", lambda: ReportingPredictor(slow).predict(random_probes(100_000, shortest=41)), 100_000), "me"
    )
    assert job._ended.wait(5)
    assert isinstance(job.error, jobs.Stopped)


def test_what_is_over_is_no_longer_under_way():
    for number in range(20):
        jobs.submit(Work(("over", number), lambda: 1), "me").wait("me", 5)
    assert not [request for request in jobs._running if isinstance(request, Work) and request.key[0] == "over"]


@pytest.fixture
def two_large_ones(monkeypatch):
    """Two large jobs that have their turn until the test lets them end."""
    monkeypatch.setattr(jobs, "_LARGE", 1000)
    may_end = threading.Event()
    running = [jobs.submit(Work(("large", number, time.monotonic()), lambda: may_end.wait(20), 1000), "me") for number in (1, 2)]
    yield may_end
    may_end.set()
    assert all(job.wait("me", 5) for job in running)


def test_a_third_large_job_waits_for_its_turn_and_a_small_one_does_not(two_large_ones):
    started = []
    third = jobs.submit(Work("third large", lambda: started.append(1), 1000), "you")
    small = jobs.submit(Work("small", lambda: "done", 999), "you")
    assert small.wait("you", 5)
    assert not third.wait("you", 0.3)
    assert third.waits_for_others
    assert started == []
    two_large_ones.set()
    assert third.wait("you", 5)
    assert started == [1]
    assert not third.waits_for_others


def test_a_large_job_that_waits_for_its_turn_can_be_left(two_large_ones):
    third = jobs.submit(Work("one that is left", lambda: 1, 1000), "you")
    third.leave("you")
    assert third._ended.wait(5)
    assert isinstance(third.error, jobs.Stopped)


def test_scores_are_the_same_bit_for_bit_in_a_job():
    codes = random_probes(2345)
    job = jobs.submit(Work("same", lambda: ReportingPredictor(AdditiveModel()).predict(codes), 2345), "me")
    assert job.wait("me", 5)
    assert np.array_equal(job.result, AdditiveModel().predict(codes))
