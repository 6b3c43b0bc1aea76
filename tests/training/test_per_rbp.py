import json

import numpy as np
import pytest

from rbind_core.data.dataset import make_dataset
from rbind_core.data.rnacompete import Probes
from rbind_core.errors import ModelError
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.model.weights import read_weights, write_weights
from rbind_core.sequences import gc_content
from rbind_core.training import one_model, per_rbp, trunk
from rbind_core.training.fitting import Recipe
from tests.toys import random_probes, random_weights

RECIPE = Recipe(epochs=1, peak_learning_rate=2e-3, batch=50)
NAMES = ["RNCMPT00168", "RNCMPT00047"]


@pytest.fixture
def small_data(monkeypatch):
    """300 probes of set A and 100 of set B whose scores are GC content, for two experiments."""
    codes = random_probes(400)
    rows = np.arange(400)
    dataset = make_dataset(codes, gc_content(codes).astype(np.float32), rows[:270], rows[270:300], rows[300:])
    for module in (trunk, per_rbp):
        monkeypatch.setattr(module, "public_dataset", lambda name: dataset)
    monkeypatch.setattr(trunk, "load_probes", lambda: Probes(codes, rows >= 300))
    monkeypatch.setattr(trunk, "split_of_set_a", lambda: (rows[:270], rows[270:300]))
    experiments = {name: per_rbp.experiments()[name] for name in NAMES}
    monkeypatch.setattr(trunk, "experiments", lambda: experiments)
    # Ranking all 6-mers takes long on a busy machine and has its own tests.
    monkeypatch.setattr(one_model, "summarise", lambda predictor: {"top_kmers": [], "motif": []})
    return dataset


def test_a_model_fine_tuned_from_a_trunk_is_stored_listed_and_usable(small_data, tmp_path):
    weights_file = trunk.train_trunk(tmp_path / "trunk", RECIPE)
    trunk_card = json.loads((tmp_path / "trunk" / "trunk.json").read_text())
    assert trunk_card["experiments"] == NAMES
    assert read_weights(weights_file, trunk_card["sha256"])["score/kernel"].shape == (256, 2)

    reports = []
    path = per_rbp.fine_tune("RNCMPT00047", tmp_path / "trunk", tmp_path / "models", RECIPE, reports.append)
    card = json.loads(path.read_text())
    (model,) = list_models([tmp_path / "models"])
    assert (model.experiment, model.protein, model.problem) == ("RNCMPT00047", "QKI", None)
    assert [report.epoch for report in reports] == [1]
    assert card["training"]["trunk_sha256"] == trunk_card["sha256"]

    test = small_data.test
    predicted = load_predictor(model, "numpy").predict(small_data.codes[test])
    assert model.pearson_test == pytest.approx(np.corrcoef(predicted, small_data.scores[test])[0, 1], abs=1e-4)
    assert model.metrics["n_test"] == 100
    left = sorted(p.name for folder in ("trunk", "models") for p in (tmp_path / folder).iterdir())
    assert left == ["RNCMPT00047", "trunk.json", "trunk.safetensors"]  # no checkpoint stays behind


def test_fine_tuning_without_a_trunk_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ModelError, match=r"there is no trunk; run '\./rbind train --trunk' first"):
        per_rbp.fine_tune("RNCMPT00168", tmp_path, tmp_path)


def test_fine_tuning_an_experiment_that_the_trunk_does_not_know_is_refused(tmp_path):
    digest = write_weights(tmp_path / "trunk.safetensors", random_weights())
    (tmp_path / "trunk.json").write_text(json.dumps({"experiments": ["RNCMPT00047"], "sha256": digest}))
    with pytest.raises(ModelError, match="the trunk has no head for RNCMPT00168"):
        per_rbp.fine_tune("RNCMPT00168", tmp_path, tmp_path)


def test_a_damaged_trunk_is_refused(tmp_path):
    write_weights(tmp_path / "trunk.safetensors", random_weights())
    (tmp_path / "trunk.json").write_text(json.dumps({"experiments": ["RNCMPT00168"], "sha256": "0" * 64}))
    with pytest.raises(ModelError, match="damaged"):
        per_rbp.fine_tune("RNCMPT00168", tmp_path, tmp_path)


def test_the_head_taken_from_a_trunk_is_the_one_asked_for():
    heads = np.arange(512, dtype=np.float32).reshape(256, 2)
    many = random_weights() | {"score/kernel": heads, "score/bias": np.array([1, 2], np.float32)}
    one = per_rbp.weights_for_one(many, 1)
    assert np.array_equal(one["score/kernel"], heads[:, 1:])
    assert one["score/bias"].tolist() == [2]
    assert all(np.array_equal(one[name], many[name]) for name in many if not name.startswith("score/"))


def test_the_summary_of_a_model_names_what_it_counts(counter):
    summary = one_model.summarise(counter)
    assert summary["top_kmers"][0]["kmer"] == "UGCAUG"
    assert len(summary["top_kmers"]) == 20
    assert np.argmax(summary["motif"], axis=1).tolist() == [3, 2, 1, 0, 3, 2]
