"""Training in a real browser: a table, a run that outlives its tab and its server, a cancel, and a phone."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from rbind_core.runs import CANCELLED, FAILED, list_runs, status
from tests.browser.conftest import settle
from tests.browser.test_variants_and_design import scrolls_sideways
from tests.runs.conftest import table_text, wait_for

pytestmark = pytest.mark.browser
PATIENTLY = 60_000  # ms, since TensorFlow starts beside the browser


def test_a_run_outlives_its_tab_and_is_cancelled_from_another(start_server, page: Page, monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "models"))
    table = tmp_path / "binding.tsv"
    table.write_bytes(table_text(4000))
    address = start_server()
    page.goto(f"{address}/train")
    settle(page)
    expect(page.locator(".st-key-worked_curve .js-plotly-plot")).to_contain_text("RBFOX1", timeout=PATIENTLY)

    page.locator('input[type="file"]').set_input_files(table)
    expect(page.get_by_text("4,000 probes", exact=True)).to_be_visible(timeout=PATIENTLY)
    expect(page.get_by_role("textbox", name="Name of the model")).to_have_value("binding")
    expect(page.locator(".st-key-table_scores .js-plotly-plot")).to_contain_text("N = 4,000 probes")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("You may close this tab")).to_be_visible(timeout=PATIENTLY)
    browser = page.context.browser
    page.close()

    narrow = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    narrow.goto(f"{address}/train")
    expect(narrow.locator(".st-key-curves .js-plotly-plot")).to_contain_text("binding: learning curves", timeout=PATIENTLY)
    assert not scrolls_sideways(narrow)
    narrow.get_by_role("button", name="Cancel").click()
    clicked = time.monotonic()
    [run] = list_runs(tmp_path / "runs")
    wait_for(lambda: status(run, tmp_path / "runs" / "queue").state in (CANCELLED, FAILED), 10)
    assert time.monotonic() - clicked < 5
    expect(narrow.get_by_text("Resume goes on from there")).to_be_visible(timeout=PATIENTLY)
    expect(narrow.get_by_role("button", name="Resume")).to_be_visible()
    narrow.context.close()
