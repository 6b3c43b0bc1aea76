"""A real Dask scheduler with real workers, started as a user starts them, and tasks that say who works on them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.constructs import parse_constructs
from rbind_core.data.library import profile
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.system.cores import cores
from tests.servers import ROOT, free_port

PATIENCE = 60  # seconds until a test that waits gives up


@dataclass
class Cluster:
    """A scheduler without the project on its path, and workers, each one process with one thread."""

    folder: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> subprocess.Popen:
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard", PYTHONPATH="")

    def wait_for_scheduler(self) -> None:
        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_until(listens)

    def start_worker(self, path: Path | str = ROOT, **environment: str) -> subprocess.Popen:
        settings = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder)]
        return self._start("worker", self.address, *settings, PYTHONPATH=str(path), **environment)

    def _start(self, what: str, *arguments: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
        with (self.folder / f"{what}-{len(self.processes)}.log").open("w") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=os.environ | environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster whose processes are ended at last, however the test went."""
    cluster = Cluster(folder)
    with ExitStack() as stack:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.start_worker()
        stack.callback(lambda: [stop(process) for process in reversed(cluster.processes)])
        yield cluster


def stop(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@dataclass(frozen=True)
class Diary:
    """A file in which every attempt at a task writes its name and its process."""

    path: Path

    def write(self, name: str) -> None:
        with self.path.open("a") as file:
            file.write(f"{name} {os.getpid()}\n")

    def attempts(self, name: str) -> list[int]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [int(line.split()[1]) for line in lines if line.split()[0] == name]


def importances(name: str, rbp: str, diary: Diary, lingers: bool = False) -> np.ndarray:
    """Local importances of two constructs in a bundled model; with `lingers` the first attempt never comes to its end."""
    diary.write(name)
    if lingers and len(diary.attempts(name)) == 1:
        time.sleep(2 * PATIENCE)
    sample = draw_sample(Profile(profile()), profile(), 300, np.random.default_rng(0))
    analysis = GlobalImportanceAnalysis(load_predictor(find_model(rbp)), sample)
    return np.stack([each.local for each in analysis.importances(parse_constructs("UGCAUG@18;UUUUUU@5"))])


def fails(problem: Exception) -> None:
    raise problem


def surroundings() -> tuple[int, int, str]:
    """Process and cores that a task finds itself with, and the folder for what Dask stores."""
    from distributed import get_worker

    try:
        folder = get_worker().local_directory
    except ValueError:
        folder = ""  # not on a worker
    return os.getpid(), cores(), folder


def dies(diary: Diary) -> None:
    diary.write("dies")
    os.kill(os.getpid(), 9)


def naps(seconds: float) -> float:
    time.sleep(seconds)
    return seconds
