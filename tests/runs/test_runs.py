"""The queue and the states of runs, with real processes that wait: none of them gets as far as TensorFlow."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from rbind_core.errors import ModelError, RunError
from rbind_core.model.registry import store_model
from rbind_core.runs import (
    CANCELLED,
    FINISHED,
    STOPPED,
    TRAINING,
    WAITING,
    cancel,
    delete,
    find_run,
    list_runs,
    resume,
)
from rbind_core.runs.queue import ahead, enter, turn, waiting
from rbind_core.system.locks import is_held, take
from rbind_core.training.child import Ending
from tests.runs.conftest import outcome_file, wait_for
from tests.toys import card, random_weights


def process_of(run) -> psutil.Process:
    return wait_for(
        lambda: next((p for p in psutil.process_iter(["cmdline"]) if str(run.folder) in (p.info["cmdline"] or [])), None)
    )


def kill(run) -> None:
    process_of(run).send_signal(signal.SIGKILL)
    wait_for(lambda: not is_held(run.lock))


def test_runs_wait_in_order_and_say_how_many_come_first(place, busy):
    runs = [place.submit(name) for name in ("A", "B", "C")]
    assert [place.status(run).state for run in runs] == [WAITING] * 3
    assert [place.status(run).ahead for run in runs] == [0, 1, 2]
    assert [run.request.name for run in list_runs(place.runs)] == ["C", "B", "A"]
    cancel(runs[0])
    assert "Resume starts again" in place.wait_for(runs[0], CANCELLED).message
    assert [place.status(run).ahead for run in runs[1:]] == [0, 1]
    resume(runs[0], place.queue)
    assert [place.status(run).ahead for run in runs] == [2, 0, 1]  # at the end


def test_a_run_can_be_cancelled_on_a_full_disk(place, busy, monkeypatch):
    def full(path):
        raise OSError(28, "No space left on device")

    run = place.submit()
    monkeypatch.setattr("pathlib.Path.touch", full)
    cancel(run)
    assert place.wait_for(run, CANCELLED)
    assert not (run.folder / "reserve").exists()


def test_a_waiting_process_is_small_and_nice(place, busy):
    process = process_of(place.submit())
    wait_for(lambda: process.nice() == 10)
    assert process.memory_info().rss < 100e6


def test_only_the_first_gets_its_turn_and_the_next_one_when_it_leaves(place, tmp_path):
    """Two runs of this process, whose locks it holds itself."""
    folders = [tmp_path / name for name in ("one", "two")]
    locks = []
    for folder in folders:
        folder.mkdir()
        locks.append(take(folder / "lock"))
        enter(place.queue, folder)
    with turn(place.queue, folders[0]):
        assert waiting(place.queue) == folders
        assert ahead(place.queue, folders[1]) == 1
    assert ahead(place.queue, folders[1]) == 0
    with turn(place.queue, folders[1]):
        assert take(place.queue / "training.lock") is None
    for folder in [*folders, folders[0]]:
        enter(place.queue, folder)
    assert waiting(place.queue) == [folders[1], folders[0]]  # the last ticket counts
    for lock in locks:
        os.close(lock)


def test_a_run_that_has_said_how_it_ended_holds_nobody_up_while_its_process_still_lives(place, busy, monkeypatch):
    runs = [place.submit(name) for name in ("A", "B")]
    kill(runs[0])
    lock = take(runs[0].lock)  # as its process held it
    enter(place.queue, runs[0].folder)
    assert waiting(place.queue) == [runs[1].folder, runs[0].folder]
    monkeypatch.setattr("os._exit", lambda status: None)
    Ending(runs[0], place.queue).end(CANCELLED, "It was cancelled.")
    assert place.status(runs[0]).state == CANCELLED
    assert is_held(runs[0].lock)
    left = waiting(place.queue)
    os.close(lock)
    assert left == [runs[1].folder]


def test_a_killed_process_is_found_out_holds_nobody_up_and_can_go_on(place, busy):
    first, second = place.submit("A"), place.submit("B")
    kill(first)
    stopped = place.status(first)
    assert stopped.state == STOPPED
    assert stopped.message == (
        "The training process was killed while it waited for its turn, perhaps because memory ran out; Resume starts again."
    )
    assert place.status(second).ahead == 0
    resume(first, place.queue)
    assert place.status(first).state == WAITING
    with pytest.raises(RunError, match="A is waiting, so there is nothing to resume"):
        resume(first, place.queue)


def test_a_restart_of_the_computer_is_told_from_a_kill(place, busy):
    """Whatever process has the old number by now: no number is looked at, and nothing holds the lock."""
    run = place.submit()
    kill(run)
    notes = [note | ({"boot": "another"} if "boot" in note else {}) for note in run.notes()]
    notes += [{"at": notes[-1]["at"] + 5, "stage": "training"}]
    notes += [{"at": notes[-1]["at"] + 9, "epoch": 3, "epochs": 7, "loss": 0.5, "validation_pearson": 0.8}]
    (run.folder / "progress.jsonl").write_text("\n".join(map(json.dumps, notes)) + '\n{"at": 17, "epo')  # cut off
    found = place.status(run)
    assert (found.state, found.message) == (STOPPED, "The computer was restarted after epoch 3 of 7; Resume goes on from there.")
    assert found.seconds == pytest.approx(9)
    assert found.fraction == pytest.approx(3 / 7)


def test_no_process_number_is_kept(place, busy):
    run = place.submit()
    number = process_of(run).pid
    for path in run.folder.iterdir():
        if path.name not in ("reserve", "table"):
            assert f'"{number}"' not in path.read_text()


def test_the_process_is_no_child_of_the_terminal_of_the_server(place, busy):
    process = process_of(place.submit())
    assert os.getsid(process.pid) == process.pid != os.getsid(0)


def test_names_that_are_taken_and_too_many_runs_are_refused(place, busy, monkeypatch):
    monkeypatch.setattr("rbind_core.runs.manage.MOST_WAITING", 2)
    monkeypatch.setattr("rbind_core.runs.manage.MOST_KEPT", 3)
    store_model(place.models / "THERE", card("THERE", "THERE"), random_weights())
    with pytest.raises(RunError, match="THERE: there is a model of this name already"):
        place.submit("THERE")
    with pytest.raises(ModelError, match="cannot be a model's name"):
        place.submit("../up")
    runs = [place.submit(name) for name in ("M0", "M1")]
    with pytest.raises(RunError, match="m1: a run of this name is waiting"):
        place.submit("m1")
    with pytest.raises(RunError, match="2 of your runs train or wait already"):
        place.submit("MORE")
    assert len(list_runs(place.runs)) == 2
    for run in runs:
        kill(run)
    kill(place.submit("MORE"))
    with pytest.raises(RunError, match="3 of your runs are kept already"):
        place.submit("EVEN-MORE")


def test_a_run_is_deleted_with_what_is_half_made_but_never_while_it_is_under_way(place, busy):
    run = place.submit()
    with pytest.raises(RunError, match="MINE is under way; cancel it first"):
        delete(run, place.queue)
    cancel(run)
    place.wait_for(run, CANCELLED)
    (place.models / "MINE").mkdir(parents=True)
    (place.models / "MINE" / "weights.part").write_bytes(b"half")
    delete(run, place.queue)
    assert list_runs(place.runs) == []
    assert list(place.runs.iterdir()) == []
    assert not (place.models / "MINE").exists()
    assert waiting(place.queue) == []


def test_a_run_whose_model_was_stored_is_finished_even_if_it_could_not_say_so(place, busy):
    run = place.submit()
    kill(run)
    store_model(place.models / "MINE", card("MINE", "MINE") | {"training": {"run": run.id}}, random_weights())
    assert place.status(run).state == FINISHED
    delete(run, place.queue)
    assert (place.models / "MINE" / "card.json").exists()


def test_ids_that_are_none_find_nothing(place, busy):
    run = place.submit()
    assert find_run(place.runs, run.id) == run
    for wrong in ("", "..", "../runs", run.id + "/..", "20260101-000000-abcdef"):
        assert find_run(place.runs, wrong) is None


def test_a_damaged_folder_is_not_listed_and_a_damaged_outcome_counts_as_none(place, busy):
    run = place.submit()
    kill(run)
    (place.runs / "20260101-000000-abcdef").mkdir()
    (place.runs / "20260101-000000-abcdef" / "run.json").write_text("{")
    outcome_file(run).write_text('{"state"')
    assert list_runs(place.runs) == [run]
    assert place.status(run).state == STOPPED


def test_time_left_follows_the_speed_of_this_attempt(place, busy):
    run = place.submit()
    run.note(stage="training")
    lines = (run.folder / "progress.jsonl").read_text()
    now = time.time()
    more = [{"at": now - 20, "done": 0.2}, {"at": now - 10, "done": 0.4}, {"at": now, "done": 0.6}]
    (run.folder / "progress.jsonl").write_text(lines + "\n".join(map(json.dumps, more)))
    found = place.status(run)
    assert found.state == TRAINING
    assert found.fraction == pytest.approx(0.6)
    assert found.seconds_left == pytest.approx(20, abs=1)


@pytest.mark.parametrize("names", [("SAME",) * 4, ("Same", "SAME", "same"), ("A", "B", "A", "B")])
def test_a_name_is_accepted_once_of_all_that_are_submitted_at_one_moment(place, busy, names):
    barrier = threading.Barrier(len(names))

    def submit(name):
        barrier.wait()
        try:
            return place.submit(name)
        except RunError as error:
            return str(error)

    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(submit, names))
    accepted = [answer.request.name.upper() for answer in answers if not isinstance(answer, str)]
    assert sorted(accepted) == sorted({name.upper() for name in names})
    assert all("a run of this name is waiting" in answer for answer in answers if isinstance(answer, str))
    assert len(list_runs(place.runs)) == len(accepted)


def test_no_more_wait_than_may_however_they_are_submitted(place, busy, monkeypatch):
    monkeypatch.setattr("rbind_core.runs.manage.MOST_WAITING", 2)

    def submit(number):
        try:
            return place.submit(f"M{number}")
        except RunError:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert sum(run is not None for run in pool.map(submit, range(4))) == 2
