from dataclasses import replace

import pytest

from rbind_core.model.registry import find_model


@pytest.fixture
def model(toy_models):
    """The toy model, whose top 6-mer is UGCAUG."""
    return find_model("TOYBP")


@pytest.fixture
def rbfox1(model):
    return replace(model, protein="RBFOX1")


@pytest.fixture
def vts1(model):
    return replace(model, protein="VTS1")
