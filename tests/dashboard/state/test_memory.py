import time

from dashboard.state import jobs, memory
from dashboard.state.results import RESULTS
from tests.dashboard.state.works import Sized


def test_large_results_are_dropped_some_time_after_the_last_large_computation(monkeypatch):
    monkeypatch.setattr(memory, "_FORGOTTEN", 0.2)
    request = Sized("large", lambda: "a" * memory._LARGE_RESULT, jobs._LARGE)
    job = jobs.submit(request, "me")
    assert job.wait("me", 5)
    assert RESULTS.hold(request)
    until = time.monotonic() + 5
    while RESULTS.hold(request) and time.monotonic() < until:
        time.sleep(0.05)
    assert not RESULTS.hold(request)
