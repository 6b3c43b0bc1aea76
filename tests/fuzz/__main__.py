"""`python -m tests.fuzz --minutes 10`: misuse at length, each surface in turn, written up in docs/FUZZ.md."""

from __future__ import annotations

import importlib.metadata
import platform
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from dashboard.state.pages import NAMES
from tests.fuzz.commands import listing, places, try_value
from tests.fuzz.corpus import CONTENTS, FILE_NAMES, LONG_TEXTS, SHORT_TEXTS, TEXTS, large_contents
from tests.fuzz.ledger import Ledger
from tests.fuzz.pages import ROOT, OpenPage
from tests.fuzz.parsers import FILE_PARSERS, TEXT_PARSERS, try_content, try_text
from tests.fuzz.report import write_report
from tests.fuzz.strategies import contents, texts_for
from tests.fuzz.wandering import misuse_everything, misuse_links, press_everything, wander

REPORT = ROOT / "docs" / "FUZZ.md"
CHEAP = {"n": "10", "k": "4"}  # on a page of which every option is chosen, an exhaustive scan too
EXAMPLES = 60  # of hypothesis, per parser and turn
LIBRARIES = ("hypothesis", "streamlit", "click", "numpy", "pandas", "safetensors", "openvino", "plotly")


@click.command()
@click.option("--minutes", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Of the processor, at least.")
@click.option("--seed", "first_seed", type=click.IntRange(0), default=1, show_default=True, help="Of everything random.")
@click.option("--report", type=click.Path(path_type=Path), default=REPORT, help="Where the report goes.")
def main(minutes: float, first_seed: int, report: Path) -> None:
    """Misuse everything until the time is over; status 1 where something was found."""
    ledger, end = Ledger(), time.process_time() + 60 * minutes
    with _computer_of_its_own() as folder:
        written_before = listing(ROOT / "pretrained")
        dice, rounds = random.Random(first_seed), 0
        jobs: list[Callable[[], None]] = []
        while time.process_time() < end:
            if not jobs:
                jobs = list(_round(ledger, folder, dice, first_seed + rounds, whole=rounds == 0))
                dice.shuffle(jobs)
                rounds += 1
            known = len(ledger.findings)
            jobs.pop()()
            for problem, example in list(ledger.findings.items())[known:]:
                click.echo(f"{problem}  [{example}]")
        if listing(ROOT / "pretrained") != written_before:
            ledger.note("files", "all", problem="something was written into the installed models")
    versions = {"Python": platform.python_version()} | {name: importlib.metadata.version(name) for name in LIBRARIES}
    write_report(report, ledger, minutes, first_seed, versions)
    click.echo(f"{sum(ledger.tried.values()):,} inputs, {len(ledger.findings)} findings; see {report}")
    raise SystemExit(1 if ledger.findings else 0)


def _round(ledger: Ledger, folder: Path, dice: random.Random, number: int, whole: bool) -> Iterator[Callable[[], None]]:
    """Jobs of a few seconds each; the corpus itself is gone through in the first round only."""
    for surface in TEXT_PARSERS:
        if whole:
            yield lambda surface=surface: [try_text(ledger, surface, text) for text in TEXTS.values()]
        yield lambda surface=surface: _mixed(lambda text, s=surface: try_text(ledger, s, text), texts_for(surface), number)
    for surface in FILE_PARSERS:
        if whole:
            yield lambda surface=surface: [try_content(ledger, surface, c) for c in {**CONTENTS, **large_contents()}.values()]
        yield lambda surface=surface: _mixed(lambda content, s=surface: try_content(ledger, s, content), contents(), number)
    texts = [*SHORT_TEXTS.values(), *FILE_NAMES.values()]
    for place in places():
        some = [dice.choice(texts)] if place.is_slow and place.is_written else texts if whole else dice.sample(texts, 3)
        yield lambda place=place, some=some: [try_value(ledger, place, text, folder) for text in some]
    for page in NAMES:
        yield lambda page=page: misuse_everything(ledger, page)
        yield lambda page=page: misuse_links(ledger, page, dice.choice(list(SHORT_TEXTS)))
        yield lambda page=page: wander(ledger, page, dice, steps=12)
        if whole:
            yield lambda page=page: press_everything(ledger, page, CHEAP)
            yield lambda page=page: _long_texts(ledger, page)


def _mixed(attempt: Callable[..., None], strategy: object, number: int) -> None:
    @seed(number)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def run(value: object) -> None:
        attempt(value)

    run()


def _long_texts(ledger: Ledger, page: str) -> None:
    opened = OpenPage(ledger, page).open()
    for name, text in LONG_TEXTS.items():
        opened.type_text(opened.typed, text, name)


@contextmanager
def _computer_of_its_own() -> Iterator[Path]:
    """Empty folders, no network, pages as the server runs them; gives a folder to work in, deep enough for paths upwards."""
    from tests.fuzz.conftest import be_patient, shut_the_network

    with tempfile.TemporaryDirectory() as whole, pytest.MonkeyPatch.context() as patch:
        folder = Path(whole) / "a" / "b" / "c" / "d" / "work"
        folder.mkdir(parents=True)
        for variable in ("HOME", "RBIND_CACHE_DIR", "RBIND_MODELS_DIR", "RBIND_IMPORT_DIR"):
            patch.setenv(variable, str(Path(whole) / variable.lower()))
        patch.delenv("RBIND_DATA_DIR", raising=False)
        patch.chdir(folder)
        shut_the_network(patch)
        be_patient(patch)
        yield folder


if __name__ == "__main__":
    main()
