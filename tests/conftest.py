"""What all tests share. No test reads or writes the developer's own cache."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rbind_core.model.registry import store_model
from tests.toys import AdditiveModel, MotifCounter, card, random_weights

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_DATA_OF_THE_CALLER = os.environ.get("RBIND_DATA_DIR")
_DATA_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[2] / "shared" / "data" / "public"


def pytest_configure() -> None:
    """Programs that tests start heed Ctrl-C also where the tests run in the background, in which a shell has them ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory):
    """One cache folder for the session, since reading the probes for the first time takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("RBIND_CACHE_DIR", str(folder))
        patch.setenv("RBIND_MODELS_DIR", str(folder / "models"))
        patch.setenv("RBIND_IMPORT_DIR", str(folder / "imported"))
        patch.setenv("RBIND_RUNS_DIR", str(folder / "runs"))
        patch.setenv("RBIND_BROWSERS_DIR", str(folder / "browsers"))
        patch.setenv("RBIND_SHARED", "0")  # pages belong to the one who runs them; the launcher decides for its server
        yield folder


@pytest.fixture(autouse=True)
def main_module_stays() -> Iterator[None]:
    """Tests of pages leave their script as the main module, which processes that later tests start would import, and so run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def data_folder(monkeypatch) -> Path:
    """The folder with the public files; without it a test is skipped, or fails where RBIND_REQUIRE_ALL=1."""
    candidates = [Path(_DATA_OF_THE_CALLER)] if _DATA_OF_THE_CALLER else []
    folder = next((f for f in [*candidates, _DATA_BESIDE_THE_REPOSITORY] if f.is_dir()), None)
    if folder is None:
        missing = "the public data files are not here: set RBIND_DATA_DIR to their folder"
        if os.environ.get("RBIND_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    monkeypatch.setenv("RBIND_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def no_data(monkeypatch, tmp_path) -> Path:
    """A computer without any public file; gives its empty cache folder."""
    monkeypatch.delenv("RBIND_DATA_DIR", raising=False)
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path / "empty-cache"))
    return tmp_path / "empty-cache"


@pytest.fixture
def additive() -> AdditiveModel:
    return AdditiveModel()


@pytest.fixture
def counter() -> MotifCounter:
    return MotifCounter()


@pytest.fixture
def toy_models(monkeypatch, tmp_path) -> Path:
    """A folder with one small-talk model, TOYBP (TOY00001), which is all that the registry knows."""
    folder = tmp_path / "models"
    store_model(folder / "TOY00001", card(), random_weights())
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", tmp_path / "nothing-bundled")
    monkeypatch.setenv("RBIND_MODELS_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("RBIND_REQUIRE_ALL"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # two files of tests share the cores
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()
