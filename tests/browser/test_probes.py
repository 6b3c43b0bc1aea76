"""Test sequences in a real browser: filter, choose a row and a point, open it on the Sequence page; and a phone."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from rbind_core.data.library import designed_library
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.sequences import decode
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
PATIENTLY = 60_000  # ms, since a fresh server draws its first figure slowly where others work beside it
CARD = ".st-key-one_probe"
FILTER = re.compile(r"contains\s*GCAUG")  # a line may end there


def best_with(pattern: str) -> list[str]:
    codes = designed_library().codes
    codes = codes[mismatches(codes, pattern) == 0]
    return decode(codes[np.argsort(-load_predictor(find_model("RBFOX1")).predict(codes), kind="stable")])


def letters(page: Page) -> str:
    return "".join(page.locator(f"{CARD} .rbind-letters span > :is(b, span)").all_inner_texts())


def test_filter_choose_and_open(start_server, page: Page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{start_server()}/probes")
    drawn = page.locator(".st-key-probes_figure .js-plotly-plot:visible")
    expect(drawn).to_contain_text("4,096 designed probes", timeout=PATIENTLY)
    settle(page)
    box = drawn.bounding_box()
    assert box["y"] + box["height"] <= 900

    # a filter, kept in the link
    page.get_by_role("textbox", name="Contains").fill("GCAUG")
    page.keyboard.press("Enter")
    expect(drawn).to_contain_text(FILTER, timeout=PATIENTLY)
    settle(page)
    assert "contains=GCAUG" in page.url
    first, second = best_with("GCAUG")[:2]
    assert letters(page) == first

    # the second row opens that probe
    table = page.locator('[data-testid="stDataFrame"] .stDataFrameGlideDataEditor').first
    table.click(position={"x": 18, "y": 35 + 35 + 17})
    expect(page.locator(f"{CARD} .rbind-letters")).to_contain_text(second[:10], timeout=PATIENTLY)
    settle(page)
    assert letters(page) == second
    assert f"probe={second}" in page.url

    # a click on the highest point, which is the first row
    drawn.scroll_into_view_if_needed()
    x, y = page.evaluate(
        """() => { const plot = document.querySelector('.st-key-probes_figure .js-plotly-plot');
          const trace = plot._fullData.find(t => t.name.startsWith('listed')), {xaxis, yaxis} = plot._fullLayout;
          const box = plot.getBoundingClientRect();
          return [box.x + xaxis._offset + xaxis.d2p(trace.x[0]), box.y + yaxis._offset + yaxis.d2p(trace.y[0])]; }"""
    )
    page.mouse.move(x - 30, y)
    page.mouse.move(x, y)
    expect(drawn.locator(".hoverlayer")).to_contain_text(first)
    page.mouse.click(x, y)
    expect(page.locator(f"{CARD} .rbind-letters")).to_contain_text(first[:10], timeout=PATIENTLY)
    settle(page)
    assert letters(page) == first

    # on a phone nothing scrolls sideways
    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(page.url)
    settle(narrow)
    expect(narrow.locator(".st-key-probes_figure .js-plotly-plot:visible")).to_contain_text(FILTER, timeout=PATIENTLY)
    assert narrow.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=\"stMain\"]'))") <= 0
    narrow.context.close()

    # on to the Sequence page
    page.get_by_role("button", name="See the ISM").click()
    page.wait_for_url("**/sequence*")
    expect(page.get_by_role("textbox", name="RNA or DNA, 11-41 nt")).to_have_value(first, timeout=PATIENTLY)
    assert complaints == []
