"""No page has a serious finding of axe-core, and what matters can be reached and used without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import PAGES, SERIOUS, findings
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def test_no_page_has_a_serious_finding(start_server, browser: Browser):
    address = start_server()
    found = {
        f"{path}, {scheme}": [str(finding) for finding in findings(browser, address, path, scheme) if finding.impact in SERIOUS]
        for number, path in enumerate(PAGES)
        for scheme in (["light", "dark"][number % 2],)  # the report has both
    }
    assert {where: some for where, some in found.items() if some} == {}


def test_a_protein_is_chosen_and_its_profile_opened_with_the_keyboard_alone(start_server, page: Page):
    page.goto(start_server())
    settle(page)
    page.get_by_role("link", name="Browse", exact=True).first.focus()
    for name in ("Which proteins bind?", "Profile"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_focused()
    page.get_by_role("combobox", name="RNA-binding protein").focus()
    page.keyboard.type("PCBP1")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("link", name="Profile", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="PCBP1", level=1)).to_be_visible()
