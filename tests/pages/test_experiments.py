import dataclasses
import json

import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import run
from rbind_core.experiments.robustness import robustness
from rbind_core.model.registry import find_model, load_predictor
from tests.pages.conftest import errors, figures


def expected(name, rbp="RBFOX1", choice=BackgroundChoice(), **settings):  # noqa: B008 (frozen)
    model = find_model(rbp)
    return run(EXPERIMENTS[name].for_model(model, **settings), prepare(model, load_predictor(model), choice))


def text_of(app):
    return "\n".join([*(m.value for m in app.markdown), *(c.value for c in app.caption)]).replace("\\", "")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_is_one_click_and_says_what_the_core_says(open_page, name):
    app = open_page("experiments", rbp="RNCMPT00168", experiment=name, n="200")
    assert not errors(app)
    result = expected(name, choice=BackgroundChoice("profile", 200, 0))
    for sentence in result.sentences[:6]:
        assert sentence in text_of(app)
    assert "RBFOX1 (RNCMPT00168)" in figures(app)[0]
    assert "N = 200, seed 0" in figures(app)[0]


def test_it_opens_with_the_number_of_sites_of_rbfox1(open_page):
    app = open_page("experiments")
    assert expected("sites").sentences[0] in text_of(app)


def test_settings_are_editable_and_in_the_link(open_page):
    app = open_page("experiments", experiment="sites", sites_motif="gcatga", sites_copies="4", n="100")
    assert expected("sites", choice=BackgroundChoice("profile", 100, 0), motif="GCAUGA", copies=4).sentences[0] in text_of(app)
    app.number_input(key="sites_copies").set_value(2).run()
    assert expected("sites", choice=BackgroundChoice("profile", 100, 0), motif="GCAUGA", copies=2).sentences[0] in text_of(app)


def test_an_empty_setting_follows_the_model(open_page):
    app = open_page("experiments", experiment="gcbias", rbp="VTS1_2009", n="100")
    assert app.text_input(key="gcbias_motif").placeholder == find_model("VTS1_2009").top_kmer
    assert expected("gcbias", "VTS1_2009", BackgroundChoice("profile", 100, 0)).sentences[0] in text_of(app)


def test_all_seven_backgrounds_end_in_a_verdict(open_page):
    app = open_page("experiments", experiment="gcbias", robust="true", n="100")
    model = find_model("RBFOX1")
    predictor, choice = load_predictor(model), BackgroundChoice("profile", 100, 0)
    result = robustness(EXPERIMENTS["gcbias"].for_model(model), lambda one: prepare(model, predictor, one), choice)
    shown = [*(s.value for s in app.success), *(w.value for w in app.warning)]
    assert [text.replace("\\", "") for text in shown] == [result.verdict]


@pytest.mark.parametrize(
    ("experiment", "key", "wrong", "says"),
    [
        ("sites", "sites_motif", "UGX", "X is not a nucleotide"),
        ("stemloop", "stemloop_stem", "7-16/18-27", "the loop has 1 nt"),
        ("kd", "kd_affinities", "UGCAUGU", "is not an RNA and a K_D above 0"),
        ("occlusion", "occlusion_sequence", "ACGU", "4 nt long"),
        ("sites", "sites_motif", "<script>alert(1)</script>", "is not a nucleotide"),
    ],
)
def test_a_wrong_setting_is_explained_and_the_last_figure_stays(open_page, experiment, key, wrong, says):
    app = open_page("experiments", experiment=experiment, rbp="RNCMPT00168", n="100")
    before = figures(app)
    app.text_input(key=key).set_value(wrong).run()
    assert says in errors(app)[0]
    assert figures(app) == before
    assert "The figure is the last one that was finished." in errors(app)[0]


def test_affinities_are_asked_for_where_none_are_known(open_page):
    app = open_page("experiments", experiment="kd", rbp="SNRPA")
    assert "built in are those of RBFOX1" in errors(app)[0]
    app.text_input(key="kd_affinities").set_value("AUUGCAC 1, AUUGCAA 10, CUUGCAC 100").run()
    assert not errors(app)
    assert "(3 points)" in text_of(app)


def test_every_setting_has_a_control_with_help(open_page):
    for name, kind in EXPERIMENTS.items():
        app = open_page("experiments", experiment=name, n="20")
        for setting in dataclasses.fields(kind):
            key = f"{name}_{setting.name}".replace("-", "_")
            widget = (app.number_input if isinstance(setting.default, int) else app.text_input)(key=key)
            assert widget.help == setting.metadata["help"]
            assert widget.label == setting.metadata["label"]


def test_the_figures_are_json_of_finite_numbers(open_page):
    app = open_page("experiments", experiment="kmer-ism", n="50")
    assert json.loads(figures(app)[0])["data"]
