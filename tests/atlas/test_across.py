import json
from dataclasses import replace

import numpy as np
import pytest

from rbind_core.atlas.across import across, across_record, across_table, agrees_column, counted_models, value_rows
from rbind_core.atlas.files import Atlas, read_atlas, write_atlas
from rbind_core.atlas.studies import FIVE, STUDIES, THREE
from rbind_core.errors import ExperimentError
from rbind_core.model.measured_scores import measured_scores
from rbind_core.statistics import t_margin
from tests.atlas.across_rows import ERROR, row_of
from tests.atlas.toy_rows import row_of_the_counter, toy_model


@pytest.fixture
def models():
    return [toy_model(f"TOY{i}", protein=f"P{i // 2}", channels=4, training={}) for i in range(8)]


@pytest.fixture
def read(tmp_path):
    def read(rows) -> Atlas:
        write_atlas(tmp_path / "atlas.parquet", rows, {"seed": 0})
        return read_atlas(tmp_path / "atlas.parquet")

    return read


@pytest.fixture
def atlas(models, read):
    effects = [0.5, 1.05, 1.2, 1.3, 1.4, 1.5, 1.6, 9.0]
    return read([row_of(model, three) for model, three in zip(models, effects, strict=True)])


def test_the_shares_are_those_of_the_rows(models, atlas):
    found = across("gcbias-all", models, atlas)
    five, three, difference = found.distributions
    assert (five.above, three.above, difference.above) == (0, 7, 7)
    assert three.share == 7 / 8
    margin = t_margin(ERROR, row_of_the_counter()["samples"])
    assert three.margins == pytest.approx(margin)
    assert three.clearly_above == 6  # 1.05 is not clear
    assert three.clearly_below == 1
    assert found.headline is three
    assert found.counted == "8 experiments of 4 proteins"
    assert found.sentences[:3] == [one.sentence for one in found.distributions]


def test_taught_models_are_not_counted(models, atlas):
    models[7] = replace(models[7], training={"scores": "taught"})
    assert models[7].is_taught
    assert counted_models(models, atlas) == models[:7]
    assert across("gcbias-all", models, atlas).counted == "7 experiments of 4 proteins"


def test_both_ends_share_their_bins(models, atlas):
    five, three, difference = across("gcbias-all", models, atlas).distributions
    assert (five.quantity, three.quantity) == (FIVE, THREE)
    np.testing.assert_array_equal(five.edges, three.edges)
    assert not np.array_equal(three.edges, difference.edges)


def test_values_are_sorted_and_keep_their_names(models, read):
    one = across("gcbias-all", models, read([row_of(models[0], 3.0), row_of(models[5], 1.1), row_of(models[2], 2.0)])).headline
    assert one.values.tolist() == [1.1, 2.0, 3.0]
    assert one.experiments == ("TOY5", "TOY2", "TOY0")
    assert one.proteins == ("P2", "P1", "P0")


def test_a_model_without_the_number_is_left_out_of_that_number(models, read):
    rows = [row_of(models[0], float("nan"), five=1.2), row_of(models[1], 1.3, five=1.4)]
    five, three, difference = across("gcbias-all", models, read(rows)).distributions
    assert (five.n, three.n, difference.n) == (2, 1, 1)


def test_where_no_model_has_the_number_that_is_said(models, read):
    with pytest.raises(ExperimentError, match="no model with 'R² of the number of sites'"):
        across("sites-all", models, read([row_of(models[0], 1.0, r_squared=float("nan"))]))


@pytest.mark.parametrize("name", STUDIES)
def test_an_empty_atlas_names_the_command(name, models):
    with pytest.raises(ExperimentError, match=r"'./rbind atlas' measures"):
        across(name, models, Atlas.empty())


def test_an_unknown_study_names_all(models, atlas):
    with pytest.raises(ExperimentError, match="'gc-all' is not an experiment over all models; use gcbias-all, sites-all"):
        across("gc-all", models, atlas)


