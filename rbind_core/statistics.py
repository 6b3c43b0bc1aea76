"""Statistics of paired experiments: means with their uncertainty, comparisons, interactions, linear fits.

Every effect here is measured on the same background sequences with and without something, so all tests are paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
ALPHA = 0.05


class Effect:
    """A mean effect with its uncertainty; subclasses give `mean`, `standard_error` and `samples`, the number N behind it."""

    mean: float
    standard_error: float
    samples: int

    @cached_property
    def ci95(self) -> tuple[float, float]:
        """95 % confidence interval of the mean (Student's t); NaN for a single sequence."""
        margin = t_margin(self.standard_error, self.samples)
        return self.mean - margin, self.mean + margin

    @property
    def ci_text(self) -> str:
        """The confidence interval in words, or that there is none."""
        if self.samples < 2:
            return "one RNA, so no interval"
        low, high = self.ci95
        return f"95 % CI {low:+.2f} to {high:+.2f}"

    @cached_property
    def p_value(self) -> float:
        """Two-sided t-test against 0; 1 where every difference is 0, NaN for a single sequence."""
        from scipy.special import stdtr

        if self.samples < 2:
            return float("nan")
        if self.standard_error == 0:
            return 1.0 if self.mean == 0 else 0.0
        return float(2 * stdtr(self.samples - 1, -abs(self.mean) / self.standard_error))

    @property
    def p_text(self) -> str:
        """The p-value as text; see `p_value_text`."""
        return p_value_text(self.p_value)


@dataclass(frozen=True)
class StoredEffect(Effect):
    """An effect that was measured earlier: its mean, standard error and N are what is left."""

    mean: float
    standard_error: float
    samples: int


class PairedEffect(Effect):
    """Mean of differences measured on the same background sequences, with its uncertainty; subclasses give `differences`."""

    @property
    def differences(self) -> NDArray[np.floating]:
        """One difference for each background sequence, (n,), in z-score units of log intensity."""
        raise NotImplementedError

    @property
    def samples(self) -> int:  # type: ignore[override]
        """Number of background sequences, N."""
        return len(self.differences)

    @cached_property
    def mean(self) -> float:  # type: ignore[override]
        """Mean of the differences."""
        return float(self.differences.mean(dtype=np.float64))

    @cached_property
    def standard_deviation(self) -> float:
        """Standard deviation of the differences; NaN for a single sequence."""
        return float(self.differences.std(ddof=1, dtype=np.float64)) if self.samples > 1 else float("nan")

    @cached_property
    def standard_error(self) -> float:  # type: ignore[override]
        """Standard error of the mean; NaN for a single sequence."""
        return self.standard_deviation / float(np.sqrt(self.samples))

    @property
    def effect_size(self) -> float:
        """Paired effect size, Cohen's d of the differences: their mean over their standard deviation; NaN where undefined."""
        return self.mean / self.standard_deviation if self.standard_deviation > 0 else float("nan")


def p_value_text(p: float) -> str:
    """Write a p-value.

    Parameters
    ----------
    p : between 0 and 1, or NaN.

    Returns
    -------
    str
        Such as 'p = 0.012', 'p < 1e-300' where it is too small for a float, 'no p-value' where there is none.
    """
    if np.isnan(p):
        return "no p-value"
    return f"p = {p:.2g}" if p else "p < 1e-300"


def t_margin(standard_error: float, samples: int) -> float:
    """Half the width of the 95 % confidence interval of a mean (Student's t).

    Parameters
    ----------
    standard_error : of the mean.
    samples : N, the number of measurements behind it.

    Returns
    -------
    float
        NaN for a single measurement.
    """
    return _t_quantile(samples) * standard_error


def _t_quantile(n: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) if n > 1 else float("nan")


@dataclass(frozen=True)
class Comparison(PairedEffect):
    """How much more one thing changes predicted binding than another on the same background sequences.

    `paired_differences` is (n,): first minus second. `holm` is the p-value corrected for all comparisons of a set.
    """

    first: str
    second: str
    paired_differences: NDArray[np.floating]
    holm: float = float("nan")

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
        figures = f"{self.ci_text}, {p_value_text(self.holm)} after Holm's correction"
        if not self.is_significant:
            return f"{self.first}: no measurable difference from {self.second}, {self.mean:+.2f} ({figures})."
        higher = "higher" if self.mean > 0 else "lower"
        return f"{self.first}: {higher} global importance than {self.second}, {self.mean:+.2f} ({figures})."


def compare(first: str, second: str, a: PairedEffect, b: PairedEffect) -> Comparison:
    """Compare two effects measured on the same background sequences.

    Parameters
    ----------
    first, second : what they are called.
    a, b : paired effects of the same N; one measured on a single sequence goes with each of the other's.

    Returns
    -------
    Comparison
        Differences a - b; the p-value is not corrected yet.
    """
    return Comparison(first, second, a.differences - b.differences)


def compare_with_first(names: Sequence[str], effects: Sequence[PairedEffect]) -> list[Comparison]:
    """Compare each effect with the first one, with Holm's correction over the set.

    Parameters
    ----------
    names : of the effects.
    effects : measured on the same background sequences.

    Returns
    -------
    list of Comparison
        One fewer than there are effects.
    """
    first, *others = zip(names, effects, strict=True)
    return with_holm([compare(name, first[0], effect, first[1]) for name, effect in others])


def with_holm(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Correct the p-values of a set of comparisons.

    Parameters
    ----------
    comparisons : all that are made.

    Returns
    -------
    list of Comparison
        In the same order.
    """
    corrected = holm([c.p_value for c in comparisons])
    return [replace(c, holm=p) for c, p in zip(comparisons, corrected, strict=True)]


def holm(p_values: Sequence[float], tests: int | None = None) -> list[float]:
    """Correct p-values for multiple comparisons (Holm 1979).

    Parameters
    ----------
    p_values : uncorrected; NaN is left out and stays NaN.
    tests : how many were made in all, where only the smallest p-values are given; as many as are given when None.

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
    """Test whether patterns together do more than the sum of each.

    Parameters
    ----------
    name : of all of them together.
    together : effect of all of them.
    alone : effect of each by itself, on the same background sequences.

    Returns
    -------
    Comparison
        Differences together - sum: above 0 they help each other, below 0 they stand in each other's way.
    """
    added = sum((one.differences for one in alone), np.zeros(1))
    return with_holm([Comparison(name, "the sum of each alone", together.differences - added)])[0]


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
    """Divide one mean effect by another one that was measured on the same background sequences.

    Parameters
    ----------
    of, to : paired effects of the same N.

    Returns
    -------
    Ratio
        Its error is that of the delta method for paired measurements; NaN where the divisor is 0.
    """
    if to.mean == 0:
        return Ratio(float("nan"), float("nan"), of.samples)
    value = of.mean / to.mean
    rest = Comparison("", "", np.asarray(of.differences, np.float64) - value * np.asarray(to.differences, np.float64))
    return Ratio(value, rest.standard_error / abs(to.mean), of.samples)


@dataclass(frozen=True)
class Convergence:
    """Mean and 95 % confidence interval after the first n differences; all (m,)."""

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def convergence(effect: PairedEffect, points: int = 60) -> Convergence:
    """Follow a mean as more background sequences are taken.

    Parameters
    ----------
    effect : what was measured.
    points : how many values of n, evenly on a logarithmic axis.

    Returns
    -------
    Convergence
        From n = 2 to N; empty for a single sequence.
    """
    from scipy.special import stdtrit

    total = effect.samples
    n = np.unique(np.geomspace(2, total, points).round().astype(np.int64)) if total > 1 else np.zeros(0, np.int64)
    values = np.asarray(effect.differences, np.float64)
    shifted = values - values.mean()  # keeps the running variance exact where the mean is large
    count = np.arange(1, total + 1)
    sums, squares = np.cumsum(shifted), np.cumsum(shifted**2)
    mean = sums[n - 1] / n
    variance = np.maximum(squares[n - 1] - n * mean**2, 0) / np.maximum(count[n - 1] - 1, 1)
    margin = stdtrit(np.maximum(n - 1, 1), (1 + CONFIDENCE) / 2) * np.sqrt(variance / n)
    mean = mean + values.mean()
    return Convergence(n, mean, mean - margin, mean + margin)


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
        p and CI are NaN for two points, which always lie on a line; these and R2 for points of the same height.

    Raises
    ------
    ValueError
        If there are fewer than two different x.
    """
    if len(set(x)) < 2:
        raise ValueError(f"a line needs at least two different x; got {sorted(set(x))}")
    from scipy.stats import linregress

    nothing = float("nan")
    if len(set(y)) == 1:  # versions of scipy differ in what they say of it
        return LinearFit(0.0, float(y[0]), nothing, nothing, (nothing, nothing), len(x))
    fit = linregress(x, y)
    if len(x) < 3:
        return LinearFit(float(fit.slope), float(fit.intercept), float(fit.rvalue**2), nothing, (nothing, nothing), len(x))
    margin = t_margin(float(fit.stderr), len(x) - 1)
    interval = (float(fit.slope - margin), float(fit.slope + margin))
    return LinearFit(float(fit.slope), float(fit.intercept), float(fit.rvalue**2), float(fit.pvalue), interval, len(x))
