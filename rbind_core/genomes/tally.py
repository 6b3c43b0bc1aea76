"""What was left out or read in another way, counted by kind, with the first lines of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

_NAMED = 3  # lines named in a note
KEPT = 1000  # lines kept by name


class Tally:
    """Counts lines by what is wrong with them; keeps the first thousand by name, so that memory stays flat."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, list[str]] = {}
        self.lines: list[dict[str, str | int]] = []

    def add(self, kind: str, line: int, detail: str) -> None:
        """Count a line.

        Parameters
        ----------
        kind : what is the same for many lines, such as 'symbolic alleles'.
        line : its number in the file, from 1.
        detail : what is wrong with this one.
        """
        self.counts[kind] += 1
        named = self.first.setdefault(kind, [])
        if len(named) < _NAMED:
            named.append(f"line {line}: {detail}")
        if len(self.lines) < KEPT:
            self.lines.append({"line": line, "reason": detail})

    @property
    def total(self) -> int:
        """Lines counted."""
        return sum(self.counts.values())

    def sentences(self, verb: str = "left out") -> Iterator[str]:
        """One sentence for each kind."""
        for kind, count in self.counts.items():
            more = "" if count <= _NAMED else f" and {count - _NAMED:,} more"
            yield f"{kind}{f' {verb}' if verb else ''}: {count:,} ({'; '.join(self.first[kind])}{more})"
