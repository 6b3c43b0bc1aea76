"""The construct strip apart from the real page: what is done on it, read back as the text form."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from rbind_core.constructs import MAX_CONSTRUCTS, parse_constructs
from tests.browser.conftest import settle
from tests.servers import ROOT, START_SECONDS, free_port

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
EVERYTHING = (
    "loop = stem:7-16/24-33+GCUGGC@18;in stem = stem:7-16/24-33:gu+GCUGGC@10;"
    "context:AGAUGCAUGGA@1+UGCAUG@*+GCACG@*+occlude:20-25;nested = stem:1-4/38-41+stem:8-12/16-20+stem:24-27/33-36"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    script = str(Path(__file__).with_name("construct_editor_page.py"))
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless", "true"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path_factory.mktemp("home"))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_healthy(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_healthy(process: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with status {process.returncode}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from the server within {START_SECONDS} s")


@pytest.fixture
def strip(address: str, page: Page) -> Iterator[Callable[[str], Page]]:
    """Opens the strip on some constructs; at the end the text on the page must read, and nothing may have failed."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_strip(text: str) -> Page:
        page.goto(f"{address}/?c={quote(text)}")
        settle(page)
        page.get_by_role("group", name="Construct 1:").wait_for()
        return page

    yield open_strip
    assert not errors
    parse_constructs(text_field(page).input_value())


def text_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Construct", exact=True)


def expect_text(page: Page, text: str) -> None:
    expect(text_field(page)).to_have_value(text)
    settle(page)


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def fill(page: Page, name: str, value: str | int, exact: bool = False) -> None:
    field = page.locator(".bar").get_by_label(name, exact=exact).locator("visible=true")
    field.fill(str(value))
    field.press("Enter")


def press(page: Page, name: str) -> None:
    page.locator(".bar").get_by_role("button", name=name).click()


def drag(page: Page, block: Locator, cells: int) -> None:
    box = block.bounding_box()
    width = page.locator(".cells").first.bounding_box()["width"] / 41
    x, y = box["x"] + width / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + cells * width / 2, y, steps=4)
    page.mouse.move(x + cells * width, y, steps=4)
    page.mouse.up()


def test_patterns_are_dragged_nudged_and_removed(strip):
    page = strip("UGCAUG@18+GCACG@4")
    drag(page, slider(page, "UGCAUG at position 18"), 5)
    expect_text(page, "UGCAUG@23+GCACG@4")
    page.keyboard.press("ArrowRight")  # the dragged block has kept the focus
    page.keyboard.press("ArrowRight")
    expect_text(page, "UGCAUG@25+GCACG@4")
    expect(slider(page, "UGCAUG at position 25")).to_be_focused()
    page.keyboard.press("PageUp")
    expect_text(page, "UGCAUG@30+GCACG@4")
    page.keyboard.press("End")
    expect_text(page, "UGCAUG@36+GCACG@4")
    page.keyboard.press("Delete")
    expect_text(page, "GCACG@4")
    page.keyboard.press("Delete")  # the last one stays
    expect_text(page, "GCACG@4")


def test_every_nudge_of_a_quick_series_counts(strip):
    page = strip("UGCAUG@2")
    slider(page, "UGCAUG at position 2").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight", delay=20)
        page.wait_for_timeout(15)
    expect_text(page, "UGCAUG@32")


def test_a_stem_moves_with_both_strands(strip):
    page = strip("stem:7-16/24-33+GCUGGC@18")
    drag(page, slider(page, "stem 24-33 with 7-16"), 4)
    expect_text(page, "stem:11-20/28-37+GCUGGC@18")
    drag(page, slider(page, "stem 11-20 with 28-37"), -30)
    expect_text(page, "stem:1-10/18-27+GCUGGC@18")
    expect(slider(page, "stem 1-10 with 18-27")).to_be_focused()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowLeft")
    expect_text(page, "stem:5-14/22-31+GCUGGC@18")
    page.keyboard.press("Delete")
    expect_text(page, "GCUGGC@18")


