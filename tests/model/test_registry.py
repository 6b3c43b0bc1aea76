import json
import os

import numpy as np
import pytest

from rbind_core.errors import ModelError
from rbind_core.model.card import read_card
from rbind_core.model.registry import CARD, WEIGHTS, find_model, list_models, load_predictor, store_model
from rbind_core.system.files import stamp
from tests.toys import card, random_probes, random_weights

CODES = random_probes(5)


@pytest.fixture
def folder(tmp_path):
    """Three models: two of RBFOX1, one of QKI."""
    store_model(tmp_path / "TOY00001", card("TOY00001", "RBFOX1", 0.7), random_weights(1))
    store_model(tmp_path / "TOY00002", card("TOY00002", "RBFOX1", 0.8), random_weights(2))
    store_model(tmp_path / "TOY00003", card("TOY00003", "QKI", 0.9), random_weights(3))
    return tmp_path


def models_in(folder):
    return {model.experiment: model for model in list_models([folder])}


def assert_only_this_one_is_broken(folder, broken, says):
    models = models_in(folder)
    assert broken in models
    assert says in models[broken].problem
    with pytest.raises(ModelError, match=broken) as refusal:
        load_predictor(models[broken])
    assert says in str(refusal.value)
    for model in models.values():
        if model.experiment != broken:
            assert model.problem is None
            assert np.isfinite(load_predictor(model, "numpy").predict(CODES)).all()


def test_a_stored_model_is_listed_found_and_loaded(tmp_path):
    weights = random_weights(4, (1, 2, 4, 8))
    stored = store_model(tmp_path / "TOY00009", card("TOY00009", "MSI1", 0.61, (1, 2, 4, 8)), weights)
    assert stored == tmp_path / "TOY00009" / CARD
    (model,) = list_models([tmp_path])
    assert model == find_model("MSI1", [model])
    assert (model.experiment, model.protein, model.pearson_test, model.top_kmer) == ("TOY00009", "MSI1", 0.61, "UGCAUG")
    assert (model.dilations, model.problem, model.label) == ((1, 2, 4, 8), None, "MSI1 (TOY00009)")
    assert model.normalisation.mean == 6
    from rbind_core.model.predictor import ResidualBindPredictor

    expected = ResidualBindPredictor(weights, (1, 2, 4, 8), "numpy").predict(CODES)
    assert np.array_equal(load_predictor(model, "numpy").predict(CODES), expected)


def test_storing_leaves_two_files(folder):
    assert sorted(path.name for path in (folder / "TOY00001").iterdir()) == [CARD, WEIGHTS]


def test_models_are_sorted_by_protein_and_the_best_comes_first(folder):
    assert [model.experiment for model in list_models([folder])] == ["TOY00003", "TOY00002", "TOY00001"]


@pytest.mark.parametrize("name", ["TOY00001", "toy00001", " Toy00001 "])
def test_a_model_is_found_by_its_id_in_any_case(name, folder):
    assert find_model(name, list_models([folder])).experiment == "TOY00001"


@pytest.mark.parametrize("name", ["RBFOX1", "rbfox1", "RbFox1 "])
def test_a_protein_stands_for_its_best_model(name, folder):
    assert find_model(name, list_models([folder])).experiment == "TOY00002"


def test_a_broken_model_is_not_the_best_of_its_protein(folder):
    (folder / "TOY00002" / WEIGHTS).unlink()
    assert find_model("RBFOX1", list_models([folder])).experiment == "TOY00001"


def test_an_unknown_name_is_answered_with_the_nearest(folder):
    with pytest.raises(ModelError, match=r"'RBFOX2' is not a known RBP; nearest: RBFOX1$"):
        find_model("RBFOX2", list_models([folder]))
    with pytest.raises(ModelError, match=r"nearest:.*TOY00003"):
        find_model("TOY00004", list_models([folder]))


@pytest.mark.parametrize("name", ["", "zzzz"])
def test_a_name_like_no_other_is_answered_with_what_there_is(name, folder):
    with pytest.raises(ModelError, match="there are QKI, RBFOX1"):
        find_model(name, list_models([folder]))


def test_an_empty_registry_is_told(tmp_path):
    with pytest.raises(ModelError, match="no models are installed"):
        find_model("RBFOX1", list_models([tmp_path]))


def test_weights_cut_in_half_break_only_their_own_model(folder):
    path = folder / "TOY00002" / WEIGHTS
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert_only_this_one_is_broken(folder, "TOY00002", f"{WEIGHTS} is damaged")


def test_missing_weights_break_only_their_own_model(folder):
    (folder / "TOY00003" / WEIGHTS).unlink()
    assert_only_this_one_is_broken(folder, "TOY00003", f"{WEIGHTS} is missing")


def test_a_changed_byte_is_noticed_at_loading(folder):
    path = folder / "TOY00001" / WEIGHTS
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    model = models_in(folder)["TOY00001"]
    assert model.problem is None
    with pytest.raises(ModelError, match=r"RBFOX1 \(TOY00001\) is broken: .*wrong SHA-256"):
        load_predictor(model)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe\x00"])
