"""The real app on a fresh server, in headless Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.servers import free_port, start_dashboard, start_without_the_launcher


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts a fresh server with some options and returns its address; every server is stopped at the end."""
    started = []

    def start(*options: str, with_the_launcher: bool = True) -> str:
        port = free_port()
        if with_the_launcher:
            started.append(start_dashboard(port, tmp_path, options=options))
        else:
            started.append(start_without_the_launcher(port, tmp_path))
        return f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


UNDER_WAY = '[data-stale="true"], [data-testid="stProgress"], [data-testid="stSkeleton"]'


def settle(page: Page) -> None:
    """Wait until the script has run, nothing on the page is stale and all of it is drawn."""
    page.wait_for_timeout(150)  # a run starts a moment after the click
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("selector => !document.querySelector(selector)", arg=UNDER_WAY)
