import re
import threading
import time

import pytest

from rbind_core.atlas.files import load_atlas
from rbind_core.atlas.measure import AtlasSettings
from rbind_core.model.registry import find_model, list_models, store_model
from rbind_core.system.paths import atlas_file
from tests.pages.conftest import errors, figures
from tests.taught import HUR
from tests.toys import card, random_weights

SMALL = AtlasSettings(samples=8, scan_samples=2, folding_samples=2)


def test_a_profile_opens_with_everything_drawn(open_page):
    app = open_page("profile")
    assert not errors(app)
    assert not app.warning
    drawn = " ".join(figures(app))
    for title in (
        "motif and best 6-mers",
        "mutations",
        "sites",
        "spacing",
        "position",
        "GC-bias",
        "pairing around the motif",
        "backgrounds",
    ):
        assert f"RBFOX1 (RNCMPT00168): {title}" in drawn
    assert len(figures(app)) == 10
    numbers = {metric.label: metric.value for metric in app.metric}
    assert numbers["Best 6-mer"] == "UGCAUG"
    assert numbers["Test Pearson"] == "0.830"
    row = load_atlas().overview.loc["RNCMPT00168"]
    assert numbers["GC-rich 3' end"] == f"× {row['gc_three']:.2f}"
    assert numbers["Sites beyond their sum"] == f"{row['sites_per_cent_of_sum']:+.0f} %".replace("-", "−")
    assert numbers["Pairing around the motif"] == f"{row['loop_minus_open']:+.2f}".replace("-", "−")
    helps = {metric.label: metric.help for metric in app.metric}
    assert f"Verdict: {row['sites_verdict']}." in helps["Sites beyond their sum"]
    assert "beyond 99.9 % of the measured scores" in helps["Sites beyond their sum"]
    assert f"Verdict, with its controls: {row['pairing_verdict']}." in helps["Pairing around the motif"]


@pytest.mark.parametrize("experiment", [m.experiment for m in list_models() if not m.is_taught])
def test_every_bundled_model_has_a_profile(open_page, experiment):
    app = open_page("profile", rbp=experiment)
    assert not errors(app)
    assert find_model(experiment).label in figures(app)[0]


def test_a_taught_model_shows_what_its_card_knows_until_it_is_measured(open_page, taught_models):
    app = open_page("profile", rbp=HUR)
    assert not errors(app)
    assert find_model(HUR).label in figures(app)[0]
    [metric] = app.metric
    assert (metric.label, metric.value, metric.delta) == ("Expected Pearson", "0.60", "0.31 to 0.82")
    assert any(button.key == "measure_now" for button in app.button)
    assert any("Not tested; expected test Pearson 0.60" in html.proto.body for html in app.get("html"))


def test_the_published_motif_comes_with_the_words_that_it_is_no_independent_evidence(open_page):
    app = open_page("profile")
    assert any("no independent evidence" in caption.value for caption in app.caption)


def test_the_full_matrix_is_drawn_where_the_file_is_here(open_page, data_folder):
    app = open_page("profile")
    assert any("published matrix (Ray et al. 2013)" in figure for figure in figures(app))


def test_without_the_file_the_consensus_is_drawn(open_page, no_data):
    app = open_page("profile")
    assert any("published consensus (Ray et al. 2013)" in figure for figure in figures(app))


def test_a_button_opens_the_experiment_with_everything_filled_in(open_page):
    app = open_page("profile", rbp="SNRPA")
    app.button(key="open_gcbias").click().run()
    assert app.title[0].value == "Experiments"
    assert not app.exception
    assert app.text_input(key="gcbias_motif").value == find_model("SNRPA").top_kmer
    assert "SNRPA (RNCMPT00071): GC-bias" in figures(app)[0]


def test_a_button_opens_the_lab_with_one_and_two_sites(open_page):
    app = open_page("profile")
    next(button for button in app.button if "in Hypothesis" in button.label).click().run()
    assert app.title[0].value == "Hypothesis"
    assert re.findall("UGCAUG", app.text_input(key="c").value)
    assert not errors(app)


