"""The page of long RNAs in a real browser: a deep link, a click on a peak, a run that is cancelled, many records, a phone."""

from __future__ import annotations

import random
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from rbind_core.data.example_rna import designed_rna
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
PATIENTLY = 20_000  # ms, since a fresh server draws its first figure slowly
RNA = designed_rna("UGCAUG")[80:280]

PLACE_OF_A_WINDOW = """start => {
  const plot = document.querySelector('.st-key-track .js-plotly-plot'), trace = plot._fullData[0];
  const point = trace.customdata.findIndex(row => row[0] === start);
  const { x, y } = plot.querySelector('.nsewdrag').getBoundingClientRect();
  return [x + plot._fullLayout.xaxis.d2p(trace.x[point]), y + plot._fullLayout.yaxis.d2p(trace.y[point])];
}"""


def parameter(page: Page, name: str) -> str:
    return parse_qs(urlparse(page.url).query).get(name, [""])[0]


def paste(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="RNA or DNA")
    box.fill(text)
    box.press("Control+Enter")


def test_a_long_rna_from_link_to_window(start_server, page: Page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = f"{start_server()}/long-rna"
    page.goto(f"{address}?rna={RNA}&rbp2=PCBP1")
    settle(page)
    track = page.locator(".st-key-track .js-plotly-plot")
    expect(track).to_contain_text("200 nt, 160 windows of 41 nt", timeout=PATIENTLY)
    expect(page.get_by_role("heading", name="Long RNA", level=1)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    box = track.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900, "the main figure reaches below the fold"

    # a point of the line is clicked: its window is mutated below, and stands in the link
    page.mouse.click(*page.evaluate(PLACE_OF_A_WINDOW, 20))
    expect(page.get_by_text("Window 20-60: every single change of its letters")).to_be_visible(timeout=PATIENTLY)
    settle(page)
    assert parameter(page, "window") == "20"
    with page.expect_download() as download:
        page.locator(".st-key-take_away_track").get_by_role("button", name="CSV").click()
    assert download.value.path().read_text().startswith("start,end,RNCMPT00168_score,RNCMPT00239_score\n1,41,")
    link = page.url

    # what is not RNA is said beside the figure, which stays
    paste(page, "MKVLAAGIEFMKVL")
    expect(page.get_by_text("MKVLAAGIEFMKVL looks like a protein")).to_be_visible(timeout=PATIENTLY)
    expect(track).to_contain_text("200 nt")

    # a long run shows its progress and can be left; the last figure stays
    paste(page, "".join(random.Random(0).choices("ACGU", k=100_000)))
    page.get_by_test_id("stProgress").wait_for()
    expect(page.get_by_test_id("stProgress")).to_contain_text("Scoring 99,960 windows with 2 models")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. The figure is the last one that was finished.")).to_be_visible(timeout=PATIENTLY)
    expect(track).to_contain_text("200 nt")

    # several RNAs
    paste(page, f">one\n{RNA}\n>two\n{RNA[::-1]}\n")
    expect(page.get_by_role("heading", name="All 2 RNAs")).to_be_visible(timeout=PATIENTLY)
    settle(page)
    expect(track).to_contain_text("along one")
    assert len(parameter(page, "rnas")) == 16
    assert [text for text in complaints if "404" not in text] == []

    # the first link restores what was seen, on a phone too, and from there leads to the page of one sequence
    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(link)
    settle(narrow)
    expect(narrow.locator(".st-key-track .js-plotly-plot")).to_contain_text("160 windows of 41 nt", timeout=PATIENTLY)
    for what in ("document.documentElement", "document.querySelector('[data-testid=\"stMain\"]')"):
        assert narrow.evaluate(f"{what}.scrollWidth - {what}.clientWidth") <= 0, "the page scrolls sideways on a phone"
    narrow.get_by_role("link", name="Open in Sequence").click()
    narrow.wait_for_url("**/sequence*")
    expect(narrow.get_by_role("textbox", name="RNA or DNA, 11-41 nt")).to_have_value(RNA[19:60], timeout=PATIENTLY)
    narrow.context.close()
