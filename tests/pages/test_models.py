import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from rbind_core.model.registry import list_models
from rbind_core.quality.published_methods import CONDITIONS, compare_with, published, single_task_table, verdict
from rbind_core.quality.score_histogram import bin_scores, write_densities
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.sequences import encode
from rbind_core.system.paths import BUNDLED_MODELS
from tests.pages.conftest import errors, figures
from tests.taught import FLY, HUR

EXPERIMENTS = {"RNCMPT00168": 0.03, "RNCMPT00071": 0.02, "RNCMPT00047": -0.01}  # our lead over ThermoNet


@pytest.fixture
def some_models(monkeypatch, tmp_path):
    """Copies of three bundled models, changed by each test; nothing else is installed."""
    folder = tmp_path / "some-models"
    for experiment in EXPERIMENTS:
        shutil.copytree(BUNDLED_MODELS / experiment, folder / experiment)
        (folder / experiment / "density.json").unlink(missing_ok=True)
        change(folder / experiment, lambda card: card["metrics"].pop("pearson_test_clip", None) and card.pop("replicates"))
    monkeypatch.setattr("dashboard.views.models.quality.single_task_table", lambda: single_task_table(tmp_path / "not-there.tsv"))
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", folder)
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "none-of-my-own"))
    return folder


@pytest.fixture
def with_clip(some_models):
    for experiment, lead in EXPERIMENTS.items():
        clip = float(published().loc[experiment, "ThermoNet"]) + lead
        change(some_models / experiment, lambda card, clip=clip: card["metrics"].update(pearson_test_clip=clip))
    return some_models


@pytest.fixture
def with_densities(some_models):
    rng = np.random.default_rng(0)
    predicted = rng.normal(size=3000)
    densities = [bin_scores(predicted + rng.normal(size=3000), predicted, scale) for scale in ("log", "clip")]
    write_densities(some_models / "RNCMPT00168", densities)
    return some_models


def change(folder, edit):
    card = json.loads((folder / "card.json").read_text())
    edit(card)
    (folder / "card.json").write_text(json.dumps(card))


def text_of(app) -> str:
    kinds = ("markdown", "caption", "info", "html", "header")
    return " ".join(str(element.value if hasattr(element, "value") else element.proto) for k in kinds for element in app.get(k))


def titles(app) -> list[str]:
    return [json.loads(figure)["layout"]["title"]["text"] for figure in figures(app)]


def test_it_opens_with_the_comparison_with_thermonet(open_page, with_clip):
    app = open_page("models")
    assert titles(app)[:2] == ["Test Pearson over 3 experiments", "RBind and ThermoNet, 3 experiments"]
    said = verdict(compare_with(list_models(), "ThermoNet"))
    assert "better in 2 of 3" in said
    assert said in text_of(app)
    assert CONDITIONS in text_of(app)
    assert not errors(app)


def test_another_method_can_be_chosen_by_link(open_page, with_clip):
    app = open_page("models", method="RCK")
    assert titles(app)[1] == "RBind and RCK, 3 experiments"
    assert verdict(compare_with(list_models(), "RCK")) in text_of(app)


def test_without_the_clip_scale_nothing_is_claimed(open_page, some_models):
    app = open_page("models")
    assert titles(app) == ["Test Pearson over 3 experiments"]
    assert "No verdict yet" in text_of(app)
    assert "not to be compared" in text_of(app)
    assert "No model has been tested on the clip scale yet" in text_of(app)
    assert not errors(app)


def test_the_table_has_every_experiment_and_the_published_numbers(open_page, with_clip):
    table = open_page("models").dataframe[0].value.set_index("experiment")
    assert set(table.index) == set(EXPERIMENTS)
    assert table.loc["RNCMPT00168", "ThermoNet"] == published().loc["RNCMPT00168", "ThermoNet"]
    assert table.loc["RNCMPT00168", "difference_to_ThermoNet"] == pytest.approx(0.03)


def test_the_bundled_models_are_shown_as_they_are(open_page):
    app = open_page("models")
    assert not errors(app)
    assert len(app.dataframe[0].value) == len([m for m in list_models() if not m.structure and not m.is_taught])


