"""A small table whose scores follow a motif, and a recipe that takes seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rbind_core.rna.sequences import decode, encode
from rbind_core.runs import Run, Status, TrainingRequest, cancel, list_runs, status, submit
from rbind_core.runs.run import OUTCOME
from rbind_core.system.locks import is_held, take
from tests.toys import MotifCounter

PATIENCE = 90  # seconds, on a busy machine
RECIPE = {"epochs": 3, "peak_learning_rate": 2e-3, "batch": 100, "dropout": {"convolution": 0.0, "pooling": 0.0, "hidden": 0.1}}


def table_text(lines: int = 600, seed: int = 1) -> bytes:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (lines, 41)).astype(np.uint8)
    codes[: lines // 2, 15:21] = encode("UGCAUG", 6)[0]
    scores = MotifCounter().predict(codes) + 0.3 * rng.normal(size=lines)
    rows = [f"{sequence}\t{score:.4f}" for sequence, score in zip(decode(codes), scores, strict=True)]
    return "\n".join(["sequence\tscore", *rng.permutation(rows)]).encode()


def wait_for(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class Place:
    """The folders of an owner and of the queue, with a way to start runs and to have none left."""

    def __init__(self, folder: Path) -> None:
        self.runs, self.models, self.queue = (folder / name for name in ("runs", "models", "queue"))

    def request(self, name: str = "MINE", **fields: Any) -> TrainingRequest:
        probes = {"training": 486, "validation": 54, "test": 60}
        return replace(TrainingRequest(name, "scratch", self.models, "a table of 600 probes", probes, RECIPE), **fields)

    def submit(self, name: str = "MINE", **fields: Any) -> Run:
        return submit(table_text(), self.request(name, **fields), self.runs, self.queue)

    def status(self, run: Run) -> Status:
        return status(run, self.queue)

    def wait_for(self, run: Run, *states: str) -> Status:
        return wait_for(lambda: (found := self.status(run)).state in states and found)


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    for run in list_runs(place.runs):
        cancel(run)
    for run in list_runs(place.runs):
        wait_for(lambda run=run: not is_held(run.lock))


@pytest.fixture
def busy(place):
    """Another run trains all the while: the lock of the one that trains is held by this process."""
    place.queue.mkdir(parents=True)
    lock = take(place.queue / "training.lock")
    yield
    os.close(lock)


def outcome_file(run: Run) -> Path:
    return run.folder / OUTCOME
