"""Ten people at once: is each one served quickly, with their own numbers, and does the server stay as it was?

    python -m tests.load.ten_browsers --minutes 5 --out docs/LOAD.md

starts a fresh server, ten browser contexts in headless Chromium on the same computer, and checks at the end every number
that somebody has read against the command line.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import click
import numpy as np
import psutil
from playwright.async_api import async_playwright

from rbind_core.model.registry import Model, list_models
from tests.load.people import READING, THINKING, Action, Person
from tests.load.watching import Watch, processor_seconds
from tests.load.without_browsers import stay
from tests.servers import ROOT, free_port, start_dashboard

WARM_UP = 100  # interactions
INTERACTIONS = 500
SETTLED = 150.0  # seconds after which nothing of the people may be left on the server
SHOWN = 5e-4, 5e-3  # half of the last digit that pages show, of importances and of scores


@click.command()
@click.option("--browsers", default=10, show_default=True, help="How many people.")
@click.option("--others", default=0, show_default=True, help="How many more come without a browser, over the websocket.")
@click.option("--minutes", default=5.0, show_default=True, help="How long they stay.")
@click.option("--seed", default=0, show_default=True, help="Decides what everybody does.")
@click.option("--out", type=click.Path(path_type=Path), help="File for the report [standard output].")
def main(browsers: int, others: int, minutes: float, seed: int, out: Path | None) -> None:
    """Let several people use one server, and report how it went."""
    chosen = [model for model in list_models() if not model.structure and not model.problem][: 5 * browsers : 5]
    people = [Person(model, rng) for model, rng in zip(chosen, np.random.default_rng(seed).spawn(browsers), strict=True)]
    further = zip(list_models()[1 : 5 * others : 5], np.random.default_rng(seed + 1).spawn(others), strict=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(max(others, 1)) as pool:
        port = free_port()
        os.environ["RBIND_SHARED"] = "1"
        process = start_dashboard(port, Path(folder), options=["--shared"])
        try:
            watch, idle = Watch(psutil.Process(process.pid)), None
            idle = watch.look()
            end = time.monotonic() + minutes * 60
            stays = [pool.submit(stay, port, model, rng, end) for model, rng in further]
            used = asyncio.run(_everybody(people, f"http://127.0.0.1:{port}", minutes * 60, watch))
            for one in stays:
                one.result()
            busy = watch.look()
            time.sleep(SETTLED)
            after = watch.look()
        finally:
            process.terminate()
            process.wait(20)
    text = report(people, watch, minutes, used, [idle, busy, after], [wrong_numbers(person) for person in people])
    if out:
        out.write_text(text)
    click.echo(text)


async def _everybody(people: list[Person], address: str, seconds: float, watch: Watch) -> tuple[float, float]:
    """Let them come and stay; returns the processor time of the server, and of all that ran meanwhile, in seconds."""
    watching = asyncio.create_task(watch.go_on())
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        contexts = [await browser.new_context(viewport={"width": 1440, "height": 900}) for _ in people]
        await asyncio.gather(*(p.arrive(context, address) for p, context in zip(people, contexts, strict=True)))
        before = processor_seconds(watch.process)
        await asyncio.gather(*(p.stay(seconds) for p in people))
        server, everything = np.subtract(processor_seconds(watch.process), before)
        await browser.close()
    watching.cancel()
    return server, everything


def wrong_numbers(person: Person) -> list[str]:
    """Every number that somebody read and that the command line gives differently."""
    wrong = []
    for kind, shown, expected, tolerance in (
        ("global importance", person.seen.importances, _importances(person.model, list(person.seen.importances)), SHOWN[0]),
        ("score", person.seen.scores, _scores(person.model, list(person.seen.scores)), SHOWN[1]),
    ):
        wrong += [
            f"{person.model.label}, {kind} of {name}: {value} on the page, {expected[name]} on the command line"
            for name, value in shown.items()
            if abs(value - expected[name]) > tolerance + 1e-4
        ]
    return wrong


def _importances(model: Model, patterns: list[str]) -> dict[str, float]:
    if not patterns:
        return {}
    options = [word for pattern in patterns for word in ("--pattern", pattern)]
    results = _command("gia", "--rbp", model.experiment, *options, "--json")["results"]
    return {result["pattern"]: result["global_importance"] for result in results}


def _scores(model: Model, sequences: list[str]) -> dict[str, float]:
    if not sequences:
        return {}
    with tempfile.NamedTemporaryFile("w", suffix=".fa") as file:
        file.write("".join(f">{sequence}\n{sequence}\n" for sequence in sequences))
        file.flush()
        scores = _command("predict", "--rbp", model.experiment, "--fasta", file.name, "--json")["scores"]
    return dict(zip(sequences, scores, strict=True))


def _command(*arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "rbind_core.cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def report(
    people: list[Person], watch: Watch, minutes: float, used: tuple[float, float], moments: list, wrong: list[list[str]]
) -> str:
    """Say how it went.

    Parameters
    ----------
    people : who were there.
    watch : of the server.
    minutes : how long they stayed.
    used : seconds of processor time meanwhile, of the server and of all that ran.
    moments : the server before them, right after them, and later.
    wrong : numbers that the command line gives differently, for each person.

    Returns
    -------
    str
        Markdown.
    """
    actions = sorted((action for person in people for action in person.seen.actions), key=lambda action: action.began)
    failures = [failure for person in people for failure in person.seen.failures]
    checked = sum(len(person.seen.importances) + len(person.seen.scores) for person in people)
    warm = watch.memory_at(actions[min(WARM_UP, len(actions) - 1)].began)
    last = watch.memory_at(actions[min(WARM_UP + INTERACTIONS, len(actions) - 1)].began)
    idle, busy, after = moments
    server, everything = used
    arrivals = [person.seen.arrival for person in people]
    later = actions[WARM_UP:] or actions
    lines = [
        "# Ten people at once",
        "",
        f"Made by `python -m tests.load.ten_browsers --minutes {minutes:g} --out docs/LOAD.md` on "
        f"{datetime.now(timezone.utc):%Y-%m-%d}: {len(people)} browser contexts in one headless Chromium, a fresh server, both on "
        f"the same {os.cpu_count()} cores ({platform.system()}, Python {platform.python_version()}). Everybody has a protein of "
        f"their own, looks at the first page for {READING[0]:g} to {READING[1]:g} s and thinks for {THINKING[0]:g} to "
        f"{THINKING[1]:g} s between two actions.",
        "",
        f"- **All come at once**: the first plot is there after {min(arrivals):.1f} to {max(arrivals):.1f} s, most of which the "
        "browsers spend on starting the same program on the same cores. The time below begins when everybody is there.",
        f"- **{len(actions)} actions in {minutes:g} minutes**, {len(failures)} failed.",
        f"- **From click to plot**: median {np.median(_seconds(actions)):.2f} s, 95th percentile "
        f"{np.percentile(_seconds(actions), 95):.2f} s, longest {max(_seconds(actions)):.2f} s; after the first {WARM_UP} actions "
        f"{np.median(_seconds(later)):.2f} s, {np.percentile(_seconds(later), 95):.2f} s and {max(_seconds(later)):.2f} s.",
        f"- **Processor time**: {server:.0f} s of the server and {everything - server:.0f} s of the browsers and of this script, "
        f"of {60 * minutes * os.cpu_count():.0f} s that there are: people who bring computers of their own wait less.",
        f"- **No cross-talk**: {checked} numbers read on pages, {sum(map(len, wrong))} differ from the command line; every plot "
        "that somebody waited for named their own experiment.",
        f"- **Memory of the server**: {idle.memory:.0f} MB before the first visit, {warm:.0f} MB after {WARM_UP} actions, "
        f"{last:.0f} MB {min(INTERACTIONS, len(actions) - WARM_UP)} actions later ({last / warm - 1:+.1%}).",
        f"- **Left behind**: {idle.threads} threads and {idle.children} child processes before, {busy.threads} and {busy.children} "
        f"right after, {after.threads} and {after.children} {SETTLED:.0f} s later.",
        "",
        "| action | number | median (s) | 95th percentile (s) |",
        "|---|---|---|---|",
    ]
    for what in sorted({action.what for action in actions}):
        own = _seconds([action for action in actions if action.what == what])
        lines.append(f"| {what} | {len(own)} | {np.median(own):.2f} | {np.percentile(own, 95):.2f} |")
    lines += [f"- {problem}" for problem in [*failures, *(one for some in wrong for one in some)]]
    return "\n".join([*lines, ""])


def _seconds(actions: list[Action]) -> list[float]:
    return [action.seconds for action in actions]


if __name__ == "__main__":
    main()
