"""Twelve tabs that ask for much, and one visitor who asks for little: `python -m tests.load.many_tabs`."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from playwright.async_api import BrowserContext, async_playwright

from tests.load.watching import Watch
from tests.servers import free_port, start_dashboard

TABS, SEEDS, LARGE = 12, 8, 100_000
STAYS = 6.0  # seconds in which a tab keeps one seed
LEFT = 30.0  # seconds after which the memory of those who left is looked at
CONSTRUCTS = "UGCAUG@4;UGCAUG@11;UGCAUG@18;UGCAUG@25"


async def ask_for_much(context: BrowserContext, address: str, number: int) -> None:
    """One tab: a new seed every few seconds, whether the one before was answered or not."""
    page = await context.new_page()
    for turn in range(SEEDS):
        seed = 1000 * number + turn
        await page.goto(f"{address}/hypothesis?rbp=RBFOX1&n={LARGE}&seed={seed}&c={CONSTRUCTS}")
        await asyncio.sleep(STAYS)
    await page.close()


async def ask_for_little(context: BrowserContext, address: str, done: asyncio.Event) -> list[float]:
    """Another visitor: seconds until the figure of a page at N = 1,000 is there, each with a seed of its own."""
    seconds, seed = [], 1
    page = await context.new_page()
    while not done.is_set():
        begun = time.perf_counter()
        await page.goto(f"{address}/hypothesis?rbp=PCBP1&n=1000&seed={seed}&c=CCUUUC@18")
        figure = page.locator(".js-plotly-plot").filter(has_text=f"N = 1,000, seed {seed}")
        await figure.first.wait_for(timeout=60_000)
        seconds.append(time.perf_counter() - begun)
        seed += 1
        await asyncio.sleep(2)
    return seconds


async def measure(address: str, watch: Watch) -> dict[str, float]:
    """Everything, once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        many, one = await browser.new_context(), await browser.new_context()
        alone, rests = asyncio.Event(), asyncio.get_running_loop()
        rests.call_later(15, alone.set)
        quiet = await ask_for_little(one, address, alone)
        before, done = watch.look().memory, asyncio.Event()
        visitor, watching = asyncio.create_task(ask_for_little(one, address, done)), asyncio.create_task(watch.go_on())
        await asyncio.gather(*(ask_for_much(many, address, number) for number in range(1, TABS + 1)))
        done.set()
        busy = await visitor
        watching.cancel()
        await many.close()
        await asyncio.sleep(LEFT)
        after = watch.look().memory
        await browser.close()
    return {
        "memory before, MB": before,
        "memory at most, MB": max(sample.memory for sample in watch.samples),
        f"memory {LEFT:.0f} s after they left, MB": after,
        "pages of the other visitor": len(busy),
        "alone, median s": float(np.median(quiet)),
        "beside them, median s": float(np.median(busy)),
        "beside them, longest s": max(busy),
    }


def main() -> None:
    """Start a server, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start_dashboard(port, Path(folder))
        try:
            print(json.dumps(asyncio.run(measure(f"http://127.0.0.1:{port}", Watch(psutil.Process(server.pid)))), indent=1))
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
