"""Committees: which networks belong to a protein, and what happens when one of them is damaged."""

import re
import shutil

import numpy as np
import pytest

from rbind_core.errors import ModelError
from rbind_core.model import registry
from rbind_core.model.committee import PANEL_HEAD, PANEL_NAMES, SERVED, TUNED_SETS, has_committee, member_names, open_committee
from rbind_core.model.registry import find_model, list_models
from rbind_core.rna.sequences import encode
from rbind_core.system.paths import PRETRAINED

RBFOX1, TAUGHT = "RNCMPT00168", "RNCMPT00032"
RNA = encode(["GGAUCCUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU"])


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A copy of what two models need, and a way to find a model in it."""
    for name in (RBFOX1, TAUGHT):
        shutil.copytree(PRETRAINED / "models" / name, tmp_path / "models" / name)
    shutil.copytree(PRETRAINED / "panels", tmp_path / "panels")
    shutil.copytree(PRETRAINED / "trunk", tmp_path / "trunk")
    for name in TUNED_SETS:
        (tmp_path / "committee" / name).mkdir(parents=True)
        for file in ("set.json", f"{RBFOX1}.safetensors"):
            shutil.copy(PRETRAINED / "committee" / name / file, tmp_path / "committee" / name)
    monkeypatch.setattr(registry, "BUNDLED_MODELS", tmp_path / "models")
    return tmp_path, lambda name: find_model(name, list_models([tmp_path / "models"]))


def test_a_measured_protein_has_fine_tuned_networks_and_heads_of_panels():
    committee = open_committee(find_model(RBFOX1))
    assert committee.names == [SERVED, "trunk", *PANEL_NAMES, *TUNED_SETS]
    assert len(set(committee.kinds)) == 2
    assert committee.problems == ()
    scores = [float(predictor.predict(RNA)[0]) for predictor in committee.predictors]
    assert len({round(score, 4) for score in scores}) == len(scores), "they are different networks"
    assert np.std(scores) < 1.5


def test_a_taught_protein_has_one_head_in_each_panel():
    model = find_model(TAUGHT)
    committee = open_committee(model)
    assert committee.names == [SERVED, *[name for name in PANEL_NAMES if name != model.panel]]
    assert set(committee.kinds) == {PANEL_HEAD}


def test_models_without_a_committee_say_so():
    for name in ("RBFOX1_PU", "VTS1_2009"):
        model = find_model(name)
        assert not has_committee(model)
        with pytest.raises(ModelError, match="has no other networks to compare with"):
            open_committee(model)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("panels/panel-3.safetensors", r"panel-3 is left out: panel-3\.safetensors is damaged \(wrong SHA-256\)"),
        ("panels/panel-3.json", r"panel-3 is left out: panel-3\.json is damaged"),
        (f"committee/tuned-2/{RBFOX1}.safetensors", rf"tuned-2 is left out: {RBFOX1}\.safetensors is damaged \(wrong SHA-256\)"),
        ("committee/tuned-2/set.json", r"tuned-2 is left out: tuned-2: set\.json is missing or damaged"),
        ("trunk/trunk.safetensors", r"trunk is left out: trunk\.safetensors is damaged"),
    ],
)
def test_a_damaged_network_is_left_out_and_named(installed, file, message):
    folder, find = installed
    whole = len(member_names(find(RBFOX1)))
    (folder / file).write_bytes((folder / file).read_bytes()[:-7])
    committee = open_committee(find(RBFOX1))
    assert len(committee.members) == whole - 1
    assert len(committee.problems) == 1
    assert re.search(message, committee.problems[0])


def test_a_missing_panel_is_left_out(installed):
    folder, find = installed
    (folder / "panels" / "panel-2.json").unlink()
    assert open_committee(find(TAUGHT)).problems == (
        "panel-2 is left out: panel-2.json is missing or cannot be read (No such file or directory)",
    )


def test_a_damaged_served_network_is_an_error(installed):
    folder, find = installed
    weights = folder / "models" / RBFOX1 / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="RBFOX1"):
        open_committee(find(RBFOX1))


def test_a_damaged_panel_makes_its_taught_models_unusable_with_a_sentence(installed):
    folder, find = installed
    model = find(TAUGHT)
    panel = folder / "panels" / f"{model.panel}.safetensors"
    panel.write_bytes(panel.read_bytes()[:-9])
    assert "is damaged" in find(TAUGHT).problem
    with pytest.raises(ModelError, match="is broken"):
        registry.weights_of_model(find(TAUGHT))
