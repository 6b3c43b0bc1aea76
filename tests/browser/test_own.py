"""A shared server in a real browser: what one browser has made, another one does not see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rbind_core.system.paths import BUNDLED_MODELS
from tests.browser.conftest import settle


def open_models(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/models?rbp=OF_ANN")
    settle(page)
    return page


@pytest.mark.parametrize("how", ["./rbind app --shared", "streamlit run app.py"])
def test_two_browsers_on_one_server(start_server, browser: Browser, monkeypatch, tmp_path: Path, how: str):
    monkeypatch.setenv("RBIND_BROWSERS_DIR", str(tmp_path / "browsers"))
    if how.startswith("streamlit"):
        monkeypatch.delenv("RBIND_SHARED")
        address = start_server(with_the_launcher=False)
    else:
        address = start_server("--shared")
    ann, ben = browser.new_context(), browser.new_context()
    page = open_models(ann, address)
    expect(page.get_by_text("is not known")).to_be_visible()
    token = next(cookie["value"] for cookie in ann.cookies() if cookie["name"] == "rbind_browser")
    folder = tmp_path / "browsers" / token / "models" / "OF_ANN"
    shutil.copytree(BUNDLED_MODELS / "RNCMPT00168", folder)
    card = folder / "card.json"
    card.write_text(card.read_text().replace("RNCMPT00168", "OF_ANN"))

    page.close()
    page = open_models(ann, address)  # a tab that was closed and opened again is the same browser
    expect(page.get_by_role("combobox", name="RNA-binding protein")).to_have_value("RBFOX1 · OF_ANN · H. sapiens")
    expect(page.get_by_text("is not known")).to_have_count(0)
    expect(open_models(ben, address).get_by_text("is not known")).to_be_visible()
    for context in (ann, ben):
        context.close()
