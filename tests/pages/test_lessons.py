"""The lessons: what the reveals say is what the core computes, for any seed and background, and the link says it all."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl

import pytest

from dashboard.lessons import LESSONS
from dashboard.lessons.words import WORDS, with_hints
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.in_networks import in_networks
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.constructs import parse_construct
from rbind_core.errors import RBindError
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import run
from rbind_core.experiments.robustness import robustness
from rbind_core.model.committee import Committee, Member
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.quality.score_histogram import read_densities
from rbind_core.statistics import PairedEffect
from tests.analyses.test_in_networks import Scaled
from tests.experiments.scripted import sample_without_gc
from tests.pages.conftest import ROOT, errors, figures

REVEALED = {"run": "1", "reveal": "1"}
CHOICE = BackgroundChoice("shuffle", samples=200, seed=5)
CHOSEN = {"background": "shuffle", "n": "200", "seed": "5"}
CANNED = {"4": ("RBFOX1", "sites"), "5": ("RBFOX1", "spacing"), "6": ("VTS1", "stemloop"), "7": ("RBFOX1", "gcbias")}


@pytest.fixture
def open_lesson(open_page):
    """Opens a lesson that the link runs, and waits until it has come out."""
    return lambda **parameters: finished(open_page("lessons", **parameters))


def finished(app):
    """Reruns as a browser does while the experiment is under way."""
    for _ in range(100):
        if figures(app) and not app.get("progress"):
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("the experiment did not end")


def texts(app) -> str:
    """Everything in words on the page."""
    bodies = [element.proto.body for element in app.get("html")]
    plain = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", "", body, flags=re.S) for body in bodies).replace("\u00a0", " ")
    others = [element.value.replace("\\", "") for kind in ("markdown", "info", "success", "caption") for element in app.get(kind)]
    return " ".join([html.unescape(plain), *others])


def written(effect: PairedEffect) -> str:
    low, high = effect.ci95
    return f"{effect.mean:+.2f} (95 % CI {low:+.2f} to {high:+.2f})"


def analysis_of(protein: str, choice: BackgroundChoice):
    model = find_model(protein)
    return model, prepare(model, load_predictor(model), choice)


@pytest.fixture(scope="module")
def results():
    """Results of the canned experiments straight from the core."""

    def result(protein: str, name: str, choice: BackgroundChoice):
        model, analysis = analysis_of(protein, choice)
        return run(EXPERIMENTS[name].for_model(model), analysis)

    return result


def test_it_opens_with_a_question_a_guess_and_what_goes_in(open_page):
    app = open_page("lessons")
    assert app.header[0].value == LESSONS[0].question
    assert app.radio(key="guess_1").value is None
    assert app.button(key="run_lesson")
    assert "predicted binding" in texts(app)
    assert not figures(app)


@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_every_lesson_is_run_and_revealed_by_link(open_lesson, number):
    app = open_lesson(lesson=str(number), n="100", **REVEALED)
    lesson = LESSONS[number - 1]
    assert not errors(app)
    (figure,) = figures(app)
    assert find_model(lesson.protein).label in figure
    said = texts(app)
    assert "It came out as" in said
    assert lesson.says_not in said
    assert lesson.paper in said
    assert "[[" not in said
    if number > 1:
        assert "N = 100" in said
        assert "95 % CI" in said


def test_without_run_in_the_link_nothing_is_given_away(open_page):
    app = open_page("lessons", lesson="6")
    assert not figures(app)
    assert "It came out" not in texts(app)
    finished(app.button(key="run_lesson").click().run())
    assert figures(app)
    assert "It came out" not in texts(app)
    assert app.query_params["run"] == "1"
    app.button(key="reveal_lesson").click().run()
    assert "It came out" in texts(app)
    assert app.query_params["reveal"] == "1"
    app.button(key="start_over").click().run()
    assert not figures(app)
    assert "run" not in app.query_params
    assert "reveal" not in app.query_params


def test_prediction_gives_the_stored_correlation(open_lesson):
    said = texts(open_lesson(lesson="1", **REVEALED))
    density = read_densities(find_model("RBFOX1").folder)["log"]
    assert f"N = {density.n:,}" in said
    assert f"correlation of {density.pearson:.3f}" in said


def test_one_rna_gives_the_mutagenesis_of_the_two_it_names(open_lesson):
    app = open_lesson(lesson="2", **CHOSEN, **REVEALED)
    model, analysis = analysis_of("RBFOX1", CHOICE)
    importance = analysis.importance(parse_construct("UGCAUG@18"))
    weakest = dict(parse_qsl(app.get("link_button")[0].proto.url.partition("?")[2]))["seq"]
    result = mutagenesis(load_predictor(model), weakest)
    assert result.wild_type == pytest.approx(importance.with_.min(), abs=1e-4)
    said = texts(app)
    assert f"it is {result.heights[17:23].mean():.2f}:" in said
    assert written(importance) in said


def test_one_motif_gives_three_global_importances(open_lesson):
    said = texts(open_lesson(lesson="3", **CHOSEN, **REVEALED))
    _, analysis = analysis_of("RBFOX1", CHOICE)
    for text in ("UGCAUG@18", "AGAAUG@18", "GUAGCU@18"):
        assert written(analysis.importance(parse_construct(text))) in said


@pytest.mark.parametrize("number", CANNED)
def test_the_numbers_are_those_of_the_core(open_lesson, results, number):
    said = texts(open_lesson(lesson=number, **CHOSEN, **REVEALED))
    result = results(*CANNED[number], CHOICE)
    expected = {
        "4": lambda: [result.importances[number] for number in result.drawn],
        "5": lambda: [result.by_label[label] for label in ("one site", "gap -2", "gap 0", "gap 1", "gap 2")],
        "6": lambda: [*result.importances[:3], *result.comparisons[:2]],
        "7": lambda: [result.importances[0], result.importances[3], *result.comparisons[:2]],
    }
    for effect in expected[number]():
        assert written(effect) in said
    verdicts = {"4": result.sentences[:2], "6": result.sentences[:1]}
    assert all(sentence.partition(": ")[2] in said for sentence in verdicts.get(number, ()))


def test_the_lesson_on_structure_comes_out_by_its_controls_and_not_by_loop_against_stem(results):
    """RBFOX1's stem beats its loop, by the letters opposite the motif."""
    lesson = LESSONS[5]
    assert lesson.answer(results("VTS1", "stemloop", CHOICE)) == 0
    rbfox1 = results("RBFOX1", "stemloop", replace(CHOICE, samples=1000))
    assert rbfox1.by_label["in the stem"].mean > rbfox1.by_label["in the loop"].mean + 2
    assert lesson.answer(rbfox1) == 2
    said = " ".join(lesson.says(None, rbfox1))
    assert "mixes pairs with the letters of the other strand" in said
    assert "A model that knows letters alone would give" in said


