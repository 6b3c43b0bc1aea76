"""A model of an imported experiment, from the trunk with a new head."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rbind_core.data.imported import imported_dataset
from rbind_core.data.library import MEASURED, ProbeLibrary
from rbind_core.errors import DataError, ModelError
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.quality.evaluation import evaluate
from rbind_core.training.from_table import FROM_TRUNK, recipe_from_trunk
from rbind_core.training.imported import train_imported
from tests.training.toy_import import MOTIFS, QUICK, import_toy, without_ranking


@pytest.fixture
def imported(tmp_path, monkeypatch):
    """The experiments of `MOTIFS`."""
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(tmp_path / "imported"))
    without_ranking(monkeypatch)
    import_toy(tmp_path)


def test_models_of_imported_experiments_are_listed_and_can_be_evaluated(imported, tmp_path):
    epochs = []
    for name in MOTIFS:
        train_imported(name, tmp_path / "models", QUICK, epochs.append)
    assert len(epochs) == 3
    models = {model.experiment: model for model in list_models([tmp_path / "models"])}
    assert models.keys() == MOTIFS.keys()
    assert models["RNCMPT00168"].protein == "RBFOX1"
    for name, model in models.items():
        assert model.problem is None
        dataset = imported_dataset(name)
        library = ProbeLibrary(MEASURED, dataset.codes[dataset.test], dataset.scores[dataset.test])
        evaluated = evaluate(load_predictor(model), library)
        assert evaluated.n == model.metrics["n_test"] == 400
        assert evaluated.pearson == pytest.approx(model.pearson_test, abs=1e-3)
        assert evaluated.pearson > 0.5
        assert model.training["data"].startswith("imported from rnacompete2013.h5")
        assert model.normalisation.mean == pytest.approx(dataset.normalisation.mean)
    assert not list((tmp_path / "models").glob("*.npz"))
    with pytest.raises(ModelError, match="RNCMPT00168: a model of it is in"):
        train_imported("RNCMPT00168", tmp_path / "models", QUICK)


def test_the_card_says_which_file_the_scores_are_from(imported, tmp_path):
    card = json.loads(train_imported("RNCMPT00902", tmp_path / "models", QUICK).read_text())
    assert len(card["training"]["data_sha256"]) == 64
    assert card["training"]["start"] == "trunk"


def test_an_experiment_that_was_not_imported_is_refused(imported, tmp_path):
    with pytest.raises(DataError, match="RNCMPT00999 was not imported"):
        train_imported("RNCMPT00999", tmp_path / "models", QUICK)


@pytest.mark.parametrize(("probes", "epochs"), [(500, 60), (1000, 60), (24_300, 8), (108_293, 4)])
def test_a_small_dataset_is_gone_through_more_often(probes, epochs):
    assert recipe_from_trunk(probes) == replace(FROM_TRUNK, epochs=epochs)
