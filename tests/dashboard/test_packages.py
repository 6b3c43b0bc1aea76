"""Packages are imported once, and a page that needs them waits while another thread imports them."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import packages
from tests.pages.conftest import open_page  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]


class SlowImport:
    """Stands in for the import of the packages, which ends when it is let go."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()
        self.times = 0

    def __call__(self, names) -> None:
        self.times += 1
        self.began.set()
        assert self.may_end.wait(30)


@pytest.fixture
def slow_import(monkeypatch):
    slow = SlowImport()
    monkeypatch.setattr(packages, "_are_loaded", False)
    monkeypatch.setattr(packages, "load", slow)
    yield slow
    slow.may_end.set()


def test_whoever_comes_while_they_are_imported_waits_and_imports_nothing(slow_import):
    threads = [threading.Thread(target=packages.load_scientific) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert slow_import.began.wait(30)
    for thread in threads:
        thread.join(0.1)
    assert all(thread.is_alive() for thread in threads)
    slow_import.may_end.set()
    for thread in threads:
        thread.join(30)
    assert slow_import.times == 1


def test_the_first_page_does_not_wait_and_another_one_does(slow_import, open_page):  # noqa: F811
    first = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not first.exception
    assert not slow_import.began.is_set()
    threading.Thread(target=lambda: slow_import.began.wait(30) and slow_import.may_end.set()).start()
    open_page("hypothesis")
    assert slow_import.times == 1


def test_what_is_missing_is_left_to_those_who_use_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    packages.load(["no_such_package", "wave"])
    assert "wave" in sys.modules