def test_only_current_models_of_the_sequence_count_and_none_twice(atlas):
    good = toy_model("TOY0", channels=4, training={})
    again = toy_model("TOY1", channels=4, training={"experiment": "TOY0"})
    structure = toy_model("TOY2", channels=6)
    broken = toy_model("TOY3", channels=4, problem="damaged")
    anew = toy_model("TOY4", channels=4, weights_sha256="f" * 64)
    elsewhere = toy_model("TOY9", channels=4)
    counted = counted_models([again, structure, good, broken, anew, elsewhere], atlas)
    assert counted == [good]
    assert counted_models([again], atlas) == [again]


def test_the_table_holds_what_single_experiments_said(models, atlas):
    table = across_table(models, atlas)
    assert table["experiment"].tolist() == [model.experiment for model in models]
    row = row_of_the_counter()
    loop = next(c for c in row["comparisons"] if c["study"] == "stemloop" and c["background"] == "profile")
    assert loop["difference"] == pytest.approx(row["loop_minus_open"])
    assert loop["standard_error"] == pytest.approx(row["loop_minus_open_standard_error"])
    assert table["loop_over_stem"].tolist() == pytest.approx([row["loop_over_stem"]] * 8)
    words = {True: "agree", False: "differ", None: "nothing clear"}
    for verdict in row["verdicts"]:
        assert table[agrees_column(verdict["study"])].unique().tolist() == [words[verdict["agrees"]]]


def test_unsure_ratios_and_motifs_that_are_rich_in_gc_are_named(models, read):
    rows = [row_of(models[0], 1.2), row_of(models[1], 8.0, gc_three_standard_error=2.0, top_importance=0.03)]
    rows.append(row_of(models[2], 1.4, top_kmer="ACGCGA"))
    notes = " ".join(across("gcbias-all", models, read(rows)).notes)
    assert "unsure where the motif alone does little or varies much: P0 (TOY1) 8.00 (95 % CI" in notes
    assert "motif alone 0.03" in notes
    assert "TOY0" not in notes
    assert "a further site, in P1 (ACGCGA)." in notes


def test_lines_that_fall_are_named(models, read):
    rows = [row_of(models[0], 1.2), row_of(models[6], 1.2, sites_slope=-1.0)]
    found = across("sites-all", models, read(rows))
    assert found.headline.above == 2
    assert "The line falls, so that further sites lower predicted binding, in P3." in found.notes


def test_verdicts_are_counted_by_experiment_and_by_protein(models, read):
    said = ["additive", "additive", "additive", "more than the sum", "undecided", "undecided", "less than the sum", "additive"]
    rows = [row_of(model, 1.2, sites_verdict=verdict) for model, verdict in zip(models, said, strict=True)]
    found = across("sites-all", models, read(rows))
    assert found.verdicts == {
        "experiment": {"additive": 4, "more than the sum": 1, "less than the sum": 1, "undecided": 2},
        "protein": {
            **{"additive": 1, "more than the sum": 0, "less than the sum": 0, "undecided": 1},
            "its experiments disagree": 2,
        },
    }
    assert across_record(found, {})["verdicts"] == found.verdicts
    assert (
        "Verdicts: additive 4, more than the sum 1, less than the sum 1, undecided 2 (of 8 experiments); "
        "by protein additive 1, undecided 1, its experiments disagree 2 (of 4 proteins)."
    ) in found.notes


def test_the_loop_study_has_its_verdicts_and_says_that_loop_minus_stem_is_none(models, atlas):
    found = across("stemloop-all", models, atlas)
    assert [one.quantity.column for one in found.distributions] == ["loop_minus_open", "compensatory"]
    assert found.verdicts["experiment"]["pairing helps"] == 8
    assert any("no verdict rests on it" in note for note in found.notes)
    assert np.isnan(found.headline.p_value)


