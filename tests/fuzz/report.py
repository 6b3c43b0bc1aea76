"""The report of a long run, docs/FUZZ.md; what was mended is written by hand and kept from one run to the next."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.fuzz.ledger import Ledger

MENDED = "## What was found and mended"
HEAD = """# Misuse

Every text box, upload, query parameter and command-line option is given what nobody should give it: the hand-written
values of `tests/fuzz/corpus.py` and mixtures of right and wrong pieces (`tests/fuzz/strategies.py`). Options are found by
walking the command line, widgets by walking the pages, query parameters by reading the source, so new ones are tried too; each
option of a choice is chosen and each button pressed. The answer must be a result or one sentence: no traceback, no hang (parsers:
2 s of a busy core per MB; pages: 30 s), no file outside the data folders, nothing of a user's that becomes an element of a page,
no network.

`pytest tests/fuzz` does a short run, `python -m tests.fuzz --minutes 10` a long one and writes this page.
"""


def write_report(path: Path, ledger: Ledger, minutes: float, seed: int, versions: dict[str, str]) -> None:
    """Write the report; the section on what was mended stays as it is in the file."""
    before = path.read_text() if path.exists() else ""
    mended = before[before.index(MENDED) :].strip() if MENDED in before else f"{MENDED}\n\n(nothing is written here yet)"
    rows = [f"| {name} | {count:,} | {slowest:.2f} |" for name, (count, slowest) in _by_surface(ledger).items()]
    parts = [
        HEAD,
        f"## The last long run\n\n{sum(ledger.tried.values()):,} inputs in {minutes:g} minutes of the processor, seed {seed}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".\n",
        "| surface | inputs | slowest, s |\n|---|---:|---:|\n" + "\n".join(rows) + "\n",
        _findings(ledger),
        mended,
    ]
    path.write_text("\n".join(parts) + "\n")


def _by_surface(ledger: Ledger) -> dict[str, tuple[int, float]]:
    """Inputs and the slowest, with the options of a command and the controls of a page taken together."""
    tried: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    for surface, count in ledger.tried.items():
        words = surface.split(" ")
        name = f"`{' '.join(words[:-1])}`" if words[0] == "rbind" else surface
        name = f"page {surface.split(':')[0]}" if ": " in surface else name
        tried[name] += count
        slowest[name] = max(slowest.get(name, 0.0), ledger.slowest[surface])
    return {name: (tried[name], slowest[name]) for name in sorted(tried)}


def _findings(ledger: Ledger) -> str:
    if not ledger.findings:
        return "No findings in this run.\n"
    return "Findings:\n\n" + "\n".join(f"- {problem} [{example}]" for problem, example in ledger.findings.items()) + "\n"
