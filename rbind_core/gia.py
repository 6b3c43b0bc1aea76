"""Global Importance Analysis: the one engine that all experiments go through (Koo et al. 2021, Eq. 1 and 2).

The same background sequences are scored with and without a construct, so that every difference is paired.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds import BackgroundSample
from rbind_core.constructs import Construct
from rbind_core.model.predictor import Predictor
from rbind_core.sequences import Codes

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Importance:
    """Effect of a construct on predicted binding over a background, in z-score units of log intensity.

    `without` and `with_` are (n,) float32: the scores of the same background sequences without and with the construct.
    """

    construct: Construct
    without: NDArray[np.float32]
    with_: NDArray[np.float32]

    @cached_property
    def local(self) -> NDArray[np.float32]:
        """Local importance of each background sequence, (n,) float32 (Eq. 1)."""
        return self.with_ - self.without

    @property
    def samples(self) -> int:
        """Number of background sequences, N."""
        return len(self.without)

    @cached_property
    def mean(self) -> float:
        """Global importance: the mean of the local importances (Eq. 2)."""
        return float(self.local.mean(dtype=np.float64))

    @property
    def null_mean(self) -> float:
        """Mean score of the background sequences without the construct."""
        return float(self.without.mean(dtype=np.float64))

    @cached_property
    def standard_error(self) -> float:
        """Standard error of the mean; NaN for a single sequence."""
        if self.samples < 2:
            return float("nan")
        return float(self.local.std(ddof=1, dtype=np.float64) / np.sqrt(self.samples))

    @cached_property
    def ci95(self) -> tuple[float, float]:
        """95 % confidence interval of the mean (Student's t)."""
        from scipy.special import stdtrit

        if self.samples < 2:
            return float("nan"), float("nan")
        margin = float(stdtrit(self.samples - 1, (1 + CONFIDENCE) / 2)) * self.standard_error
        return self.mean - margin, self.mean + margin

    @cached_property
    def p_value(self) -> float:
        """Two-sided paired t-test of with against without; 1 where the construct changes nothing."""
        from scipy.special import stdtr

        if self.samples < 2:
            return float("nan")
        if self.standard_error == 0:
            return 1.0 if self.mean == 0 else 0.0
        return float(2 * stdtr(self.samples - 1, -abs(self.mean) / self.standard_error))

    @property
    def p_text(self) -> str:
        """The p-value as text, such as 'p = 0.012'; 'p < 1e-300' where it is too small for a float."""
        return f"p = {self.p_value:.2g}" if self.p_value else "p < 1e-300"


class GlobalImportanceAnalysis:
    """A model and one sample of a background: asks for the importance of any number of constructs.

    The background is scored once. A sequence that ends before the last position of a construct is used in its
    full-length form on both sides, so padding never turns into a nucleotide on one side only.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.
    sample : the background sequences, never changed.
    """

    def __init__(self, model: Predictor, sample: BackgroundSample) -> None:
        self.model = model
        self.sample = sample
        self._lock = threading.Lock()

    @cached_property
    def _scores(self) -> NDArray[np.float32]:
        return self.model.predict(self.sample.codes)

    @cached_property
    def _full_length_scores(self) -> NDArray[np.float32]:
        return self.model.predict(self.sample.full_length)

    def importance(self, construct: Construct) -> Importance:
        """Effect of one construct on predicted binding.

        Parameters
        ----------
        construct : what is embedded, with 1-based positions.

        Returns
        -------
        Importance
            Its numbers depend on the model, the sample and this construct alone. A sequence that the construct leaves as
            it is has a local importance of exactly 0.
        """
        codes, without = self.background_for(construct.last_position)
        embedded = construct.embed(codes, self.sample.draws)
        changed = (embedded != codes).any(axis=1)
        with_ = without.copy()
        with_[changed] = self.model.predict(embedded[changed])
        return Importance(construct, without, with_)

    def background_for(self, last_position: int) -> tuple[Codes, NDArray[np.float32]]:
        """Background sequences as they are used for constructs that reach up to a position, and their scores.

        Parameters
        ----------
        last_position : 1-based; sequences that end before it are in their full-length form.

        Returns
        -------
        (Codes, NDArray)
            (n, 41) uint8 and (n,) float32; not to be changed.
        """
        extended = self.sample.too_short_for(last_position)
        with self._lock:
            if not extended.any():
                return self.sample.codes, self._scores
            codes = np.where(extended[:, None], self.sample.full_length, self.sample.codes)
            return codes, np.where(extended, self._full_length_scores, self._scores)

    def importances(self, constructs: Sequence[Construct]) -> list[Importance]:
        """Effects of several constructs on the same background sequences.

        Parameters
        ----------
        constructs : what is embedded, one at a time.

        Returns
        -------
        list of Importance
            In the order of the constructs.
        """
        return [self.importance(construct) for construct in constructs]
