"""The interactions of the hypothesis page: one correction over all of them, each alone at its very place."""

import numpy as np
import pytest

from dashboard.state import engine
from dashboard.state.results import RESULTS
from dashboard.state.sizes import size_of
from dashboard.views.hypothesis.requests import Importances, Interactions, Measured
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.constructs import parse_constructs
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.statistics import interaction

CHOICE = BackgroundChoice("profile", 40, 3)
FOUR = "UGCAUG@4+UGCAUG@12; GCACG@2+AAAAA@20; CCCC@3+UUUU@30; UGC@*+ACA@*"


def interactions(text):
    return Interactions(Importances(find_model("RBFOX1"), CHOICE, tuple(parse_constructs(text)))).compute()


@pytest.fixture(scope="module")
def found():
    return interactions(FOUR)


def test_the_smallest_of_four_p_values_is_four_times_as_large_after_correction(found):
    assert len(found) == 4
    smallest = min(found, key=lambda one: one.p_value)
    assert smallest.holm == pytest.approx(min(1.0, 4 * smallest.p_value))
    assert all(one.holm >= one.p_value for one in found)


def test_each_alone_is_measured_where_it_stands_in_the_whole(found):
    model, constructs = find_model("RBFOX1"), parse_constructs(FOUR)
    analysis = prepare(model, load_predictor(model), CHOICE)
    for one, construct in zip(found, constructs, strict=True):
        expected = interaction("", analysis.importance(construct), analysis.interaction_parts(construct))
        assert np.allclose(one.differences, expected.differences, atol=1e-4)


def test_constructs_of_one_pattern_have_no_interaction_and_do_not_count():
    assert interactions("UGCAUG@18; stem:7-16/24-33+UGCAUG@18; UGCAUG@*") == []
    (one,) = interactions("UGCAUG@18; UGCAUG@4+UGCAUG@12")
    assert one.holm == one.p_value


def test_parts_are_remembered(monkeypatch):
    text = "UGCAUG@*+GCACG@*"
    first = interactions(text)
    monkeypatch.setattr(engine, "analysis", lambda *_: pytest.fail("measured again"))
    assert np.array_equal(interactions(text)[0].differences, first[0].differences)


def test_a_construct_has_the_name_that_it_has_now():
    """Two requests that differ in names alone have one result."""
    model = find_model("RBFOX1")
    first, second = (Importances(model, CHOICE, tuple(parse_constructs(f"{name} = UGCAUG@18"))) for name in ("one", "two"))
    assert first == second
    found = RESULTS.of(first)
    measured = Measured.of(second, RESULTS.of(second))
    assert measured.request.labels == ["two"]
    assert [importance.construct.name for importance in measured.importances] == ["two"]
    assert [importance.construct.name for importance in found] == ["one"]


def test_a_construct_without_a_name_has_none_though_it_was_measured_under_one():
    model, (named, plain) = find_model("RBFOX1"), (parse_constructs(text)[0] for text in ("two = UGCAUG@4,18", "UGCAUG@4,18"))
    assert engine.importance(model, CHOICE, named).construct.name == "two"
    assert engine.importance(model, CHOICE, plain).construct.name == ""


def test_the_size_of_an_analysis_is_about_what_it_takes():
    asked = engine.Analysis(find_model("RBFOX1"), BackgroundChoice("profile", 20_000, 3))
    analysis = asked.compute()
    analysis.importance(parse_constructs("UGCAUG@18")[0])
    taken = size_of([analysis.sample, analysis._scores, analysis._nulls])
    assert taken < asked.size(analysis) < 2 * taken


def test_interactions_bear_the_names_that_constructs_have_now():
    model = find_model("RBFOX1")
    for name in ("one", "two"):
        asked = Interactions(Importances(model, CHOICE, tuple(parse_constructs(f"{name} = UGCAUG@4+UGCAUG@12"))))
        assert [comparison.first for comparison in RESULTS.of(asked)] == [f"{name} together"]
