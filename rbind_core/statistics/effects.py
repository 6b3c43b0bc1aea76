"""Mean effects with their uncertainty, measured on the same background sequences with and without something.

N counts distinct background sequences: repeated measurements on the same one are no further evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95


class Effect:
    """A mean effect with its uncertainty; subclasses define `mean`, `standard_error` and `samples`, the number N behind it."""

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
    """An effect measured earlier, of which only mean, standard error and N are kept."""

    mean: float
    standard_error: float
    samples: int


class PairedEffect(Effect):
    """Mean of differences measured on the same background sequences, with its uncertainty; subclasses define `differences`.

    Where background sequences repeat, `units` tells which differences belong to the same one. The mean is taken over all
    differences; N and the standard error treat each distinct sequence as one unit (a cluster). With a single unit there is
    no interval and no test.
    """

    @property
    def differences(self) -> NDArray[np.floating]:
        """The differences, (n,), in z-score units of log intensity."""
        raise NotImplementedError

    @property
    def units(self) -> NDArray[np.intp] | None:
        """Number (from 0, without gaps) of the background sequence behind each difference, (n,); None where none repeats."""
        return None

    @cached_property
    def samples(self) -> int:  # type: ignore[override]
        """Number of distinct background sequences, N."""
        return len(self.differences) if self.units is None else int(self.units.max()) + 1

    @cached_property
    def mean(self) -> float:  # type: ignore[override]
        """Mean of the differences."""
        return float(self.differences.mean(dtype=np.float64))

    @cached_property
    def standard_deviation(self) -> float:
        """Standard deviation of the differences; NaN for a single one."""
        return float(self.differences.std(ddof=1, dtype=np.float64)) if len(self.differences) > 1 else float("nan")

    @cached_property
    def standard_error(self) -> float:  # type: ignore[override]
        """Standard error of the mean; NaN for a single sequence."""
        if self.samples < 2:
            return float("nan")
        if self.units is None:
            return self.standard_deviation / float(np.sqrt(self.samples))
        return float(clustered_error(np.asarray(self.differences, np.float64)[None], self.units)[0])

    @property
    def effect_size(self) -> float:
        """Paired effect size, Cohen's d of the differences: their mean over their standard deviation; NaN where undefined."""
        return self.mean / self.standard_deviation if self.samples > 1 and self.standard_deviation > 0 else float("nan")

    @property
    def positive_share(self) -> float:
        """Share of the differences above 0, 0 to 1."""
        return float((self.differences > 0).mean())


def clustered_error(differences: NDArray[np.floating], units: NDArray[np.intp]) -> NDArray[np.float64]:
    """Standard errors of means over repeated background sequences, each of which is one cluster.

    Parameters
    ----------
    differences : (m, n), one row per mean.
    units : (n,) number of the background sequence behind each column, from 0, without gaps.

    Returns
    -------
    NDArray
        (m,) float64; NaN for a single background sequence. Equal to SD / sqrt(n) where none repeats.
    """
    count = int(units.max()) + 1
    if count < 2:
        return np.full(len(differences), np.nan)
    rest = differences - differences.mean(axis=1, keepdims=True, dtype=np.float64)
    order = np.argsort(units, kind="stable")
    sums = np.add.reduceat(rest[:, order], np.searchsorted(units[order], np.arange(count)), axis=1)
    return np.sqrt((sums**2).sum(axis=1) * count / (count - 1)) / len(units)


def p_value_text(p: float) -> str:
    """Write a p-value.

    Parameters
    ----------
    p : between 0 and 1, or NaN.

    Returns
    -------
    str
        Such as 'p = 0.012'; 'p < 1e-300' if too small for a float, 'no p-value' for NaN.
    """
    if np.isnan(p):
        return "no p-value"
    return f"p = {p:.2g}" if p else "p < 1e-300"


def t_margin(standard_error: float, samples: int) -> float:
    """Half the width of the 95 % confidence interval of a mean, in the unit of its standard error (Student's t).

    Parameters
    ----------
    samples : N, the number of measurements.

    Returns
    -------
    float
        NaN for a single measurement.
    """
    return float(t_quantile(samples)) * standard_error


def t_quantile(samples: int | NDArray[np.integer]) -> NDArray[np.float64]:
    """Half the width of a 95 % confidence interval in standard errors (Student's t).

    Parameters
    ----------
    samples : N, the number of measurements behind a mean, or (m,) such numbers.

    Returns
    -------
    NDArray
        Of the shape of `samples`, () or (m,); NaN for a single measurement.
    """
    from scipy.special import stdtrit

    return stdtrit(np.where(np.greater(samples, 1), np.subtract(samples, 1.0), np.nan), (1 + CONFIDENCE) / 2)
