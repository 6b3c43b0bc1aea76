"""The compare page in a real browser: a deep link to a fresh server, a click on a point, the link again, and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.toy_scans import write_toy_atlas

pytestmark = pytest.mark.browser
PATIENTLY = 20_000  # ms, since a fresh server draws its first figure slowly

PLACE_OF_A_POINT = """([name, kmer]) => {
  const plot = document.querySelector('.st-key-compare_scatter .js-plotly-plot');
  const trace = plot._fullData.find(trace => trace.name === name);
  const point = trace.customdata.findIndex(row => row[0] === kmer);
  const { x, y } = plot.querySelector('.nsewdrag').getBoundingClientRect();
  return [x + plot._fullLayout.xaxis.d2p(trace.x[point]), y + plot._fullLayout.yaxis.d2p(trace.y[point])];
}"""


@pytest.fixture
def toy_atlas(tmp_path, monkeypatch):
    """Made-up scans, which go before those of the bundled atlas."""
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "own"))
    write_toy_atlas(tmp_path / "own" / "atlas.parquet")


def test_comparing_by_deep_link(toy_atlas, start_server, page: Page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = f"{start_server()}/compare"
    page.goto(f"{address}?with=MBNL1")
    settle(page)
    scatter = page.locator(".st-key-compare_scatter .js-plotly-plot")
    expect(scatter).to_contain_text("MBNL1 (RNCMPT00038) against", timeout=PATIENTLY)
    expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    box = scatter.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900, "the main figure reaches below the fold"

    # a third RBP, and another pair
    page.get_by_role("combobox", name="Compare with").fill("HNRNPA1 ")
    page.get_by_role("option", name="HNRNPA1 (RNCMPT00022)").click()
    settle(page)
    page.keyboard.press("Escape")
    page.get_by_text("RBFOX1 – HNRNPA1", exact=True).click()
    settle(page)
    expect(scatter).to_contain_text("HNRNPA1 (RNCMPT00022) against", timeout=PATIENTLY)
    assert "with=RNCMPT00038%2CRNCMPT00022" in page.url
    assert "pair=RNCMPT00168~RNCMPT00022" in page.url

    # a point is clicked, and goes into the box and the link
    page.mouse.click(*page.evaluate(PLACE_OF_A_POINT, ["specific to HNRNPA1", "UAGGGA"]))
    picked = page.locator(".st-key-picked_kmer")
    expect(picked).to_contain_text("UAGGGA — RBFOX1", timeout=PATIENTLY)
    settle(page)
    assert "picked=UAGGGA" in page.url
    with page.expect_download() as download:
        page.locator(".st-key-take_away_compare_scatter").get_by_role("button", name="CSV").click()
    assert download.value.path().read_text().startswith("kmer,RNCMPT00168_global_importance,RNCMPT00168_standard_error")
    assert [text for text in complaints if "404" not in text] == []

    # the link restores all of it, on a phone too
    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(page.url)
    settle(narrow)
    expect(narrow.locator(".st-key-compare_scatter .js-plotly-plot")).to_contain_text(
        "HNRNPA1 (RNCMPT00022) against", timeout=PATIENTLY
    )
    expect(narrow.locator(".st-key-picked_kmer")).to_contain_text("UAGGGA — RBFOX1")
    for what in ("document.documentElement", "document.querySelector('[data-testid=\"stMain\"]')"):
        assert narrow.evaluate(f"{what}.scrollWidth - {what}.clientWidth") <= 0, "the page scrolls sideways on a phone"
    narrow.context.close()

    # and the way to Hypothesis
    picked.get_by_role("link", name="Test in Hypothesis").click()
    page.wait_for_url("**/hypothesis*")
    expect(page.get_by_role("textbox", name="Construct")).to_have_value("UAGGGA@18", timeout=PATIENTLY)
