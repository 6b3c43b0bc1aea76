import json
import math
from functools import partial

import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.backgrounds import PAPER_NAMES
from rbind_core.constructs import parse_construct
from rbind_core.experiments.catalogue import EXPERIMENTS, find_experiment
from rbind_core.experiments.experiment import run
from rbind_core.experiments.records import (
    comparison_record,
    experiment_record,
    gia_record,
    importance_record,
    local_table,
    robustness_table,
    table,
)
from rbind_core.experiments.robustness import robustness
from rbind_core.statistics import compare_with_first
from tests.toys import TOY_CONTEXT

CHOICE = BackgroundChoice("shuffle", 25, 3)
UNCERTAINTY = {"standard_error", "ci95", "p_value", "effect_size", "samples"}


@pytest.fixture
def analysis(model, additive):
    return prepare(model, additive, CHOICE)


@pytest.fixture(params=EXPERIMENTS)
def result(request, rbfox1, analysis):
    return run(EXPERIMENTS[request.param].for_model(rbfox1), analysis)


def as_json(record):
    """What a reader of the JSON gets back."""
    return json.loads(json.dumps(record))


def test_an_importance_is_recorded_with_its_null_and_its_uncertainty(analysis):
    importance = analysis.importance(parse_construct("loop = stem:7-16/24-33+GCUGGC@18"))
    record = as_json(importance_record(importance))
    assert record["pattern"] == "stem:7-16/24-33+GCUGGC@18"
    assert record["name"] == "loop"
    assert record["null"] == "stem:7-16/24-33"
    assert record["null_mean"] == importance.null_mean
    assert record["global_importance"] == importance.mean
    assert record["ci95"] == list(importance.ci95)
    assert (record["standard_error"], record["p_value"]) == (importance.standard_error, importance.p_value)
    assert (record["effect_size"], record["samples"]) == (importance.effect_size, 25)
    assert record["local_importance"] == importance.local.tolist()
    assert "local_importance" not in importance_record(importance, local=False)


def test_a_record_of_an_experiment_is_json_and_complete(result, rbfox1):
    record = as_json(experiment_record(rbfox1, CHOICE, result))
    assert (record["rbp"], record["experiment"]) == ("RBFOX1", "TOY00001")
    assert (record["background"], record["library"], record["samples"], record["seed"]) == ("shuffle", "designed", 25, 3)
    assert record["name"] == result.experiment.name
    assert {"title", "figure", "settings", "results", "comparisons", "fits", "says", "says_not"} <= set(record)
    assert [one["label"] for one in record["results"]] == [arm.label for arm in result.arms]
    assert all(set(one) >= {"series", "x", "pattern", "global_importance", "null", *UNCERTAINTY} for one in record["results"])
    assert all(
        set(one) >= {"first", "second", "difference", "p_holm", *UNCERTAINTY} and one["difference"] == comparison.mean
        for one, comparison in zip(record["comparisons"], result.comparisons, strict=True)
    )
    assert set(record["fits"]) == set(result.fits)
    for series, fit in record["fits"].items():
        assert fit == {**vars(result.fits[series]), "slope_ci95": list(result.fits[series].slope_ci95)}
    assert record["says"] == result.sentences


def test_an_experiment_can_be_repeated_from_its_record(result, rbfox1, additive):
    record = as_json(experiment_record(rbfox1, CHOICE, result))
    experiment = find_experiment(record["name"]).for_model(rbfox1, **record["settings"])
    choice = BackgroundChoice(record["background"], record["samples"], record["seed"], record["library"])
    again = run(experiment, prepare(rbfox1, additive, choice))
    assert as_json(experiment_record(rbfox1, choice, again)) == record


def test_each_result_can_be_had_alone_by_its_pattern(result, rbfox1, analysis):
    for one in experiment_record(rbfox1, CHOICE, result)["results"]:
        assert analysis.importance(parse_construct(one["pattern"])).mean == one["global_importance"]


