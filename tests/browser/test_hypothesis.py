"""The hypothesis lab in a real browser: hairpins on the strip, links, long runs with progress and a way out, bad constructs."""

from __future__ import annotations

import json
import re
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
THREE = "UGCAUG@18;AGAAUG@18;GCAUGA@12"


def values(page: Page) -> list[str]:
    return [v.replace("−", "-") for v in page.get_by_test_id("stMetricValue").all_inner_texts()]


def open_hypothesis(page: Page, address: str, **parameters: str) -> None:
    page.goto(f"{address}/hypothesis?{urlencode({'rbp': 'RNCMPT00168'} | parameters)}")
    page.get_by_test_id("stMetricValue").first.wait_for()
    settle(page)


def test_the_copied_link_and_command_give_the_same_numbers(start_server, page: Page):
    address = start_server()
    open_hypothesis(page, address, rbp="VTS1_2009")
    construct = page.get_by_role("textbox", name="Construct", exact=True)
    construct.fill("loop = stem:7-16/24-33+GCUGGC@18; stem = stem:7-16/24-33:gu+GCUGGC@10; anywhere = GCUGGC@*")
    construct.press("Enter")
    settle(page)
    background = page.get_by_role("combobox", name=re.compile("Background"))
    background.click()
    page.get_by_role("option", name="Markov order 2").click()
    settle(page)
    for label, value in (("N", "300"), ("Seed", "5")):
        number = page.get_by_role("spinbutton", name=label, exact=True)
        number.fill(value)
        number.press("Enter")
        settle(page)
    shown = values(page)
    assert len(shown) == 3
    expect(page.get_by_text("null: stem:7-16/24-33", exact=False).first).to_be_visible()

    fresh = page.context.browser.new_context().new_page()
    fresh.goto(page.url)
    fresh.get_by_test_id("stMetricValue").nth(2).wait_for()
    settle(fresh)
    assert values(fresh) == shown
    expect(fresh.get_by_role("textbox", name="Construct", exact=True)).to_have_value(re.compile("loop = stem:7-16/24-33"))
    expect(fresh.locator(".js-plotly-plot").first).to_contain_text("Markov order 2")
    expect(fresh.locator(".js-plotly-plot").first).to_contain_text(re.compile(r"N = 300,\s*seed 5"))
    fresh.context.close()

    page.get_by_role("button", name="Command", exact=True).click()
    expect(page.locator(".said").first).to_contain_text("Command copied: ./rbind")
    command = page.locator(".said").first.inner_text().removeprefix("Command copied: ")
    arguments = shlex.split(command)
    assert arguments[0] == "./rbind"
    printed = subprocess.run([sys.executable, "-m", "rbind_core.cli", *arguments[1:]], capture_output=True, text=True, cwd=ROOT)
    assert [f"{r['global_importance']:+.3f}" for r in json.loads(printed.stdout)["results"]] == shown

    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    saved = json.loads(download.value.path().read_text())
    assert saved == json.loads(printed.stdout)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report", exact=True).click()
    report = download.value.path().read_text()
    assert "stem:7-16/24-33" in report
    assert "RNCMPT" not in report.split("VTS1")[0]


def test_long_runs_show_progress_and_can_be_cancelled(start_server, page: Page):
    open_hypothesis(page, start_server(), c=THREE)
    before = values(page)
    number = page.get_by_role("spinbutton", name="N", exact=True)
    number.fill("100000")
    number.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile(r"Scoring 3 constructs on 100,000 RNAs: \d+%"))).to_be_visible()
    assert values(page) == before
    expect(page.get_by_text("The figure is the last one that was finished.")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    settle(page)
    expect(page.get_by_text("Cancelled. The figure is the last one that was finished.")).to_be_visible()
    assert values(page) == before

    number.fill("10000")
    number.press("Enter")
    expect(page.locator(".js-plotly-plot").first).to_contain_text("N = 10,000", timeout=60_000)
    settle(page)
    assert values(page) != before
    expect(page.get_by_text("Cancelled.")).to_have_count(0)


def test_an_experiment_at_n_10000_shows_progress_and_can_be_cancelled_and_resumed(start_server, page: Page):
    page.goto(f"{start_server()}/experiments?experiment=spacing&rbp=RNCMPT00168&n=10000")
    expect(page.get_by_text(re.compile(r"Scoring 35 constructs on 10,000 RNAs: \d+%"))).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Compute it after all").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    expect(page.locator(".js-plotly-plot").filter(has_text="N = 10,000")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Together they differ from the sum")).to_be_visible()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("stem:7-16/18-27", "the loop has 1 nt; a hairpin loop has at least 3"),
        ("stem:7-16/12-21", "the strands overlap"),
        ("stem:7-16/35-44", "35-44 leaves the sequence"),
        ("A" * 38 + "@1+UGCAUG@*", "no place is left for 6 nt at random positions"),
        ("+".join(["A@1"] * 30), "30 patterns in one construct; at most 20"),
        ("occlude:1-60", "1-60 leaves the sequence"),
    ],
)
def test_bad_constructs_explain_themselves_and_the_last_good_plot_stays_marked(lab_page: Page, wrong: str, says: str):
    page = lab_page
    construct = page.get_by_role("textbox", name="Construct", exact=True)
    construct.fill("UGCAUG@20")
    construct.press("Enter")
    settle(page)
    good = values(page)
    construct.fill(wrong)
    construct.press("Enter")
    settle(page)
    expect(page.get_by_test_id("stAlert").get_by_text(says)).to_be_visible()
    expect(page.get_by_text("last good figure")).to_be_visible()
    assert values(page) == good
    message = page.get_by_test_id("stAlert").bounding_box()
    control = construct.bounding_box()
    assert 0 <= message["y"] - (control["y"] + control["height"]) < 60, "the message stands next to its control"


