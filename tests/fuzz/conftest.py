"""A computer of its own for misuse: empty folders, no network, and the real entry script for pages."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import streamlit as st

from tests.fuzz.ledger import Ledger
from tests.pages.conftest import as_in_the_server  # noqa: F401


@pytest.fixture
def ledger():
    """Notes what is tried; the test fails where anything was found."""
    ledger = Ledger()
    yield ledger
    ledger.assert_clean()


@pytest.fixture
def no_network(monkeypatch) -> None:
    """Nothing beyond this computer can be reached."""
    shut_the_network(monkeypatch)


def shut_the_network(patch: pytest.MonkeyPatch) -> None:
    """Refuses every connection."""

    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no network in the tests")

    patch.setattr(socket, "getaddrinfo", refuse)
    patch.setattr(socket.socket, "connect", refuse)


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
    """Lets AppTest run pages as the server does, and wait for what takes long."""
    be_patient(monkeypatch)


def be_patient(patch: pytest.MonkeyPatch) -> None:
    """Pages wait for their results, since nothing in AppTest asks again, and show what goes wrong in full."""
    st.set_option("client.showErrorDetails", "full")
    patch.setattr("dashboard.state.waiting._PATIENT", 60.0)