def test_the_lesson_on_many_motifs_comes_out_by_the_sum_and_not_by_a_line(results):
    outcome = results("RBFOX1", "sites", CHOICE)
    assert outcome.fits["UGCAUG"].r_squared > 0.95
    assert LESSONS[3].answer(outcome) == 2
    said = " ".join(LESSONS[3].says(None, outcome))
    assert "more than the sum. Together they differ from the sum of each alone at the same places" in said
    assert "it extrapolates" in said


def test_the_numbers_are_those_of_the_command_line(open_lesson):
    app = open_lesson(lesson="6", **CHOSEN, **REVEALED)
    lesson = LESSONS[5]
    model, _ = analysis_of("VTS1", CHOICE)
    arguments = ["experiment", lesson.kind, "--rbp", model.experiment, *CHOICE.command_options().split(), "--json"]
    printed = subprocess.run(
        [sys.executable, "-m", "rbind_core.cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for arm in json.loads(printed.stdout)["results"][:2]:
        low, high = arm["ci95"]
        assert f"{arm['global_importance']:+.2f} (95 % CI {low:+.2f} to {high:+.2f})" in texts(app)


def test_all_seven_backgrounds_are_run(open_lesson):
    said = texts(open_lesson(lesson="8", **CHOSEN, **REVEALED))
    model = find_model("RBFOX1")
    found = robustness(EXPERIMENTS["gcbias"].for_model(model), partial(prepare, model, load_predictor(model)), CHOICE)
    assert found.verdict in said
    effects = sorted((result.comparisons[1] for result in found.results.values()), key=lambda effect: effect.mean)
    assert written(effects[0]) in said
    assert written(effects[-1]) in said


@pytest.mark.parametrize("number", range(2, len(LESSONS) + 1))
def test_another_seed_gives_other_numbers(open_lesson, number):
    app = open_lesson(lesson=str(number), n="100", **REVEALED)
    before = re.findall(r"[+-]\d+\.\d\d", texts(app))
    finished(app.number_input(key="seed").set_value(3).run())
    after = re.findall(r"[+-]\d+\.\d\d", texts(app))
    assert before
    assert before != after
    assert "seed 3" in texts(app)


@pytest.mark.parametrize("chosen", [{"n": "1"}, {"n": "2"}, {"background": "context", "n": "50"}])
@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_one_or_two_rnas_are_enough_to_show_something(open_lesson, number, chosen):
    app = open_lesson(lesson=str(number), **chosen, **REVEALED)
    assert not errors(app)
    assert figures(app)
    assert "nan" not in texts(app).replace("nant", "")


def test_a_lesson_has_its_own_protein_whatever_the_sidebar_says(open_lesson):
    app = open_lesson(rbp="PCBP1", lesson="6", **REVEALED)
    assert "VTS1 (VTS1_2009)" in figures(app)[0]
    app.button(key="onward_7").click().run()
    finished(app.button(key="run_lesson").click().run())
    assert "RBFOX1 (RNCMPT00168)" in figures(app)[0]


def test_back_and_next_walk_through_and_keep_guesses(open_page):
    app = open_page("lessons")
    app.radio(key="guess_1").set_value(2).run()
    for number in range(2, len(LESSONS) + 1):
        app.button(key=f"next_{number}").click().run()
        assert app.header[0].value == LESSONS[number - 1].question
        assert app.query_params["lesson"] == str(number)
    for number in reversed(range(1, len(LESSONS))):
        app.button(key=f"back_{number}").click().run()
    assert app.radio(key="guess_1").value == 2
    assert "lesson" not in app.query_params


def test_what_was_run_is_still_there_on_the_way_back(open_page):
    app = open_page("lessons", lesson="3")
    finished(app.button(key="run_lesson").click().run())
    app.button(key="next_4").click().run()
    assert not figures(app)
    assert "run" not in app.query_params
    app.button(key="back_3").click().run()
    assert figures(app)
    assert app.query_params["run"] == "1"


def test_another_page_and_back_keeps_the_lesson(open_page):
    app = open_page("lessons", lesson="3")
    app.radio(key="guess_3").set_value(1).run()
    app.switch_page("../pages/models.py").run()
    app.query_params.clear()
    app.switch_page("../pages/lessons.py").run()
    assert app.header[0].value == LESSONS[2].question
    assert app.radio(key="guess_3").value == 1


@pytest.mark.parametrize("guess", range(3))
def test_the_reveal_says_whether_the_guess_held(open_page, results, guess):
    app = open_page("lessons", lesson="6", n="200")
    app.radio(key="guess_6").set_value(guess).run()
    finished(app.button(key="run_lesson").click().run())
    app.button(key="reveal_lesson").click().run()
    right = LESSONS[5].answer(results("VTS1", "stemloop", BackgroundChoice(samples=200)))
    assert ("As you expected" in texts(app)) == (guess == right)
    assert LESSONS[5].choices[right] in " ".join(element.value for element in [*app.info, *app.success])


@pytest.mark.parametrize("number", CANNED)
def test_the_link_out_fills_everything_in(open_lesson, number):
    app = open_lesson(lesson=number, **CHOSEN, **REVEALED)
    path, _, query = app.get("link_button")[0].proto.url.partition("?")
    asked = dict(parse_qsl(query))
    protein, name = CANNED[number]
    assert path == "experiments"
    assert asked["rbp"] == find_model(protein).experiment
    assert asked["experiment"] == name
    assert asked[f"{name}_motif"] == EXPERIMENTS[name].for_model(find_model(protein)).motif
    assert {key: asked[key] for key in CHOSEN} == CHOSEN
    assert not {"lesson", "run", "reveal"} & set(asked)


def test_a_lesson_that_does_not_exist_is_said_so(open_page):
    app = open_page("lessons", lesson="99")
    assert "'99'" in app.warning[0].value
    assert app.header[0].value == LESSONS[0].question


def test_a_lesson_whose_model_is_missing_says_so(open_page, monkeypatch):
    def missing(*_):
        raise RBindError("no model of VTS1")

    monkeypatch.setattr("dashboard.lessons.lesson.find_model", missing)
    assert errors(open_page("lessons", lesson="6")) == ["no model of VTS1"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.short)
def test_every_marked_word_is_explained_once(lesson):
    written = with_hints([lesson.known])
    assert "[[" not in written
    hints = re.findall(r'data-hint="([^"]+)"', written)
    assert len(hints) == len(set(hints))


def test_hints_escape_and_are_given_once():
    text = with_hints(["<b> [[stem]] and [[stems|stem]]"])
    assert "&lt;b&gt;" in text
    assert text.count("<dfn") == 1
    assert html.escape(WORDS["stem"]) in text


@pytest.mark.parametrize(
    ("factors", "answer"), [((4.0, 4.0, 4.01), 0), ((3.0, 4.0, 5.0), 1), ((4.0, 4.0, -0.5), 2)], ids=["same", "size", "sign"]
)
def test_the_lesson_on_other_networks_comes_out_by_what_they_say(factors, answer):
    lesson = LESSONS[8]
    members = [(Member(f"network-{n}", "toy", lambda: None), Scaled(factor)) for n, factor in enumerate(factors)]
    analysis = GlobalImportanceAnalysis(members[0][1], sample_without_gc(50))
    found = in_networks(analysis, Committee(tuple(members)), lesson.constructs)
    served = analysis.importances(list(lesson.constructs))
    assert lesson.answer((served, found)) == answer
    assert f"of {len(factors)} networks" in lesson.says(None, (served, found))[0]