@pytest.fixture(scope="module")
def lab_page(browser, tmp_path_factory):
    from tests.servers import free_port, start_dashboard

    port = free_port()
    server = start_dashboard(port, tmp_path_factory.mktemp("lab"))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    open_hypothesis(page, f"http://127.0.0.1:{port}")
    yield page
    page.close()
    server.terminate()
    server.wait(20)


def test_a_nudge_is_answered_while_three_constructs_are_compared(start_server, page: Page):
    """Not a timed test: it says how long a nudge takes (pytest -rP) and that each of them is answered."""
    open_hypothesis(page, start_server(), c=THREE)
    block = page.get_by_role("slider", name="UGCAUG at position 18")
    block.focus()
    times = []
    for step in range(19, 29):
        before = values(page)[0]
        start = time.perf_counter()
        page.get_by_role("slider", name=f"UGCAUG at position {step - 1}").press("ArrowRight")
        page.wait_for_function(
            "before => document.querySelector('[data-testid=stMetricValue]').innerText.replace('−', '-') !== before", arg=before
        )
        times.append(time.perf_counter() - start)
        settle(page)
    print(f"nudge to new number, three constructs, N = 1,000: median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
    expect(page.get_by_role("textbox", name="Construct", exact=True)).to_have_value(re.compile("^UGCAUG@28"))


def test_what_is_out_of_date_is_dimmed_in_one_step_and_a_word_says_that_something_is_computed(start_server, page: Page):
    address = start_server()
    open_hypothesis(page, address, n="5000")  # takes long enough to be stopped in between
    (server,) = [one for one in psutil.process_iter(["cmdline"]) if address.split(":")[-1] in (one.info["cmdline"] or [])]
    construct = page.get_by_role("textbox", name="Construct", exact=True)
    construct.fill("GCAUGU@12")
    construct.press("Enter")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="running"]')
    server.suspend()
    try:
        expect(page.locator('[data-stale="true"]').first).to_be_attached()
        faded = page.evaluate("document.getAnimations().filter(one => one.transitionProperty === 'opacity').length")
        assert faded == 0  # each would have a layer of its own
        page.wait_for_timeout(700)
        opacities = page.locator('[data-stale="true"]').evaluate_all("all => all.map(one => getComputedStyle(one).opacity)")
        assert opacities
        assert set(opacities) == {"0.4"}
        said = page.get_by_test_id("stStatusWidgetRunningIcon")
        assert said.evaluate("one => getComputedStyle(one, '::after').content") == '"computing …"'
    finally:
        server.resume()
    settle(page)
    assert page.locator(".js-plotly-plot").first.evaluate("one => getComputedStyle(one).opacity") == "1"
    expect(page.locator(".js-plotly-plot").first).to_contain_text("GCAUGU@12")


def test_switches_and_menus_show_their_whole_name_on_a_tablet(start_server, page: Page):
    address = start_server()
    page.set_viewport_size({"width": 1024, "height": 768})
    for name, control in (("hypothesis", "stCheckbox"), ("probes", "stPopover"), ("design", "stPopover")):
        page.goto(f"{address}/{name}?rbp=RNCMPT00168")
        page.locator(".js-plotly-plot").first.wait_for()
        settle(page)
        label = page.get_by_test_id("stMain").get_by_test_id(control).first.get_by_test_id("stMarkdownContainer")
        assert label.inner_text().strip()
        room = label.evaluate("one => [one, ...one.querySelectorAll('*')].every(part => part.scrollWidth <= part.clientWidth + 1)")
        assert room, f"{label.inner_text()!r} is cut on {name}"
