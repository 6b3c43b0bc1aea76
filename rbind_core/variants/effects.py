"""Effects of variants: in their own RNA, and over background RNAs that share only the site (Koo et al. 2021, Eq. 1 and 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from rbind_core.backgrounds import SingleSequence, draw_sample
from rbind_core.constructs import Construct, Context, Pattern
from rbind_core.data.library import profile
from rbind_core.errors import ExperimentError
from rbind_core.gia import GlobalImportanceAnalysis, Importance
from rbind_core.model.wrapping import OwnModel
from rbind_core.statistics import holm, p_value_text
from rbind_core.variants.reading import Variant

FLANK, MOST_FLANK = 5, 20  # nt on either side of a change that are kept
SAYS_NOT = (
    "These are effects on what a network predicts, not measured affinities. With many background RNAs the interval of the mean is "
    "narrow, so even a small difference counts as context: look at its size too."
)
_MOST_SCORES = 5_000_000  # effects in single background RNAs that are kept for one set of variants
_ROUNDING = 1e-4  # z; the same RNA in another batch may score this much differently


@dataclass(frozen=True)
class VariantEffect:
    """What one variant does: f(mutant) - f(wild type), in z-score units of log intensity.

    `own` is measured on its own RNA (N = 1), `marginalised` on background RNAs with `flank` nt around the change in them, the
    wild-type letters as the null. `p_holm` is corrected for all variants that were measured together.
    """

    variant: Variant
    flank: int
    own: Importance
    marginalised: Importance
    p_holm: float

    @property
    def percentile(self) -> float:
        """Share of the background RNAs in which the effect is lower than in its own RNA, in percent."""
        return 100 * float(np.mean(self.marginalised.local < self.own.mean))

    @property
    def context_matters(self) -> bool | None:
        """Whether its own effect is outside the 95 % CI of the marginalised one; None where nothing was left to average."""
        if self.marginalised.samples < 2:
            return None
        low, high = self.marginalised.ci95
        return not low - _ROUNDING <= self.own.mean <= high + _ROUNDING

    @cached_property
    def usual_range(self) -> tuple[float, float]:
        """The middle 95 % of the effects in single background RNAs."""
        low, high = np.percentile(self.marginalised.local, [2.5, 97.5])
        return float(low), float(high)

    @property
    def is_unusual(self) -> bool:
        """Whether its own effect is outside the range of 95 % of the background RNAs."""
        low, high = self.usual_range
        return not low - _ROUNDING <= self.own.mean <= high + _ROUNDING

    @property
    def verdict(self) -> str:
        """Whether the context matters, in a few words."""
        if not self.context_matters:
            return "no" if self.context_matters is False else "nothing left to average"
        return "yes, strongly" if self.is_unusual else "yes, mildly"

    @property
    def sentence(self) -> str:
        """Both effects in words."""
        name, own, mean = self.variant.label, self.own.mean, self.marginalised.mean
        if self.context_matters is None:
            return f"{name}: {own:+.2f} in its own RNA; the flanks cover all of it, so no context is left to average."
        average = f"{mean:+.2f} ({self.marginalised.ci_text}, {p_value_text(self.p_holm)} after Holm's correction)"
        if not self.context_matters:
            return (
                f"{name}: no sign that the context matters: its own effect, {own:+.2f}, is within the interval of the "
                f"marginalised one, {average}."
            )
        usual = "and outside the range of" if self.is_unusual else "though within the range of"
        return (
            f"{name}: the context matters, by {own - mean:+.2f}: its own effect, {own:+.2f}, is outside the interval of "
            f"the marginalised one, {average}, {usual} 95 % of the background RNAs."
        )

    @property
    def record(self) -> dict[str, Any]:
        """Everything about it as plain values, for JSON and CSV."""
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
            "percentile_of_own": self.percentile,
            "context_matters": self.context_matters,
            "beyond_95_percent_of_backgrounds": self.is_unusual,
            "construct": str(self.marginalised.construct),
        }


def variant_effects(analysis: GlobalImportanceAnalysis, variants: Sequence[Variant], flank: int = FLANK) -> list[VariantEffect]:
    """Measure variants in their own RNA and on background RNAs.

    Parameters
    ----------
    analysis : model and background sequences.
    variants : with their wild types.
    flank : nucleotides on either side of each change that are put into the backgrounds with it, 0 to 20.

    Returns
    -------
    list of VariantEffect
        With Holm's correction over all of them. A change to the letter that is there has effects of exactly 0.

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
    """Measure a variant in its own RNA alone.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.
    variant : with its wild type.

    Returns
    -------
    Importance
        Of N = 1: `without` is the score of the wild type, `with_` that of the mutant.
    """
    nothing_random = np.random.default_rng(0)  # one fixed sequence, fixed letters
    alone = draw_sample(SingleSequence(variant.window), profile(), 1, nothing_random)
    return GlobalImportanceAnalysis(model, alone).importance(Construct((Pattern(variant.alt, variant.start),)))


def _site(variant: Variant, flank: int) -> Construct:
    """The new letters within the wild-type site, which is the null; at the same positions as in the variant's own RNA."""
    first = max(variant.start - flank, 1)
    last = variant.start - 1 + len(variant.ref) + flank
    return Construct((Context(variant.window[first - 1 : last], first), Pattern(variant.alt, variant.start)))
