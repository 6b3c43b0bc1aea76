from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t, ttest_rel, wilcoxon

from rbind_core.benchmark import (
    METHODS,
    benchmark_table,
    compare_scales,
    compare_with,
    low_everywhere,
    p_text,
    published,
    structure_table,
    verdict,
)
from rbind_core.errors import RBindError
from rbind_core.model.registry import list_models, store_model
from tests.toys import card, random_weights

IDS = [f"RNCMPT{number:05}" for number in (168, 47, 71, 25, 107, 36)]


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    store_model(folder / "TOY00001", card(), random_weights())
    return list_models([folder])[0]


@pytest.fixture
def make(toy):
    def make(id_, clip=float("nan"), log=0.5, channels=4, protein="TOYBP", **training):
        metrics = {"pearson_test": log, "n_test": 121031} | ({} if np.isnan(clip) else {"pearson_test_clip": clip})
        return replace(toy, experiment=id_, protein=protein, metrics=metrics, channels=channels, training=training)

    return make


@pytest.fixture(scope="module")
def make_models(toy):
    base = published()["ThermoNet"]

    def make_models(shifts):
        return [
            replace(toy, experiment=id_, metrics={"pearson_test": 0.5, "pearson_test_clip": base[id_] + shift})
            for id_, shift in zip(IDS, shifts, strict=False)
        ]

    return make_models


def test_the_published_numbers_are_all_there():
    table = published()
    assert table.shape == (244, 4)
    assert tuple(table.columns) == METHODS
    assert table.loc["RNCMPT00001"].tolist() == [0.7509, 0.5051, 0.6786, 0.6214]
    assert np.isfinite(table.to_numpy()).all()


def test_a_caller_cannot_change_the_published_numbers():
    mine = published()
    mine.loc["RNCMPT00001", "ThermoNet"] = 0
    assert published().loc["RNCMPT00001", "ThermoNet"] == 0.7509


def test_ours_stand_beside_the_published_numbers_of_the_same_experiment(make):
    table = benchmark_table([make("RNCMPT00168", 0.75, 0.83), make("MY_TABLE", log=0.4)]).set_index("experiment")
    row = table.loc["RNCMPT00168"]
    assert row[list(METHODS)].tolist() == published().loc["RNCMPT00168"].tolist()
    assert (row["pearson_clip"], row["pearson_log"]) == (0.75, 0.83)
    assert row["difference_to_ThermoNet"] == pytest.approx(0.75 - row["ThermoNet"])
    own = table.loc["MY_TABLE"]
    assert own[["pearson_clip", *METHODS, "difference_to_ThermoNet"]].isna().all()
    assert own["pearson_log"] == 0.4


def test_an_experiment_counts_once_and_structure_and_broken_models_not_at_all(make):
    models = [
        make("RNCMPT00168", 0.7),
        make("RNCMPT00168", 0.6),
        make("RBFOX1_PU", 0.8, channels=6),
        replace(make("RNCMPT00071", 0.8), problem="weights.safetensors is missing"),
    ]
    table = benchmark_table(models)
    assert table["experiment"].tolist() == ["RNCMPT00168"]
    assert table["pearson_clip"].tolist() == [0.7]


def test_tables_without_models_have_their_columns():
    assert "ThermoNet" in benchmark_table([])
    assert {"sequence", "PU", "PHIME_gain"} <= set(structure_table([]))


@given(st.lists(st.floats(-0.05, 0.05), min_size=2, max_size=len(IDS)))
def test_a_comparison_is_that_of_its_definition(make_models, shifts):
    comparison = compare_with(make_models(shifts), "ThermoNet")
    theirs = published().loc[IDS[: len(shifts)], "ThermoNet"].to_numpy()
    ours = theirs + shifts
    differences = ours - theirs
    assert comparison.n == len(shifts)
    assert (comparison.ours, comparison.theirs) == pytest.approx((ours.mean(), theirs.mean()))
    assert comparison.wins == (differences > 0).sum()
    assert comparison.ci95[0] <= comparison.difference <= comparison.ci95[1]
    half = t.ppf(0.975, len(shifts) - 1) * differences.std(ddof=1) / np.sqrt(len(shifts))
    assert comparison.ci95[1] - comparison.difference == pytest.approx(half)
    assert 0 < comparison.p_value <= 1
    if differences.any():
        assert comparison.p_value == pytest.approx(wilcoxon(differences).pvalue)


