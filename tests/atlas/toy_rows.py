"""A small atlas for tests: real rows of a toy model, measured on few background sequences."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from rbind_core.atlas.measure import AtlasSettings, Row, measure
from rbind_core.model.registry import Model
from tests.toys import AdditiveModel, MotifCounter

SETTINGS = AtlasSettings(samples=24, scan_samples=3, folding_samples=6)


@cache
def row_of_the_counter() -> Row:
    """A row of the model that counts UGCAUG."""
    return measure(toy_model(), MotifCounter(), SETTINGS)


def toy_model(experiment: str = "TOY00001", **fields) -> Model:
    """A model of the registry, without files."""
    from rbind_core.model.registry import list_models

    template = next(model for model in list_models() if not model.is_taught)
    numbers = {"weights_sha256": "0" * 64, "problem": None, "protein": "TOYBP"} | fields
    return replace(template, experiment=experiment, **numbers)


@cache
def row_of_the_adder() -> Row:
    """A row of the model without interactions, where every further site adds the same."""
    return measure(toy_model("TOY00002", protein="ADDER"), AdditiveModel(), SETTINGS)