def test_a_model_that_the_atlas_does_not_hold_can_be_measured_there_and_then(open_page, monkeypatch, tmp_path):
    folder = tmp_path / "models"
    store_model(folder / "MINE", card() | {"experiment": "MINE", "protein": "MYRBP"}, random_weights())
    monkeypatch.setenv("RBIND_MODELS_DIR", str(folder))
    monkeypatch.setattr("dashboard.state.atlas.AtlasSettings", lambda: SMALL)
    app = open_page("profile", rbp="MINE")
    assert "The atlas does not hold MYRBP" in app.info[0].value
    assert not figures(app)
    app.button(key="measure_now").click().run()
    assert not app.exception
    assert "MYRBP (MINE)" in figures(app)[0]
    assert list(load_atlas().entry("MINE")) == list(load_atlas().entry("RNCMPT00168"))
    assert (folder / "atlas.parquet").is_file()


def test_an_atlas_file_that_cannot_be_read_is_set_aside_and_that_is_said_once(open_page, monkeypatch, tmp_path):
    folder = tmp_path / "models"
    store_model(folder / "MINE", card("MINE", "MYRBP"), random_weights())
    (folder / "atlas.parquet").write_bytes(b"nonsense")
    monkeypatch.setenv("RBIND_MODELS_DIR", str(folder))
    row = load_atlas().entry("RNCMPT00168") | {"experiment": "MINE", "weights_sha256": find_model("MINE").weights_sha256}
    monkeypatch.setattr("dashboard.state.atlas.measure", lambda model, predictor, settings, made_with: row)
    app = open_page("profile", rbp="MINE")
    app.button(key="measure_now").click().run()
    assert any("set aside as atlas.set-aside-1.parquet" in warning.value.replace("\\", "") for warning in app.warning)
    assert (folder / "atlas.set-aside-1.parquet").read_bytes() == b"nonsense"
    assert not app.run().warning


def test_a_broken_model_says_why(open_page, monkeypatch, broken_copy_of_the_models):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("profile", rbp="RNCMPT00168")
    assert any("weights.safetensors is damaged" in error for error in errors(app))


def test_each_of_two_models_is_measured_and_kept_for_itself(open_page, monkeypatch, tmp_path):
    """The second one is asked for right after the first; each takes longer than a page waits."""
    folder, kept, may_end = tmp_path / "models", [], threading.Event()
    for name in ("MINE", "YOURS"):
        store_model(folder / name, card(name, f"{name}P"), random_weights())
    monkeypatch.setenv("RBIND_MODELS_DIR", str(folder))
    measured = load_atlas().entry("RNCMPT00168")

    def measure(model, predictor, settings, made_with):
        assert may_end.wait(30)
        return measured | {"experiment": model.experiment}

    def add_row(path, row, settings):
        kept.append((path, row["experiment"]))

    monkeypatch.setattr("dashboard.state.atlas.measure", measure)
    monkeypatch.setattr("dashboard.state.atlas.add_row", add_row)
    app = open_page("profile", rbp="MINE")
    monkeypatch.setattr("dashboard.state.waiting._PATIENT", 0.0)
    for name in ("MINE", "YOURS"):
        may_end.clear()
        app.selectbox(key="rbp").set_value(name).run()
        app.button(key="measure_now").click().run()
        assert [button.label for button in app.button if button.label == "Cancel"], f"{name} is under way"
        assert "YOURS" not in str(kept)
        may_end.set()
        end = time.monotonic() + 20
        while (atlas_file(folder), name) not in kept and time.monotonic() < end:
            time.sleep(0.1)
            app.run()
        assert kept[-1] == (atlas_file(folder), name)
    assert {experiment for _, experiment in kept} == {"MINE", "YOURS"}
    assert [one for one in kept if one[1] == "MINE"] == kept[: kept.index((atlas_file(folder), "YOURS"))]
