"""Independent tasks: in this process, in local ones, and on a real Dask cluster, one worker of which is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

import rbind_core
from rbind_core.errors import ClusterError, ModelError
from rbind_core.model import predictor
from rbind_core.system import tasks as engine
from rbind_core.system.cores import cores
from rbind_core.system.tasks import Task, run_tasks
from tests.clusters import PATIENCE, Diary, dask_cluster, dies, fails, importances, naps, surroundings, wait_until
from tests.servers import ROOT, free_port

RBPS = ("RBFOX1", "SNRPA", "RBM4", "RNCMPT00047", "RNCMPT00013", "RNCMPT00022")


def never(name, result):
    raise AssertionError(f"{name} should not have been run")


def test_a_killed_worker_costs_its_own_task_alone_and_results_are_those_of_one_process(tmp_path, capfd):
    diary, kept, killed = Diary(tmp_path / "diary"), {}, []
    tasks = [Task(rbp, importances, (rbp, rbp, diary, rbp == "SNRPA")) for rbp in RBPS]

    def done_by(process):
        return {rbp for rbp in RBPS if process in diary.attempts(rbp)}

    def kill_amid_the_work():
        """Only once another result has been kept, so results that arrive only at the end would be waited for in vain.

        What the worker had done before must have arrived: it is lost with the worker otherwise.
        """
        wait_until(lambda: (begun := diary.attempts("SNRPA")) and kept and done_by(begun[0]) <= {"SNRPA", *kept})
        killed.append((diary.attempts("SNRPA")[0], set(kept)))
        os.kill(killed[0][0], signal.SIGKILL)

    with dask_cluster(tmp_path, workers=2) as cluster:
        killer = threading.Thread(target=kill_amid_the_work)
        killer.start()
        failures = run_tasks(tasks, kept.__setitem__, scheduler=cluster.address)
        killer.join()
        lost = [process.pid for process in cluster.processes[1:] if process.poll() is not None]

    assert failures == {}
    [(victim, kept_before)] = killed
    assert lost == [victim]
    assert kept_before
    assert "SNRPA" not in kept_before
    assert {rbp: len(diary.attempts(rbp)) for rbp in RBPS} == {rbp: 1 + (rbp == "SNRPA") for rbp in RBPS}
    assert diary.attempts("SNRPA")[1] != victim
    here = {}
    run_tasks([Task(rbp, importances, (rbp, rbp, Diary(tmp_path / "here"))) for rbp in RBPS], here.__setitem__, workers=0)
    assert list(here) == list(RBPS)
    for rbp in RBPS:
        assert kept[rbp].dtype == np.float32
        assert np.array_equal(kept[rbp], here[rbp])
    assert len({result.tobytes() for result in here.values()}) == len(RBPS)
    assert capfd.readouterr().err == ""


def test_a_scheduler_that_is_lost_amid_the_work_ends_the_run_and_what_has_arrived_is_kept(tmp_path, capfd):
    kept = {}
    tasks = [Task("quick", surroundings), Task("slow", time.sleep, (60,))]
    with dask_cluster(tmp_path, workers=1) as cluster:

        def keep(name, result):
            kept[name] = result
            cluster.processes[0].kill()

        with pytest.raises(ClusterError, match=f"{cluster.address}: the scheduler was lost; run it again"):
            run_tasks(tasks, keep, scheduler=cluster.address)
    assert list(kept) == ["quick"]
    assert capfd.readouterr().err == ""


def test_a_task_that_kills_its_workers_is_given_up_and_the_others_are_done(tmp_path, capfd):
    kept, diary = {}, Diary(tmp_path / "diary")
    failures = run_tasks([Task("dies", dies, (diary,)), Task("lives", surroundings)], kept.__setitem__, workers=1)
    assert failures == {"dies": "4 workers died while they worked on it"}
    assert len(diary.attempts("dies")) == 4
    assert list(kept) == ["lives"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_in_a_task_is_reported_and_the_others_are_done(workers, capfd):
    kept, progress = {}, []
    tasks = [
        Task("broken", fails, (ModelError("RNCMPT00001 is\nbroken"),)),
        Task("wrong", fails, (KeyError("there"),)),
        Task("fine", surroundings),
    ]
    failures = run_tasks(tasks, kept.__setitem__, workers=workers, progress=lambda *seen: progress.append(seen))
    assert failures["broken"] == "RNCMPT00001 is broken"
    assert failures["wrong"].startswith("KeyError: 'there' (clusters.py, line ")
    assert failures.keys() | kept.keys() == {"broken", "wrong", "fine"}
    assert len(failures) == 2
    assert {name for name, _, _ in progress} == {"broken", "wrong", "fine"}
    assert [(done, total) for _, done, total in progress] == [(1, 3), (2, 3), (3, 3)]
    assert capfd.readouterr().err == ""


def test_no_worker_idles_while_tasks_wait_behind_a_long_one():
    kept = {}
    tasks = [Task("long", naps, (4.0,)), *(Task(f"short {number}", naps, (0.1,)) for number in range(9))]
    assert run_tasks(tasks, kept.__setitem__, workers=2) == {}
    assert list(kept)[-1] == "long"


def test_by_default_there_is_a_process_for_each_core_which_works_in_a_temporary_folder(monkeypatch):
    monkeypatch.setattr(engine, "cores", lambda: 2)
    kept, environment = {}, dict(os.environ)
    assert run_tasks([Task(str(i), surroundings) for i in range(4)], kept.__setitem__) == {}
    processes, cores_of_each, folders = map(set, zip(*kept.values(), strict=True))
    assert len(kept) == 4
    assert len(processes) == 2
    assert os.getpid() not in processes
    assert cores_of_each == {1}
    assert all(Path(folder).is_relative_to(tempfile.gettempdir()) and not Path(folder).exists() for folder in folders)
    assert dict(os.environ) == environment
    assert not any(psutil.pid_exists(process) for process in processes)


def test_without_workers_tasks_run_in_this_process_on_all_cores():
    kept = {}
    run_tasks([Task("here", surroundings)], kept.__setitem__, workers=0)
    assert kept["here"][:2] == (os.getpid(), cores())


def test_nothing_to_do_starts_nothing():
    assert run_tasks([], never, scheduler="tcp://127.0.0.1:1") == {}


@pytest.mark.parametrize(
    "address", ["", "localhost", "127.0.0.1:8786", "http://localhost:8786", "tcp://localhost", "tcp://h:99999", "tcp://:8786"]
)
def test_a_malformed_address_is_refused_with_what_is_allowed(address):
    with pytest.raises(ClusterError, match="is not the address of a scheduler; allowed is tcp://HOST:PORT") as error:
        run_tasks([Task("a", surroundings)], never, scheduler=address)
    assert repr(address) in str(error.value)


@pytest.mark.parametrize("listens", [False, True], ids=["nobody", "something else"])
def test_a_scheduler_that_does_not_answer_is_named_in_time_and_nothing_is_printed(listens, monkeypatch, capfd):
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1] if listens else free_port()}"
        start = time.monotonic()
        with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address}"):
            run_tasks([Task("a", surroundings)], never, scheduler=address)
        assert time.monotonic() - start < 10
    assert capfd.readouterr().err == ""


def test_a_scheduler_without_workers_is_named(tmp_path, monkeypatch):
    with dask_cluster(tmp_path, workers=0) as cluster:
        cluster.wait_for_scheduler()
        monkeypatch.setattr(engine, "ANSWER_SECONDS", 1)
        with pytest.raises(ClusterError, match=f"the scheduler at {cluster.address} has no workers"):
            run_tasks([Task("a", surroundings)], never, scheduler=cluster.address)


def another_version(folder: Path) -> Path:
    shutil.copytree(Path(rbind_core.__file__).parent, folder / "rbind_core", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "rbind_core" / "errors.py").open("a") as file:
        file.write("# changed\n")
    return folder


@pytest.mark.parametrize(
    ("version", "problem"), [(lambda folder: folder, "cannot import rbind_core"), (another_version, r"has RBind [\d.]+ \(\w{8}, ")]
)
def test_a_worker_without_this_version_of_the_project_is_refused(version, problem, tmp_path):
    path = tmp_path / "path"
    path.mkdir()
    with dask_cluster(tmp_path, workers=0) as cluster:
        cluster.start_worker(version(path))
        with pytest.raises(ClusterError, match=rf"worker tcp://127.0.0.1:\d+ {problem}.*same files of this project"):
            run_tasks([Task("a", surroundings)], never, scheduler=cluster.address)


@pytest.mark.parametrize("settings", [{"scheduler": "tcp://127.0.0.1:8786", "workers": 2}, {"workers": -1}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(ClusterError):
        run_tasks([Task("a", surroundings)], never, **settings)


PROGRAM = """
import time
from pathlib import Path
from rbind_core.cli.shared import OneLineErrors
from rbind_core.system.tasks import Task, run_tasks
from tests.clusters import surroundings

def keep(name, result):
    Path(f"{name}.part").write_text(str(result[0]))
    Path(f"{name}.part").rename(name)

def main():
    tasks = [Task("one", surroundings), Task("two", surroundings), Task("slow", time.sleep, (60,))]
    run_tasks(tasks, keep, workers=2)

if __name__ == "__main__":
    import click
    click.command()(main)
    OneLineErrors(commands={"run": click.Command("run", callback=main)})(["run"])
"""


def test_control_c_ends_local_workers_and_what_has_arrived_is_kept(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: (tmp_path / "one").exists() and (tmp_path / "two").exists())
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert said.split() == ["stopped"]
    assert process.returncode == 130
    assert psutil.wait_procs(children, timeout=20)[1] == []


def test_the_predictor_uses_as_many_cores_as_it_is_told(monkeypatch):
    monkeypatch.setenv("RBIND_CORES", "3")
    assert predictor.cores() == 3
    monkeypatch.delenv("RBIND_CORES")
    assert cores() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_number_of_cores_that_is_none_is_refused(value, monkeypatch):
    monkeypatch.setenv("RBIND_CORES", value)
    with pytest.raises(ClusterError, match=f"RBIND_CORES='{value}' is not a number of cores"):
        cores()
