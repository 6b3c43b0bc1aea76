from dataclasses import replace

import numpy as np
import pytest

from rbind_core.model.registry import list_models, load_predictor
from rbind_core.rna.sequences import PADDING, decode
from rbind_core.rna.structure import structure_profiles
from rbind_core.system.paths import TRUNK
from rbind_core.training import one_model
from rbind_core.training.vts1 import recipe as vts1
from tests.toys import random_probes


def test_copies_are_the_same_probes_at_random_places():
    codes = random_probes(30)
    profiles = structure_profiles(codes, "PU").astype(np.float16)
    rows, copies = vts1.at_random_places(codes, profiles, 4, np.random.default_rng(0))
    assert rows.tolist() == np.repeat(np.arange(30), 4).tolist()
    text = ["".join("ACGU"[c] for c in row if c != PADDING) for row in copies.codes]
    assert text == [decode(codes)[row] for row in rows]
    for row, moved, profile in zip(rows, copies.codes, copies.profiles, strict=True):
        inside = moved != PADDING
        assert np.diff(np.flatnonzero(inside)).max() == 1  # in one piece
        assert not profile[~inside].any()
        assert np.array_equal(profile[inside], profiles[row][codes[row] != PADDING])
    starts = (copies.codes != PADDING).argmax(axis=1)
    assert len(set(starts)) > 5


@pytest.fixture
def in_no_time(monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(vts1, "TEACHERS", (("PU", 0), ("PHIME", 0)))
    monkeypatch.setattr(vts1, "COPIES", 1)
    monkeypatch.setattr(vts1, "DESIGNS", 400)
    for name in ("TEACHING", "LEARNING_STRUCTURE", "LEARNING_TO_SCORE"):
        monkeypatch.setattr(vts1, name, replace(getattr(vts1, name), epochs=1))
    for name in ("summarise", "summarise_folding"):
        monkeypatch.setattr(one_model, name, lambda *given: {"top_kmers": [], "motif": []})


def test_the_recipe_makes_three_models_and_goes_on_after_a_kill(data_folder, in_no_time, tmp_path):
    class Killed(Exception):
        pass

    seen = []

    def kill_in_the_third_network(epoch):
        seen.append(epoch)
        if len(seen) == 3:
            raise Killed

    out, work = tmp_path / "models", tmp_path / "work"
    with pytest.raises(Killed):
        vts1.train_vts1(TRUNK, out, work, kill_in_the_third_network)
    assert [m.experiment for m in list_models([out])] == ["VTS1_PHIME", "VTS1_PU"]
    later = []
    vts1.train_vts1(TRUNK, out, work, later.append)
    assert len(later) == 1  # the student's second lesson; everything before was kept
    models = {m.experiment: m for m in list_models([out])}
    assert set(models) == {"VTS1_2009", "VTS1_PU", "VTS1_PHIME"}
    assert {m.structure for m in models.values()} == {"", "PU", "PHIME"}
    student = models["VTS1_2009"]
    assert "predicted by ViennaRNA" in student.training["how"]
    assert student.metrics["n_test"] == 1121
    assert np.isfinite(load_predictor(student).predict(random_probes(5))).all()
