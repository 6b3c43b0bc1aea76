"""The page over all RBPs in a real browser: a deep link, a click on a bar, the way to a profile, and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from rbind_core.atlas.across import across
from rbind_core.atlas.files import load_atlas, write_atlas
from rbind_core.model.registry import find_model, list_models
from tests.atlas.across_rows import rows_of
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def test_a_bar_lists_its_rbps_and_opens_a_profile(start_server, page: Page, monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "own"))
    write_atlas(tmp_path / "own" / "atlas.parquet", rows_of(list_models()), {})
    found = across("gcbias-all", list_models(), load_atlas()).headline
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = f"{start_server()}/all-rbps"
    page.goto(f"{address}?rbp=SNRPA&across=GC-bias")
    settle(page)
    expect(page.get_by_role("heading", name="All RBPs", level=1)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    figure = page.locator(".st-key-all_gc_five .js-plotly-plot")
    expect(figure).to_contain_text("SNRPA")
    box = figure.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900, "the main figure reaches below the fold"
    expect(page.get_by_text(f"in {found.above} of {found.n} models").first).to_be_in_viewport()

    # The bars of the second panel come after those of the first.
    snrpa = found.place(find_model("SNRPA").experiment)
    assert snrpa is not None
    number = int(found.bin_numbers[snrpa])
    bars = figure.locator(".point path")
    expect(bars).to_have_count(2 * len(found.counts))
    bars.nth(len(found.counts) + number).click(force=True)
    settle(page)
    listed = page.get_by_text(f"GC-rich 3' end {found.bin_text(number)}: {found.counts[number]} of {found.n} models")
    expect(listed).to_be_visible()

    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the grid is drawn on a canvas
    place = table.bounding_box()
    assert place is not None
    row, other = next((i, one) for i, one in enumerate(found.members(number)) if one != snrpa)
    opened = find_model(found.experiments[other])
    height, protein, profile = 35, 110, 90  # pixels of a row and of the first two columns
    page.mouse.click(place["x"] + protein + profile / 2, place["y"] + height * (row + 1.5))
    expect(page.get_by_role("heading", name=opened.protein, level=1)).to_be_visible()
    settle(page)
    assert f"/profile?rbp={opened.experiment}" in page.url
    assert [text for text in complaints if "404" not in text] == []

    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    for view in ("GC-bias", "Number of sites", "Loop or stem"):
        narrow.goto(f"{address}?across={view.replace(' ', '+')}")
        settle(narrow)
        expect(narrow.locator(".js-plotly-plot").first).to_be_visible()
        for what in ("document.documentElement", "document.querySelector('[data-testid=\"stMain\"]')"):
            assert narrow.evaluate(f"{what}.scrollWidth - {what}.clientWidth") <= 0, "the page scrolls sideways on a phone"
    narrow.get_by_text("Number of sites", exact=True).first.click()
    settle(narrow)
    assert "across=Number+of+sites" in narrow.url
    narrow.context.close()