def test_the_interval_is_scipys(make_models):
    models = make_models([0.01, 0.02, -0.01, 0.03])
    table = benchmark_table(models)
    interval = ttest_rel(table["pearson_clip"], table["RCK"]).confidence_interval()
    assert compare_with(models, "RCK").ci95 == pytest.approx(tuple(interval))


def test_without_pairs_there_is_no_verdict(make):
    comparison = compare_with([make("RNCMPT00168"), make("MY_TABLE", 0.7)], "RCK")
    assert (comparison.n, comparison.wins) == (0, 0)
    assert np.isnan([comparison.ours, comparison.theirs, comparison.difference, *comparison.ci95, comparison.p_value]).all()
    assert verdict(comparison).startswith("No verdict yet")


def test_one_pair_has_a_difference_but_no_test(make):
    comparison = compare_with([make("RNCMPT00168", 0.9)], "RCK")
    assert (comparison.n, comparison.wins, comparison.ours) == (1, 1, 0.9)
    assert np.isnan([*comparison.ci95, comparison.p_value]).all()
    assert "too few" in verdict(comparison)


def test_equal_correlations_are_no_difference(make_models):
    comparison = compare_with(make_models([0.0] * 5), "ThermoNet")
    assert (comparison.difference, comparison.wins, comparison.p_value) == (0, 0, 1)


def test_the_verdict_says_n_interval_wins_and_scale(make_models):
    text = verdict(compare_with(make_models([0.01, 0.02, -0.005, 0.03, 0.02, 0.01]), "ThermoNet"))
    for part in ("On the 6 experiments", "+0.014 (95 % CI", "better in 5 of 6", "Wilcoxon p = ", "clip-transformed", "set B"):
        assert part in text


def test_an_unknown_method_is_named_with_those_that_exist(make):
    with pytest.raises(RBindError, match="'DeepBind' is not a published method; choose from ThermoNet, RCK"):
        compare_with([], "DeepBind")


def test_scales_are_compared_where_both_are_known(make):
    models = [make("RNCMPT00168", 0.7, 0.8), make("RNCMPT00071", 0.6, 0.8), make("RNCMPT00047", log=0.1)]
    comparison = compare_scales(models)
    assert (comparison.n, comparison.wins) == (2, 2)
    assert (comparison.ours, comparison.theirs) == pytest.approx((0.8, 0.65))


def test_an_experiment_nobody_predicts_is_found(make):
    models = [make("RNCMPT00047", 0.07), make("RNCMPT00168", 0.07)]
    assert [m.experiment for m in low_everywhere(models)] == ["RNCMPT00047"]
    assert low_everywhere([make("RNCMPT00047")]) == []


def test_models_with_structure_are_paired_with_sequence_alone(make):
    models = [
        make("RNCMPT00168", log=0.80, protein="RBFOX1"),
        make("RBFOX1_PU", log=0.82, channels=6, experiment="RNCMPT00168"),
        make("RBFOX1_PHIME", log=0.79, channels=9, experiment="RNCMPT00168"),
        make("VTS1_PU", log=0.7, channels=6, protein="VTS1", experiment="VTS1_2009"),
    ]
    table = structure_table(models).set_index("experiment")
    rbfox1 = table.loc["RNCMPT00168"]
    assert rbfox1["protein"] == "RBFOX1"
    assert rbfox1[["sequence", "PU", "PHIME", "PU_gain", "PHIME_gain"]].tolist() == pytest.approx([0.8, 0.82, 0.79, 0.02, -0.01])
    vts1 = table.loc["VTS1_2009"]
    assert vts1["PU"] == 0.7
    assert vts1[["sequence", "PHIME", "PU_gain"]].isna().all()


def test_p_values_are_written_short():
    assert p_text(0.0123) == "p = 0.012"
    assert p_text(0.0) == "p < 1e-300"
