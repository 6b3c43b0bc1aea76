"""How well a taught model probably predicts, from measured proteins that were treated as if they were not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExpectedQuality:
    """Expected test Pearson of a taught model; no score of its protein was used.

    `pearson` is the estimate and (`low`, `high`) an interval that holds nine of ten measured proteins treated in the same way;
    `n` is the number of those experiments, and `basis` says how the estimate was made.
    """

    pearson: float
    low: float
    high: float
    n: int
    basis: str

    @classmethod
    def of_card(cls, entry: dict[str, Any]) -> ExpectedQuality:
        """Read it from a card."""
        return cls(*(entry[name] for name in ("pearson", "low", "high", "n", "basis")))

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        return (
            f"expected test Pearson {self.pearson:.2f} ({self.low:.2f} to {self.high:.2f} for nine of ten proteins), "
            f"estimated from {self.n} measured experiments that were left out in turn"
        )
