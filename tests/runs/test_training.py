"""Runs that really train: through kills, a full disk and errors to a model that is listed and works."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
from dataclasses import asdict

import numpy as np
import pytest

from rbind_core.model.registry import list_models, load_predictor
from rbind_core.rna.sequences import encode
from rbind_core.runs import FAILED, FINISHED, STOPPED, TRAINING, list_runs, resume, submit
from tests.runs.conftest import RECIPE, table_text, wait_for
from tests.runs.test_runs import kill

SERVER = """
import json, os, resource, signal, sys
from pathlib import Path
from rbind_core.runs import TrainingRequest, submit
order, runs, queue = json.loads(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
submit(sys.stdin.buffer.read(), TrainingRequest(**order | {"models": Path(order["models"])}), runs, queue)
os.kill(os.getpid(), signal.SIGKILL)
"""
"""The process that it starts inherits the limit, so that writing a checkpoint fails as on a full disk."""


def test_a_run_outlives_its_server_a_full_disk_and_a_kill_and_becomes_a_model(place):
    order = place.request(recipe=RECIPE | {"epochs": 12})
    arguments = [json.dumps(asdict(order), default=str), str(place.runs), str(place.queue)]
    server = subprocess.run([sys.executable, "-c", SERVER, *arguments], input=table_text(), check=False)
    assert server.returncode == -signal.SIGKILL
    [run] = list_runs(place.runs)
    failed = place.wait_for(run, FAILED, FINISHED)
    assert failed.message == "The disk was full before the first epoch was done; Resume starts again once there is room."
    assert list_models([place.models]) == []
    assert not list(run.folder.glob("*.part*"))

    resume(run, place.queue)
    wait_for(lambda: len(place.status(run).epochs) >= 2)
    assert place.status(run).state == TRAINING
    kill(run)
    stopped = place.status(run)
    assert stopped.state == STOPPED
    done = stopped.epochs[-1].epoch
    assert f"killed after epoch {done} of 12, perhaps because memory ran out; Resume goes on from there" in stopped.message
    assert list_models([place.models]) == []

    resume(run, place.queue)
    finished = place.wait_for(run, FINISHED, FAILED)
    assert finished.message == ""
    assert [note["epoch"] for note in run.notes() if "epoch" in note] == list(range(1, 13))  # none twice, none left out
    [model] = list_models([place.models])
    assert (model.experiment, model.protein, model.problem) == ("MINE", "MINE", None)
    assert model.training["run"] == run.id
    assert model.training["data"] == "a table of 600 probes"
    assert model.metrics["n_test"] == 60
    assert load_predictor(model).predict(encode(["ACGAUUGCAUGCCAUUA"])).shape == (1,)
    assert not list(run.folder.glob("*.npz"))
    assert not run.table.exists()
    assert not list(place.models.glob("*.npz"))


def test_an_outcome_is_written_where_no_room_is_left_but_what_was_reserved(place, busy, monkeypatch):
    """Every write fails until the reserve is gone."""
    run = place.submit()
    kill(run)
    reserve, write = run.folder / "reserve", type(run.folder).open
    assert reserve.stat().st_size >= 4096

    def full(path, *arguments, **options):
        if reserve.exists() and "r" not in (arguments or ("r",))[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, *arguments, **options)

    monkeypatch.setattr(type(run.folder), "open", full)
    with pytest.raises(OSError, match="No space left"):
        run.note(done=0.5)
    run.end(FAILED, "The disk was full.")
    assert place.status(run).message == "The disk was full."


def test_an_error_is_said_in_one_sentence_and_kept_in_the_log(place):
    run = place.submit(recipe=RECIPE | {"nonsense": 1})
    failed = place.wait_for(run, FAILED, FINISHED)
    assert failed.message.startswith(
        "Training failed with TypeError (Recipe.__init__() got an unexpected keyword argument 'nonsense')"
    )
    assert "Traceback" in (run.folder / "log.txt").read_text()


def test_a_table_that_was_damaged_meanwhile_is_said_as_its_reader_says_it(place, busy, tmp_path):
    run = place.submit()
    kill(run)
    run.table.write_text("ACGUACGUACGU\t1\n" * 600)
    (place.queue / "training.lock").unlink()  # the other run has ended
    resume(run, place.queue)
    assert place.wait_for(run, FAILED, FINISHED).message == "table: all 600 scores are 1; there is nothing to learn."


def test_the_columns_that_were_chosen_are_those_that_are_read(place):
    """The second number is the negative of the first."""
    lines = [line.split("\t") for line in table_text().decode().splitlines()[1:]]
    table = "\n".join(["seq\ta\tb", *(f"{sequence}\t{score}\t{-float(score)}" for sequence, score in lines)]).encode()
    run = submit(table, place.request(recipe=RECIPE | {"epochs": 1}, score_column=3), place.runs, place.queue)
    finished = place.wait_for(run, FINISHED, FAILED)
    assert (finished.state, finished.message) == (FINISHED, "")
    [model] = list_models([place.models])
    assert model.training["table"]["score_column"] == "b"
    assert model.training["table"]["used"] == 600
    assert model.normalisation.mean == pytest.approx(-np.mean([float(score) for _, score in lines]), abs=0.1)


def test_a_run_of_an_earlier_version_has_no_columns(place, busy):
    run = place.submit()
    about = json.loads((run.folder / "run.json").read_text())
    del about["sequence_column"], about["score_column"]
    (run.folder / "run.json").write_text(json.dumps(about))
    [read] = list_runs(place.runs)
    assert (read.request.sequence_column, read.request.score_column) == (None, None)
