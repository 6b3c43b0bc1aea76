"""Own models that were made to do harm: one sentence each, and the list of models and the command go on."""

import os

import numpy as np
import pytest

from rbind_core.errors import ModelError
from rbind_core.model.registry import CARD, WEIGHTS, find_model, list_models, load_predictor, store_model
from rbind_core.model.weights import read_weights
from rbind_core.rna.sequences import encode
from tests.fuzz.corpus import RNA
from tests.fuzz.hostile_models import IN_THE_LIST, ON_USE
from tests.fuzz.ledger import is_a_sentence
from tests.fuzz.pages import ROOT
from tests.toys import card, random_weights


@pytest.mark.parametrize("name", IN_THE_LIST)
def test_a_hostile_card_breaks_only_its_own_model(name, toy_models):
    IN_THE_LIST[name](toy_models / "HOSTILE")
    good, hostile = sorted(list_models(), key=lambda model: model.folder.name == "HOSTILE")
    assert good.problem is None
    assert is_a_sentence(hostile.problem), hostile.problem
    with pytest.raises(ModelError, match="is broken"):
        load_predictor(hostile)


@pytest.mark.parametrize("name", ON_USE)
def test_hostile_weights_are_refused_in_one_sentence(name, toy_models):
    ON_USE[name](toy_models / "HOSTILE")
    assert {model.experiment for model in list_models()} == {"HOSTILE", "TOY00001"}
    with pytest.raises(ModelError, match="is broken") as refused:
        load_predictor(find_model("HOSTILE"))
    assert is_a_sentence(str(refused.value)), str(refused.value)
    assert np.isfinite(load_predictor(find_model("TOY00001")).predict(encode(RNA))).all()


def test_a_pipe_in_place_of_a_card_does_not_hang_the_list(toy_models):
    (toy_models / "HOSTILE").mkdir()
    os.mkfifo(toy_models / "HOSTILE" / CARD)
    [hostile] = [model for model in list_models() if model.folder.name == "HOSTILE"]
    assert is_a_sentence(hostile.problem)


def test_weights_without_end_are_not_read(toy_models):
    store_model(toy_models / "HOSTILE", card("HOSTILE", "HOSTILE"), random_weights())
    with (toy_models / "HOSTILE" / WEIGHTS).open("r+b") as file:
        file.truncate(10**11)  # takes no room on the disk
    with pytest.raises(ModelError, match="larger than 100 MB"):
        read_weights(toy_models / "HOSTILE" / WEIGHTS)


def test_a_name_of_html_stays_text(toy_models):
    store_model(toy_models / "HOSTILE", card("HOSTILE", "<b>x</b>"), random_weights())
    assert find_model("<b>x</b>").problem is None  # shown as text, which the tests of the pages see to


def test_nothing_unpickles_and_no_page_takes_a_model():
    sources = [path for folder in ("rbind_core", "dashboard", "pages") for path in (ROOT / folder).rglob("*.py")]
    text = {path: path.read_text() for path in sources}
    for word in (
        "import pickle",
        "allow_pickle=True",
        "joblib",
        "torch.load",
        "load_model(",
        "yaml.load",
        "safe_mode=False",
        "marshal",
    ):
        # Dask's workers unpack what the same program has packed for them; nothing that a user gives gets there.
        assert not [path.name for path, content in text.items() if word in content and path.name != "tasks.py"], word
    uploads = [content for content in text.values() if "file_uploader(" in content]
    assert len(uploads) >= 4
    for ending in ("safetensors", ".h5", "keras", "pkl", "zip"):
        assert not [content for content in uploads if f'"{ending.lstrip(".")}"' in content], ending
