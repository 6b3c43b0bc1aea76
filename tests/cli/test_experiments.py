"""`./rbind experiment` and the commands and snippets that the pages hand out: they give the numbers that were shown."""

import json
import shlex
from dataclasses import fields

import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.constructs import parse_construct
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import run
from rbind_core.experiments.records import experiment_record, gia_record
from rbind_core.experiments.robustness import robustness
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.report.reproduce import experiment_command, experiment_python, gia_command, gia_python
from tests.cli.test_cli import rbind as rbind  # the fixture, with one small model, TOYBP

CHOICES = [
    BackgroundChoice("profile", 30, 3),
    BackgroundChoice("gc", 30, 3, gc=0.6),
    BackgroundChoice("context", 30, 3, context="AGAUGCAUGAGCAUGGACCAUUUAGAUCCAUUAG"),
]
SETTINGS = {"kd": {"affinities": "UGCAUGU 0.83, AGCAUGU 4.8, UGUAUGU 280"}}


@pytest.fixture
def model(rbind):
    return find_model("TOYBP")


def plain_json(record):
    return json.loads(json.dumps(record).replace("NaN", "null"))


def arguments(command):
    assert command.startswith("./rbind ")
    return shlex.split(command)[1:]


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.background)
def test_the_command_of_an_experiment_gives_its_numbers(rbind, model, name, choice):
    experiment = EXPERIMENTS[name].for_model(model, **SETTINGS.get(name, {}))
    result = run(experiment, prepare(model, load_predictor(model), choice))
    printed = rbind(*arguments(experiment_command(model, choice, experiment))).json
    assert printed == plain_json(experiment_record(model, choice, result))
    assert [row["global_importance"] for row in printed["results"]] == [i.mean for i in result.importances]


@pytest.mark.parametrize("name", ["sites", "stemloop", "kmer-ism"])
def test_the_command_for_all_backgrounds_gives_the_verdict(rbind, model, name):
    experiment, choice = EXPERIMENTS[name].for_model(model), BackgroundChoice("profile", 30, 3)
    predictor = load_predictor(model)
    result = robustness(experiment, lambda choice: prepare(model, predictor, choice), choice)
    printed = rbind(*arguments(experiment_command(model, choice, experiment, all_backgrounds=True))).json
    assert printed["verdict"] == result.verdict
    assert list(printed["backgrounds"]) == list(result.results)
    assert printed == plain_json(experiment_record(model, choice, result))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_snippet_of_an_experiment_gives_its_numbers(model, name, capsys):
    choice = CHOICES[0]
    experiment = EXPERIMENTS[name].for_model(model, **SETTINGS.get(name, {}))
    result = run(experiment, prepare(model, load_predictor(model), choice))
    exec(experiment_python(model, choice, experiment), {})
    printed = capsys.readouterr().out
    for arm, importance in zip(result.arms, result.importances, strict=True):
        assert f"{arm.label} {importance.mean} {importance.ci95}" in printed
    assert str(result.sentences) in printed


def test_the_snippet_for_all_backgrounds_gives_the_verdict(model, capsys):
    choice, predictor = CHOICES[0], load_predictor(model)
    experiment = EXPERIMENTS["gcbias"].for_model(model)
    exec(experiment_python(model, choice, experiment, all_backgrounds=True), {})
    verdict = robustness(experiment, lambda choice: prepare(model, predictor, choice), choice).verdict
    assert capsys.readouterr().out.strip() == verdict


CONSTRUCTS = [parse_construct(text) for text in ("a name = stem:7-16/24-33:gu+GCUGGC@18", "UGCAUG@*", "RYN@4+occlude:10-12")]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.background)
def test_command_and_snippet_of_the_lab_give_its_numbers(rbind, model, choice, capsys):
    results = prepare(model, load_predictor(model), choice).importances(CONSTRUCTS)
    printed = rbind(*arguments(gia_command(model, choice, CONSTRUCTS))).json
    assert printed == plain_json(gia_record(model, choice, results))
    exec(gia_python(model, choice, CONSTRUCTS), {})
    assert capsys.readouterr().out.splitlines() == [f"{r.construct.text} {r.mean} {r.ci95}" for r in results]


