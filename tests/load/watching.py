"""Memory, threads and child processes of a server, while people use it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

import psutil


def processor_seconds(server: psutil.Process) -> tuple[float, float]:
    """Seconds of processor time used so far: by the server, and by all that runs on this computer."""
    own, everything = server.cpu_times(), psutil.cpu_times()
    return own.user + own.system, sum(everything) - everything.idle - getattr(everything, "iowait", 0.0)


@dataclass(frozen=True)
class Sample:
    """The server at one moment: memory of its process and its children in MB, numbers of threads and of children."""

    when: float
    memory: float
    threads: int
    children: int


@dataclass
class Watch:
    """Samples of a server, one a second."""

    process: psutil.Process
    samples: list[Sample] = field(default_factory=list)

    def look(self) -> Sample:
        """Take one sample."""
        family = [self.process, *self.process.children(recursive=True)]
        memory = 0.0
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                memory += member.memory_info().rss / 1e6
        sample = Sample(time.monotonic(), memory, self.process.num_threads(), len(family) - 1)
        self.samples.append(sample)
        return sample

    async def go_on(self) -> None:
        """Look once a second until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(1)

    def memory_at(self, when: float) -> float:
        """Median memory in MB over the ten seconds up to a moment."""
        around = sorted(s.memory for s in self.samples if when - 10 <= s.when <= when)
        return around[len(around) // 2] if around else float("nan")
