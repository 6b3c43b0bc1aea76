from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t, ttest_rel, wilcoxon

from rbind_core.errors import RBindError
from rbind_core.model.registry import list_models, store_model
from rbind_core.model.replicates import Replicates
from rbind_core.quality.published_methods import (
    METHODS,
    benchmark_table,
    compare_scales,
    compare_starts,
    compare_with,
    difference_text,
    low_everywhere,
    published,
    single_task_table,
    structure_table,
    verdict,
)
from rbind_core.system.paths import BUNDLED_MODELS
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


def test_taught_models_count_nowhere(make):
    taught = make("RNCMPT00001", scores="taught")
    assert benchmark_table([taught, make("RNCMPT00168", 0.7)])["experiment"].tolist() == ["RNCMPT00168"]
    pairs = structure_table([taught, make("A1CF_PU", channels=6, experiment="RNCMPT00001")])
    assert np.isnan(pairs["sequence"].item())


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


# by protein


def test_a_protein_counts_once_however_often_it_was_measured(make):
    base = published()["ThermoNet"]
    ids = {"RNCMPT00168": "RBFOX1", "RNCMPT00106": "SRSF1", "RNCMPT00107": "SRSF1", "RNCMPT00108": "SRSF1"}
    shifts = dict(zip(ids, (-0.02, 0.01, 0.02, 0.06), strict=True))
    models = [make(id_, base[id_] + shifts[id_], protein=protein) for id_, protein in ids.items()]
    by_experiment, by_protein = (compare_with(models, "ThermoNet", by) for by in ("experiment", "protein"))
    assert (by_experiment.n, by_experiment.wins, by_experiment.by) == (4, 3, "experiment")
    assert (by_protein.n, by_protein.wins, by_protein.by) == (2, 1, "protein")
    assert by_protein.difference == pytest.approx((-0.02 + 0.03) / 2)
    half = t.ppf(0.975, 1) * np.std([-0.02, 0.03], ddof=1) / np.sqrt(2)
    assert by_protein.ci95[1] - by_protein.difference == pytest.approx(half)
    said = verdict(by_experiment, by_protein)
    assert "By protein, the mean over its experiments taken first: +0.005" in said
    assert "better in 1 of 2" in said
    assert "not the same training data" in said


def test_where_no_protein_repeats_it_is_said_once(make_models):
    models = [replace(m, protein=m.experiment) for m in make_models([0.01, 0.02, 0.03])]
    assert "By protein" not in verdict(*(compare_with(models, "ThermoNet", by) for by in ("experiment", "protein")))


def test_an_unknown_pairing_is_refused(make):
    with pytest.raises(RBindError, match="'species' is no way to pair correlations; choose from experiment, protein"):
        compare_with([make("RNCMPT00168", 0.7)], "RCK", "species")


def test_the_bundled_models_are_compared_over_49_experiments_of_36_proteins():
    models = list_models([BUNDLED_MODELS])
    experiments, proteins = (compare_with(models, "ThermoNet", by) for by in ("experiment", "protein"))
    assert (experiments.n, proteins.n) == (49, 36)
    assert proteins.p_value > experiments.p_value  # fewer independent units
    assert proteins.ci95[0] > 0


# noise ceiling


def test_the_table_has_ceiling_and_share_of_it(make):
    noisy = replace(make("RNCMPT00168", log=0.3), replicates=Replicates(0.36, 200, (0.2, 0.5), 0.6))
    table = benchmark_table([noisy, make("RNCMPT00071")]).set_index("experiment")
    row = table.loc["RNCMPT00168"]
    assert (row["replicates_pearson"], row["ceiling"], row["share_of_ceiling"]) == pytest.approx((0.36, 0.6, 0.5))
    assert table.loc["RNCMPT00071", ["replicates_pearson", "ceiling", "share_of_ceiling"]].isna().all()


# with and without the trunk


def test_the_ablation_is_read_as_far_as_it_is_there(tmp_path):
    file = tmp_path / "single_task.tsv"
    assert single_task_table(file).empty
    file.write_text("experiment\tprotein\tpearson_scratch\tpearson_trunk\tn_test\n")
    assert single_task_table(file).empty
    with file.open("a") as lines:
        lines.write("E2\tB\t0.7\t0.73\t100\nE1\tA\t0.5\t0.56\t100\n")
    table = single_task_table(file)
    assert table["experiment"].tolist() == ["E1", "E2"]
    assert table["difference"].tolist() == pytest.approx([0.06, 0.03])
    with file.open("a") as lines:
        lines.write("E3\tC\t0.5\n")  # cut off
    assert len(single_task_table(file)) == 2


HEADER = b"experiment\tprotein\tpearson_scratch\tpearson_trunk\tn_test\n"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a\tb\n1\t2\n", HEADER + b"E\tP\tx\ty\t9\n"])
def test_a_damaged_ablation_is_as_none(content, tmp_path):
    (tmp_path / "t.tsv").write_bytes(content)
    assert single_task_table(tmp_path / "t.tsv").empty


def test_the_start_from_the_trunk_is_compared_pair_by_pair(tmp_path):
    rng = np.random.default_rng(0)
    scratch = rng.uniform(0.1, 0.8, 10)
    gain = rng.normal(0.03, 0.01, 10)
    numbers = {"pearson_scratch": scratch, "pearson_trunk": scratch + gain, "n_test": 100}
    pd.DataFrame({"experiment": range(10), "protein": "P"} | numbers).to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    found = compare_starts(single_task_table(tmp_path / "t.tsv"))
    assert (found.n, found.wins) == (10, int((gain > 0).sum()))
    assert found.difference == pytest.approx(gain.mean())
    assert found.ci95 == pytest.approx(tuple(ttest_rel(scratch + gain, scratch).confidence_interval()))
    assert difference_text(found) == f"{gain.mean():+.3f} (95 % CI {found.ci95[0]:+.3f} to {found.ci95[1]:+.3f})"
