import json

import pytest

from rbind_core.errors import ModelError
from rbind_core.training import all_models
from rbind_core.training.all_models import CLIP, LOG, TrainingStep, all_steps, steps_of, train_steps


@pytest.fixture
def trained(monkeypatch):
    """Steps write a card with the metric that training would add, and remember that they ran."""
    ran = []

    def run(step, out, report):
        ran.append(step)
        folder = out / step.model
        folder.mkdir(parents=True, exist_ok=True)
        card = folder / "card.json"
        metrics = json.loads(card.read_text())["metrics"] if card.exists() else {}
        name = "pearson_test_clip" if step.scale == CLIP else "pearson_test"
        card.write_text(json.dumps({"metrics": metrics | {name: 0.5}}))

    monkeypatch.setattr(TrainingStep, "run", run)
    return ran


def test_all_public_experiments_are_trained_on_both_scales_and_some_with_structure():
    steps = all_steps()
    assert len({s.experiment for s in steps if s.experiment.startswith("RNCMPT")}) == 49
    for scale in (LOG, CLIP):
        assert sum(s.scale == scale and not s.structure and s.experiment.startswith("RNCMPT") for s in steps) == 49
    assert TrainingStep("VTS1_2009") in steps
    assert {s.model for s in steps if s.structure} == {f"{p}_{s}" for p in ("RBFOX1", "SNRPA", "RBM4") for s in ("PU", "PHIME")}
    for step in steps:  # a network on the clip scale starts from the one on the log scale
        if step.scale == CLIP:
            assert steps.index(TrainingStep(step.experiment, step.structure, LOG)) < steps.index(step)


def test_what_is_there_is_kept_and_a_second_call_has_nothing_to_do(trained, tmp_path):
    steps = steps_of("RNCMPT00168") + steps_of("RNCMPT00168", "PU")
    train_steps(steps[:1], tmp_path)
    announced = []
    train_steps(steps, tmp_path, lambda step, done, total: announced.append((step.model, step.scale, done, total)))
    assert announced == [("RNCMPT00168", CLIP, 1, 3), ("RBFOX1_PU", LOG, 2, 3)]
    trained.clear()
    train_steps(steps, tmp_path)
    assert trained == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"metrics": {}}'])
def test_a_damaged_card_is_not_taken_for_a_trained_model(content, tmp_path):
    folder = tmp_path / "RNCMPT00168"
    folder.mkdir()
    (folder / "card.json").write_text(content)
    assert not TrainingStep("RNCMPT00168").is_done(tmp_path)


def test_an_imported_experiment_goes_before_a_public_one_and_into_the_users_own_folder(monkeypatch):
    monkeypatch.setattr(all_models, "imported_experiments", lambda: {"RNCMPT00168": None, "RNCMPT00999": None})
    assert steps_of("RNCMPT00168") == [TrainingStep("RNCMPT00168")]
    steps = all_steps()
    assert TrainingStep("RNCMPT00168", "", CLIP) not in steps
    assert steps[-2:] == [TrainingStep("RNCMPT00168"), TrainingStep("RNCMPT00999")]
    assert TrainingStep("RNCMPT00999").folder(None) == all_models.own_models_folder()
    assert TrainingStep("RNCMPT00047").folder(None) == all_models.BUNDLED_MODELS


def test_structure_that_would_be_ignored_is_refused():
    with pytest.raises(ModelError, match="VTS1_2009: PU can be chosen for public experiments"):
        steps_of("VTS1_2009", "PU")


def test_an_unknown_experiment_is_refused():
    with pytest.raises(ModelError, match="NOPE: neither a public nor an imported experiment"):
        steps_of("NOPE")
