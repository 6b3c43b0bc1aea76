"""Panels: many heads in one pass, equal to each head alone; damaged files."""

import json
import shutil

import numpy as np
import pytest

from rbind_core.errors import ModelError
from rbind_core.model.panel import Panel, read_panel, write_panel
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.rna.sequences import encode
from rbind_core.system.paths import TRUNK
from tests.toys import random_weights

RNAS = encode(["UGCAUGUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU", "GGAUCCUGCAUGAACC", "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUU"])


@pytest.fixture(scope="module")
def trunk():
    return read_panel(TRUNK / "trunk.json")


def test_one_pass_gives_what_each_head_gives_alone(trunk):
    together = trunk.predictor().predict_all(RNAS)
    assert together.shape == (3, len(trunk.heads))
    for column in (0, 17, 48):
        alone = ResidualBindPredictor(trunk.network_of(trunk.heads[column]), trunk.dilations)
        assert alone.predict(RNAS) == pytest.approx(together[:, column], abs=1e-4)


def test_some_heads_come_in_the_order_that_was_asked_for(trunk):
    chosen = [trunk.heads[5], trunk.heads[2]]
    assert trunk.predictor(chosen).predict_all(RNAS) == pytest.approx(trunk.predictor().predict_all(RNAS)[:, [5, 2]], abs=1e-4)


def test_the_head_that_is_taken_is_the_one_asked_for():
    heads = np.arange(512, dtype=np.float32).reshape(256, 2)
    many = random_weights() | {"score/kernel": heads, "score/bias": np.array([1, 2], np.float32)}
    one = Panel("p", ("first", "second"), (1, 2, 4), {}, many).network_of("second")
    assert np.array_equal(one["score/kernel"], heads[:, 1:])
    assert one["score/bias"].tolist() == [2]
    assert all(np.array_equal(one[name], many[name]) for name in many if not name.startswith("score/"))


def test_numpy_and_openvino_agree_on_all_heads(trunk):
    engines = [ResidualBindPredictor(trunk.weights, trunk.dilations, engine) for engine in ("numpy", "auto")]
    first, second = (engine.predict_all(RNAS) for engine in engines)
    assert first == pytest.approx(second, abs=1e-4)
    assert ResidualBindPredictor(trunk.weights, trunk.dilations, "numpy").predict_all(RNAS[:0]).shape == (0, 49)


def test_a_missing_head_is_named(trunk):
    with pytest.raises(ModelError, match="RNCMPT00032: trunk has no head for this experiment"):
        trunk.network_of("RNCMPT00032")


def test_float16_on_disk_changes_no_score_by_more_than_a_thousandth(trunk, tmp_path):
    written = write_panel(tmp_path / "panel-9.json", trunk.card, trunk.weights)
    again = read_panel(written)
    assert again.name == "panel-9"
    assert (tmp_path / "panel-9.safetensors").stat().st_size < 0.6 * (TRUNK / "trunk.safetensors").stat().st_size
    difference = again.predictor().predict_all(RNAS) - trunk.predictor().predict_all(RNAS)
    assert np.abs(difference).max() < 5e-3  # of scores; effects are means of many
    assert np.abs(difference).mean() < 1e-3


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda card: card.unlink(), r"trunk\.json is missing or cannot be read"),
        (lambda card: card.write_text("{"), r"trunk\.json is damaged"),
        (lambda card: card.write_text("[" * 100_000), r"trunk\.json is damaged"),
        (lambda card: card.write_text(json.dumps({"experiments": [], "sha256": "0"})), r"trunk\.json is damaged"),
        (lambda card: card.with_suffix(".safetensors").unlink(), r"trunk\.safetensors cannot be read"),
        (lambda card: card.with_suffix(".safetensors").write_bytes(b"x"), r"trunk\.safetensors is damaged \(wrong SHA-256\)"),
        (lambda card: card.write_text(card.read_text().replace('RNCMPT00013",', 'RNCMPT00013", "X",')), "score/kernel"),
    ],
)
def test_damaged_files_are_one_sentence(tmp_path, damage, message):
    shutil.copytree(TRUNK, tmp_path / "trunk")
    damage(tmp_path / "trunk" / "trunk.json")
    with pytest.raises(ModelError, match=message):
        read_panel(tmp_path / "trunk" / "trunk.json")


def test_a_card_that_was_replaced_is_read_again(tmp_path, trunk):
    card = write_panel(tmp_path / "p.json", trunk.card, trunk.weights)
    first = read_panel(card)
    write_panel(card, trunk.card, trunk.weights | {"score/bias": trunk.weights["score/bias"] + 1})
    assert read_panel(card).sha256 != first.sha256
