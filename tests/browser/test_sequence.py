"""Mutations accepted by a click in a real browser, taken back, and restored by a link; a pair of the map of pairs; a phone."""

from __future__ import annotations

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
PATIENTLY = 20_000  # ms, since a fresh server draws its first figure slowly
RNA = "GGCACUGCAUGUGCCAAAGGAGAUGCAUGAAUCUCCAAGCU"
WHERE = """([chart, yaxis, x, y]) => {
  const plot = document.querySelector(`.st-key-${chart} .js-plotly-plot`), layout = plot._fullLayout;
  const box = plot.getBoundingClientRect(), across = layout.xaxis, down = layout[yaxis];
  return [box.left + across._offset + across.c2p(x), box.top + down._offset + down.c2p(y)];
}"""


def click_cell(page: Page, chart: str, yaxis: str, x: int, y: int) -> None:
    place = page.evaluate(WHERE, [chart, yaxis, x, y])
    page.mouse.move(place[0] - 2, place[1] - 2)
    page.mouse.move(*place)
    page.locator(f".st-key-{chart} .hoverlayer .hovertext").first.wait_for()
    page.mouse.click(*place)
    settle(page)


def accepted(page: Page) -> str:
    return parse_qs(urlparse(page.url).query).get("mut", [""])[0]


def test_mutations_are_accepted_by_clicks_and_restored_by_the_link(start_server, page: Page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = start_server()
    page.goto(f"{address}/sequence?seq={RNA}")
    chart = page.locator(".st-key-ism .js-plotly-plot:visible")
    expect(chart).to_contain_text("predicted score", timeout=PATIENTLY)
    settle(page)
    mutations = page.get_by_role("textbox", name="Mutations, in order")

    # a click accepts a mutation; one on the letter that is there now does nothing
    click_cell(page, "ism", "yaxis2", 7, "ACGU".index("U"))
    expect(mutations).to_have_value("G7U", timeout=PATIENTLY)
    settle(page)
    click_cell(page, "ism", "yaxis2", 7, "ACGU".index("U"))
    expect(mutations).to_have_value("G7U")

    # undo, and the same cell again
    page.get_by_role("button", name="Undo").click()
    expect(mutations).to_have_value("", timeout=PATIENTLY)
    settle(page)
    click_cell(page, "ism", "yaxis2", 7, "ACGU".index("U"))
    expect(mutations).to_have_value("G7U", timeout=PATIENTLY)
    click_cell(page, "ism", "yaxis2", 30, "ACGU".index("C"))
    expect(mutations).to_have_value("G7U,A30C", timeout=PATIENTLY)
    settle(page)
    assert accepted(page) == "G7U,A30C"
    title = chart.locator(".g-gtitle").text_content()

    # the link restores the chain, on a phone
    narrow = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(page.url)
    expect(narrow.locator(".st-key-ism .g-gtitle")).to_have_text(title, timeout=PATIENTLY)
    settle(narrow)
    overflow = narrow.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, "the page scrolls sideways on a phone"
    for name in ("Pairs of mutations", "Several sequences"):
        place = narrow.get_by_text(name, exact=True).first.bounding_box()
        assert place["x"] + place["width"] <= 390, f"{name} is out of sight on a phone"
    narrow.context.close()

    # pairs of mutations: a click opens the table of that pair
    page.get_by_role("button", name="Start", exact=True).click()
    expect(mutations).to_have_value("", timeout=PATIENTLY)
    page.get_by_role("radio", name="Pairs of mutations").or_(page.get_by_role("button", name="Pairs of mutations")).first.click()
    expect(page.locator(".st-key-pairs_map .js-plotly-plot:visible")).to_contain_text("7,380 double", timeout=PATIENTLY)
    settle(page)
    click_cell(page, "pairs_map", "yaxis", 9, 26)
    expect(page.get_by_text("Epistasis of positions 9 and 26")).to_be_visible(timeout=PATIENTLY)
    settle(page)
    assert parse_qs(urlparse(page.url).query)["pair_at"] == ["9-26"]
    assert complaints == []
