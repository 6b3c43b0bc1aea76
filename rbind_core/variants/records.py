"""Effects of variants as a plain record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rbind_core.analyses import BackgroundChoice
from rbind_core.experiments.records import choice_record
from rbind_core.model.registry import Model
from rbind_core.statistics.between_networks import BetweenNetworks
from rbind_core.variants import VariantEffect, Variants


def variants_record(
    model: Model,
    choice: BackgroundChoice,
    sequence: str,
    read: Variants,
    effects: Sequence[VariantEffect],
    others: Sequence[BetweenNetworks] | None = None,
) -> dict[str, Any]:
    """Effects of variants with the settings that reproduce them, for `variants --json`.

    Parameters
    ----------
    sequence : the wild type.
    effects : of the variants, with the same flank.
    others : effects in their own RNA in several networks.
    """
    return {
        "rbp": model.protein,
        "experiment": model.experiment,
        "grade": model.grade,
        "sequence": sequence,
        "flank": effects[0].flank,
        **choice_record(choice),
        "variants": [
            effect.record | (others[number].record() if others is not None else {}) for number, effect in enumerate(effects)
        ],
        "notes": read.notes,
        "left_out": [{"line": one.line, "reason": one.reason} for one in read.rejected],
    }