def test_local_importances_are_recorded_where_they_are_asked_for(result, rbfox1):
    without, with_ = (experiment_record(rbfox1, CHOICE, result, local)["results"] for local in (False, True))
    assert not any("local_importance" in one for one in without)
    assert [one["local_importance"] for one in with_] == [i.local.tolist() for i in result.importances]


def test_settings_of_the_users_own_background_are_recorded(rbfox1, additive):
    choice = BackgroundChoice("context", 10, context=TOY_CONTEXT)
    found = run(EXPERIMENTS["gcbias"].for_model(rbfox1), prepare(rbfox1, additive, choice))
    record = experiment_record(rbfox1, choice, found)
    assert (record["background"], record["context"]) == ("context", TOY_CONTEXT)
    assert [one["samples"] for one in record["results"]] == [1] * 4  # one RNA, also where beyond its 30 nt the tail is drawn
    assert math.isnan(record["results"][0]["standard_error"])


def test_a_record_of_all_backgrounds_has_each_of_them_and_the_verdict(rbfox1, additive):
    found = robustness(EXPERIMENTS["sites"].for_model(rbfox1), partial(prepare, rbfox1, additive), CHOICE)
    record = as_json(experiment_record(rbfox1, CHOICE, found))
    assert (record["name"], record["of"]) == ("robustness", "sites")
    assert record["background"] == list(PAPER_NAMES) == list(record["backgrounds"])
    assert (record["agrees"], record["verdict"]) == (found.agrees, found.verdict)
    for name, one in record["backgrounds"].items():
        assert [r["global_importance"] for r in one["results"]] == [i.mean for i in found.results[name].importances]
    rows = robustness_table(found)
    assert [row["background"] for row in rows] == [name for name in PAPER_NAMES for _ in found.results[name].arms]
    assert len({tuple(row) for row in rows}) == 1  # the same columns


def test_gia_compares_each_construct_with_the_first(rbfox1, analysis):
    importances = analysis.importances([parse_construct(t) for t in ("UGCAUG@18", "two = UGCAUG@4,11", "R@1")])
    record = as_json(gia_record(rbfox1, CHOICE, importances))
    assert {"rbp", "experiment", "background", "samples", "seed", "null_mean", "results", "comparisons"} <= set(record)
    assert [one["pattern"] for one in record["results"]] == ["UGCAUG@18", "UGCAUG@4+UGCAUG@11", "R@1"]
    assert all(len(one["local_importance"]) == 25 for one in record["results"])
    assert [(one["first"], one["second"]) for one in record["comparisons"]] == [("two", "UGCAUG@18"), ("R@1", "UGCAUG@18")]
    expected = compare_with_first(["a", "b", "c"], importances)
    assert [one["p_holm"] for one in record["comparisons"]] == [c.holm for c in expected]
    assert comparison_record(expected[0])["difference"] == record["comparisons"][0]["difference"]


def test_a_table_has_one_row_for_each_arm_with_the_same_columns(result):
    rows = table(result)
    assert [row["label"] for row in rows] == [arm.label for arm in result.arms]
    assert len({tuple(row) for row in rows}) == 1
    for row, importance in zip(rows, result.importances, strict=True):
        assert (row["ci95_low"], row["ci95_high"]) == importance.ci95
        assert all(isinstance(value, str | int | float | None) for value in row.values())


def test_a_local_table_has_one_row_for_each_construct_and_background_sequence(analysis):
    importances = analysis.importances([parse_construct("UGCAUG@18"), parse_construct("GG@3")])
    rows = local_table(["a", "b"], importances)
    assert [(row["construct"], row["background_rna"]) for row in rows] == [(label, n) for label in "ab" for n in range(1, 26)]
    assert [row["local_importance"] for row in rows] == [*importances[0].local.tolist(), *importances[1].local.tolist()]
    assert all(row["with"] - row["without"] == pytest.approx(row["local_importance"], abs=1e-3) for row in rows)
