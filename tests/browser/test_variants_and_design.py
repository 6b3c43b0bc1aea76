"""Variants and design in a real browser: a deep link to a fresh server, the ways on, a long run that is cancelled, and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
PATIENTLY = 20_000  # ms, since a fresh server draws its first figure slowly
SEQUENCE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUGACCAUGU"


def scrolls_sideways(page: Page) -> bool:
    places = ("document.documentElement", "document.querySelector('[data-testid=\"stMain\"]')")
    return any(page.evaluate(f"{place}.scrollWidth - {place}.clientWidth") > 0 for place in places)


def ends_above_the_fold(figure) -> bool:
    box = figure.bounding_box()
    return box["y"] + box["height"] <= 900


def test_variants_and_design_by_deep_link(start_server, page: Page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = start_server()

    # a table of variants by its link, another flank, and the link again on a phone
    page.goto(f"{address}/variants?wt={SEQUENCE}&changes=first,6,C,U%0AG9A&n=200")
    settle(page)
    drawn = page.locator(".st-key-variants_figure .js-plotly-plot:visible")
    expect(drawn).to_contain_text("first C6U", timeout=PATIENTLY)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    assert ends_above_the_fold(drawn)
    flank = page.get_by_role("spinbutton", name="Flank, nt")
    flank.fill("2")
    flank.press("Enter")
    expect(drawn).to_contain_text("flank 2 nt", timeout=PATIENTLY)
    settle(page)
    assert "flank=2" in page.url
    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(page.url)
    settle(narrow)
    expect(narrow.locator(".st-key-variants_figure .js-plotly-plot:visible")).to_contain_text("flank 2 nt", timeout=PATIENTLY)
    assert not scrolls_sideways(narrow)

    # a wrong change is met in one sentence, and the figure stays
    page.get_by_role("textbox", name="Changes, or the whole mutant").fill("A9G")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_contain_text("A9G: at position 9 the RNA has G, not A", timeout=PATIENTLY)
    expect(drawn).to_contain_text("first C6U")

    # on to the sequence page, which has shown another RNA before
    page.get_by_role("button", name="See the ISM").click()
    page.wait_for_url("**/sequence*")
    expect(page.get_by_role("textbox", name="RNA or DNA, 11-41 nt")).to_have_value(SEQUENCE, timeout=PATIENTLY)

    # a design, its constraints in the link, the file, and the way to Hypothesis
    page.goto(f"{address}/design?keep=1-5&steps=6")
    settle(page)
    path = page.locator(".st-key-design_figure .js-plotly-plot:visible")
    expect(path).to_contain_text("1-5 kept", timeout=PATIENTLY)
    assert ends_above_the_fold(path)
    designed = page.locator(".st-key-the_design code").inner_text()
    with page.expect_download() as download:
        page.locator(".st-key-take_away_design_figure").get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "step,change,sequence,score"
    assert lines[-1].split(",")[2] == designed
    page.get_by_role("button", name="Open in Hypothesis").click()
    page.wait_for_url("**/hypothesis*")
    expect(page.get_by_role("textbox", name="Construct")).to_have_value(f"context:{designed}@1", timeout=PATIENTLY)

    # a long run shows its progress and is cancelled; the figure before it stays
    page.get_by_role("button", name="RNAs").click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Design").click()
    expect(path).to_contain_text("RBFOX1 (RNCMPT00168): design", timeout=PATIENTLY)
    settle(page)
    page.get_by_role("button", name="Search").click()
    for name, value in (("Temperature", "1"), ("Steps at most", "200"), ("Restarts", "50")):
        page.get_by_role("spinbutton", name=name).fill(value)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cancel").click(timeout=PATIENTLY)
    expect(page.get_by_text("Cancelled. The figure is the last one that was finished.")).to_be_visible(timeout=PATIENTLY)
    expect(path).to_be_visible()

    narrow.goto(f"{address}/design?steps=4")
    settle(narrow)
    expect(narrow.locator(".st-key-design_figure .js-plotly-plot:visible")).to_contain_text("design", timeout=PATIENTLY)
    assert not scrolls_sideways(narrow)
    narrow.context.close()
    assert [text for text in complaints if "404" not in text] == []