def test_compared_constructs_come_with_holms_correction(rbind, model):
    printed = rbind(
        "gia", "--rbp", "TOYBP", "--pattern", "one = UGCAUG@18", "--pattern", "UGCAUG@4,18", "--pattern", "A@1", "--json"
    ).json
    assert [row["pattern"] for row in printed["results"]] == ["UGCAUG@18", "UGCAUG@4+UGCAUG@18", "A@1"]
    assert [(c["first"], c["second"]) for c in printed["comparisons"]] == [("UGCAUG@4+UGCAUG@18", "one"), ("A@1", "one")]
    for comparison in printed["comparisons"]:
        assert comparison["p_holm"] >= comparison["p_value"]


def test_an_experiment_as_text_names_arms_fits_and_what_it_says(rbind, model):
    printed = rbind("experiment", "sites", "--rbp", "TOYBP", "--samples", "20").out
    assert "UGCAUG ×3\tUGCAUG@4+UGCAUG@11+UGCAUG@18\t" in printed
    assert "fit UGCAUG: R² = " in printed
    everywhere = rbind("experiment", "robustness", "--of", "stemloop", "--rbp", "TOYBP", "--samples", "20").out
    assert "# Pairing around the motif: background quartile4" in everywhere
    assert everywhere.splitlines()[-1].startswith(("Agree", "Differ", "Nothing"))


def test_local_importances_are_printed_when_asked_for(rbind, model):
    short, long = (
        rbind("experiment", "gcbias", "--rbp", "TOYBP", "--samples", "20", "--json", *extra).json for extra in ([], ["--local"])
    )
    assert "local_importance" not in short["results"][0]
    assert len(long["results"][0]["local_importance"]) == 20


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense", "--rbp", "TOYBP"], "'nonsense' is not an experiment; use sites, spacing"),
        (["sites", "--rbp", "TOYBP", "--copies", "9"], "Sites = 9: use 2 to 5"),
        (["sites", "--rbp", "TOYBP", "--motif", "UGX"], "UGX: X is not a nucleotide"),
        (["sites", "--rbp", "TOYBP", "--copies", "two"], "'two' is not a valid integer"),
        (["kd", "--rbp", "TOYBP"], "0 measured affinities"),
        (["kd", "--rbp", "TOYBP", "--affinities", "UGCAUGU -1, A 2, C 3"], "'UGCAUGU -1' is not an RNA and a K_D above 0"),
        (["stemloop", "--rbp", "TOYBP", "--stem", "7-16/18-27"], "the loop has 1 nt"),
        (["occlusion", "--rbp", "TOYBP", "--window", "41", "--sequence", "ACGUACGUACGUACG"], "longer than the sequence of 15 nt"),
        (["occlusion", "--rbp", "TOYBP", "--window", "60"], "Window = 60: use 1 to 41"),
        (["spacing", "--rbp", "TOYBP", "--start", "40"], "two sites of UGCAUG do not fit from position 40 on"),
        (["robustness", "--rbp", "TOYBP", "--of", "robustness"], "'robustness' is not an experiment"),
        (["sites", "--rbp", "NOBODY"], "NOBODY"),
        (["sites", "--rbp", "TOYBP", "--samples", "0"], "N = 0"),
    ],
)
def test_a_wrong_value_is_one_line_naming_what_is_allowed(rbind, model, arguments, says):
    outcome = rbind("experiment", *arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert says in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1


def test_every_experiment_is_listed_with_its_question(rbind):
    printed = rbind("experiment", "--help").out
    for name in [*EXPERIMENTS, "robustness"]:
        assert name in printed


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_setting_is_an_option_with_help(rbind, name):
    printed = rbind("experiment", name, "--help").out
    for setting in fields(EXPERIMENTS[name]):
        assert f"--{setting.name.replace(chr(95), chr(45))}" in printed
