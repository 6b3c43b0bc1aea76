"""A computer of its own for misuse: empty folders, no network, and the real entry script for pages."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from streamlit import config

from tests.fuzz.ledger import Ledger
from tests.pages.conftest import PagesManagerOfTheServer


@pytest.fixture
def ledger():
    """Notes what is tried; the test fails where anything was found."""
    ledger = Ledger()
    yield ledger
    ledger.assert_clean()


@pytest.fixture
def no_network(monkeypatch) -> None:
    """Nothing beyond this computer can be reached."""
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)
    monkeypatch.setattr(socket.socket, "connect", _refuse)


def _refuse(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "no network in the tests")


@pytest.fixture
def elsewhere(monkeypatch, tmp_path, no_data) -> Path:
    """A home and a folder to work in, deep enough that a path upwards stays inside; gives the folder."""
    folder = tmp_path / "a" / "b" / "c" / "d" / "work"
    folder.mkdir(parents=True)
    for name, variable in (("home", "HOME"), ("models", "RBIND_MODELS_DIR"), ("imported", "RBIND_IMPORT_DIR")):
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def pages_of_the_app(monkeypatch) -> None:
    """Lets AppTest run app.py as the server does, and wait for what takes long."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", PagesManagerOfTheServer)
    monkeypatch.setattr("dashboard.waiting._PATIENT", 60.0)
    yield
    config.set_option("client.showErrorDetails", before)