def test_stem_fields_stay_inside_the_window(strip):
    page = strip("stem:7-16/24-33+GCUGGC@18")
    slider(page, "stem 7-16 with 24-33").focus()
    fill(page, "loop length", 4)
    expect_text(page, "stem:7-16/21-30+GCUGGC@18")
    fill(page, "loop length", 1)
    expect_text(page, "stem:7-16/20-29+GCUGGC@18")
    fill(page, "Stem from", 40)
    expect_text(page, "stem:19-28/32-41+GCUGGC@18")
    fill(page, "bp:", 30)
    expect_text(page, "stem:1-19/23-41+GCUGGC@18")
    expect(page.get_by_role("status")).to_have_text("Kept inside the 41 nt: stem 1-19 with 23-41, loop of 3.")
    fill(page, "bp:", 5)
    expect_text(page, "stem:1-5/9-13+GCUGGC@18")
    expect(page.get_by_role("status")).to_have_text("")
    page.get_by_label("G-U pairs").check()
    expect_text(page, "stem:1-5/9-13:gu+GCUGGC@18")


def test_partner_letters_follow_the_pattern(strip):
    page = strip("stem:7-16/24-33+GCUGGC@10;stem:7-16/24-33:gu+GCUGGC@10;stem:7-16/24-33+RN@24")
    strands = page.get_by_role("slider", name="stem 24-33 with 7-16")
    assert strands.nth(0).locator(".partner").all_inner_texts() == list("GCCAGC")
    assert strands.nth(1).locator(".partner").all_inner_texts() == list("GYYRGY")
    first = page.get_by_role("slider", name="stem 7-16 with 24-33").nth(2)
    assert first.locator(".partner").all_inner_texts() == ["Y"]


def test_new_stems_keep_clear_of_others(strip):
    page = strip("GCUGGC@18")
    press(page, "+ Stem-loop")
    expect_text(page, "GCUGGC@18+stem:7-16/24-33")
    press(page, "+ Stem-loop")
    expect_text(page, "GCUGGC@18+stem:7-16/24-33+stem:1-6/34-39")
    for _ in range(3):
        press(page, "+ Stem-loop")
        settle(page)
    expect(page.get_by_role("status")).to_have_text("No room is left for another stem in this construct.")


def test_a_pattern_goes_anywhere_and_comes_back(strip):
    page = strip("UGCAUG@18+GCACG@4")
    page.get_by_role("checkbox", name="anywhere").check()
    expect_text(page, "UGCAUG@*+GCACG@4")
    block = page.get_by_role("button", name="UGCAUG anywhere")
    expect(block).to_be_visible()
    fill(page, "Pattern, IUPAC letters", "ugcatg")  # nothing changes
    page.get_by_role("checkbox", name="anywhere").uncheck()
    expect_text(page, "UGCAUG@18+GCACG@4")
    page.get_by_role("checkbox", name="anywhere").check()
    expect_text(page, "UGCAUG@*+GCACG@4")

    # dropped on the cells it gets a position
    box, cells = block.bounding_box(), page.locator(".line .cells").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(cells["x"] + 5 + 19 * cells["width"] / 41, cells["y"] + 8, steps=5)
    page.mouse.up()
    expect_text(page, "UGCAUG@20+GCACG@4")


def test_copies_lie_side_by_side(strip):
    page = strip("UGCAUG@4")
    fill(page, "copies of the pattern", 3)
    expect_text(page, "UGCAUG@4+UGCAUG@11+UGCAUG@18")
    fill(page, "gap between copies", 3)
    expect_text(page, "UGCAUG@4+UGCAUG@13+UGCAUG@22")
    fill(page, "copies of the pattern", 5)
    expect_text(page, "UGCAUG@4+UGCAUG@13+UGCAUG@22+UGCAUG@31")
    expect(page.get_by_role("status")).to_have_text("Only 4 of 5 copies fit to the right of position 4.")
    fill(page, "copies of the pattern", 1)
    expect_text(page, "UGCAUG@4")


def test_copies_keep_clear_of_other_blocks(strip):
    page = strip("UGCAUG@2+GCACG@10+occlude:22-23")
    fill(page, "copies of the pattern", 3)
    expect_text(page, "UGCAUG@2+UGCAUG@15+UGCAUG@24+GCACG@10+occlude:22-23")
    fill(page, "copies of the pattern", 4)
    expect_text(page, "UGCAUG@2+UGCAUG@15+UGCAUG@24+UGCAUG@31+GCACG@10+occlude:22-23")


def test_occlusions(strip):
    page = strip("UGCAUG@18")
    press(page, "+ Occlusion")
    expect_text(page, "UGCAUG@18+occlude:12-17")
    fill(page, "Occlusion from", 14)
    expect_text(page, "UGCAUG@18+occlude:14-17")
    fill(page, "Occlusion to", 60)
    expect_text(page, "UGCAUG@18+occlude:14-41")
    fill(page, "Occlusion to", 3)
    expect_text(page, "UGCAUG@18+occlude:14-14")
    drag(page, slider(page, "occlusion 14-14"), -4)
    expect_text(page, "UGCAUG@18+occlude:10-10")
    page.keyboard.press("Backspace")
    expect_text(page, "UGCAUG@18")