def test_models_that_leave_the_measured_range_are_counted_where_it_is_known(models, read):
    scores = measured_scores(np.linspace(-2, 5, 4000))
    known = [replace(model, measured_scores=scores) for model in models[:3]]
    known += [replace(model, measured_scores=None) for model in models[3:]]
    rows = [row_of(model, 1.2, sites_mean_score=score) for model, score in zip(known, (4, 6, 7, 8, 9, 1, 1, 1), strict=True)]
    atlas = read(rows)
    assert across_table(known, atlas)["sites_beyond_measured"].tolist() == [False, True, True, *[None] * 5]
    found = across("sites-all", known, atlas)
    assert across_record(found, {})["beyond_measured"] == 2
    assert any("in 2 of 3 models: there it extrapolates." in note for note in found.notes)
    assert across_record(across("gcbias-all", known, atlas), {})["beyond_measured"] is None


def test_proteins_count_once_by_the_median_of_their_experiments(models, read):
    effects = [0.5, 0.6, 1.2, 1.3, 1.4, 1.5, 1.6, 0.2]
    found = across("gcbias-all", models, read([row_of(m, three) for m, three in zip(models, effects, strict=True)])).headline
    assert (found.above, found.proteins_above, found.proteins_counted) == (5, 2, 4)
    assert "By protein, the median of its experiments: 2 of 4." in found.sentence


def test_the_record_is_complete_and_a_single_model_may_be_asked_for(models, atlas):
    found = across("gcbias-all", models, atlas)
    record = across_record(found, atlas.provenance)
    assert json.loads(json.dumps(record)) == record
    assert (record["name"], record["provenance"], record["models"], record["proteins"]) == ("gcbias-all", {"seed": 0}, 8, 4)
    assert [one["quantity"] for one in record["results"]] == ["gc_five", "gc_three", "gc_difference"]
    three = record["results"][1]
    assert sum(three["bins"]["counts"]) == three["n"] == len(three["values"]) == 8
    assert len(three["bins"]["edges"]) == len(three["bins"]["counts"]) + 1
    assert three["share_ci95"] == list(found.headline.share_ci95)
    only = across_record(found, {}, "TOY7")["results"][1]
    assert [value["value"] for value in only.pop("values")] == [9.0]
    assert only == {key: value for key, value in three.items() if key != "values"}


def test_without_intervals_nothing_is_said_to_be_clear(models, atlas):
    found = across("sites-all", models, atlas)
    _, sites = across_record(found, {})["results"]
    assert sites["clearly_above"] is None
    assert np.isnan(sites["p_value"])
    assert np.isnan(sites["values"][0]["standard_error"])


def test_the_rows_for_csv_hold_every_model_once_for_each_quantity(models, atlas):
    rows = value_rows(across("gcbias-all", models, atlas).distributions)
    assert len(rows) == 24
    assert len({(row["quantity"], row["experiment"]) for row in rows}) == 24
    assert all(row["ci95_low"] < row["value"] < row["ci95_high"] for row in rows)


def test_the_committee_is_counted_where_there_is_one(models, read):
    def spread(*values: float) -> dict:
        return {
            "networks": ["served", "trunk", "panel-1"],
            "spreads": [{"study": "headline", "label": "gc_three", "values": list(values)}],
        }

    rows = [row_of(model, 1.2) for model in models]
    rows[0] |= spread(1.2, 1.3, 1.4)
    rows[1] |= spread(1.2, 1.3, 0.9)
    rows[2] |= spread(0.7, 0.8, 0.9)
    found = across("gcbias-all", models, read(rows))
    column = found.table["gc_three_networks"]
    assert column.tolist()[:3] == ["3 of 3", "2 of 3", "3 of 3"]
    assert column.isna().sum() == len(models) - 3
    assert found.notes[-1] == "GC-rich 3' end: in 2 of 3 models with a committee all its networks lie on the same side of 1."
    assert not [note for note in across("sites-all", models, read(rows)).notes if "committee" in note]
