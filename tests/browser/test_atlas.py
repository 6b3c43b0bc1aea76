"""From the gallery to a profile and on to Hypothesis, in a real browser."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def cards(page: Page):
    return page.locator(".gallery .card")


def search(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label)
    box.fill(text)
    box.press("Enter")
    settle(page)


def test_a_stranger_finds_a_protein_and_what_it_binds(start_server, page: Page):
    page.goto(f"{start_server()}/browse?n=500")  # a parameter of a widget is in the link, as after any change
    settle(page)
    expect(cards(page).first).to_be_visible()
    everything = cards(page).count()
    search(page, "Search", "pcbp1")
    expect(cards(page)).to_have_count(2)
    search(page, "Search", "")
    expect(cards(page)).to_have_count(everything)
    search(page, "Motif contains", "GCAUG")
    assert 0 < cards(page).count() < everything
    expect(page.get_by_text(re.compile(rf"of {everything} models"))).to_be_visible()

    cards(page).filter(has_text="RNCMPT00168").click()
    expect(page.get_by_role("heading", name="RBFOX1", level=1)).to_be_visible()
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("spinbutton", name="N", exact=True)).to_have_value("500")
    charts = page.locator(".js-plotly-plot")
    expect(charts).to_have_count(10)
    expect(charts.nth(1)).to_contain_text("motifs compared")

    page.get_by_role("button", name=re.compile("in Hypothesis")).click()
    expect(page.get_by_role("heading", name="Hypothesis", level=1)).to_be_visible()
    settle(page)
    expect(page.get_by_role("textbox", name="Construct")).to_have_value(re.compile("UGCAUG@18"))
    expect(page.locator(".js-plotly-plot").first).to_contain_text("RBFOX1 (RNCMPT00168)")


def test_an_experiment_of_a_profile_opens_with_the_same_motif(start_server, page: Page):
    page.goto(f"{start_server()}/profile?rbp=SNRPA")
    settle(page)
    page.locator(".st-key-open_spacing button").click()
    expect(page.get_by_role("heading", name="Experiments", level=1)).to_be_visible()
    settle(page)
    expect(page.locator(".js-plotly-plot").first).to_contain_text("SNRPA (RNCMPT00071): Spacing of two sites")


def test_gallery_and_profiles_appear_at_once(start_server, page: Page):
    """Prints how long they take; what is asserted is that they come."""
    page.goto(f"{start_server()}/lessons")
    settle(page)
    for name, seen in (("Browse", ".gallery .card"), ("Profile", ".st-key-profile_backgrounds .js-plotly-plot")):
        for turn in range(3):
            page.get_by_role("link", name="Lessons").first.click()
            settle(page)
            start = time.monotonic()
            page.get_by_role("link", name=name, exact=True).first.click()
            page.locator(seen).first.wait_for()
            print(f"{name}, visit {turn + 1}: {time.monotonic() - start:.2f} s")


@pytest.mark.parametrize("path", ["browse", "profile", "kmers"])
def test_no_page_scrolls_sideways_on_a_phone(start_server, browser, path: str):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{start_server()}/{path}?rbp=RBFOX1")
    settle(page)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expect(page.get_by_test_id("stException")).to_have_count(0)
    context.close()


def test_measured_and_taught_models_look_different_and_logos_are_drawn_where_they_are_seen(start_server, page: Page):
    page.goto(f"{start_server()}/browse?sort=test+or+expected+Pearson")
    settle(page)
    first, last = cards(page).first, cards(page).last
    expect(first.locator(".fill:not(.expected)")).to_be_visible()
    expect(first.locator("svg")).to_be_visible()
    expect(last.locator(".fill.expected")).to_have_count(1)
    expect(last).to_contain_text("expected")
    expect(last.locator("svg")).to_have_count(0)
    last.scroll_into_view_if_needed()
    expect(last.locator("svg")).to_have_count(1)
    page.get_by_role("combobox", name="RNA-binding protein").fill("elavl1")
    page.get_by_role("option").first.click()
    settle(page)
    expect(page.get_by_test_id("stSidebar").get_by_text("grade B: taught")).to_be_visible()
    expect(page.get_by_text("Expected Pearson", exact=True)).to_be_visible()
