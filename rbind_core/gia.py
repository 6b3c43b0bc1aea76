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
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.sequences import Codes
from rbind_core.statistics import PairedEffect

_NULLS_KEPT = 8  # scored scaffolds, so that constructs with the same stem do not score it anew


@dataclass(frozen=True)
class Importance(PairedEffect):
    """Effect of a construct on predicted binding over a background, in z-score units of log intensity.

    `without` and `with_` are (n,) float32: the scores of the same background sequences without and with the construct; where
    it has a scaffold, both have the scaffold. On one fixed sequence a construct without random parts has n = 1.
    """

    construct: Construct
    without: NDArray[np.float32]
    with_: NDArray[np.float32]

    @cached_property
    def local(self) -> NDArray[np.float32]:
        """Local importance of each background sequence, (n,) float32 (Eq. 1)."""
        return self.with_ - self.without

    @property
    def differences(self) -> NDArray[np.float32]:
        """The local importances; their mean is the global importance (Eq. 2)."""
        return self.local

    @property
    def null_mean(self) -> float:
        """Mean score of the background sequences without the construct."""
        return float(self.without.mean(dtype=np.float64))


class GlobalImportanceAnalysis:
    """A model and one sample of a background: asks for the importance of any number of constructs.

    The background is scored once. A sequence that ends before the last position of a construct is used in its
    full-length form on both sides, so padding never turns into a nucleotide on one side only.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32; one of your own is checked, see `rbind_core.model.wrapping.wrap`.
    sample : the background sequences, never changed.
    """

    def __init__(self, model: OwnModel, sample: BackgroundSample) -> None:
        self.model = wrap(model)
        self.sample = sample
        self._lock = threading.Lock()
        self._nulls: dict[tuple[str, int], NDArray[np.float32]] = {}

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
        null, embedded = self.register(construct)
        without = self._null_scores(construct, null)
        if not construct.is_random and (null == null[0]).all():  # the same experiment N times is one experiment
            null, embedded, without = null[:1], embedded[:1], without[:1]
        changed = (embedded != null).any(axis=1)
        with_ = without.copy()
        with_[changed] = self.model.predict(embedded[changed])
        return Importance(construct, without, with_)

    def register(self, construct: Construct) -> tuple[Codes, Codes]:
        """Sequences that are compared: with the null of a construct and with the construct, position by position the same.

        Parameters
        ----------
        construct : what is embedded.

        Returns
        -------
        (Codes, Codes)
            Both (n, 41) uint8; they differ only where patterns and windows stand, and at their partners in a stem.
        """
        background, _ = self.background_for(construct.last_position)
        null = construct.null
        without = background if null is None else null.embed(background, self.sample.draws)
        return without, construct.embed(background, self.sample.draws)

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

    def _null_scores(self, construct: Construct, codes: Codes) -> NDArray[np.float32]:
        """Scores of the sequences with the null of a construct; the last few scaffolds are remembered."""
        if construct.null is None:
            return self.background_for(construct.last_position)[1]
        key = (str(construct.null), construct.last_position)
        scores = self._nulls.get(key)
        if scores is None:
            scores = self.model.predict(codes)
            with self._lock:
                self._nulls[key] = scores
                while len(self._nulls) > _NULLS_KEPT:
                    del self._nulls[next(iter(self._nulls))]
        return scores

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
