"""Distribution of one quantity over models: histogram, models above a reference, and the uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rbind_core.statistics import CONFIDENCE, p_value_text

MOST_BINS = 40
FEWEST_TESTED = 6  # models below which no sign test reaches 0.05
_FENCE = 2.0  # interquartile ranges beyond the quartiles from which values share the outermost bins


@dataclass(frozen=True)
class Quantity:
    """A number per model, and its reference.

    `column` and `error` are columns of the table over all models, `error` is '' without a standard error; `above` says
    in words what a value above `reference` means. `is_null` tells whether the reference means no effect, so that a
    test against it makes sense; `span` is the natural range of the bins, taken from the values when None; `unit` follows a value.
    """

    column: str
    title: str
    axis: str
    above: str
    reference: float
    bin_width: float
    decimals: int = 2
    error: str = ""
    is_null: bool = True
    span: tuple[float, float] | None = None
    unit: str = ""


@dataclass(frozen=True)
class Distribution:
    """A quantity over models, lowest value first; all arrays are (n,) float64, n at least 1.

    `errors` are standard errors and `margins` half the widths of the 95 % confidence intervals, NaN for none;
    `edges` of the bins increase and include the reference.
    """

    quantity: Quantity
    experiments: tuple[str, ...]
    proteins: tuple[str, ...]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    margins: NDArray[np.float64]
    edges: NDArray[np.float64] = field(repr=False)

    @property
    def n(self) -> int:
        """Number of models."""
        return len(self.values)

    @property
    def above(self) -> int:
        """Number of models above the reference."""
        return int((self.values > self.quantity.reference).sum())

    @property
    def share(self) -> float:
        """Share of models above the reference."""
        return self.above / self.n

    @cached_property
    def share_ci95(self) -> tuple[float, float]:
        """95 % confidence interval of that share (Wilson), as if models were independent draws from all proteins."""
        from scipy.stats import binomtest

        interval = binomtest(self.above, self.n).proportion_ci(CONFIDENCE, method="wilson")
        return float(interval.low), float(interval.high)

    @property
    def has_intervals(self) -> bool:
        """Whether any value has a confidence interval of its own."""
        return bool(np.isfinite(self.margins).any())

    @property
    def clearly_above(self) -> int:
        """Number of models whose whole 95 % confidence interval is above the reference; those without one do not count."""
        return int((self.values - self.margins > self.quantity.reference).sum())

    @property
    def clearly_below(self) -> int:
        """Number of models whose whole 95 % confidence interval is below the reference; those without one do not count."""
        return int((self.values + self.margins < self.quantity.reference).sum())

    @property
    def median(self) -> float:
        """Median over models."""
        return float(np.median(self.values))

    @cached_property
    def p_value(self) -> float:
        """Two-sided sign test of the median against the reference.

        Unlike a signed-rank test it does not assume symmetry, which ratios lack. NaN for fewer than six models and where the
        reference does not mean no effect.
        """
        return self._sign_test(self.values)

    def _sign_test(self, values: NDArray[np.float64]) -> float:
        from scipy.stats import binomtest

        decided = int((values != self.quantity.reference).sum())
        if not self.quantity.is_null or decided < FEWEST_TESTED:
            return float("nan")
        return float(binomtest(int((values > self.quantity.reference).sum()), decided).pvalue)

    @cached_property
    def _by_protein(self) -> NDArray[np.float64]:
        """Median of each protein's experiments, which are not independent of each other."""
        proteins = np.array(self.proteins)
        return np.array([np.median(self.values[proteins == name]) for name in dict.fromkeys(self.proteins)])

    @property
    def proteins_counted(self) -> int:
        """Number of proteins."""
        return len(self._by_protein)

    @property
    def proteins_above(self) -> int:
        """Number of proteins above the reference, by the median of their experiments."""
        return int((self._by_protein > self.quantity.reference).sum())

    @cached_property
    def p_value_by_protein(self) -> float:
        """The sign test with proteins as units; see `p_value`."""
        return self._sign_test(self._by_protein)

    @cached_property
    def bin_numbers(self) -> NDArray[np.intp]:
        """Bin of each model, (n,) from 0; a value on an edge is in the lower bin, one beyond the edges in the outermost."""
        return np.searchsorted(self.edges[1:-1], self.values, side="left")

    @property
    def counts(self) -> NDArray[np.intp]:
        """Number of models in each bin, (bins,)."""
        return np.bincount(self.bin_numbers, minlength=len(self.edges) - 1)

    def members(self, number: int) -> list[int]:
        """List the places of a bin's models, lowest value first.

        Parameters
        ----------
        number : of the bin, from 0.
        """
        return np.flatnonzero(self.bin_numbers == number).tolist()

    def bin_text(self, number: int) -> str:
        """Say which values a bin includes.

        Parameters
        ----------
        number : of the bin, from 0.

        Returns
        -------
        str
            Such as '1.1 to 1.2', or '1.9 and more' where the outermost bin includes values beyond its edge.
        """
        low, high = (f"{edge:.10g}" for edge in self.edges[number : number + 2])
        if number == 0 and self.holds_beyond[0]:
            return f"{high} and less"
        if number == len(self.edges) - 2 and self.holds_beyond[1]:
            return f"more than {low}"
        return f"{low} to {high}"

    @property
    def holds_beyond(self) -> tuple[bool, bool]:
        """Whether the first and the last bin include values beyond their outer edges."""
        return bool(self.values[0] < self.edges[0]), bool(self.values[-1] > self.edges[-1])

    def place(self, experiment: str) -> int | None:
        """Find the place of a model; None where it has no value."""
        return self.experiments.index(experiment) if experiment in self.experiments else None

    def label(self, place: int) -> str:
        """Protein and experiment of the model at a place."""
        return f"{self.proteins[place]} ({self.experiments[place]})"

    def value_text(self, place: int) -> str:
        """Value of the model at a place, with its confidence interval if it has one."""
        return self._written(place) + (f" (95 % CI {self.interval_text(place)})" if np.isfinite(self.margins[place]) else "")

    def interval_text(self, place: int) -> str:
        """The 95 % confidence interval of the model at a place, such as '1.11 to 1.35'; '' for none."""
        return interval_text(self.values[place], self.margins[place], self.quantity.decimals)

    def _written(self, place: int) -> str:
        return f"{self.values[place]:.{self.quantity.decimals}f}"

    @property
    def sentence(self) -> str:
        """The number of models above the reference, with its uncertainty, in words."""
        q, (low, high) = self.quantity, self.share_ci95
        percent = f"{100 * self.share:.0f} %, 95 % CI {100 * low:.0f} to {100 * high:.0f} %"
        text = f"{q.above} in {self.above} of {self.n} models ({percent})"
        if self.has_intervals:
            text += f": clearly, by their own 95 % CI, in {self.clearly_above}, and clearly the reverse in {self.clearly_below}"
        text += f". Median {self.median:.{q.decimals}f}{q.unit}."
        if self.proteins_counted == self.n:
            return text + (f" Sign test {p_value_text(self.p_value)}." if np.isfinite(self.p_value) else "")
        text += f" By protein, the median of its experiments: {self.proteins_above} of {self.proteins_counted}"
        tested = f", sign test {p_value_text(self.p_value_by_protein)}" if np.isfinite(self.p_value_by_protein) else ""
        return f"{text}{tested}."


