"""A link to any page is the first thing that a fresh server is asked for, with the launcher and without it."""

from __future__ import annotations

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from bench.visitor import is_error, messages
from dashboard.state.pages import NAMES, address
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser

# Every heading, error and name in a menu of pages that was ever drawn, also for a moment.
REMEMBER = """
window.drawn = new Set();
new MutationObserver(() => {
  for (const one of document.querySelectorAll('h1, [role="dialog"], [data-testid="stException"], [data-testid="stSidebarNav"]'))
    window.drawn.add(one.tagName + ': ' + one.innerText.trim());
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def opens(port: int, name: str) -> bool:
    return not any(map(is_error, messages(port, address(name))))


@pytest.mark.parametrize("with_the_launcher", [True, False], ids=["./rbind app", "streamlit run app.py"])
def test_links_to_pages_open_on_a_cold_server(start_server, page: Page, monkeypatch, with_the_launcher: bool):
    monkeypatch.delenv("RBIND_SHARED")
    server = start_server(with_the_launcher=with_the_launcher)
    page.add_init_script(REMEMBER)
    with page.expect_websocket():
        page.goto(f"{server}/profile?rbp=PCBP1")
    with ThreadPoolExecutor() as others:  # who come at the same moment
        opened = others.map(partial(opens, urlsplit(server).port), NAMES)
    settle(page)
    expect(page.get_by_role("heading", name="PCBP1", level=1)).to_be_visible()
    assert page.evaluate("[...window.drawn]") == ["H1: PCBP1"]
    assert dict(zip(NAMES, opened, strict=True)) == dict.fromkeys(NAMES, True)
    with urllib.request.urlopen(urllib.request.Request(server, headers={"accept": "text/html"})) as answer:
        assert ("rbind_browser=" in answer.headers.get("set-cookie", "")) is not with_the_launcher, (
            "shared where nobody says otherwise"
        )
