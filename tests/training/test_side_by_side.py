"""Models trained as tasks give the files that one process gives, and are kept as they arrive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rbind_core.cli import main
from rbind_core.data.fetch import cache_folder
from rbind_core.errors import DataError
from rbind_core.model.registry import CARD
from rbind_core.system.tasks import Task, run_tasks
from rbind_core.training import side_by_side
from rbind_core.training.all_models import CLIP, LOG, TrainingStep, steps_of
from rbind_core.training.side_by_side import ingredients, store_files, train_model, train_side_by_side, training_tasks
from tests.clusters import Diary, dask_cluster, wait_until
from tests.servers import ROOT
from tests.training.toy_import import import_toy, in_two_epochs

BOTH = steps_of("RNCMPT00168")
ONE_PROCESS = """
import os, sys
from pathlib import Path
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])  # another number of cores than the workers see
from rbind_core.training.all_models import TrainingStep, train_steps
from tests.clusters import Diary
from tests.training.toy_import import in_two_epochs
out = Path(sys.argv[1])
in_two_epochs("here", Diary(out / "diary"), train_steps, [TrainingStep(name) for name in sys.argv[2:]], out)
"""


@pytest.fixture
def steps_write_cards(monkeypatch, tmp_path):
    """Instead of training; gives the steps that were run, and where."""
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path / "cache"))
    ran = []

    def run(step, out, report):
        ran.append((step, out))
        folder = out / step.model
        folder.mkdir(parents=True, exist_ok=True)
        card = folder / CARD
        metrics = json.loads(card.read_text())["metrics"] if card.exists() else {}
        metrics["pearson_test_clip" if step.scale == CLIP else "pearson_test"] = 0.5
        card.write_text(json.dumps({"protein": "RBFOX1", "metrics": metrics}))

    monkeypatch.setattr(TrainingStep, "run", run)
    return ran


def metrics_of(model, out):
    return json.loads((out / model / CARD).read_text())["metrics"]


def test_a_killed_worker_loses_an_epoch_at_most_and_the_models_are_those_of_one_process(tmp_path, monkeypatch):
    for name in ("RBIND_CACHE_DIR", "RBIND_IMPORT_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    import_toy(tmp_path)
    names = ["RNCMPT00901", "RNCMPT00902"]
    here, out, diary = tmp_path / "here", tmp_path / "out", Diary(tmp_path / "diary")
    here.mkdir()
    tasks = [
        Task(task.name, in_two_epochs, (task.name, diary, task.function, *task.arguments))
        for task in training_tasks([TrainingStep(name) for name in names], out)
    ]

    def kill_after_an_epoch():
        wait_until(lambda: list((cache_folder() / "training").glob("RNCMPT00901-*/*.checkpoint.npz")))
        os.kill(diary.attempts("RNCMPT00901")[0], signal.SIGKILL)

    with dask_cluster(tmp_path, workers=2) as cluster:
        killer = threading.Thread(target=kill_after_an_epoch)
        killer.start()
        failures = run_tasks(tasks, lambda name, files: store_files(out, files), scheduler=cluster.address)
        killer.join()

    assert failures == {}
    assert {name: len(diary.attempts(name)) for name in names} == {"RNCMPT00901": 2, "RNCMPT00902": 1}
    assert list((cache_folder() / "training").iterdir()) == []
    command = [sys.executable, "-c", ONE_PROCESS, str(here), *names]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    for name in names:
        files = {path.name: path.read_bytes() for path in (here / name).iterdir()}
        assert files.keys() == {"card.json", "weights.safetensors", "density.json"}
        assert {path.name: path.read_bytes() for path in (out / name).iterdir()} == files


def test_each_model_is_a_task_with_the_steps_it_lacks_and_what_takes_longest_comes_first(steps_write_cards, tmp_path):
    steps = [*BOTH, *steps_of("RNCMPT00071"), *steps_of("VTS1_2009"), *steps_of("RNCMPT00052", "PU")]
    TrainingStep("RNCMPT00071").run(tmp_path, None)
    tasks = training_tasks(steps, tmp_path)
    assert [(task.name, [step.scale for step in task.arguments[0]]) for task in tasks] == [
        ("VTS1_2009", [LOG]),
        ("RBM4_PU", [LOG]),
        ("RNCMPT00168", [LOG, CLIP]),
        ("RNCMPT00071", [CLIP]),
    ]


def test_what_is_stored_is_sent_along_and_added_to_and_a_second_call_has_nothing_to_do(steps_write_cards, tmp_path):
    out = tmp_path / "out"
    BOTH[0].run(out, None)
    steps_write_cards.clear()
    ended = []
    assert train_side_by_side(BOTH, out, workers=0, progress=lambda *seen: ended.append(seen)) == {}
    [(step, folder)] = steps_write_cards
    assert step == BOTH[1]
    assert folder.parent == cache_folder() / "training"
    assert not folder.exists()
    assert ended == [("RNCMPT00168", 1, 1)]
    assert metrics_of("RNCMPT00168", out) == {"pearson_test": 0.5, "pearson_test_clip": 0.5}
    assert train_side_by_side(BOTH, out, workers=0) == {}
    assert len(steps_write_cards) == 1


def test_a_task_that_was_stopped_between_its_steps_goes_on_with_the_next(steps_write_cards, tmp_path, monkeypatch):
    write, out = TrainingStep.run, tmp_path / "out"

    def stopped(step, folder, report):
        if step.scale == CLIP:
            raise KeyboardInterrupt
        write(step, folder, report)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingStep, "run", stopped)
        with pytest.raises(KeyboardInterrupt):
            train_side_by_side(BOTH, out, workers=0)
    assert not out.exists()
    assert train_side_by_side(BOTH, out, workers=0) == {}
    assert [step.scale for step, _ in steps_write_cards] == [LOG, CLIP]


def test_models_that_cannot_be_trained_are_named_and_the_others_are_stored(steps_write_cards, tmp_path, monkeypatch):
    write = TrainingStep.run

    def run(step, folder, report):
        if step.experiment == "RNCMPT00071":
            raise DataError("intensities/RNCMPT00071.txt is not on this computer")
        write(step, folder, report)

    monkeypatch.setattr(TrainingStep, "run", run)
    failures = train_side_by_side([*steps_of("RNCMPT00071"), *BOTH], tmp_path / "out", workers=0)
    assert failures == {"RNCMPT00071": "intensities/RNCMPT00071.txt is not on this computer"}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["RNCMPT00168"]


def test_missing_data_are_named(no_data, tmp_path):
    failures = train_side_by_side(BOTH, tmp_path / "out", workers=0)
    assert failures.keys() == {"RNCMPT00168"}
    assert "is not on this computer; run './rbind data fetch' or set RBIND_DATA_DIR" in failures["RNCMPT00168"]
    assert not (tmp_path / "out").exists()


def test_another_trunk_or_import_is_refused(steps_write_cards, tmp_path, monkeypatch):
    trunk, _ = ingredients("RNCMPT00168")
    for made_from in (("0" * 64, ""), (trunk, "0" * 64)):
        with pytest.raises(DataError, match="RNCMPT00168: trunk or imported file differ"):
            train_model(BOTH, made_from, {})
    assert steps_write_cards == []


def test_an_import_is_among_what_a_model_is_made_from(tmp_path, monkeypatch):
    before = ingredients("RNCMPT00168")
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(tmp_path))
    import_toy(tmp_path)
    assert ingredients("RNCMPT00168")[0] == before[0]
    assert (before[1], len(ingredients("RNCMPT00168")[1])) == ("", 64)


def test_cards_are_written_last_and_that_of_vts1_itself_the_very_last(tmp_path, monkeypatch):
    written = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda part, path: (written.append(path), replace(part, path))[1])
    files = [f"{model}/{name}" for model in ("VTS1_2009", "VTS1_PU") for name in (CARD, "weights.safetensors", "density.json")]
    store_files(tmp_path, {name: name.encode() for name in files})
    assert [path.name for path in written[:4]].count(CARD) == 0
    assert written[4:] == [tmp_path / "VTS1_PU" / CARD, tmp_path / "VTS1_2009" / CARD]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*")) == sorted(files)
    assert all((tmp_path / name).read_text() == name for name in files)


def test_only_one_model_is_trained_at_a_time_in_a_process(steps_write_cards, monkeypatch):
    at_work, most = [], []

    def train(steps, folder):
        at_work.append(folder)
        most.append(len(at_work))
        threading.Event().wait(0.05)
        (folder / steps[0].model).mkdir(parents=True)
        at_work.remove(folder)

    monkeypatch.setattr(side_by_side, "train_steps", train)
    threads = [
        threading.Thread(target=train_model, args=(steps_of(name), ingredients(name), {}))
        for name in ("RNCMPT00168", "RNCMPT00071")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1]


def rbind_train(*arguments):
    with pytest.raises(SystemExit) as ending:
        main(["train", *map(str, arguments)], prog_name="rbind")
    return ending.value.code


def test_the_command_trains_several_models_as_tasks_and_names_those_that_failed(steps_write_cards, tmp_path, monkeypatch, capsys):
    write = TrainingStep.run

    def run(step, folder, report):
        if step.experiment == "RNCMPT00071":
            raise DataError("intensities/RNCMPT00071.txt is not on this computer")
        write(step, folder, report)

    asked = []

    def run_here(tasks, keep, scheduler, workers, progress):
        """Instead of on a cluster, whose workers would not know the replaced `run`."""
        asked.append((scheduler, workers))
        return run_tasks(tasks, keep, workers=0, progress=progress)

    monkeypatch.setattr(TrainingStep, "run", run)
    monkeypatch.setattr(side_by_side, "run_tasks", run_here)
    both = ("--experiment", "RNCMPT00168", "--experiment", "RNCMPT00071", "--out", tmp_path / "out")
    assert rbind_train(*both, "--scheduler", "tcp://host:8786") == 2
    said = capsys.readouterr()
    assert asked == [("tcp://host:8786", None)]
    assert said.out == "RNCMPT00168\tRBFOX1\ttest Pearson 0.5000\n"
    assert "1/2" in said.err
    assert said.err.splitlines()[-1] == "rbind: RNCMPT00071: intensities/RNCMPT00071.txt is not on this computer"


@pytest.mark.parametrize(
    ("arguments", "models"),
    [
        ([], ["RNCMPT00168"]),
        (["--experiment", "RNCMPT00071", "--workers", "0"], ["RNCMPT00168", "RNCMPT00071"]),
    ],
)
def test_one_model_or_no_workers_are_trained_in_this_process(arguments, models, steps_write_cards, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(side_by_side, "run_tasks", None)
    assert rbind_train("--experiment", "RNCMPT00168", *arguments, "--out", tmp_path) == 0
    said = capsys.readouterr()
    assert [line.split("\t")[0] for line in said.out.splitlines()] == models
    assert f"[1/{2 * len(models)}] RNCMPT00168, log-transformed scores" in said.err
    assert {folder for _, folder in steps_write_cards} == {tmp_path}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--trunk", "--workers", "2"], "--scheduler and --workers go with --all or --experiment"),
        (["--experiment", "RNCMPT00168", "--scheduler", "nowhere"], "'nowhere' is not the address of a scheduler"),
        (["--all", "--scheduler", "tcp://h:1", "--workers", "2"], "not both"),
        (["--all", "--workers", "-1"], "-1 is not in the range x>=0"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_one_line(arguments, says, tmp_path, capsys):
    assert rbind_train(*arguments, "--out", tmp_path) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
