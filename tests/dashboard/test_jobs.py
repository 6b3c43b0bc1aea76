import threading
import time

import numpy as np
import pytest

from dashboard import jobs
from rbind_core.model.progress import ReportingPredictor
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
    job = jobs.start("result", lambda: 42, 1, "me")
    assert job.wait("me", 5)
    assert job.result == 42
    assert job.error is None
    assert jobs.find("result") is job


def test_those_who_want_the_same_share_one_job():
    made = []
    release = threading.Event()

    def work():
        made.append(1)
        release.wait(5)
        return "shared"

    first, second = (jobs.start("shared", work, 1, who) for who in ("me", "you"))
    release.set()
    assert first is second
    assert second.wait("you", 5)
    assert made == [1]


def test_an_error_is_kept_for_the_page_to_show():
    def fail():
        raise ValueError("broken")

    job = jobs.start("error", fail, 1, "me")
    assert job.wait("me", 5)
    assert str(job.error) == "broken"
    assert jobs.start("error", lambda: "mended", 1, "me") is job
    jobs.forget("error")
    again = jobs.start("error", lambda: "mended", 1, "me")
    assert again.wait("me", 5)
    assert again.result == "mended"


def test_a_job_says_how_far_it_is(slow):
    job = jobs.start("progress", lambda: ReportingPredictor(slow).predict(random_probes(5000)), 5000, "me")
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

    job = jobs.start("cancelled", work, 200_000, "me")
    while not job.fraction:
        job.wait("me", 0.01)
    job.leave("me")
    assert job._ended.wait(5)
    assert isinstance(job.error, jobs.Stopped)
    assert slow.scored < 200_000
    again = jobs.start("cancelled", lambda: "done", 1, "me")
    assert again is not job
    assert again.wait("me", 5)
    assert again.result == "done"


def test_a_job_goes_on_while_somebody_else_waits(slow):
    def work():
        return ReportingPredictor(slow).predict(random_probes(10_000))

    job = jobs.start("two wait", work, 10_000, "me")
    jobs.start("two wait", work, 10_000, "you")
    job.leave("me")
    assert job.wait("you", 10)
    assert job.error is None


def test_a_job_that_nobody_asks_for_any_more_ends(slow, monkeypatch):
    monkeypatch.setattr(jobs, "_ABANDONED", 0.1)
    job = jobs.start("abandoned", lambda: ReportingPredictor(slow).predict(random_probes(100_000, shortest=41)), 100_000, "me")
    assert job._ended.wait(5)
    assert isinstance(job.error, jobs.Stopped)


def test_old_results_are_forgotten():
    for number in range(jobs._KEPT + 20):
        jobs.start(("old", number), lambda: 1, 1, "me").wait("me", 5)
    assert jobs.find(("old", 0)) is None
    assert jobs.find(("old", jobs._KEPT + 19)) is not None


def test_scores_are_the_same_bit_for_bit_in_a_job():
    codes = random_probes(2345)
    job = jobs.start("same", lambda: ReportingPredictor(AdditiveModel()).predict(codes), 2345, "me")
    assert job.wait("me", 5)
    assert np.array_equal(job.result, AdditiveModel().predict(codes))
