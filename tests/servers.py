"""Starting the real dashboard on a free port, and waiting until it answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_dashboard(
    port: int, folder: Path, terminal: int | None = None, options: Sequence[str] = (), browser: str = "true"
) -> subprocess.Popen:
    """Starts what `./rbind app` runs, from another folder, and waits for its health page; headless without a terminal."""
    headless = ["--headless"] if terminal is None else []
    command = ["dashboard.server.main", "--port", str(port), *headless, *options]
    return _start(
        port, command, {"PYTHONPATH": str(ROOT), "BROWSER": browser}, folder, subprocess.DEVNULL if terminal is None else terminal
    )


def start_without_the_launcher(port: int, folder: Path) -> subprocess.Popen:
    """Starts `streamlit run app.py`, as hosts do that know nothing of RBind, and waits for its health page."""
    command = ["streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.headless", "true"]
    return _start(port, command, {}, folder, subprocess.DEVNULL)


def _start(port: int, module: Sequence[str], environment: dict[str, str], folder: Path, output: int) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=os.environ | {"HOME": str(folder)} | environment,
        stdin=output,
        stdout=output,
        stderr=output,
    )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with status {process.returncode}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return process
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no answer from the server within {START_SECONDS} s")
