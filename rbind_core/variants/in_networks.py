"""The effects of variants in their own RNA, in all networks of a committee."""

from __future__ import annotations

from collections.abc import Sequence

from rbind_core.model.committee import Committee
from rbind_core.statistics.between_networks import BetweenNetworks, between_networks
from rbind_core.variants.effects import own_effect
from rbind_core.variants.reading import Variant


def variants_in_networks(committee: Committee, variants: Sequence[Variant]) -> list[BetweenNetworks]:
    """Mutant minus wild type in each network: one RNA and its mutant, so nothing is sampled.

    Returns
    -------
    list of BetweenNetworks
        One for each variant, in their order.
    """
    values = [[own_effect(predictor, variant).mean for predictor in committee.predictors] for variant in variants]
    return [between_networks(committee.names, committee.kinds, of_variant) for of_variant in values]
