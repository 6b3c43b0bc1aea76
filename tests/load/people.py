"""People who use the dashboard at the same time, each with a protein of their own, in a browser of their own."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from playwright.async_api import BrowserContext, Page, TimeoutError

from rbind_core.model.registry import Model
from rbind_core.rna.sequences import ALPHABET, LENGTH

PATIENCE = 60_000  # milliseconds; what takes longer counts as failed
READING = (2.0, 20.0)  # seconds that somebody looks at the first page
THINKING = (2.0, 5.0)  # seconds between two actions
STAYS = 0.75
POLLING = 50  # milliseconds; Playwright's own waiting looks every half second at last, which would be part of what is measured
PLOT = ".js-plotly-plot"
PAGES = ("Browse", "Profile", "Sequence", "Hypothesis", "Experiments")


@dataclass(frozen=True)
class Action:
    """One thing that somebody did: what, when it began, and how many seconds passed until its plot was there."""

    what: str
    began: float
    seconds: float


@dataclass
class Seen:
    """What one person has done and read: seconds until the first plot, actions, failures, importances, scores."""

    arrival: float = float("nan")
    actions: list[Action] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    importances: dict[str, float] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)


class Person:
    """Somebody who studies one protein.

    Parameters
    ----------
    model : of the protein.
    rng : decides what is done next.
    """

    def __init__(self, model: Model, rng: np.random.Generator) -> None:
        self.model, self.seen = model, Seen()
        self._rng = rng
        self._on = ""  # title of the page that is open
        self._finished = 0.0

    async def arrive(self, context: BrowserContext, address: str) -> None:
        """Open the dashboard, and wait for the first plot.

        Parameters
        ----------
        context : the browser.
        address : of the dashboard.
        """
        self._page, self._address = await context.new_page(), address
        self._page.set_default_timeout(PATIENCE)
        began = time.monotonic()
        await self._start(self._page)
        self.seen.arrival = self._finished - began

    async def stay(self, seconds: float) -> None:
        """Do one thing after another, and leave.

        Parameters
        ----------
        seconds : how long somebody stays.
        """
        end = time.monotonic() + seconds
        pause = READING
        while time.monotonic() < end:
            await asyncio.sleep(float(self._rng.uniform(*pause)))
            pause = THINKING
            what, action = self._next()
            began = time.monotonic()
            try:
                await action(self._page)
            except TimeoutError as error:
                self.seen.failures.append(f"{self.model.label}, {what}: {' '.join(str(error).split())[:200]}")
                await self._start(self._page)
                continue
            self.seen.actions.append(Action(what, began, self._finished - began))
        await self._page.close()

    def _next(self) -> tuple[str, Callable[[Page], Awaitable[None]]]:
        """Stay on the page and do there what can be done, three times out of four; otherwise go to another one."""
        doing = {"Hypothesis": ("place a motif", self._place_a_motif), "Sequence": ("mutate a sequence", self._mutate_a_sequence)}
        if self._on in doing and self._rng.random() < STAYS:
            return doing[self._on]
        others = [title for title in PAGES if title != self._on]
        title = others[int(self._rng.integers(len(others)))]
        return f"open {title}", partial(self._open, title)

    async def _start(self, page: Page) -> None:
        await page.goto(f"{self._address}/?rbp={self.model.experiment}")
        await self._until_plot(page)
        self._on = "Browse"

    async def _open(self, title: str, page: Page) -> None:
        await page.get_by_role("link", name=title, exact=True).first.click()
        await self._until_shown(page, "h1", self.model.protein if title == "Profile" else title)
        await self._until_plot(page)
        await self._at_rest(page)
        self._on = title

    async def _place_a_motif(self, page: Page) -> None:
        pattern = f"{self._letters(6)}@{self._rng.integers(1, LENGTH - 5)}"
        await self._type(page, "Construct", pattern)
        await self._until_shown(page, '[data-testid="stHtml"]', pattern)
        await self._until_shown(page, PLOT, pattern)
        await self._at_rest(page)
        shown = await page.get_by_test_id("stMetricValue").first.inner_text()
        self.seen.importances[pattern] = float(shown.replace("−", "-"))

    async def _mutate_a_sequence(self, page: Page) -> None:
        sequence = self._letters(LENGTH)
        await self._type(page, re.compile("RNA or DNA"), sequence)
        await self._until_shown(page, f'[alt*="{sequence}"], [aria-label*="{sequence}"]')
        await self._until_plot(page)
        await self._at_rest(page)
        figure = await page.locator(PLOT).first.inner_text()
        self.seen.scores[sequence] = float(re.search(r"predicted score ([−-]?[\d.]+)", figure).group(1).replace("−", "-"))

    async def _type(self, page: Page, label: str | re.Pattern[str], text: str) -> None:
        box = page.get_by_role("textbox", name=label).first
        await box.fill(text)
        await box.press("Enter")

    async def _until_plot(self, page: Page) -> None:
        """Wait for a plot that names this person's model, and no other one."""
        await self._until_shown(page, PLOT, self.model.experiment)

    async def _until_shown(self, page: Page, selector: str, text: str = "") -> None:
        """Wait until the first element of this kind is there and holds this text."""
        shown = "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)"
        await page.wait_for_function(shown, arg=[selector, text], polling=POLLING)
        self._finished = time.monotonic()

    async def _at_rest(self, page: Page) -> None:
        await page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def _letters(self, length: int) -> str:
        return "".join(ALPHABET[code] for code in self._rng.integers(0, 4, length))