def interval_text(value: float, margin: float, decimals: int = 2) -> str:
    """Write a confidence interval.

    Parameters
    ----------
    margin : half its width.
    decimals : number of decimals of both ends.

    Returns
    -------
    str
        Such as '1.11 to 1.35'; '' for none.
    """
    if not np.isfinite(margin):
        return ""
    low, high = (round(float(end), decimals) + 0.0 for end in (value - margin, value + margin))  # no '-0.00'
    return f"{low:.{decimals}f} to {high:.{decimals}f}"


def bin_edges(values: Sequence[float] | NDArray[np.float64], quantity: Quantity) -> NDArray[np.float64]:
    """Choose the bins of a histogram so that the reference is an edge and no outlier stretches it.

    Parameters
    ----------
    values : (n,) finite, of one or more distributions with common bins.
    quantity : gives the reference and the width of bins, which is doubled until there are few enough.

    Returns
    -------
    NDArray
        (bins + 1,) increasing, at least one bin on each side of the reference.
    """
    if quantity.span:
        low, high = quantity.span
    else:
        first, last = np.percentile(values, (25, 75))
        fence = _FENCE * (last - first)
        low, high = max(np.min(values), first - fence), min(np.max(values), last + fence)
    width, slack = quantity.bin_width, 1e-9  # so that a rounding error does not add a bin
    while True:
        below = min(np.floor((low - quantity.reference) / width + slack), -1)
        above = max(np.ceil((high - quantity.reference) / width - slack), 1)
        if above - below <= MOST_BINS:
            return np.round(quantity.reference + width * np.arange(below, above + 1), 10)
        width *= 2
