"""The server is killed in the middle of a plot and started again: the page that is open, and its link, show the same numbers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle
from tests.faults.installation import RBFOX1, Installation, Server
from tests.servers import free_port

pytestmark = pytest.mark.browser
LINK = f"/hypothesis?rbp={RBFOX1}&n=1500&seed=3&c=UGCAUG%40UUU&view=Comparisons".replace(
    "UUU", "11%3B%20two%20%3D%20UGCAUG%404%2C18"
)


def numbers(page: Page) -> list[str]:
    page.get_by_test_id("stMetricValue").nth(1).wait_for()
    settle(page)
    return page.get_by_test_id("stMetricValue").all_inner_texts()


def test_a_killed_server_is_found_again_by_the_open_page_and_by_its_link(whole: Installation, page: Page, browser: Browser):
    page.set_default_timeout(60_000)
    server = Server(whole, free_port())
    server.start()
    try:
        page.goto(server.address + LINK)
        before = numbers(page)
        assert len(before) == 2
        samples = page.get_by_role("spinbutton", name="N", exact=True)
        samples.fill("40000")  # takes seconds
        samples.press("Enter")
        page.get_by_test_id("stProgress").wait_for()
        server.process.kill()
        server.process.wait(20)
        page.get_by_text("Is Streamlit still running?", exact=False).or_(
            page.get_by_text("Connection", exact=False)
        ).first.wait_for()
        assert page.get_by_test_id("stMetricValue").all_inner_texts() == before, "the last good numbers stay"

        server.start()
        expect(page.get_by_test_id("stMetricValue")).to_have_count(
            0, timeout=60_000
        )  # a new session, which has nothing to show yet
        page.get_by_role("button", name="Cancel").click()
        samples.fill("1500")
        samples.press("Enter")
        assert numbers(page) == before

        again = browser.new_context().new_page()
        again.set_default_timeout(60_000)
        again.goto(server.address + LINK)
        assert numbers(again) == before
        again.context.close()
    finally:
        server.process.kill()
        server.process.wait(20)
