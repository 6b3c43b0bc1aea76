"""A model of one's own from a small table whose scores follow a motif."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from rbind_core.data.tables import Table
from rbind_core.errors import ModelError
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.rna.sequences import encode
from rbind_core.training.from_table import FROM_TRUNK, check_name, train_from_table
from tests.toys import MotifCounter

QUICK = replace(FROM_TRUNK, epochs=3)


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, (1500, 41)).astype(np.uint8)
    planted = rng.random(1500) < 0.5
    codes[planted, 15:21] = encode("UGCAUG", 6)[0]
    scores = MotifCounter().predict(codes) + 0.3 * rng.normal(size=1500)
    return Table(codes, scores.astype(np.float64), [], [])


@pytest.fixture(scope="module")
def trained(table, tmp_path_factory):
    """A model made from the table without a break: its folder, its card and the epochs that were reported."""
    folder, epochs = tmp_path_factory.mktemp("models"), []
    card = train_from_table(table, "MINE", folder, "trunk", QUICK, epochs.append)
    return folder, json.loads(card.read_text()), epochs


def test_a_model_from_the_trunk_learns_the_motif_and_is_listed(table, trained):
    folder, card, epochs = trained
    assert card["metrics"]["n_test"] == 150
    assert card["metrics"]["pearson_test"] > 0.7
    assert "GCAUG" in card["top_kmers"][0]["kmer"]
    assert card["measured_scores"]["n"] == pytest.approx(1500 * 0.81, abs=5)
    assert card["measured_scores"]["quantiles"][50] == pytest.approx(0, abs=0.5)
    assert [e.epoch for e in epochs] == [1, 2, 3]
    [model] = list_models([folder])
    assert model.experiment == "MINE"
    assert load_predictor(model).predict(table.codes[:5]).shape == (5,)
    assert not list(folder.glob("*.npz"))


def test_a_killed_run_resumes_to_the_same_report(table, trained, tmp_path):
    _, unbroken, _ = trained

    def kill(epoch):
        if epoch.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_from_table(table, "MINE", tmp_path, "trunk", QUICK, kill)
    assert not list_models([tmp_path]), "a half-made model is listed"
    later = []
    resumed = json.loads(train_from_table(table, "MINE", tmp_path, "trunk", QUICK, later.append).read_text())
    assert [e.epoch for e in later] == [3]
    assert resumed["metrics"]["pearson_test"] == pytest.approx(unbroken["metrics"]["pearson_test"], abs=1e-3)


def test_a_taken_name_is_refused(table, trained):
    with pytest.raises(ModelError, match="choose another name"):
        train_from_table(table, "MINE", trained[0], "scratch", QUICK)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 61, "na me", "<script>"])
def test_a_name_that_could_not_be_a_folder_is_refused(name):
    with pytest.raises(ModelError, match="cannot be a model's name"):
        check_name(name)