def test_taught_models_are_listed_apart(open_page, taught_models):
    app = open_page("models", rbp=HUR)
    tables = [frame.value for frame in app.dataframe]
    assert not set(tables[0]["experiment"]) & {HUR, FLY}
    [taught] = [table for table in tables if "expected Pearson" in table.columns]
    assert taught["experiment"].tolist() == [FLY, HUR]
    assert taught["expected Pearson"].tolist() == [0.6, 0.6]
    assert titles(app)[0] == "Test Pearson over 4 experiments"
    assert not any("measured and predicted" in title for title in titles(app))
    assert "are not public, so there is nothing to hold the predictions against" in text_of(app)
    assert "a network with a head for each experiment" in text_of(app)
    assert "Not tested; expected test Pearson 0.60" in text_of(app)


def test_the_density_follows_the_chosen_scale(open_page, with_densities):
    app = open_page("models")
    assert "RBFOX1 (RNCMPT00168): measured and predicted" in titles(app)
    assert "z-score of log intensity" in figures(app)[-1]
    app = open_page("models", models_view="clip scale")
    assert "z-score of clipped intensity" in figures(app)[-1]


def test_a_model_without_a_density_says_so(open_page, with_densities, no_data):
    app = open_page("models", rbp="RNCMPT00071")
    assert "No density on the log scale is stored with this model" in text_of(app)
    assert not any("measured and predicted" in title for title in titles(app))
    assert not errors(app)


def test_single_points_need_the_measured_data(open_page, some_models, no_data):
    app = open_page("models", models_view="single points")
    assert "Single points need the measured data" in text_of(app)
    assert not errors(app)


@pytest.mark.real_data
def test_single_points_are_all_with_the_motif_and_a_sample_of_the_rest(open_page, some_models, data_folder, monkeypatch):
    monkeypatch.setattr(
        "rbind_core.model.predictor.ResidualBindPredictor.predict", lambda self, codes: (codes == 2).sum(axis=1).astype(np.float32)
    )
    app = open_page("models", models_view="single points")
    assert "Drawn are 10,000 of 121,031 probes" in text_of(app)
    drawn = [trace for trace in json.loads(figures(app)[-1])["data"] if trace["type"] == "scattergl"]
    motif = drawn[-1]["customdata"]
    assert drawn[-1]["name"] == f"0 mismatches ({len(motif):,} of {len(motif):,})"
    assert not mismatches(encode(motif), "UGCAUG").any()


def test_how_a_model_was_trained_is_said_in_words_and_escaped(open_page, some_models):
    app = open_page("models")
    assert "Start: the trunk" in text_of(app)
    assert "Tested on 121,031 held-out probes" in text_of(app)
    how = "by <script>alert(1)</script> & **hand**"
    change(some_models / "RNCMPT00168", lambda card: card["training"].update(how=how))
    app = open_page("models")
    assert "by &lt;script&gt;alert(1)&lt;/script&gt; &amp; **hand**" in text_of(app)
    assert "Start: the trunk" not in text_of(app)


def test_a_card_that_says_little_of_its_training_is_no_error(open_page, some_models):
    change(some_models / "RNCMPT00168", lambda card: card.update(training={}, metrics={"pearson_test": 0.5}))
    assert "Weights: SHA-256" in text_of(open_page("models"))


def test_structure_is_compared_where_there_are_such_models(open_page, some_models):
    assert "None of the models here reads structure" in text_of(open_page("models"))
    shutil.copytree(some_models / "RNCMPT00168", some_models / "RBFOX1_PU")

    def edit(card):
        card["experiment"] = "RBFOX1_PU"
        card["architecture"]["channels"] = 6
        card["training"]["experiment"] = "RNCMPT00168"
        card["metrics"]["pearson_test"] += 0.0123

    change(some_models / "RBFOX1_PU", edit)
    app = open_page("models", rbp="RNCMPT00168")
    assert "What predicted structure adds" in titles(app)
    assert "RBFOX1 \\+0.0123 \\(PU\\)" in text_of(app) or "RBFOX1 +0.0123 (PU)" in text_of(app)
    app = open_page("models", rbp="RBFOX1_PU", models_view="single points")
    assert "drawn for models of sequence alone" in text_of(app)


def test_the_bundled_models_are_compared_by_protein_too(open_page):
    app = open_page("models")
    by_experiment, by_protein = (compare_with(list_models(), "ThermoNet", by) for by in ("experiment", "protein"))
    assert (by_experiment.n, by_protein.n) == (49, 36)
    assert verdict(by_experiment, by_protein) in text_of(app)


