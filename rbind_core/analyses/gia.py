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

from rbind_core.backgrounds import BackgroundSample, units_of
from rbind_core.constructs import Construct, Draws, all_arrangements
from rbind_core.model.registry import Model
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import Codes
from rbind_core.statistics import PairedEffect

MOST_ARRANGEMENTS = 5000  # arrangements of a construct in one RNA, up to which all are measured
_NULLS_KEPT = 8  # scored scaffolds, so that constructs with the same stem share its scores


@dataclass(frozen=True)
class Importance(PairedEffect):
    """Effect of a construct on predicted binding, averaged over a background, in z-score units of log intensity.

    `without` and `with_` are (n,) float32: the scores of the same background sequences without and with the construct; where
    it has a scaffold, both have the scaffold. `units` numbers the distinct background sequences where they repeat. On one
    fixed sequence N = 1, and n is 1 for a construct without random parts, else the number of its arrangements: all of them,
    `arrangements` in number, or, where these are too many (`arrangements` = 0), a random sample.
    """

    construct: Construct
    without: NDArray[np.float32]
    with_: NDArray[np.float32]
    units: NDArray[np.intp] | None = None  # type: ignore[assignment]
    arrangements: int = 0

    @cached_property
    def local(self) -> NDArray[np.float32]:
        """Local importance of each background sequence, (n,) float32 (Eq. 1)."""
        return self.with_ - self.without

    @property
    def differences(self) -> NDArray[np.float32]:
        """The local importances, (n,) float32; their mean is the global importance (Eq. 2)."""
        return self.local

    @property
    def null_mean(self) -> float:
        """Mean score of the background sequences without the construct."""
        return float(self.without.mean(dtype=np.float64))

    @property
    def mean_score(self) -> float:
        """Mean score of the background sequences with the construct."""
        return float(self.with_.mean(dtype=np.float64))

    @property
    def ci_text(self) -> str:
        """The confidence interval in words; on one RNA, what the mean is taken over instead."""
        if self.samples > 1 or len(self.local) == 1:
            return super().ci_text
        over = f"all {self.arrangements:,} arrangements" if self.arrangements else f"{len(self.local):,} random draws"
        return f"one RNA, so no interval; mean over {over}, SD {self.standard_deviation:.2f}"


@dataclass(frozen=True)
class _Setting:
    """What a construct is measured on: the sequences, their null with its scores, and the draws of the random parts."""

    background: Codes
    null: Codes
    without: NDArray[np.float32]
    draws: Draws
    starts: NDArray[np.intp]
    units: NDArray[np.intp] | None
    arrangements: int = 0


