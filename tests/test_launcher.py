"""The launcher script, with stand-ins for the Pythons that a machine may have."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.server.main import _url
from tests.servers import ROOT, free_port, start_dashboard


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(ROOT / "rbind"), *arguments], env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def python_that(tmp_path: Path):
    """Makes a stand-in for a Python which fails for the scripts that contain a word."""

    def make(fails_for: str) -> str:
        script = tmp_path / "python3"
        script.write_text(f'#!/bin/sh\ncase "$*" in *{fails_for}*) exit 1 ;; esac\nexit 0\n')
        script.chmod(0o755)
        return str(script)

    return make


def assert_one_line(result: subprocess.CompletedProcess, message: str) -> None:
    assert result.returncode == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_old_python_is_named_in_one_line(python_that, tmp_path):
    result = run("list", RBIND_PYTHON=python_that("version_info"), RBIND_ENV=str(tmp_path / "env"))
    assert_one_line(result, "Python 3.10 to 3.13 is needed")


def test_a_missing_venv_module_is_named_in_one_line(python_that, tmp_path):
    result = run("list", RBIND_PYTHON=python_that("ensurepip"), RBIND_ENV=str(tmp_path / "env"))
    assert_one_line(result, "has no 'venv' module")
    assert not (tmp_path / "env").exists()


def test_a_failed_installation_is_tried_again(tmp_path):
    environment = tmp_path / "env"
    (environment / "bin").mkdir(parents=True)
    pip = environment / "bin" / "python"
    pip.write_text('#!/bin/sh\ncase "$*" in *--version*) exit 0 ;; esac\necho no network\nexit 1\n')
    pip.chmod(0o755)
    for _ in range(2):
        result = run("list", RBIND_ENV=str(environment))
        assert result.returncode == 2
        assert "the installation failed" in result.stderr
        assert "no network" in result.stderr


def test_a_second_start_installs_nothing(tmp_path):
    environment = tmp_path / "env"
    (environment / "bin").mkdir(parents=True)
    calls = tmp_path / "calls"
    python = environment / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$*" >> {calls}\n')
    python.chmod(0o755)
    for _ in range(2):
        assert run("list", RBIND_ENV=str(environment)).returncode == 0
    installs = [line for line in calls.read_text().splitlines() if "pip install" in line]
    assert len(installs) == 1


def test_a_busy_port_is_named_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "dashboard.server.main", "--headless", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert_one_line(result, f"port {port} is in use")


def test_ctrl_c_leaves_nothing_running(tmp_path):
    port = free_port()
    process = start_dashboard(port, tmp_path)
    process.send_signal(signal.SIGINT)
    process.wait(20)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_first_start_at_a_terminal_asks_nothing_says_one_line_and_opens_a_browser(tmp_path):
    browser, asked_for = tmp_path / "browser", tmp_path / "asked for"
    browser.write_text(f'#!/bin/sh\necho "$1" >"{asked_for}.part" && mv "{asked_for}.part" "{asked_for}"\n')
    browser.chmod(0o755)
    ours, theirs = pty.openpty()  # Streamlit would ask a newcomer for an e-mail address, and wait
    port = free_port()
    process = start_dashboard(port, tmp_path, terminal=theirs, browser=str(browser))
    end = time.monotonic() + 20
    while not asked_for.exists() and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    said = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert asked_for.read_text() == f"http://localhost:{port}\n"
    assert said.strip() == f"RBind: http://localhost:{port} (Ctrl-C stops it)"


@pytest.mark.parametrize(
    ("address", "url"),
    [("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("::", "localhost"), ("::1", "[::1]"), ("10.0.0.7", "10.0.0.7")],
)
def test_the_address_that_is_said_can_be_opened(address: str, url: str):
    assert _url(address, 8501) == f"http://{url}:8501"
