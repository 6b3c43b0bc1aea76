"""Effects of variants: in their own RNA, and over background RNAs that share only the site (Koo et al. 2021, Eq. 1 and 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.backgrounds import SingleSequence, draw_sample
from rbind_core.constructs import Construct, Context, Pattern
from rbind_core.data.library import profile
from rbind_core.errors import ExperimentError
from rbind_core.model.wrapping import OwnModel
from rbind_core.statistics import holm
from rbind_core.variants.reading import Variant

FLANK, MOST_FLANK = 5, 20  # nt kept on either side of a change: default and limit
FEWEST_SINGLES = 39  # background RNAs below which no effect can be outside their middle 95 %
SAYS_NOT = (
    "These are effects on what a network predicts, not measured affinities. Of RNAs whose context is nothing special, one in 20 "
    "lies outside 95 % of single background RNAs too: with many variants, look at the percentiles."
)
_OUTSIDE = 0.05
_MOST_SCORES = 5_000_000  # most effects in single background RNAs kept for one set of variants
_ROUNDING = 1e-4  # z; scores of the same RNA may differ this much between batches


@dataclass(frozen=True)
class VariantEffect:
    """Effect of one variant: f(mutant) - f(wild type), in z-score units of log intensity.

    `own` is measured on its own RNA (N = 1), `marginalised` on background RNAs with `flank` nt around the change in them, the
    wild-type letters as the null. `p_holm` is corrected for all variants measured together.
    """

    variant: Variant
    flank: int
    own: Importance
    marginalised: Importance
    p_holm: float

    @cached_property
    def singles(self) -> NDArray[np.float64]:
        """Effects in single background RNAs, (n,); repeated ones count once."""
        local, units = self.marginalised.local.astype(np.float64), self.marginalised.units
        return local if units is None else np.bincount(units, local) / np.bincount(units)

    @property
    def percentile_of_own(self) -> float:
        """Percentage of background RNAs in which the effect is lower than in its own RNA."""
        return 100 * float(np.mean(self.marginalised.local < self.own.mean))

    @property
    def _lower_and_equal(self) -> tuple[int, int]:
        """Number of single background RNAs with a lower effect than its own RNA, and with the same within rounding."""
        difference = self.singles - self.own.mean
        return int((difference < -_ROUNDING).sum()), int((abs(difference) <= _ROUNDING).sum())

    @property
    def context_percentile(self) -> float:
        """Mid-rank of the effect in its own RNA among those in single background RNAs, 0 to 100; NaN with nothing to average."""
        lower, equal = self._lower_and_equal
        return 100 * (lower + equal / 2) / len(self.singles) if len(self.singles) > 1 else float("nan")

    @property
    def context_matters(self) -> bool | None:
        """Whether its own effect is outside the middle 95 % of the effects in single background RNAs.

        By rank: it is true for one in 20 RNAs whose context is nothing special, whatever N (at small N, as
        near to that as ranks allow). None with nothing to average, or with fewer than 39 distinct
        background RNAs.
        """
        if len(self.singles) < FEWEST_SINGLES:
            return None
        lower, equal = self._lower_and_equal
        from_one_end = 1 + min(lower, len(self.singles) - lower - equal) + equal  # of N + 1 ranks, all equally likely
        return from_one_end <= round(_OUTSIDE / 2 * (len(self.singles) + 1))

    @property
    def context_spread(self) -> float:
        """How much contexts matter in general: SD of the effects in single background RNAs; NaN with nothing to average."""
        return float(self.singles.std(ddof=1)) if len(self.singles) > 1 else float("nan")

    @cached_property
    def usual_range(self) -> tuple[float, float]:
        """The middle 95 % of the effects in single background RNAs."""
        low, high = np.percentile(self.singles, [2.5, 97.5])
        return float(low), float(high)

    @property
    def verdict(self) -> str:
        """Whether the context matters, in a few words."""
        if len(self.singles) < 2:
            return "nothing left to average"
        if self.context_matters is None:
            return f"needs N = {FEWEST_SINGLES}"
        return "yes" if self.context_matters else "no"

    @property
    def sentence(self) -> str:
        """Both effects in words, and the rank of its own among those in single background RNAs."""
        name, own, mean = self.variant.label, self.own.mean, self.marginalised.mean
        if len(self.singles) < 2:
            return f"{name}: {own:+.2f} in its own RNA; no context is left to average."
        positive = f"above 0 in {100 * self.marginalised.positive_share:.0f} % of the background RNAs"
        effects = (
            f"{name}: {own:+.2f} in its own RNA; {mean:+.2f} averaged over backgrounds ({self.marginalised.ci_text}), {positive}"
        )
        where = f"(percentile {self.context_percentile:.0f})"
        spread = f"Effects in single background RNAs have an SD of {self.context_spread:.2f}"
        if self.context_matters is None:
            return f"{effects}. {spread}; {len(self.singles)} of them are too few to say whether this context is special."
        if self.context_matters:
            return f"{effects}. The context matters: its effect lies outside 95 % of single background RNAs {where}. {spread}."
        return f"{effects}. Nothing special about this context {where}. {spread}."

    @property
    def record(self) -> dict[str, Any]:
        """All values, plain, for JSON and CSV."""
        low, high = self.marginalised.ci95
        return {
            "name": self.variant.name,
            "variant": self.variant.change,
            "position": self.variant.position,
            "ref": self.variant.ref,
            "alt": self.variant.alt,
            "window": self.variant.window,
            "window_start": self.variant.offset + 1,
            "wild_type": float(self.own.without[0]),
            "mutant": float(self.own.with_[0]),
            "own_effect": self.own.mean,
            "marginalised_effect": self.marginalised.mean,
            "standard_error": self.marginalised.standard_error,
            "ci95_low": low,
            "ci95_high": high,
            "p_value": self.marginalised.p_value,
            "p_holm": self.p_holm,
            "effect_size": self.marginalised.effect_size,
            "samples": self.marginalised.samples,
            "positive_share": self.marginalised.positive_share,
            "percentile_of_own": self.percentile_of_own,
            "context_percentile": self.context_percentile,
            "context_matters": self.context_matters,
            "context_spread": self.context_spread,
            "beyond_95_percent_of_backgrounds": self.context_matters,
            "construct": str(self.marginalised.construct),
        }


def variant_effects(analysis: GlobalImportanceAnalysis, variants: Sequence[Variant], flank: int = FLANK) -> list[VariantEffect]:
    """Measure variants in their own RNA and on background RNAs.

    Parameters
    ----------
    flank : nt on either side of each change that are put into the backgrounds with it, 0 to 20.

    Returns
    -------
    list of VariantEffect
        With Holm's correction over all of them. A change to the same letter has effects of exactly 0.

    Raises
    ------
    ExperimentError
        If the flank is out of range, or there are too many variants for so many background sequences.
    """
    if not 0 <= flank <= MOST_FLANK:
        raise ExperimentError(f"flank = {flank} nt: use 0 to {MOST_FLANK}")
    if len(variants) * len(analysis.sample) > _MOST_SCORES:
        raise ExperimentError(
            f"{len(variants):,} variants on {len(analysis.sample):,} background RNAs are too many at once; "
            f"use N = {_MOST_SCORES // len(variants):,} or less, or fewer variants"
        )
    own = [own_effect(analysis.model, variant) for variant in variants]
    marginalised = [analysis.importance(_site(variant, flank)) for variant in variants]
    corrected = holm([importance.p_value for importance in marginalised])
    return [VariantEffect(v, flank, o, m, p) for v, o, m, p in zip(variants, own, marginalised, corrected, strict=True)]


def own_effect(model: OwnModel, variant: Variant) -> Importance:
    """Measure a variant in its own RNA only.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.

    Returns
    -------
    Importance
        Of N = 1: `without` is the score of the wild type, `with_` that of the mutant.
    """
    nothing_random = np.random.default_rng(0)  # one fixed sequence, fixed letters
    alone = draw_sample(SingleSequence(variant.window), profile(), 1, nothing_random)
    return GlobalImportanceAnalysis(model, alone).importance(Construct((Pattern(variant.alt, variant.start),)))


def _site(variant: Variant, flank: int) -> Construct:
    """The new letters in the wild-type site, which is the null, at the same positions as in the variant's own RNA."""
    first = max(variant.start - flank, 1)
    last = variant.start - 1 + len(variant.ref) + flank
    return Construct((Context(variant.window[first - 1 : last], first), Pattern(variant.alt, variant.start)))