def test_the_noise_ceiling_stands_beside_each_test_pearson(open_page, some_models):
    app = open_page("models")
    assert "how much of the scores is noise is not known" in text_of(app)
    assert "Test Pearson and noise ceiling" not in titles(app)
    for experiment, r in {"RNCMPT00168": 0.897, "RNCMPT00071": 0.910, "RNCMPT00047": 0.0234}.items():
        entry = {"pearson": r, "n": 10_683, "ci95": [r - 0.01, r + 0.01], "ceiling": round(r**0.5, 4)}
        change(some_models / experiment, lambda card, entry=entry: card.update(replicates=entry, note="A note of its own."))
    app = open_page("models", rbp="RNCMPT00047")
    assert "Test Pearson and noise ceiling" in titles(app)
    said = text_of(app)
    assert "where replicate probes agree at r, even a perfect model could reach a test Pearson of only the square root of r" in said
    assert "The noisiest is QKI" in said
    assert "10,683 test RNAs were measured twice, and the two measurements correlate with r = 0.02" in said
    assert "this one reaches 43% of it" in said
    assert "A note of its own." in said
    table = app.dataframe[0].value.set_index("experiment")
    assert table.loc["RNCMPT00168", "ceiling"] == pytest.approx(0.9471)
    assert table.loc["RNCMPT00168", "share_of_ceiling"] == pytest.approx(0.830 / 0.9471, abs=1e-3)
    assert not errors(app)


@pytest.mark.parametrize(
    ("rows", "says"), [(1, "So far one is done"), (4, "So far 4 of 10 are done"), (10, "the trunk brings +0.050")]
)
def test_what_the_trunk_brings_is_shown_as_far_as_it_is_done(rows, says, open_page, some_models, monkeypatch, tmp_path):
    assert "nothing to compare the trunk with" in text_of(open_page("models"))
    lines = [f"RNCMPT{i:05}\tP{i}\t{0.1 * i / 2:.3f}\t{0.1 * i / 2 + 0.05:.3f}\t121031" for i in range(rows)]
    file = tmp_path / "some.tsv"
    file.write_text("\n".join(["experiment\tprotein\tpearson_scratch\tpearson_trunk\tn_test", *lines]) + "\n")
    monkeypatch.setattr("dashboard.views.models.quality.single_task_table", lambda: single_task_table(file))
    app = open_page("models")
    assert "With and without the trunk" in titles(app)
    assert says in text_of(app)
    assert ("are done" in text_of(app) or "is done" in text_of(app)) == (rows < 10)
    assert len(app.dataframe[1].value) == rows
    assert not errors(app)


def test_clip_and_log_are_compared_with_a_caution(open_page, with_clip):
    app = open_page("models")
    assert "Clip and log transform, 3 experiments" in titles(app)
    assert "The two are different questions" in text_of(app)


def test_a_broken_model_says_why_and_the_comparison_stays(open_page, monkeypatch, broken_copy_of_the_models):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("models", rbp="RNCMPT00168")
    assert any("is broken" in error for error in errors(app))
    assert app.dataframe[0].value["experiment"].tolist() == ["RNCMPT00071"]


def test_names_given_by_users_are_shown_as_they_are(open_page, some_models, monkeypatch):
    odd = [replace(m, protein="<b>*X*_") if m.experiment == "RNCMPT00168" else m for m in list_models()]
    monkeypatch.setattr("dashboard.state.owner.models", lambda: odd)
    app = open_page("models", rbp="RNCMPT00168")
    assert r"\<b\>\*X\*\_ \(RNCMPT00168\): measured against predicted" in text_of(app)
    assert "<b>*X*" not in figures(app)[0]


def test_imported_experiments_without_a_model_are_named_with_the_command(open_page, some_models, monkeypatch):
    imported = dict.fromkeys(["RNCMPT00168", "RNCMPT00001", "RNCMPT00002"])
    monkeypatch.setattr("rbind_core.data.imported.imported_experiments", lambda: imported)
    said = text_of(open_page("models"))
    assert "without a model of these scores yet: 2 experiments (RNCMPT00001, RNCMPT00002)" in said
    assert "./rbind train --experiment RNCMPT00001" in said
