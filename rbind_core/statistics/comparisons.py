"""Statistics of paired experiments: comparisons, interactions, ratios, linear fits, convergence.

All effects are measured on the same background sequences with and without something, so all tests are paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rbind_core.statistics.effects import PairedEffect, p_value_text, t_margin, t_quantile

ALPHA = 0.05


@dataclass(frozen=True)
class Comparison(PairedEffect):
    """Difference of two effects on predicted binding, measured on the same background sequences.

    `paired_differences` is (n,): first minus second. `holm` is the p-value corrected for all comparisons of a set, NaN until it
    is corrected; `units` as in `PairedEffect`.
    """

    first: str
    second: str
    paired_differences: NDArray[np.floating]
    holm: float = float("nan")
    units: NDArray[np.intp] | None = None

    @property
    def differences(self) -> NDArray[np.floating]:
        """First minus second, (n,)."""
        return self.paired_differences

    @property
    def is_significant(self) -> bool:
        """Whether the corrected p-value is below 0.05."""
        return self.holm < ALPHA

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        if self.samples < 2:
            return (
                f"{self.first} changes predicted binding by {self.mean:+.2f} compared with {self.second}; "
                "on one sequence there is no uncertainty to state."
            )
        if np.isnan(self.holm):
            return f"{self.first}: {self.mean:+.2f} compared with {self.second} ({self.ci_text}, {self.p_text}, not corrected)."
        figures = f"{self.ci_text}, {p_value_text(self.holm)} after Holm's correction"
        if not self.is_significant:
            return f"{self.first}: no measurable difference from {self.second}, {self.mean:+.2f} ({figures})."
        higher = "higher" if self.mean > 0 else "lower"
        return f"{self.first}: {higher} global importance than {self.second}, {self.mean:+.2f} ({figures})."


def compare(first: str, second: str, a: PairedEffect, b: PairedEffect) -> Comparison:
    """Compare two effects measured on the same background sequences.

    Parameters
    ----------
    first, second : their names.
    a, b : effects on the same background sequences; one on a single sequence is paired with each of the other's.

    Returns
    -------
    Comparison
        Differences a - b; the p-value is not corrected yet.
    """
    return contrast(first, second, [a, b], [1, -1])


def contrast(first: str, second: str, effects: Sequence[PairedEffect], weights: Sequence[float]) -> Comparison:
    """Compute a weighted sum of effects on the same background sequences.

    Parameters
    ----------
    effects : on the same background sequences; one on a single sequence contributes its mean, whatever was
        drawn at random in it.
    weights : one per effect.

    Returns
    -------
    Comparison
        Weighted sums in float64, one per background sequence; the p-value is not corrected yet.
    """
    differences = np.zeros(1)
    for weight, effect in zip(weights, effects, strict=True):
        differences = differences + weight * np.asarray(effect.differences if effect.samples > 1 else [effect.mean], np.float64)
    several = [e.units for e in effects if e.samples > 1]
    if not several or any(units is None for units in several):
        return Comparison(first, second, differences)
    _, units = np.unique(np.stack([u for u in several if u is not None]), axis=1, return_inverse=True)
    return Comparison(first, second, differences, units=units.reshape(-1))


def compare_with_first(names: Sequence[str], effects: Sequence[PairedEffect]) -> list[Comparison]:
    """Compare each further effect with the first, with Holm's correction over the set.

    Parameters
    ----------
    effects : measured on the same background sequences.
    """
    first, *others = zip(names, effects, strict=True)
    return with_holm([compare(name, first[0], effect, first[1]) for name, effect in others])


def with_holm(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Correct the p-values of a set of comparisons by Holm's method, in order.

    Parameters
    ----------
    comparisons : the whole set.
    """
    corrected = holm([c.p_value for c in comparisons])
    return [replace(c, holm=p) for c, p in zip(comparisons, corrected, strict=True)]


def holm(p_values: Sequence[float], tests: int | None = None) -> list[float]:
    """Correct p-values for multiple comparisons (Holm 1979).

    Parameters
    ----------
    p_values : uncorrected; NaN is left out and stays NaN.
    tests : total number of tests, where only the smallest p-values are given; the number given when None.

    Returns
    -------
    list of float
        In the same order, at most 1.
    """
    p = np.asarray(p_values, np.float64)
    corrected = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * ((len(order) if tests is None else tests) - np.arange(len(order)))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1) if len(order) else steps
    return corrected.tolist()


def interaction(name: str, together: PairedEffect, alone: Sequence[PairedEffect]) -> Comparison:
    """Test whether patterns together have more effect than the sum of each alone.

    Parameters
    ----------
    name : of the whole.
    alone : effect of each alone, on the same background sequences.

    Returns
    -------
    Comparison
        Differences together - sum: above 0 they help each other, below 0 they hinder each other. The p-value is not
        corrected: correct all interactions of a set at once with `with_holm`.
    """
    return contrast(name, "the sum of each alone", [together, *alone], [1.0, *(-1.0 for _ in alone)])


