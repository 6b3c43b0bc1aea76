"""Cold starts of the command line and the dashboard, and memory of the main tasks."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.memory import PREFIX
from bench.timing import Measure
from rbind_core.errors import RBindError
from rbind_core.rna.sequences import Codes, decode
from rbind_core.system.paths import PRETRAINED


def commands(rbp: str, codes: Codes, kmer_options: Sequence[str], repeats: int, say: Callable[[str], None]) -> Iterator[Measure]:
    """Start commands in new processes, in the current environment.

    Parameters
    ----------
    rbp : RBP of the model.
    codes : (n, 41) uint8, for the larger prediction.
    kmer_options : of `./rbind kmers`.
    repeats : number of starts of the short ones.
    say : called with a line of progress.

    Returns
    -------
    Iterator of Measure
        Seconds from start to end of the process; MB of peak resident memory.
    """
    say("cold starts of the command line ...")
    sequence = decode(codes[:1])[0]
    for name, arguments in (("list", ["list"]), ("predict, one RNA", ["predict", "--rbp", rbp, "--seq", sequence])):
        runs = [_run(arguments) for _ in range(repeats)]
        yield Measure(f"cold start of ./rbind {name}", float(np.median([seconds for seconds, _ in runs])), "s")
        yield Measure(f"peak memory of ./rbind {name}", float(np.median([memory for _, memory in runs])), "MB")
    say("memory of larger jobs ...")
    with tempfile.TemporaryDirectory() as folder:
        fasta = Path(folder) / "rna.fa"
        fasta.write_text("\n".join(decode(codes)))
        yield Measure(
            f"peak memory of ./rbind predict, {len(codes):,} RNAs", _run(["predict", "--rbp", rbp, "--fasta", str(fasta)])[1], "MB"
        )
    yield Measure("peak memory of ./rbind kmers", _run(["kmers", "--rbp", rbp, *kmer_options])[1], "MB")


def _run(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of one command."""
    start = time.perf_counter()
    process = subprocess.run(
        [sys.executable, "-m", "bench.memory", *arguments], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    last = process.stderr.strip().rpartition("\n")[2]
    if process.returncode or not last.startswith(PREFIX):
        raise RBindError(f"./rbind {arguments[0]} ended with status {process.returncode}: {last[-200:]}")
    return seconds, float(last.removeprefix(PREFIX))


def app(say: Callable[[str], None], repeats: int) -> Iterator[Measure]:
    """Start the dashboard and open its first page, without a browser.

    Parameters
    ----------
    say : called with a line of progress.
    repeats : number of starts.

    Returns
    -------
    Iterator of Measure
        Seconds to the first answer of the health page, to the end of the first page's script over a websocket, and of the
        profile's script after it; MB of the server's peak resident memory.
    """
    say("cold start of the dashboard ...")
    runs = [_start_app() for _ in range(repeats)]
    for key, what, unit in (
        ("health", "dashboard, process start to the health page", "s"),
        ("first_page", "dashboard, process start to the end of the first page's script (no browser)", "s"),
        ("page_profile", "dashboard, first profile's script after it", "s"),
        ("memory", "peak memory of the dashboard after two pages", "MB"),
    ):
        yield Measure(what, float(np.median([run[key] for run in runs])), unit)


def _start_app() -> dict[str, float]:
    process = subprocess.run([sys.executable, "-m", "bench.app_start"], cwd=_ROOT, capture_output=True, text=True, check=False)
    if process.returncode:
        raise RBindError(f"the dashboard did not start: {process.stderr.strip().rpartition(chr(10))[2][-200:]}")
    return json.loads(process.stdout)


_ROOT = PRETRAINED.parent
