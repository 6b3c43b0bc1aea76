"""What was tried where, and what went wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_LETTERS = 600  # of a sentence that a user reads


@dataclass
class Ledger:
    """Inputs tried per surface, the slowest of each in seconds, and each finding once, with an example."""

    tried: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)

    def note(self, surface: str, given: str, seconds: float = 0.0, problem: str = "") -> None:
        """One input; `problem` is '' where the answer was a result or one sentence."""
        self.tried[surface] += 1
        self.slowest[surface] = max(self.slowest.get(surface, 0.0), seconds)
        if problem:
            self.findings.setdefault(f"{surface}: {problem[:300]}", given)

    def assert_clean(self) -> None:
        """Fails with all findings."""
        assert not self.findings, "\n".join(f"{problem}  [{given}]" for problem, given in self.findings.items())


def is_a_sentence(text: str) -> bool:
    """Whether a user can read an error: short, on one line, without control characters."""
    return (
        0 < len(text) <= MOST_LETTERS and "\n" not in text and "\x1b" not in text and "\0" not in text and "Traceback" not in text
    )


def shown(value: object) -> str:
    """An input in short."""
    text = ascii(value)
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text):,} letters)"
