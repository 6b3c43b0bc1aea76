"""A model of an imported experiment, from the trunk with a new head."""

from __future__ import annotations

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest

from rbind_core.data.imported import import_file, imported_dataset
from rbind_core.data.library import MEASURED, ProbeLibrary
from rbind_core.errors import DataError, ModelError
from rbind_core.evaluation import evaluate
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.sequences import encode, one_hot
from rbind_core.training import one_model
from rbind_core.training.from_table import FROM_TRUNK, recipe_from_trunk
from rbind_core.training.imported import train_imported
from tests.toys import MotifCounter

QUICK = replace(FROM_TRUNK, epochs=1)
MOTIFS = {"RNCMPT00168": "UGCAUG", "RNCMPT00901": "UAGUAG", "RNCMPT00902": "CCAACC"}


@pytest.fixture
def imported(tmp_path, monkeypatch):
    """3,000 probes with one of three motifs in half of them, and an experiment that counts each."""
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(tmp_path / "imported"))
    # Ranking all 6-mers takes long on a busy machine and has its own tests.
    monkeypatch.setattr(one_model, "summarise", lambda predictor: {"top_kmers": [], "motif": []})
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, (3000, 41)).astype(np.uint8)
    codes[:, 15:21] = encode(MOTIFS.values(), 6)[rng.integers(0, 3, 3000)]
    codes[::2] = rng.integers(0, 4, (1500, 41))
    counts = np.stack([MotifCounter(motif).predict(codes) for motif in MOTIFS.values()], axis=1)
    raw = np.exp(5 + counts + 0.3 * rng.normal(size=counts.shape))
    with h5py.File(tmp_path / "rnacompete2013.h5", "w") as file:
        file["experiment"] = np.array([*MOTIFS], dtype="S")
        for part, rows in {"train": slice(2400), "valid": slice(2400, 2600), "test": slice(2600, None)}.items():
            sequence = one_hot(codes[rows]).transpose(0, 2, 1)
            file[f"X_{part}"] = np.pad(sequence, ((0, 0), (0, 5), (0, 0)), constant_values=0.2)
            file[f"Y_{part}"] = raw[rows]
    import_file(tmp_path / "rnacompete2013.h5")


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