@dataclass(frozen=True)
class Ratio:
    """Ratio of two mean effects on the same background sequences, with its standard error; `samples` is N."""

    value: float
    standard_error: float
    samples: int

    @property
    def ci95(self) -> tuple[float, float]:
        """95 % confidence interval (Student's t); NaN for a single sequence."""
        margin = t_margin(self.standard_error, self.samples)
        return self.value - margin, self.value + margin


def ratio(of: PairedEffect, to: PairedEffect) -> Ratio:
    """Divide one mean effect by another measured on the same background sequences.

    Parameters
    ----------
    of, to : paired effects of the same N.

    Returns
    -------
    Ratio
        With its error by the delta method for paired measurements; NaN where the divisor is 0.
    """
    if to.mean == 0:
        return Ratio(float("nan"), float("nan"), of.samples)
    value = of.mean / to.mean
    rest = contrast("", "", [of, to], [1.0, -value])
    return Ratio(value, rest.standard_error / abs(to.mean), of.samples)


@dataclass(frozen=True)
class Convergence:
    """Mean and 95 % confidence interval after the first n distinct background sequences; all (m,)."""

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def convergence(effect: PairedEffect, points: int = 60) -> Convergence:
    """Follow a mean over a growing number of background sequences.

    Parameters
    ----------
    points : number of values of n, evenly spaced on a logarithmic axis.

    Returns
    -------
    Convergence
        From n = 2 to N; empty for a single sequence.
    """
    total = effect.samples
    n = np.unique(np.geomspace(2, total, points).round().astype(np.int64)) if total > 1 else np.zeros(0, np.int64)
    values = np.asarray(effect.differences, np.float64)
    centre = values.mean()
    units = np.arange(total) if effect.units is None else _in_order(effect.units)
    counts = np.bincount(units, minlength=total)
    sums = np.bincount(units, values - centre, minlength=total)  # shifted, which keeps the running variance exact
    seen, added = np.cumsum(counts)[n - 1], np.cumsum(sums)[n - 1]
    mean = added / seen
    squares = (np.cumsum(column)[n - 1] for column in (sums**2, sums * counts, counts**2))
    of_sums, of_both, of_counts = squares
    spread = np.maximum(of_sums - 2 * mean * of_both + mean**2 * of_counts, 0)
    margin = t_quantile(n) * np.sqrt(spread * n / (n - 1)) / seen
    mean = mean + centre
    return Convergence(n, mean, mean - margin, mean + margin)


def _in_order(units: NDArray[np.intp]) -> NDArray[np.intp]:
    """Units renumbered in the order in which they were first drawn."""
    _, first, where = np.unique(units, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[where]


@dataclass(frozen=True)
class LinearFit:
    """Least-squares line through m points: slope with its 95 % confidence interval, intercept, R2 and two-sided p of the slope."""

    slope: float
    intercept: float
    r_squared: float
    p_value: float
    slope_ci95: tuple[float, float]
    points: int

    @property
    def text(self) -> str:
        """R2, slope and p in words."""
        p = "" if np.isnan(self.p_value) else f", {p_value_text(self.p_value)}"
        return f"R² = {self.r_squared:.3f}, slope {self.slope:.2f}{p} ({self.points} points)"


def linear_fit(x: Sequence[float], y: Sequence[float]) -> LinearFit:
    """Fit a line.

    Parameters
    ----------
    x, y : (m,) at least two points with different x.

    Returns
    -------
    LinearFit
        p and CI are NaN for two points, which always lie on a line; so are these and R2 for points of equal height.

    Raises
    ------
    ValueError
        If there are fewer than two different x.
    """
    if len(set(x)) < 2:
        raise ValueError(f"a line needs at least two different x; got {sorted(set(x))}")
    from scipy.stats import linregress

    nothing = float("nan")
    if len(set(y)) == 1:  # versions of SciPy differ here
        return LinearFit(0.0, float(y[0]), nothing, nothing, (nothing, nothing), len(x))
    fit = linregress(x, y)
    if len(x) < 3:
        return LinearFit(float(fit.slope), float(fit.intercept), float(fit.rvalue**2), nothing, (nothing, nothing), len(x))
    margin = t_margin(float(fit.stderr), len(x) - 1)
    interval = (float(fit.slope - margin), float(fit.slope + margin))
    return LinearFit(float(fit.slope), float(fit.intercept), float(fit.rvalue**2), float(fit.pvalue), interval, len(x))
