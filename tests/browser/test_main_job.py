"""The main job in a real browser: pick RBFOX1, place UGCAUG, read its importance, switch the background, take the figure."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def global_importance(page: Page) -> float:
    value = page.get_by_test_id("stMetricValue").first.inner_text()
    return float(value.replace("−", "-"))


@pytest.mark.parametrize(
    ("path", "title"), [("browse", "Browse"), ("kmers", "K-mers"), ("sequence", "Sequence"), ("hypothesis", "Hypothesis")]
)
def test_a_fresh_server_serves_each_page_by_deep_link(start_server, page: Page, path: str, title: str):
    page.goto(f"{start_server()}/{path}?rbp=SNRPA")
    settle(page)
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Background")
    expect(page.locator(".js-plotly-plot").first).to_contain_text("SNRPA")


def test_the_main_job(start_server, page: Page, tmp_path: Path):
    page.goto(start_server())
    settle(page)

    # choose RBFOX1 by typing
    rbp = page.get_by_role("combobox", name=re.compile("RNA-binding protein"))
    rbp.click()
    rbp.fill("rbfox")
    page.get_by_role("option", name=re.compile("RBFOX1")).first.click()
    settle(page)
    expect(page.locator(".js-plotly-plot").first).to_contain_text("RBFOX1 (RNCMPT00168)")

    # put UGCAUG at 18
    page.get_by_role("link", name="Hypothesis").first.click()
    settle(page)
    construct = page.get_by_role("textbox", name="Construct")
    construct.fill("AGAAUG@18")
    construct.press("Enter")
    settle(page)
    weaker = global_importance(page)
    construct.fill("UGCAUG@18")
    construct.press("Enter")
    settle(page)
    expect(page.get_by_test_id("stHtml").first).to_have_text("UGCAUG@18")
    profile = global_importance(page)
    assert profile > 2 * weaker > 0
    expect(page.get_by_text(re.compile(r"95 % CI [\d.]+ to [\d.]+ · N = 1,000"))).to_be_visible()

    # nudge it on the strip with the arrow keys
    block = page.get_by_role("slider", name="UGCAUG at position 18")
    block.focus()
    block.press("ArrowRight")
    page.get_by_role("slider", name="UGCAUG at position 19").wait_for()
    settle(page)
    expect(construct).to_have_value("UGCAUG@19")
    page.get_by_role("slider", name="UGCAUG at position 19").press("ArrowLeft")
    settle(page)
    expect(construct).to_have_value("UGCAUG@18")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(f"{profile:+.3f}")

    # switch the background
    background = page.get_by_role("combobox", name=re.compile("Background"))
    background.click()
    page.get_by_role("option", name="dinucleotide shuffle").click()
    settle(page)
    expect(page.locator(".js-plotly-plot").first).to_contain_text("dinucleotide shuffle background")
    assert global_importance(page) != profile

    # the link restores the page in another browser window
    assert parse_qs(urlparse(page.url).query)["background"] == ["dinucleotide"]
    shown = global_importance(page)
    other = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    other.goto(page.url)
    settle(other)
    assert global_importance(other) == shown
    overflow = other.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, "the page scrolls sideways on a phone"
    other.context.close()

    # take the figure and the numbers away
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG").click()
    download.value.save_as(tmp_path / "figure.svg")
    figure = (tmp_path / "figure.svg").read_text()
    assert figure.startswith("<svg")
    assert "RBFOX1 (RNCMPT00168)" in figure
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "numbers.csv")
    rows = (tmp_path / "numbers.csv").read_text().splitlines()
    assert len(rows) == 1001
    mean = sum(float(row.split(",")[-1]) for row in rows[1:]) / 1000
    assert mean == pytest.approx(shown, abs=6e-4)


def test_wrong_input_keeps_the_last_good_figure(start_server, page: Page):
    page.goto(f"{start_server()}/hypothesis?rbp=RBFOX1")
    settle(page)
    good = global_importance(page)
    construct = page.get_by_role("textbox", name="Construct")
    construct.fill("UGXAUG@18")
    construct.press("Enter")
    settle(page)
    expect(page.get_by_text("UGXAUG: X is not a nucleotide; use A, C, G, U or IUPAC letters")).to_be_visible()
    assert global_importance(page) == good
