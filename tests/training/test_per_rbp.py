import json

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.constructs import parse_construct
from rbind_core.data.dataset import make_dataset
from rbind_core.data.library import profile
from rbind_core.data.rnacompete import Probes
from rbind_core.errors import ModelError
from rbind_core.model.panel import write_panel
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.model.weights import read_weights, write_weights
from rbind_core.quality.evaluation import correlate, on_clip_scale
from rbind_core.quality.score_histogram import read_densities
from rbind_core.rna.sequences import gc_content
from rbind_core.rna.structure import structure_profiles
from rbind_core.training import one_model, per_rbp, trunk
from rbind_core.training.fitting import Recipe
from rbind_core.training.trunk import open_trunk
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
    for name in ("summarise", "summarise_folding"):
        monkeypatch.setattr(one_model, name, lambda *given: {"top_kmers": [], "motif": []})
    return dataset


def test_a_model_fine_tuned_from_a_trunk_is_stored_listed_and_usable(small_data, tmp_path):
    weights_file = trunk.train_trunk(tmp_path / "trunk", RECIPE)
    trunk_card = json.loads((tmp_path / "trunk" / "trunk.json").read_text())
    assert trunk_card["experiments"] == NAMES
    assert read_weights(weights_file, trunk_card["sha256"])["score/kernel"].shape == (256, 2)

    reports = []
    start = open_trunk(tmp_path / "trunk")
    path = per_rbp.fine_tune("RNCMPT00047", start, tmp_path / "models", "", RECIPE, reports.append)
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


def test_the_clip_scale_adds_its_metric_and_density_and_leaves_the_weights_alone(small_data, tmp_path):
    trunk.train_trunk(tmp_path / "trunk", RECIPE)
    start = open_trunk(tmp_path / "trunk")
    per_rbp.fine_tune("RNCMPT00047", start, tmp_path, "", RECIPE)
    (before,) = list_models([tmp_path])
    assert np.isnan(before.pearson_test_clip)
    assert set(read_densities(before.folder)) == {"log"}
    card = per_rbp.benchmark_on_clip_scale("RNCMPT00047", tmp_path)
    (after,) = list_models([tmp_path])
    assert (after.pearson_test, after.weights_sha256) == (before.pearson_test, before.weights_sha256)
    densities = read_densities(after.folder)
    assert after.pearson_test_clip == pytest.approx(densities["clip"].pearson, abs=1e-6)
    assert after.pearson_test == pytest.approx(densities["log"].pearson, abs=1e-4)
    assert densities["clip"].n == 100
    assert json.loads(card.read_text())["metrics"]["pearson_test_clip"] == after.pearson_test_clip
    # the number follows from the stored weights alone
    predicted = load_predictor(after, "numpy").predict(small_data.codes[small_data.test])
    assert after.pearson_test_clip == pytest.approx(correlate(*on_clip_scale(predicted, small_data)).pearson, abs=1e-6)


def test_a_model_with_structure_has_its_own_name_and_nine_channels(small_data, tmp_path, monkeypatch):
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path / "cache"))
    trunk.train_trunk(tmp_path / "trunk", RECIPE)
    path = per_rbp.fine_tune("RNCMPT00047", open_trunk(tmp_path / "trunk"), tmp_path / "models", "PHIME", RECIPE)
    (model,) = list_models([tmp_path / "models"])
    assert path.parent.name == model.experiment == "QKI_PHIME"
    assert (model.structure, model.channels, model.measured_in, model.inputs) == ("PHIME", 9, "RNCMPT00047", "sequence + PHIME")
    test = small_data.codes[small_data.test]
    assert np.corrcoef(load_predictor(model).predict(test), small_data.scores[small_data.test])[0, 1] == pytest.approx(
        model.pearson_test,
        abs=2e-3,  # profiles were kept in half precision for training
    )


def test_new_channels_start_without_effect():
    wider = one_model.with_channels(random_weights(), 9)
    codes = random_probes(20)
    expected = ResidualBindPredictor(random_weights()).predict(codes)
    assert ResidualBindPredictor(wider).predict(codes) == pytest.approx(expected, abs=1e-5)


def test_fine_tuning_without_a_trunk_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ModelError, match=r"there is no usable trunk: .*; run '\./rbind train --trunk' first"):
        open_trunk(tmp_path)


def test_fine_tuning_an_experiment_that_the_trunk_does_not_know_is_refused(tmp_path):
    content = {"experiments": ["RNCMPT00047"], "architecture": {"dilations": [1, 2, 4]}}
    write_panel(tmp_path / "trunk.json", content, random_weights())
    with pytest.raises(ModelError, match="RNCMPT00168: trunk has no head for this experiment"):
        per_rbp.fine_tune("RNCMPT00168", open_trunk(tmp_path), tmp_path)


def test_a_damaged_trunk_is_refused(tmp_path):
    write_weights(tmp_path / "trunk.safetensors", random_weights())
    (tmp_path / "trunk.json").write_text(json.dumps({"experiments": ["RNCMPT00168"], "sha256": "0" * 64}))
    with pytest.raises(ModelError, match="damaged"):
        open_trunk(tmp_path)


def test_the_summary_of_a_model_that_reads_structure_is_measured_with_folding(monkeypatch):
    monkeypatch.setattr(one_model, "SUMMARY_SAMPLES", 60)
    monkeypatch.setattr(one_model, "SUMMARY_SAMPLES_FOLDED", 20)
    model = ResidualBindPredictor(random_weights(channels=6))
    summary = one_model.summarise_folding(model, structure_profiles(random_probes(100), "PU"))
    assert len(summary["top_kmers"]) == 20
    importances = [kmer["global_importance"] for kmer in summary["top_kmers"]]
    assert importances == sorted(importances, reverse=True)
    sample = draw_sample(Profile(profile()), profile(), 20, np.random.default_rng(one_model.SUMMARY_SEED))
    expected = GlobalImportanceAnalysis(model, sample).importance(parse_construct(f"{summary['top_kmers'][0]['kmer']}@18"))
    assert importances[0] == pytest.approx(expected.mean, abs=1e-4)


def test_the_summary_of_a_model_names_what_it_counts(counter):
    summary = one_model.summarise(counter)
    assert summary["top_kmers"][0]["kmer"] == "UGCAUG"
    assert len(summary["top_kmers"]) == 20
    assert np.argmax(summary["motif"], axis=1).tolist() == [3, 2, 1, 0, 3, 2]