class GlobalImportanceAnalysis:
    """A model and one background sample, on which any number of constructs are measured.

    The background is scored once. A sequence that ends before the last position of a construct is used in its
    full-length form on both sides, so that padding never becomes a nucleotide on one side only. Identical background sequences
    count once in N, also where a scaffold makes them identical.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32; a model of your own is checked, see `rbind_core.model.wrapping.wrap`.
    sample : the background sequences; not modified.
    """

    card: Model | None = None  # what is known about the model, where it is one of the registry

    def __init__(self, model: OwnModel, sample: BackgroundSample) -> None:
        self.model = wrap(model)
        self.sample = sample
        self._lock = threading.Lock()
        self._scores: dict[bool, NDArray[np.float32]] = {}  # by whether they are of the full-length forms
        self._nulls: dict[tuple[str, int], NDArray[np.float32]] = {}
        self._units: dict[bytes, NDArray[np.intp] | None] = {}

    def _scores_without(self, full_length: bool) -> NDArray[np.float32]:
        """Scores of the background sequences, predicted once; whoever calls holds the lock.

        Up to Python 3.11 a cached property has one lock for all objects of its class, so one analysis would hold up all others.
        """
        if full_length not in self._scores:
            self._scores[full_length] = self.model.predict(self.sample.full_length if full_length else self.sample.codes)
        return self._scores[full_length]

    @property
    def units(self) -> NDArray[np.intp] | None:
        """(n,) numbers, from 0, of the distinct background sequence behind each; None where none repeats."""
        return self._units_for(Construct(()))

    def importance(self, construct: Construct) -> Importance:
        """Effect of one construct on predicted binding.

        Parameters
        ----------
        construct : what to embed; positions are 1-based.

        Returns
        -------
        Importance
            The numbers depend on the model, the sample and this construct only. A sequence that the construct leaves as
            it is has a local importance of exactly 0. On one fixed sequence the mean is taken over all arrangements of the
            construct, up to 5,000.
        """
        setting = self._setting(construct)
        return self._measured(construct, setting, construct.embed(setting.background, setting.draws, setting.starts))

    def interaction_parts(self, construct: Construct) -> list[Importance]:
        """Effects of a construct's patterns and windows one at a time, each at the place it has in the whole construct.

        In each background sequence, a pattern at a random position stands where it stands in the whole
        construct; the letters drawn for IUPAC codes, the scaffold and the null are the same too. On a model that adds up positions,
        the effect of the whole minus the sum of these is 0 in every sequence, unless fixed patterns overlap.

        Returns
        -------
        list of Importance
            One for each of `construct.each_alone()`, to pass to `interaction` with `importance(construct)`.
        """
        setting = self._setting(construct)
        embedded = construct.embed_each_alone(setting.background, setting.draws, setting.starts)
        return [self._measured(one, setting, codes) for one, codes in zip(construct.each_alone(), embedded, strict=True)]

    def _measured(self, construct: Construct, setting: _Setting, embedded: Codes) -> Importance:
        changed = (embedded != setting.null).any(axis=1)
        with_ = setting.without.copy()
        with_[changed] = self.model.predict(embedded[changed])
        return Importance(construct, setting.without, with_, setting.units, setting.arrangements)

    def _setting(self, construct: Construct) -> _Setting:
        draws = self.sample.draws
        background, _ = self.background_for(construct.last_position)
        null = self._null(construct, background, draws)
        without = self._null_scores(construct, null)
        units = self._units_for(construct)
        if len(background) > 1 and (units is None or units.any()):
            return _Setting(background, null, without, draws, construct.random_starts(draws), units)
        is_one = bool((null == null[0]).all())  # not where a missing tail is drawn
        if is_one and not construct.is_random:  # the same measurement N times is one measurement
            return _Setting(background[:1], null[:1], without[:1], draws.first(1), construct.random_starts(draws.first(1)), None)
        every = all_arrangements(construct, draws, MOST_ARRANGEMENTS) if is_one else None
        if every is None:
            return _Setting(background, null, without, draws, construct.random_starts(draws), units)
        starts, draws = every
        background, null = (np.repeat(codes[:1], len(starts), axis=0) for codes in (background, null))
        one = np.zeros(len(starts), np.intp)
        return _Setting(background, null, np.repeat(without[:1], len(starts)), draws, starts, one, len(starts))

    def _units_for(self, construct: Construct) -> NDArray[np.intp] | None:
        """Number of the background sequence behind each, as far as the scaffold leaves any of it; tails do not count."""
        replaced = construct.replaced
        key = replaced.tobytes()
        with self._lock:
            if key in self._units:
                return self._units[key]
        units = units_of(np.where(replaced, np.uint8(0), self.sample.codes))
        with self._lock:
            self._units[key] = units
            while len(self._units) > _NULLS_KEPT:
                del self._units[next(iter(self._units))]
        return units

    def register(self, construct: Construct) -> tuple[Codes, Codes]:
        """The sequences that are compared, with the null of a construct and with the construct, in register.

        Returns
        -------
        (Codes, Codes)
            Both (n, 41) uint8; they differ only where patterns and windows stand, and at their partners in a stem.
        """
        background, _ = self.background_for(construct.last_position)
        return self._null(construct, background, self.sample.draws), construct.embed(background, self.sample.draws)

    @staticmethod
    def _null(construct: Construct, background: Codes, draws: Draws) -> Codes:
        return background if construct.null is None else construct.null.embed(background, draws)

    def background_for(self, last_position: int) -> tuple[Codes, NDArray[np.float32]]:
        """Background sequences as used for constructs that reach up to a position, and their scores.

        Parameters
        ----------
        last_position : 1-based; sequences that end before it are given in their full-length form.

        Returns
        -------
        (Codes, NDArray)
            (n, 41) uint8 and (n,) float32; do not modify them.
        """
        extended = self.sample.too_short_for(last_position)
        with self._lock:
            if not extended.any():
                return self.sample.codes, self._scores_without(False)
            codes = np.where(extended[:, None], self.sample.full_length, self.sample.codes)
            return codes, np.where(extended, self._scores_without(True), self._scores_without(False))

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
        """Effects of several constructs on the same background sequences, in order."""
        return [self.importance(construct) for construct in constructs]
