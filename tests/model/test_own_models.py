"""Models of one's own: renaming, exporting and deleting leave no broken model behind, whatever happens in between."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from rbind_core.errors import ModelError
from rbind_core.model.own_models import check_new_name, delete_model, export_model, rename_model
from rbind_core.model.registry import find_model, list_models, load_predictor, store_model
from tests.toys import card, random_weights


@pytest.fixture
def own(tmp_path) -> Path:
    folder = tmp_path / "own"
    store_model(folder / "MINE", card("MINE", "MINE"), random_weights())
    return folder


def the_model(folder):
    [model] = list_models([folder])
    return model


def test_a_renamed_model_is_the_same_under_another_name(own):
    before = the_model(own)
    rename_model(before, "BETTER", [before])
    after = the_model(own)
    assert (after.experiment, after.protein, after.measured_in, after.folder.name) == ("BETTER",) * 4
    assert after.weights_sha256 == before.weights_sha256
    assert load_predictor(after)
    assert [path.name for path in own.iterdir()] == ["BETTER"]


def test_a_protein_that_is_not_the_name_stays_and_so_does_the_experiment_of_an_import(own, monkeypatch):
    store_model(own / "MINE", card("MINE", "PTBP1"), random_weights())
    monkeypatch.setattr("rbind_core.model.own_models.imported_experiments", lambda: {"MINE": None})
    rename_model(the_model(own), "OTHER", [])
    model = the_model(own)
    assert (model.experiment, model.protein, model.measured_in) == ("OTHER", "PTBP1", "MINE")


@pytest.mark.parametrize("name", ["RBFOX1", "rnCMPT00168", "RBFOX1_PU", "waiting", "a b", "../up"])
def test_a_taken_or_impossible_name_is_refused(own, name):
    models = [*list_models(), the_model(own)]
    with pytest.raises(ModelError, match=r"is taken by|cannot be a model's name"):
        rename_model(the_model(own), name, models, ["WAITING"])
    assert the_model(own).experiment == "MINE"


def test_only_the_case_of_a_name_may_be_changed(own):
    rename_model(the_model(own), "Mine", [the_model(own)])
    assert the_model(own).experiment == "Mine"


def test_a_rename_that_is_killed_half_way_leaves_one_whole_model(own, monkeypatch):
    monkeypatch.setattr(Path, "rename", lambda self, target: (_ for _ in ()).throw(OSError(5, "killed here")))
    with pytest.raises(ModelError, match=r"cannot be renamed \(killed here\)"):
        rename_model(the_model(own), "BETTER", [])
    model = the_model(own)
    assert (model.experiment, model.folder.name, model.problem) == ("BETTER", "MINE", None)
    with pytest.raises(ModelError, match="MINE is taken"):
        check_new_name("MINE", [model])
    monkeypatch.undo()
    rename_model(model, "BETTER", [model])
    assert the_model(own).folder.name == "BETTER"


def test_a_full_disk_leaves_the_model_as_it_was(own, monkeypatch):
    def full(folder, card):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rbind_core.model.own_models.write_card", full)
    with pytest.raises(ModelError, match=r"cannot be renamed \(No space left on device\)"):
        rename_model(the_model(own), "BETTER", [])
    assert the_model(own).experiment == "MINE"
    assert the_model(own).problem is None


def test_a_delete_that_is_killed_half_way_lists_no_broken_model(own, monkeypatch):
    monkeypatch.setattr("shutil.rmtree", lambda folder: (_ for _ in ()).throw(OSError(5, "killed here")))
    with pytest.raises(ModelError, match=r"cannot be deleted \(killed here\)"):
        delete_model(the_model(own))
    assert list_models([own]) == []


def test_deleting_removes_everything(own):
    delete_model(the_model(own))
    assert list(own.iterdir()) == []


def test_bundled_models_are_read_only():
    model = find_model("RBFOX1")
    with pytest.raises(ModelError, match="is bundled with RBind"):
        rename_model(model, "MINE", [])
    with pytest.raises(ModelError, match="is bundled with RBind"):
        delete_model(model)
    assert model.folder.is_dir()


def test_an_export_holds_the_same_model_and_says_how_to_use_it(own, tmp_path):
    with zipfile.ZipFile(BytesIO(export_model(the_model(own)))) as packed:
        assert packed.namelist() == ["MINE/card.json", "MINE/weights.safetensors", "MINE/README.txt"]
        packed.extractall(tmp_path / "elsewhere")
    assert the_model(tmp_path / "elsewhere") == the_model(own)
    assert (
        "RBIND_MODELS_DIR=/path/to/the/folder/that/holds/MINE ./rbind app"
        in (tmp_path / "elsewhere" / "MINE" / "README.txt").read_text()
    )


def test_a_damaged_model_is_neither_exported_nor_renamed(own):
    weights = own / "MINE" / "weights.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))  # the same size, so that only the digest tells
    with pytest.raises(ModelError, match="wrong SHA-256"):
        export_model(the_model(own))
    weights.write_bytes(b"")
    for act in (export_model, lambda model: rename_model(model, "X", [])):
        with pytest.raises(ModelError, match="cannot be"):
            act(the_model(own))
    assert json.loads((own / "MINE" / "card.json").read_text())["experiment"] == "MINE"
