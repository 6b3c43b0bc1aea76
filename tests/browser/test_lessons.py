"""The lessons in a real browser: by link, in clicks, on a phone."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.lessons import LESSONS
from rbind_core.model.registry import find_model
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def figure(page: Page):
    return page.locator(".st-key-lesson_figure .js-plotly-plot")


def is_in_view(page: Page, locator) -> bool:
    box = locator.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_each_lesson_by_link_on_a_fresh_server_on_screen_and_phone(start_server, page: Page, browser: Browser):
    address = start_server()
    phone = browser.new_context(viewport=PHONE, has_touch=True).new_page()
    phone.set_default_timeout(20_000)
    for number, lesson in enumerate(LESSONS, start=1):
        said = []
        for window in (page, phone):
            window.goto(f"{address}/lessons?lesson={number}&run=1&reveal=1&n=200&seed=4")
            expect(figure(window)).to_contain_text(find_model(lesson.protein).label, timeout=30_000)
            settle(window)
            expect(window.get_by_role("heading", name=lesson.question)).to_be_visible()
            expect(window.get_by_text("It came out as")).to_be_visible()
            expect(window.get_by_test_id("stException")).to_have_count(0)
            said.append(window.locator(".st-key-lesson_said .lesson-text").inner_text())
            assert overflow(window) <= 0, f"lesson {number} scrolls sideways"
        assert said[0] == said[1]
        assert is_in_view(page, page.locator(".st-key-lesson_figure")), f"the figure of lesson {number} is below the fold"
    phone.context.close()


def test_vts1_in_clicks_then_the_same_link_on_a_phone(start_server, page: Page, browser: Browser):
    address = start_server()
    page.goto(address)
    settle(page)
    page.get_by_role("link", name="Lessons").click()
    settle(page)
    for _ in range(5):
        assert is_in_view(page, page.get_by_role("button", name=re.compile("Run:")))
        page.get_by_role("button", name="Next", exact=True).click()
        settle(page)
    expect(page.get_by_role("heading", name="Does VTS1 want its motif in a loop?")).to_be_visible()
    page.get_by_text("Pairs around it lower what it does").click()
    settle(page)
    page.get_by_role("button", name=re.compile("Run:")).click()
    expect(figure(page)).to_contain_text("VTS1 (VTS1_2009)")
    settle(page)
    page.get_by_role("button", name=re.compile("Reveal")).click()
    expect(page.get_by_text("You expected Pairs around it lower what it does")).to_be_visible()
    expect(page.get_by_role("radio", name="Pairs around it lower what it does")).to_be_checked()
    said = page.locator(".st-key-lesson_said .lesson-text").inner_text()
    query = parse_qs(urlparse(page.url).query)
    assert {name: query[name] for name in ("lesson", "run", "reveal")} == {"lesson": ["6"], "run": ["1"], "reveal": ["1"]}

    phone = browser.new_context(viewport=PHONE, has_touch=True).new_page()
    phone.goto(page.url)
    expect(figure(phone)).to_contain_text("VTS1 (VTS1_2009)", timeout=30_000)
    settle(phone)
    assert phone.locator(".st-key-lesson_said .lesson-text").inner_text() == said
    figure_box, said_box = figure(phone).bounding_box(), phone.locator(".st-key-lesson_said").bounding_box()
    assert figure_box["y"] < said_box["y"], "on a phone the figure comes before what it says"
    phone.context.close()

    # the sidebar changes the experiment at once, and Next begins a new one
    seed = page.get_by_role("spinbutton", name=re.compile("Seed"))
    seed.fill("9")
    seed.press("Enter")
    expect(figure(page).filter(has_text="seed 9")).to_be_visible(timeout=30_000)
    settle(page)
    assert page.locator(".st-key-lesson_said .lesson-text").inner_text() != said
    page.get_by_role("button", name="Next: GC-bias").click()
    settle(page)
    expect(page.get_by_role("button", name=re.compile("Run:"))).to_be_visible()
    assert "run" not in parse_qs(urlparse(page.url).query)

    # back again: the guess and the figure are still there
    page.get_by_role("button", name="Back", exact=True).click()
    expect(figure(page)).to_contain_text("VTS1 (VTS1_2009)")
    expect(page.get_by_role("radio", name="Pairs around it lower what it does")).to_be_checked()


def test_words_are_explained_and_the_experiment_opens_elsewhere(start_server, page: Page):
    page.goto(f"{start_server()}/lessons?lesson=6&run=1&reveal=1&background=shuffle&n=300&seed=2")
    expect(figure(page)).to_contain_text("shuffle background", timeout=30_000)
    settle(page)
    word = page.locator(".lesson-word", has_text="hairpin")
    word.focus()
    assert "folds back" in word.evaluate("e => getComputedStyle(e, '::after').content")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open in Experiments").click()
    there = opened.value
    plot = there.locator(".st-key-experiment_figure .js-plotly-plot")
    expect(plot).to_contain_text("VTS1 (VTS1_2009): Pairing around the motif", timeout=30_000)
    expect(plot).to_contain_text(re.compile("GCUGGC; shuffle background of designed probes, N = 300, ?seed 2"))
    settle(there)
