"""Runs the real entry script, with a page opened the way a user does."""

from __future__ import annotations

import gc
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.state.results import RESULTS
from rbind_core.system.paths import BUNDLED_MODELS
from tests.streamlit_interface import read_packages_once
from tests.taught import install_taught_models

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def as_in_the_server():
    """What AppTest does for each page and the server once, or never.

    The server reads the metadata of all installed packages once. After each run Streamlit clears Keras, which the server
    never imports, and walks over all objects, which it has frozen.
    """
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        read_packages_once(patch)
        if keras := sys.modules.get("keras"):
            patch.setattr(keras.backend, "clear_session", lambda free_memory=True: None)
        yield
    gc.unfreeze()


_ALONE = {"hypothesis": {"networks": "false"}, "experiments": {"trial_networks": "false"}}


@pytest.fixture
def open_page(monkeypatch) -> Callable[..., AppTest]:
    """Opens a page of the app, with query parameters; other networks are asked only where a test says so."""
    st.set_option("client.showErrorDetails", "full")
    monkeypatch.setattr("dashboard.state.waiting._PATIENT", 60.0)  # nothing in AppTest asks again for what takes longer

    def open_page(page: str, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "entry" / "main.py"), default_timeout=60)
        for name, value in (_ALONE.get(page, {}) | parameters).items():
            app.query_params[name] = value
        app.run()
        app.switch_page(f"../pages/{page}.py").run()
        assert not app.exception, app.exception
        return app

    return open_page


def figures(app: AppTest) -> list[str]:
    """The Plotly figures on the page, as JSON, with long titles on one line."""
    return [chart.proto.spec.replace("<br>", " ").replace("\\u003cbr\\u003e", " ") for chart in app.get("plotly_chart")]


def component(app: AppTest, name: str) -> dict[str, Any]:
    """What a component of ours, such as the gallery, was given to draw."""
    [found] = [one.proto for one in app.get("bidi_component") if one.proto.component_name == name]
    return json.loads(found.json)


def errors(app: AppTest) -> list[str]:
    """What is said to be wrong, as a user reads it."""
    return [error.value.replace("\\", "") for error in app.error]


@pytest.fixture
def broken_copy_of_the_models(tmp_path: Path) -> Path:
    """A copy of two bundled models, RBFOX1's weights cut in half."""
    folder = tmp_path / "models"
    for experiment in ("RNCMPT00168", "RNCMPT00071"):
        shutil.copytree(BUNDLED_MODELS / experiment, folder / experiment)
    weights = folder / "RNCMPT00168" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    return folder


@pytest.fixture
def taught_models(monkeypatch, tmp_path) -> Path:
    """A folder with a few measured and two taught models, which is all that is bundled."""
    return install_taught_models(tmp_path / "pretrained", monkeypatch)


@pytest.fixture
def nothing_is_kept():
    """No result of another test, and none of this one for others."""
    RESULTS.forget()
    yield
    RESULTS.forget()
