"""Damaged models: whatever happened to a card or to weights, that model alone is broken, says so, and no page falls over it."""

from __future__ import annotations

import json
import math
import shutil

import numpy as np
import pytest

from dashboard.widgets.gallery import _fields
from rbind_core.atlas.files import Atlas
from rbind_core.atlas.gallery import cards
from rbind_core.errors import ModelError
from rbind_core.model.card import MOST_BYTES
from rbind_core.model.registry import CARD, WEIGHTS, find_model, list_models, load_predictor, store_model
from rbind_core.system.paths import BUNDLED_MODELS
from tests.faults.installation import RBFOX1, SNRPA
from tests.toys import card, random_probes, random_weights

WRONG = [None, True, -1, 0, 1.5, math.nan, math.inf, 10**400, "", "x", "x" * 10_000, "a\nb", [], [1], [[]], ["x"], {}, {"x": "y"}]
SHOWN_AS_THEY_ARE = {("training", entry) for entry in ("recipe", "split_seed", "trunk_sha256")}
CODES = random_probes(3)


@pytest.fixture
def folder(tmp_path):
    """RBFOX1 and SNRPA, as they are bundled."""
    for name in (RBFOX1, SNRPA):
        shutil.copytree(BUNDLED_MODELS / name, tmp_path / name)
    return tmp_path


def paths_in(entry, before=()):
    """The way to each entry of a card, also to those within others."""
    for key, value in entry.items():
        yield (*before, key)
        if isinstance(value, dict) and len(before) < 1:
            yield from paths_in(value, (*before, key))


def put(entry, path, value):
    for key in path[:-1]:
        entry = entry[key]
    if value is None:
        del entry[path[-1]]
    else:
        entry[path[-1]] = value


def everything_works_but(folder, broken):
    """What all pages and commands do with all models; the broken one is refused in one sentence."""
    models = list_models([folder])
    for shown in cards(models, Atlas.empty()):
        json.dumps(_fields(shown))
    for model in models:
        assert all(isinstance(text, str) for text in (model.label, model.top_kmer, model.inputs, model.measured_in))
        assert f"{model.pearson_test:.3f}"
        if model.folder.name not in broken:
            assert model.problem is None
            continue
        refusal = ""
        try:
            assert np.isfinite(load_predictor(model, "numpy").predict(CODES)).all()
        except ModelError as error:
            refusal = str(error)
        assert len(refusal.splitlines()) <= 1
        assert len(refusal) < 300
    assert find_model(SNRPA, models).problem is None
    return models


def test_no_wrong_entry_of_a_card_breaks_more_than_its_model(folder):
    path = folder / RBFOX1 / CARD
    original = path.read_text()
    refused = 0
    for way in (way for way in paths_in(json.loads(original)) if way[:2] not in SHOWN_AS_THEY_ARE):
        for value in WRONG:
            changed = json.loads(original)
            put(changed, way, value)
            path.write_text(json.dumps(changed))
            problems = [model.problem for model in list_models([folder])]
            assert None in problems  # SNRPA
            refused += set(problems) != {None}
            if set(problems) == {None}:
                everything_works_but(folder, broken={RBFOX1})
    assert refused > 250


@pytest.mark.parametrize(
    ("entry", "value", "says"),
    [
        ("protein", 7, "protein is 7; allowed is a name"),
        ("normalisation", {"mean": 1.0, "standard_deviation": math.nan}, "normalisation.standard_deviation is nan"),
        ("architecture", {"dilations": [1, 2, 4], "channels": 5}, "architecture.channels is 5; allowed is 4, 6 or 9"),
        ("metrics", {"pearson_test": "high"}, "metrics is"),
        ("motif", [[1, 0, 0]], "motif is"),
        ("weights", None, "no weights.sha256"),
    ],
)
def test_the_entry_is_named_with_what_is_allowed(folder, entry, value, says):
    path = folder / RBFOX1 / CARD
    changed = json.loads(path.read_text())
    put(changed, (entry,), value)
    path.write_text(json.dumps(changed))
    (model,) = (model for model in list_models([folder]) if model.folder.name == RBFOX1)
    assert says in model.problem


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 200_000 + b"]" * 200_000, "not JSON"),  # deeper than Python can follow
        (b'{"a":' * 50_000, "not JSON"),
        (b" " * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"\x00" * 4000, "not JSON"),
        (b"NaN", "no experiment"),
        ("{}".encode("utf-16"), "not JSON"),
    ],
)
def test_what_is_no_card_at_all_is_told(folder, content, says):
    (folder / RBFOX1 / CARD).write_bytes(content)
    (model,) = (model for model in everything_works_but(folder, {RBFOX1}) if model.problem)
    assert says in model.problem


def test_a_folder_where_the_card_should_be_is_told(folder):
    (folder / RBFOX1 / CARD).unlink()
    (folder / RBFOX1 / CARD).mkdir()
    (model,) = (model for model in everything_works_but(folder, {RBFOX1}) if model.problem)
    assert "Is a directory" in model.problem


def cut_in_half(content):
    return content[: len(content) // 2]


def flipped(content):
    return content[:1000] + bytes([content[1000] ^ 1]) + content[1001:]


@pytest.mark.parametrize("damage", [cut_in_half, flipped, lambda content: b"", lambda content: b"\x00" * len(content)])
def test_damaged_weights_break_their_own_model(folder, damage):
    path = folder / RBFOX1 / WEIGHTS
    path.write_bytes(damage(path.read_bytes()))
    models = everything_works_but(folder, {RBFOX1})
    with pytest.raises(ModelError, match=r"RBFOX1 \(RNCMPT00168\) is broken: weights.safetensors is damaged"):
        load_predictor(find_model(RBFOX1, models))


def test_weights_of_another_model_are_noticed(folder):
    shutil.copy(folder / SNRPA / WEIGHTS, folder / RBFOX1 / WEIGHTS)
    with pytest.raises(ModelError, match="wrong SHA-256"):
        load_predictor(find_model(RBFOX1, list_models([folder])))


def test_a_card_of_another_model_does_not_take_its_place(folder):
    shutil.copy(folder / SNRPA / CARD, folder / RBFOX1 / CARD)
    models = list_models([folder])
    assert find_model(SNRPA, models).folder.name == SNRPA
    assert np.isfinite(load_predictor(find_model(SNRPA, models)).predict(CODES)).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"dilations": (1, 2)}, "residual3"),  # would have scored without a word, and wrongly
        ({"dilations": (1, 2, 4, 8)}, "lack residual4"),
        ({"channels": 9}, "conv/kernel are of shape"),
    ],
)
def test_a_card_that_describes_another_network_is_refused(tmp_path, change, says):
    store_model(tmp_path / "TOY00001", card(**change), random_weights())
    (model,) = list_models([tmp_path])
    with pytest.raises(ModelError, match=r"TOYBP \(TOY00001\) is broken") as refusal:
        load_predictor(model)
    assert says in str(refusal.value)


def test_weights_that_are_not_numbers_are_refused(tmp_path):
    weights = random_weights()
    weights["score/bias"][0] = np.nan
    store_model(tmp_path / "TOY00001", card(), weights)
    (model,) = list_models([tmp_path])
    with pytest.raises(ModelError, match="score/bias are not all numbers"):
        load_predictor(model)


def test_a_folder_of_models_that_is_a_file_is_empty(tmp_path, monkeypatch):
    (tmp_path / "models").write_text("a file")
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "models"))
    assert find_model("RBFOX1").folder == BUNDLED_MODELS / RBFOX1