def test_contexts_are_asked_for_in_the_bar(strip):
    page = strip("UGCAUG@18")
    press(page, "+ Context")
    expect(page.get_by_label("New context, IUPAC letters")).to_be_focused()
    page.keyboard.type("agatgcatgga")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Pattern, IUPAC letters")).to_be_visible()
    press(page, "+ Context")
    page.keyboard.type("agatg catgga")
    page.keyboard.press("Enter")
    expect_text(page, "UGCAUG@18+context:AGAUGCAUGGA@1")
    fill(page, "Context position", 40)
    expect_text(page, "UGCAUG@18+context:AGAUGCAUGGA@31")
    fill(page, "Context letters", "GGGG")
    expect_text(page, "UGCAUG@18+context:GGGG@31")
    slider(page, "context GGGG at position 31").press("PageDown")
    expect_text(page, "UGCAUG@18+context:GGGG@26")


def test_constructs_are_added_named_and_removed(strip):
    page = strip("UGCAUG@18")
    press(page, "+ Construct")
    expect_text(page, "UGCAUG@18;UGCAUG@18")
    press(page, "+ Pattern")
    expect_text(page, "UGCAUG@18;UGCAUG@18+UGCAUG@12")
    fill(page, "Name, used in figures", " two; <sites> = 50 % (α) ")
    expect_text(page, "UGCAUG@18;two sites 50 % (α) = UGCAUG@18+UGCAUG@12")
    expect(page.get_by_role("group", name="Construct 2: two sites 50 % (α) = UGCAUG@18+UGCAUG@12")).to_be_visible()
    page.get_by_role("button", name="Remove construct 1").click()
    expect_text(page, "two sites 50 % (α) = UGCAUG@18+UGCAUG@12")
    fill(page, "Name, used in figures", "")
    expect_text(page, "UGCAUG@18+UGCAUG@12")
    for _ in range(MAX_CONSTRUCTS - 1):
        press(page, "+ Construct")
        settle(page)
    expect(page.get_by_role("button", name="+ Construct")).to_have_count(0)


def test_a_wrong_letter_is_explained_and_the_strip_stays(strip):
    page = strip("UGCAUG@18")
    fill(page, "Pattern, IUPAC letters", "UGXAUG")
    expect(page.get_by_text("UGXAUG: X is not a nucleotide")).to_be_visible()
    expect(slider(page, "UGCAUG at position 18")).to_be_visible()
    fill(page, "Pattern, IUPAC letters", "<img src=x>;")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.locator("img[src=x]")).to_have_count(0)
    slider(page, "UGCAUG at position 18").press("ArrowRight")
    expect_text(page, "UGCAUG@19")


def test_a_click_that_ends_an_edit_is_not_lost(strip):
    page = strip("UGCAUG@18;GCACG@4")
    page.get_by_label("Pattern, IUPAC letters").fill("UGCACG")
    page.get_by_role("button", name="Remove construct 2").click(delay=400)
    expect_text(page, "UGCACG@18")
    page.get_by_label("Position of its first nucleotide").fill("5")
    page.get_by_role("button", name="+ Pattern").click(delay=400)
    expect_text(page, "UGCACG@5+UGCACG@18")


def test_a_finger_drags_too(address: str, browser):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}/?c={quote('UGCAUG@18+stem:1-4/10-13')}")
    settle(page)
    box = slider(page, "UGCAUG at position 18").bounding_box()
    width, x, y = box["width"] / 6, box["x"] + 4, box["y"] + 10
    touch = context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + step * width, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_text(page, "UGCAUG@28+stem:1-4/10-13")
    context.close()


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE])
def test_nothing_scrolls_sideways(strip, page: Page, viewport):
    page.set_viewport_size(viewport)
    strip(EVERYTHING)
    for block in page.locator(".strip .block").all():
        block.focus()  # each kind brings its own fields
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
        foot, strip_box = page.locator(".foot").bounding_box(), page.locator(".strip").bounding_box()
        assert strip_box["x"] + strip_box["width"] <= viewport["width"]
        assert foot["height"] < (40 if viewport["width"] == 1440 else 140)
    press(page, "+ Context")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.locator(".bar").get_by_role("button", name="Cancel").click()
    expect(text_field(page)).to_have_value(EVERYTHING)
