"""Time to the dashboard's first page: the server is started, and a visitor without a browser opens pages."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import click

from bench.visitor import is_error, messages

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0  # seconds for the server to answer
PAGES = ("", "profile")


def measure(pages: Sequence[str] = PAGES) -> dict[str, float]:
    """Start the dashboard and open pages in turn, each in its own session.

    The times are those that a browser waits before it can draw a whole page: the server's start, and the page's script up to
    the last message of its websocket. Drawing is not included.

    Parameters
    ----------
    pages : paths, '' for the first page.

    Returns
    -------
    dict
        Seconds: `health` from the start of the process to the first 200 of the health page, `first_page` from the start of the
        process to the end of the first page's script, `page_NAME` for the script of each further page; `memory`, peak of the
        server's resident memory after the last page in MB, NaN where the system does not tell.
    """
    port = _free_port()
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard.server.main", "--port", str(port), "--headless"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_health(port, server)
        times = {"health": time.perf_counter() - start}
        for number, page in enumerate(pages):
            opened = time.perf_counter()
            visit(port, page)
            times[f"page_{page}" if number else "first_page"] = time.perf_counter() - (opened if number else start)
        return times | {"memory": peak_memory(server.pid)}
    finally:
        server.terminate()
        server.wait(20)


def visit(port: int, page: str = "", query: str = "") -> float:
    """Open a page as a browser does, and wait until its script has run.

    Parameters
    ----------
    port : of a dashboard on this computer.
    page : its path.
    query : of the address, without the question mark.

    Returns
    -------
    float
        Seconds from the connection to the end of the script.

    Raises
    ------
    RuntimeError
        If there is no such page, or its script fails.
    """
    start = time.perf_counter()
    if any(is_error(message) for message in messages(port, page, query)):
        raise RuntimeError(f"the page /{page} shows an error")
    return time.perf_counter() - start


def peak_memory(process: int) -> float:
    """Peak resident memory of a running process in MB; NaN where the system does not tell.

    Parameters
    ----------
    process : its id.

    Returns
    -------
    float
        MB of 1,000,000 bytes.
    """
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024 / 1e6
    return float("nan")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for_health(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with status {server.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"no answer from the server within {PATIENCE:.0f} s")


@click.command()
def main() -> None:
    """Print the times as JSON."""
    click.echo(json.dumps(measure()))


if __name__ == "__main__":
    main()
