"""The models page in a real browser: a deep link to a fresh server, nothing wrong on it, and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def test_the_models_page_by_deep_link(start_server, page: Page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = f"{start_server()}/models"
    page.goto(f"{address}?rbp=RNCMPT00071&method=RCK")
    settle(page)
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    figure = page.locator(".st-key-methods .js-plotly-plot")
    expect(figure).to_contain_text("Test Pearson over")
    expect(figure).to_contain_text("SNRPA (RNCMPT00071)")
    box = figure.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900, "the main figure reaches below the fold"
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert [text for text in complaints if "404" not in text] == []

    # the sidebar's choice is followed, and a method's choice is in the link
    page.get_by_test_id("stMain").get_by_text("DLPRB-CNN", exact=True).first.click()
    settle(page)
    assert "method=DLPRB-CNN" in page.url
    with page.expect_download() as download:
        page.locator(".st-key-take_away_methods").get_by_role("button", name="CSV").click()
    assert download.value.path().read_text().startswith("experiment,protein,species,pearson_clip,ThermoNet")

    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(address)
    settle(narrow)
    expect(narrow.locator(".st-key-methods .js-plotly-plot")).to_be_visible()
    for what in ("document.documentElement", "document.querySelector('[data-testid=\"stMain\"]')"):
        assert narrow.evaluate(f"{what}.scrollWidth - {what}.clientWidth") <= 0, "the page scrolls sideways on a phone"
    narrow.context.close()