def test_an_unreadable_card_breaks_only_its_own_model(content, folder):
    (folder / "TOY00001" / CARD).write_bytes(content)
    assert_only_this_one_is_broken(folder, "TOY00001", f"{CARD} cannot be read")


@pytest.mark.parametrize("entry", sorted(card()))
def test_a_card_without_an_entry_breaks_only_its_own_model(entry, folder):
    path = folder / "TOY00001" / CARD
    path.write_text(json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key != entry}))
    assert_only_this_one_is_broken(folder, "TOY00001", f"{CARD} cannot be read")


def test_weights_that_lack_a_layer_are_told_as_broken(folder):
    weights = random_weights()
    del weights["hidden/kernel"]
    store_model(folder / "TOY00001", card("TOY00001", "RBFOX1"), weights)
    with pytest.raises(ModelError, match=r"RBFOX1 \(TOY00001\) is broken: .*hidden/kernel"):
        load_predictor(models_in(folder)["TOY00001"])


def test_a_card_written_anew_is_read_anew(folder):
    path = folder / "TOY00001" / CARD
    assert models_in(folder)["TOY00001"].protein == "RBFOX1"
    status, written = path.stat(), path.read_text()
    path.write_text(written.replace("RBFOX1", "RBFOX9"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a copy or a clock that was set back leaves it
    assert models_in(folder)["TOY00001"].protein == "RBFOX9"
    path.write_text(written)
    assert models_in(folder)["TOY00001"].protein == "RBFOX1"


def test_weights_that_vanish_and_return_are_noticed_though_the_card_stays(folder):
    weights = folder / "TOY00001" / WEIGHTS
    assert models_in(folder)["TOY00001"].problem is None
    content = weights.read_bytes()
    weights.unlink()
    assert models_in(folder)["TOY00001"].problem == f"{WEIGHTS} is missing"
    weights.write_bytes(content)
    assert models_in(folder)["TOY00001"].problem is None


def test_cards_are_parsed_once(folder, monkeypatch):
    read = []
    monkeypatch.setattr("rbind_core.model.registry.read_card", lambda path: read.append(path) or read_card(path))
    for _ in range(3):
        list_models([folder])
    assert len(read) == 3


def test_a_card_that_vanishes_meanwhile_breaks_only_its_own_model(folder, monkeypatch):
    def stamp_of_others(path):
        if path.parent.name == "TOY00001":
            raise FileNotFoundError(2, "No such file or directory")
        return stamp(path)

    monkeypatch.setattr("rbind_core.model.registry.stamp", stamp_of_others)
    assert_only_this_one_is_broken(folder, "TOY00001", f"{CARD} cannot be read (No such file or directory)")


def test_a_folder_without_a_card_is_no_model(folder):
    (folder / "half-written").mkdir()
    (folder / "half-written" / WEIGHTS).write_bytes(b"...")
    assert len(list_models([folder])) == 3


def test_the_models_of_the_named_folder_are_listed_beside_the_bundled_ones(folder, monkeypatch, tmp_path_factory):
    bundled = tmp_path_factory.mktemp("bundled")
    store_model(bundled / "TOY00007", card("TOY00007", "PTBP1"), random_weights())
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", bundled)
    monkeypatch.delenv("RBIND_MODELS_DIR", raising=False)
    assert [model.experiment for model in list_models()] == ["TOY00007"]
    monkeypatch.setenv("RBIND_MODELS_DIR", str(folder))
    assert {model.experiment for model in list_models()} == {"TOY00001", "TOY00002", "TOY00003", "TOY00007"}
    assert find_model("QKI").folder == folder / "TOY00003"


def test_a_named_folder_that_does_not_exist_is_empty(monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", tmp_path / "nothing")
    assert list_models() == []


@pytest.mark.parametrize(
    "name", ["NICE; touch PWNED #", "../../evil", "a b", 'x"y', "$(x)", "-rf", ".hidden", "", "x" * 61, "ä", "a\n", 3, None, ["x"]]
)
def test_a_card_whose_name_is_none_is_listed_as_broken_in_one_sentence_and_never_run(tmp_path, name):
    from rbind_core.model.own_models import export_model

    folder = tmp_path / "models"
    store_model(folder / "THEIRS", card("THEIRS", "PTBP1"), random_weights())
    content = json.loads((folder / "THEIRS" / "card.json").read_text())
    (folder / "THEIRS" / "card.json").write_text(json.dumps(content | {"experiment": name}))
    [model] = list_models([folder])
    assert model.problem.startswith("card.json cannot be read (")
    assert "letters, digits, '-', '_' and '.'" in model.problem
    assert "\n" not in model.problem
    assert model.experiment == "THEIRS"
    for use in (load_predictor, export_model):
        with pytest.raises(ModelError, match=r"card\.json"):
            use(model)


@pytest.mark.parametrize("name", ["RNCMPT00168", "RBFOX1_PU", "my-model.2", "0", "x" * 60])
def test_names_that_may_be_given_in_the_app_may_stand_in_a_card(tmp_path, name):
    store_model(tmp_path / "models" / "one", card(name, "any <b>protein</b>"), random_weights())
    [model] = list_models([tmp_path / "models"])
    assert (model.experiment, model.protein, model.problem) == (name, "any <b>protein</b>", None)
