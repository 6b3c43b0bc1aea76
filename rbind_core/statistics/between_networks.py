"""An effect in several networks of one protein, and where another such network would probably have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

FEWEST = 3  # networks from which an interval is made


@dataclass(frozen=True)
class NetworkValue:
    """The same effect in one network: its name, its kind and the value."""

    name: str
    kind: str
    value: float


@dataclass(frozen=True)
class BetweenNetworks:
    """An effect in the networks of a committee, all measured on the same background RNAs.

    The interval is a prediction interval: with probability 0.95 it holds the effect of *another* network, made as these were,
    mean +- t(0.975, m - 1) sd sqrt(1 + 1/m) for m networks. It covers how networks of one assay differ in recipe, architecture,
    probes and seed. It knows nothing of other experiments with the protein, nor of other assays.
    """

    networks: tuple[NetworkValue, ...]

    @cached_property
    def values(self) -> list[float]:
        """The effect in each network."""
        return [network.value for network in self.networks]

    @property
    def mean(self) -> float:
        """Mean over networks."""
        return float(np.mean(self.values))

    @property
    def sd(self) -> float:
        """Standard deviation between networks; NaN for a single one."""
        return float(np.std(self.values, ddof=1)) if len(self.values) > 1 else float("nan")

    @property
    def interval95(self) -> tuple[float, float] | None:
        """95 % prediction interval for another network; None for fewer than three."""
        from scipy.special import stdtrit

        n = len(self.values)
        if n < FEWEST:
            return None
        half = float(stdtrit(n - 1, 0.975)) * self.sd * (1 + 1 / n) ** 0.5
        return self.mean - half, self.mean + half

    def on_its_side(self, reference: float) -> int:
        """Number of networks that lie on the same side of a reference as the mean; `agree` for 0."""
        return int(np.sum(np.sign(np.array(self.values) - reference) == np.sign(self.mean - reference)))

    @property
    def agree(self) -> int:
        """Number of networks in which the effect has the sign of the mean."""
        return self.on_its_side(0.0)

    def sentence(self, decimals: int = 2) -> str:
        """Such as "positive in 5 of 5 networks, 3.60 to 4.60"."""
        sign = "positive" if self.mean > 0 else "negative" if self.mean < 0 else "zero"
        low, high = min(self.values), max(self.values)
        return f"{sign} in {self.agree} of {len(self.values)} networks, {low:.{decimals}f} to {high:.{decimals}f}"

    def record(self) -> dict[str, Any]:
        """Entries `networks` and `between_networks` of JSON output."""
        interval = self.interval95
        return {
            "networks": [asdict(network) for network in self.networks],
            "between_networks": {
                "mean": self.mean,
                "sd": self.sd,
                "interval95": None if interval is None else list(interval),
                "agree": self.agree,
                "of": len(self.values),
            },
        }


def between_networks(names: Sequence[str], kinds: Sequence[str], values: Sequence[float]) -> BetweenNetworks:
    """Put the values of an effect in several networks together.

    Parameters
    ----------
    names, kinds, values : of each network, in the same order.

    Examples
    --------
    >>> found = between_networks(["served", "panel-1", "panel-2"], ["fine-tuned", "panel", "panel"], [4.2, 3.8, 4.0])
    >>> found.sentence()
    'positive in 3 of 3 networks, 3.80 to 4.20'
    >>> [round(end, 2) for end in found.interval95]
    [3.01, 4.99]
    """
    return BetweenNetworks(tuple(NetworkValue(n, k, float(v)) for n, k, v in zip(names, kinds, values, strict=True)))
