"""Packages are imported by one thread, for which the others wait, and so completely that pages import nothing that could race."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import pytest

from dashboard.server import packages
from dashboard.state.pages import NAMES
from tests.servers import ROOT

OPEN_ALL_PAGES = """
import sys
from streamlit.testing.v1 import AppTest
import app
from dashboard.server import packages
packages.load()
for page in sys.argv[2:]:
    before = set(sys.modules)
    app = AppTest.from_file(sys.argv[1], default_timeout=120).run().switch_page(f"../pages/{page}.py").run()
    assert not app.exception, app.exception
    print(page, *sorted(set(sys.modules) - before))
"""
# scipy.stats takes as long as half of all others and is needed by few; it always begins with the same module, so it cannot race.
COMPLETE = re.compile(r"(dashboard|rbind_core|pandas|pyarrow|matplotlib|openvino|RNA|safetensors|scipy\.cluster)(\..*)?")


class SlowImport:
    """Stands in for the import of a module, which ends when it is let go."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()
        self.names: list[str] = []

    def __call__(self, name: str) -> None:
        self.names.append(name)
        self.began.set()
        assert self.may_end.wait(30)
        raise ImportError(f"{name} is missing")


@pytest.fixture
def slow_import(monkeypatch):
    slow = SlowImport()
    monkeypatch.setattr(packages, "_are_loaded", False)
    monkeypatch.setattr("importlib.import_module", slow)
    yield slow
    slow.may_end.set()


def test_whoever_comes_while_they_are_imported_waits_and_imports_nothing(slow_import):
    threads = [threading.Thread(target=packages.load) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert slow_import.began.wait(30)
    for thread in threads:
        thread.join(0.1)
    assert all(thread.is_alive() for thread in threads)
    assert len(slow_import.names) == 1
    slow_import.may_end.set()
    for thread in threads:
        thread.join(30)
    assert len(slow_import.names) == len(set(slow_import.names)), "each one once, also after one that is missing"


def test_no_page_imports_a_part_of_these_packages_itself():
    command = [sys.executable, "-c", OPEN_ALL_PAGES, str(ROOT / "entry" / "main.py"), *NAMES]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert result.returncode == 0, result.stderr
    imported = {page: names for page, *names in map(str.split, result.stdout.splitlines())}
    assert imported.keys() == set(NAMES)
    for page, names in imported.items():
        assert [name for name in names if COMPLETE.fullmatch(name)] == [], page
