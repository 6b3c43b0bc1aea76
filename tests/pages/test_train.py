"""The training page: tables, what was understood of them, runs in every state, and one's own models."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from io import BytesIO

import numpy as np
import pytest

from dashboard.views.train import work as training
from rbind_core.atlas.files import is_current, load_atlas, write_atlas
from rbind_core.data.library import designed_library
from rbind_core.model.own_models import delete_model, export_model, rename_model
from rbind_core.model.registry import list_models, load_predictor, store_model
from rbind_core.runs import CANCELLED, FAILED, WAITING, list_runs, status
from rbind_core.statistics import pearson_ci95
from rbind_core.system.locks import take
from rbind_core.system.paths import atlas_file
from tests.atlas.toy_rows import row_of_the_counter
from tests.pages.conftest import errors, figures
from tests.runs.conftest import table_text, wait_for
from tests.runs.test_runs import kill
from tests.toys import card, random_weights


@pytest.fixture
def mine(monkeypatch, tmp_path):
    """An empty place for models and runs, where another run trains all the while."""
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("RBIND_RUNS_DIR", str(tmp_path / "runs"))
    (tmp_path / "runs" / "queue").mkdir(parents=True)
    lock = take(tmp_path / "runs" / "queue" / "training.lock")
    yield tmp_path
    for run in list_runs(tmp_path / "runs"):
        if status(run, training.queue()).is_active:
            kill(run)
    os.close(lock)


def upload(app, content: bytes, name: str = "binding.tsv"):
    app.file_uploader(key="table").set_value((name, content, "text/plain")).run()
    assert not app.exception
    return app


def press(app, label: str):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def said(app) -> str:
    texts = [*app.markdown, *app.caption, *app.warning, *app.info, *app.error]
    return " ".join(element.value for element in texts).replace("\\", "")


def own_model(folder, name: str = "MINE", run: str = "", **more):
    about = card(name, name, **more)
    about["metrics"] |= {"n_test": 100}
    store_model(folder / "models" / name, about | {"training": {"run": run, "validation_pearson": [0.1, 0.3]}}, random_weights())


def test_it_opens_with_a_worked_example(open_page, mine):
    app = open_page("train")
    [figure] = figures(app)
    assert "RBFOX1 (RNCMPT00168): learning curve" in figure
    assert "N = 121,031 held-out probes" in figure
    assert "UGCAUG" in said(app)
    assert not errors(app)


def test_what_was_understood_of_a_table_is_said(open_page, mine):
    app = upload(open_page("train"), table_text() + b"\nACGUNACGUACG\t1\nACGUACGUACGU\tmany")
    assert "600 probes** of 41 nt. Sequences from column 1 (sequence), scores from column 2 (score)." in said(app)
    assert "To learn from: 486; to choose the epoch: 54; held out for the test: 60." in said(app)
    assert app.dataframe[0].value.values.tolist() == [[602, "N: not one of A, C, G, U"], [603, "many: not a number"]]
    assert "Scores of binding.tsv" in figures(app)[0]
    assert app.text_input(key="name_binding").value == "binding"


def test_a_table_is_read_once_for_all_reruns(open_page, mine, monkeypatch):
    read, count = training.read_table, []
    monkeypatch.setattr(training, "read_table", lambda *arguments: count.append(1) or read(*arguments))
    app = upload(open_page("train"), table_text(seed=5))
    app.run()
    app.number_input(key="seed").set_value(3).run()
    assert len(count) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"ACGUACGUACGU\t1\n" * 100, "100 usable lines; at least 500 are needed"),
        (b"", "the file is empty"),
        (b"A" * (10**7 + 1), "10.0 MB; at most 10 MB"),
    ],
)
def test_a_table_that_cannot_be_used_is_met_in_one_sentence(open_page, mine, content, message):
    app = upload(open_page("train"), content, "../<b>.tsv")
    assert message in errors(app)[0]
    assert not any(button.label == "Train" for button in app.button)


def test_a_packed_table_that_is_huge_unpacked_is_refused(open_page, mine):
    app = upload(open_page("train"), gzip.compress(b"ACGUACGUACGU\t1\n" * 2_000_000), "bomb.tsv.gz")
    assert "more than 20 MB unpacked" in errors(app)[0]


def test_long_tails_are_learned_as_logarithms_unless_declined(open_page, mine):
    lines = [line.split(b"\t") for line in table_text().splitlines()[1:]]
    raw = b"\n".join(b"%s\t%.4f" % (sequence, np.exp(4 * float(score))) for sequence, score in lines)
    app = upload(open_page("train"), raw, "raw.tsv")
    assert "log-transformed" in figures(app)[0]
    press(app, "Train")
    [run] = list_runs(mine / "runs")
    assert "log-transformed" in run.request.source
    assert b"log_score" in run.table.read_bytes()
    app.checkbox(key="log_raw.tsv").uncheck().run()
    assert "log-transformed" not in figures(app)[0] + figures(app)[-1]


def test_the_example_is_predicted_and_says_so(open_page, mine):
    app = press(open_page("train", rbp="PCBP1"), "Try with an example table")
    assert "The scores are what PCBP1 (RNCMPT00239) predicts; nobody has measured them." in said(app)
    press(app, "Train")
    [run] = list_runs(mine / "runs")
    assert run.request.name == "example-PCBP1"
    assert "the scores that PCBP1 (RNCMPT00239) predicts, none is measured" in run.request.source
    assert run.request.predicted
    table = training.read_upload("copy.tsv", run.table.read_bytes()).table
    model = next(m for m in list_models() if m.experiment == "RNCMPT00239")
    assert (table.codes == designed_library().codes[:2000]).all()
    assert table.scores == pytest.approx(load_predictor(model).predict(table.codes), abs=1e-3)


def test_a_run_waits_is_cancelled_resumed_and_deleted(open_page, mine):
    app = press(upload(open_page("train"), table_text()), "Train")
    [run] = list_runs(mine / "runs")
    assert run.request.models == mine / "models"
    assert "binding** :gray-badge[waiting]" in said(app)
    assert "You may close this tab" in app.get("progress")[0].proto.text
    press(app, "Cancel")
    wait_for(lambda: status(run, training.queue()).state == CANCELLED)
    app.run()
    assert "Cancelled before the first epoch was done; Resume starts again." in said(app)
    press(app, "Resume")
    assert status(run, training.queue()).state == WAITING
    kill(run)
    app.run()
    assert "The training process was killed while it waited for its turn" in said(app)
    press(press(app, "Delete run"), "Keep")
    assert list_runs(mine / "runs") == [run]
    press(press(app, "Delete run"), "Delete for good")
    assert list_runs(mine / "runs") == []


def test_two_runs_queue_and_names_are_not_taken_twice(open_page, mine):
    app = press(upload(open_page("train"), table_text()), "Train")
    assert app.text_input(key="name_binding-2").value == "binding-2"
    press(app, "Train")
    assert "1 run comes first" in said(app)
    for wrong in ("BINDING", "rbfox1", "RNCMPT00168", "my model"):
        app.text_input(key="name_binding-3").set_value(wrong)
        press(app, "Train")
        assert ("taken" in errors(app)[0]) or ("cannot be a model's name" in errors(app)[0])
    assert len(list_runs(mine / "runs")) == 2


def finished_run(mine, name: str = "MINE"):
    """A run whose model is stored, with the notes that its process would have left."""
    given = training.read_upload("t.tsv", table_text())
    run = training.start(given, name, "trunk")
    kill(run)
    run.note(stage="training")
    for epoch, (loss, pearson) in enumerate([(0.9, 0.5), (0.6, 0.7)], start=1):
        run.note(epoch=epoch, epochs=2, loss=loss, validation_pearson=pearson)
    own_model(mine, name, run.id, pearson=0.8)
    return run


def test_a_finished_run_shows_curves_test_and_ways_on(open_page, mine):
    run = finished_run(mine)
    app = open_page("train")
    low, high = pearson_ci95(0.8, 100)
    assert f"Test Pearson 0.800 (95 % CI {low:.3f} to {high:.3f}), N = 100 held-out probes" in said(app)
    data = json.loads(figures(app)[0])["data"]
    assert data[0]["y"] == [0.9, 0.6]
    assert data[1]["y"] == [0.5, 0.7]
    assert data[2]["x"] == [2]  # the best epoch
    assert "N = 486 probes; Pearson: N = 54 others" in figures(app)[0]
    press(app, "Open in Profile")
    assert app.selectbox(key="rbp").value == "MINE"
    run.end(FAILED, "The disk was *full*.")
    assert "The disk was *full*." in said(open_page("train"))


def test_a_model_is_renamed_everywhere_and_a_taken_name_is_refused(open_page, mine):
    finished_run(mine)
    app = open_page("train", rbp="MINE")
    press(app, "Rename")
    app.text_input(key="new_name").set_value("RBFOX1")
    app.button(key="do_it").click().run()
    assert app.session_state["_dialog_problem"] == "RBFOX1 is taken by the model RBFOX1 (RNCMPT00168); choose another name."
    press(app, "Rename")
    app.text_input(key="new_name").set_value("BETTER")
    app.button(key="do_it").click().run()
    assert not app.exception
    [model] = list_models([mine / "models"])
    assert (model.experiment, model.protein, model.folder.name) == ("BETTER", "BETTER", "BETTER")
    assert app.selectbox(key="rbp").value == "BETTER"
    assert "Test Pearson 0.800" in said(open_page("train"))  # the run still finds its model


def test_a_model_is_deleted_after_asking_and_its_run_says_so(open_page, mine):
    finished_run(mine)
    app = press(open_page("train", rbp="MINE"), "Delete")
    assert len(list_models([mine / "models"])) == 1
    app.button(key="do_it").click().run()
    assert list_models([mine / "models"]) == []
    app = open_page("train", rbp="MINE")
    assert not app.exception


def test_a_broken_model_can_be_deleted_but_not_exported(open_page, mine):
    own_model(mine)
    (mine / "models" / "MINE" / "weights.safetensors").write_bytes(b"x")
    app = open_page("train")
    assert "weights.safetensors is damaged" in said(app)
    labels = [button.label for button in app.button]
    assert "Rename" not in labels
    press(app, "Delete").button(key="do_it").click().run()
    assert not (mine / "models" / "MINE").exists()


def test_a_click_falls_on_its_model_though_another_was_deleted_elsewhere(open_page, mine):
    own_model(mine, "FIRST")
    own_model(mine, "SECOND")
    app = open_page("train")
    delete_model(next(model for model in list_models([mine / "models"]) if model.experiment == "FIRST"))
    [_, second] = [button for button in app.button if button.label == "Delete"]
    second.click().run()
    assert "Delete **SECOND** for good?" in said(app)


def test_an_export_works_where_it_is_unpacked(open_page, mine):
    own_model(mine)
    [model] = list_models([mine / "models"])
    with zipfile.ZipFile(BytesIO(export_model(model))) as packed:
        packed.extractall(mine / "elsewhere")
    [other] = list_models([mine / "elsewhere"])
    assert other == model
    assert "RBIND_MODELS_DIR" in (mine / "elsewhere" / "MINE" / "README.txt").read_text()
    shutil.rmtree(mine / "elsewhere")


def test_rows_of_the_atlas_whose_model_was_renamed_or_deleted_break_nothing(open_page, mine):
    own_model(mine, "MINE")
    own_model(mine, "GONE")
    by_name = {model.experiment: model for model in list_models([mine / "models"])}
    rows = [row_of_the_counter() | {"experiment": name, "weights_sha256": by_name[name].weights_sha256} for name in by_name]
    write_atlas(atlas_file(mine / "models"), rows, {})
    assert is_current(load_atlas([mine / "models"]), by_name["MINE"])
    rename_model(by_name["MINE"], "BETTER", [])
    delete_model(by_name["GONE"])
    for page in ("browse", "compare", "all_rbps", "models", "train"):
        app = open_page(page, rbp="BETTER")
        assert not app.exception
        assert not errors(app)
    assert app.selectbox(key="rbp").value == "BETTER"


def with_columns(*names: str) -> bytes:
    """The table of a motif with columns beside the sequences: `a` and `b` hold the score and its negative."""
    lines = [line.split("\t") for line in table_text().decode().splitlines()[1:]]
    values = {
        "a": [score for _, score in lines],
        "b": [str(-float(score)) for _, score in lines],
        "seq": [sequence for sequence, _ in lines],
        "insert": [sequence[:30] for sequence, _ in lines],
        "": list(range(len(lines))),
    }
    return "\n".join("\t".join(map(str, row)) for row in [names, *zip(*(values[name] for name in names), strict=True)]).encode()


def test_the_columns_are_shown_and_can_be_changed(open_page, mine):
    app = upload(open_page("train"), with_columns("", "seq", "a", "insert"))
    sequence, score = app.selectbox(key="sequence_column"), app.selectbox(key="score_column")
    assert (sequence.options, sequence.value) == (["seq", "insert"], 1)
    assert (score.options, score.value) == (["Column 1", "a"], 2)
    assert "Sequences from column 2 (seq), scores from column 3 (a)." in said(app)
    app.selectbox(key="sequence_column").set_value(3).run()
    assert "600 probes** of 30 nt. Sequences from column 4 (insert), scores from column 3 (a)." in said(app)
    press(app, "Train")
    [run] = list_runs(mine / "runs")
    assert (run.request.sequence_column, run.request.score_column) == (4, 3)
    assert "--sequence-column 4 --score-column 3" in training.command(run)
    assert "sequence_column=4, score_column=3" in training.python(run)


def test_where_the_score_is_not_clear_it_is_asked_and_nothing_trains_before(open_page, mine):
    app = upload(open_page("train"), with_columns("seq", "a", "b"))
    assert app.selectbox(key="score_column").value is None
    assert 'The score could be in column "a" or "b"; choose it above.' in said(app)
    assert not any(button.label == "Train" for button in app.button)
    assert list(app.dataframe[0].value.columns) == ["1: seq", "2: a", "3: b"]
    app.selectbox(key="score_column").set_value(2).run()
    assert "scores from column 3 (b)" in said(app)
    press(app, "Train")
    [run] = list_runs(mine / "runs")
    assert run.request.score_column == 3
    upload(app, with_columns("seq", "b", "a", "insert"), "other.tsv")  # what was chosen for another file is forgotten
    assert app.selectbox(key="score_column").value is None


def test_a_table_of_near_copies_is_trained_on_with_a_warning(open_page, mine):
    [wild_type, *_] = [line.split(b"\t")[0] for line in table_text().splitlines()[1:]]
    rng = np.random.default_rng(1)
    lines = []
    for _ in range(600):
        mutant = bytearray(wild_type)
        for position in rng.choice(41, 2, replace=False):
            mutant[position] = rng.choice(list(b"ACGU"))
        lines.append(bytes(mutant) + b"\t%.3f" % rng.normal())
    app = upload(open_page("train"), b"\n".join(lines))
    [warning] = [each.value for each in app.warning]
    assert warning.startswith("Nearly all RNAs are near copies of each other, so the table could only be split by RNA\\: 100 % of")
    assert any(button.label == "Train" for button in app.button)


def test_the_interval_counts_clusters_and_near_copies_are_said(open_page, mine):
    finished_run(mine)
    split = {"split_by": "cluster", "test_near_copies": 0.0, "test_units": 25}
    about = json.loads((mine / "models" / "MINE" / "card.json").read_text())
    for more, words in (
        ({}, "N = 100 held-out probes from 25 clusters of near copies"),
        ({"test_units": 2}, "Test Pearson 0.800, N = 100 held-out probes from 2 clusters of near copies"),
        ({"split_by": "RNA", "test_near_copies": 0.98}, "from 25 different RNAs; 98 % of them have a near copy in training"),
    ):
        about["training"]["table"] = split | more
        (mine / "models" / "MINE" / "card.json").write_text(json.dumps(about))
        app = open_page("train")
        assert words in said(app)
    low, high = pearson_ci95(0.8, 25)
    assert f"(95 % CI {low:.3f} to {high:.3f})" in said(app)
