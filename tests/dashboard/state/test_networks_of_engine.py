from dashboard.state import engine
from dashboard.state.results import result_of
from rbind_core.analyses import BackgroundChoice
from rbind_core.constructs import parse_construct
from rbind_core.model.registry import find_model, list_models
from tests.taught import HUR, install_taught_models


def test_what_a_page_asks_of_other_networks_holds_the_other_experiments_too(tmp_path, monkeypatch):
    models = list_models([install_taught_models(tmp_path, monkeypatch)])
    model, other = find_model(HUR, models), find_model("RNCMPT00168", models)
    monkeypatch.setattr(engine, "other_experiments", lambda one: [other])
    choice, construct = BackgroundChoice(samples=40), parse_construct("UGCAUG@18")
    found = result_of(engine.ConstructsInNetworks(model, choice, (construct,)))
    assert len(found.of(0).networks) == 5
    assert len(set(found.of(0).values)) == 5
    [beside] = found.beside.experiments
    assert (beside.experiment, beside.grade) == ("RNCMPT00168", "A")
    assert beside.effects[0] == engine.importance(other, choice, construct).mean
