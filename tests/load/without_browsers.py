"""Ten people at once, without their browsers: how long the server alone takes to answer.

    python -m tests.load.without_browsers --minutes 2

asks over the websocket for the pages that `ten_browsers` opens, each time in a new session, and prints a line for docs/LOAD.md.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import numpy as np

from bench.app_start import visit
from rbind_core.model.registry import Model, list_models
from rbind_core.rna.sequences import ALPHABET, LENGTH
from tests.load.people import THINKING
from tests.servers import free_port, start_dashboard


@click.command()
@click.option("--people", "number", default=10, show_default=True, help="How many people.")
@click.option("--minutes", default=2.0, show_default=True, help="How long they stay.")
@click.option("--seed", default=0, show_default=True, help="Decides what everybody does.")
def main(number: int, minutes: float, seed: int) -> None:
    """Ask a fresh server for pages, and say how long that takes."""
    chosen = [model for model in list_models() if not model.structure and not model.problem][: 5 * number : 5]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(number) as pool:
        port = free_port()
        process = start_dashboard(port, Path(folder), options=["--shared"])
        try:
            people = zip(chosen, np.random.default_rng(seed).spawn(number), strict=True)
            stays = [pool.submit(stay, port, model, rng, time.monotonic() + 60 * minutes) for model, rng in people]
            seconds = np.concatenate([stay.result() for stay in stays])
        finally:
            process.terminate()
            process.wait(20)
    click.echo(
        f"- **The server alone** (`python -m tests.load.without_browsers --minutes {minutes:g}`): the same pages asked for over "
        f"the websocket by {number} people, each time in a new session with a new construct or sequence: {len(seconds)} pages, "
        f"median {np.median(seconds):.2f} s, 95th percentile {np.percentile(seconds, 95):.2f} s, longest {seconds.max():.2f} s."
    )


def stay(port: int, model: Model, rng: np.random.Generator, end: float) -> list[float]:
    """Seconds until the end of the script of one page after another."""
    seconds = []
    while time.monotonic() < end:
        time.sleep(float(rng.uniform(*THINKING)))
        pages = {
            "": "",
            "profile": "",
            "experiments": "",
            "sequence": f"&seq={_letters(rng, LENGTH)}",
            "hypothesis": f"&c={_letters(rng, 6)}@{rng.integers(1, LENGTH - 5)}",
        }
        page = str(rng.choice([*pages, "sequence", "sequence", "hypothesis", "hypothesis"]))
        seconds.append(visit(port, page, f"rbp={model.experiment}{pages[page]}"))
    return seconds


def _letters(rng: np.random.Generator, length: int) -> str:
    return "".join(ALPHABET[code] for code in rng.integers(0, 4, length))


if __name__ == "__main__":
    main()
