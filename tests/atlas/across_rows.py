"""Rows of an atlas with numbers that a test can foresee: GC effects, how sites add up, what pairing does."""

from __future__ import annotations

from collections.abc import Sequence

from rbind_core.atlas.measure import Row
from rbind_core.model.registry import Model
from tests.atlas.toy_rows import row_of_the_counter

ERROR = 0.04


def row_of(model: Model, three: float, five: float = 0.9, r_squared: float = 0.999, loop: float = 0.5, **numbers) -> Row:
    """The row of the counter under another name, with other effects over all models."""
    effects = {"gc_three": three, "gc_five": five, "gc_difference": three - five}
    return {
        **row_of_the_counter(),
        "experiment": model.experiment,
        "protein": model.protein,
        "reads": model.inputs,
        "weights_sha256": model.weights_sha256,
        **effects,
        **{f"{name}_standard_error": ERROR for name in effects},
        "sites_r_squared": r_squared,
        "sites_slope": 1.0,
        "sites_per_cent_of_sum": 30.0,
        "sites_per_cent_of_sum_standard_error": 2.0,
        "sites_verdict": "more than the sum",
        "loop_minus_open": loop,
        "loop_minus_open_standard_error": ERROR,
        "compensatory": loop,
        "compensatory_standard_error": ERROR,
        "pairing_verdict": "pairing helps",
        **numbers,
    }


def rows_of(models: Sequence[Model]) -> list[Row]:
    """Rows whose effects rise in small steps, so that no bar is much higher than others."""
    return [row_of(model, 0.91 + 0.03 * number, 0.61 + 0.02 * number) for number, model in enumerate(models)]
