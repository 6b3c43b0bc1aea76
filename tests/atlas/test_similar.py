from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from rbind_core.atlas.files import read_atlas, write_atlas
from rbind_core.atlas.similar import (
    SHARE,
    Z_SCORE,
    ScanComparison,
    comparable,
    compare_scans,
    correlations,
    holding,
    most_similar,
    motif_groups,
    specific_kmers,
    why_not,
)
from rbind_core.errors import ExperimentError, ModelError, SequenceError
from rbind_core.model.registry import find_model, list_models
from tests.toy_scans import FAVOURITES, KMERS, SCAN_SAMPLES, row_of, scan_for, write_toy_atlas


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return write_toy_atlas(tmp_path_factory.mktemp("atlas") / "atlas.parquet")


@pytest.fixture(scope="module")
def models():
    return [find_model(name) for name in FAVOURITES]


def of_scans(tmp_path, scans, **changed):
    """An atlas whose first models have these scans."""
    models = [find_model(name) for name in FAVOURITES][: len(scans)]
    write_atlas(tmp_path / "a.parquet", [row_of(m, s, **changed) for m, s in zip(models, scans, strict=True)], {})
    return models, read_atlas(tmp_path / "a.parquet")


def toy(means, kmers=("AAAAAA", "CCCCCC", "GGGGGG", "UUUUUU")):
    """A comparison of a few k-mers only."""
    models = tuple(replace(find_model("RBFOX1"), experiment=f"E{i}", protein=f"P{i}") for i in range(len(means)))
    means = np.array(means, float)
    return ScanComparison(models, kmers, means, np.full(means.shape, 0.5), (9,) * len(means), (0,) * len(means))


def test_identical_scans_correlate_perfectly_and_are_one_group(tmp_path):
    scan = scan_for("UGCAUG")
    assert correlations(np.stack([scan, 2 * scan + 1])) == pytest.approx(np.ones((2, 2)))
    models, atlas = of_scans(tmp_path, [scan, 2 * scan, -scan])
    groups = motif_groups(atlas, [m.experiment for m in models])
    assert [set(group.experiments) for group in groups] == [{models[0].experiment, models[1].experiment}, {models[2].experiment}]
    assert groups[0].name == "UGCAUG"


def test_opposite_scans_correlate_at_minus_one():
    scan = scan_for("UGCAUG")
    assert correlations(np.stack([scan, -scan]))[0, 1] == pytest.approx(-1)


def test_groups_of_none_and_of_one(atlas):
    assert motif_groups(atlas, []) == []
    (alone,) = motif_groups(atlas, ["RNCMPT00038"])
    assert (alone.name, alone.experiments) == ("GCUUGC", ("RNCMPT00038",))


def test_only_models_with_a_current_scan_can_be_compared(tmp_path, models):
    current, changed, unscanned, damaged = models[:4]
    rows = [
        row_of(current, scan_for("AAAAAA")),
        row_of(changed, scan_for("AAAAAA"), weights_sha256="of other weights"),
        row_of(unscanned, None),
        row_of(damaged, scan_for("AAAAAA")),
    ]
    write_atlas(tmp_path / "a.parquet", rows, {})
    there = [unscanned, current, changed, replace(damaged, problem="weights are missing")]
    assert comparable(there, read_atlas(tmp_path / "a.parquet")) == [current]


def test_why_a_model_cannot_be_compared():
    model = find_model("RBFOX1")
    assert "is broken (no weights)" in why_not(replace(model, problem="no weights"))
    assert "folds every sequence" in why_not(replace(model, channels=6))
    assert "'./rbind atlas --rbp RNCMPT00168'" in why_not(model)


def test_the_most_similar_model_is_of_another_protein(atlas, models):
    by_name = {m.experiment: m for m in models}
    assert most_similar(by_name["RNCMPT00022"], models, atlas) == by_name["RNCMPT00041"]
    assert most_similar(by_name["RNCMPT00091"], models, atlas).protein != "HNRNPL"
    assert most_similar(by_name["RNCMPT00091"], [by_name["RNCMPT00027"]], atlas) is None


def test_scans_come_in_the_order_of_the_models(atlas, models):
    chosen = [models[2], models[0]]
    comparison = compare_scans(chosen, atlas)
    assert comparison.kmers == tuple(KMERS)
    assert comparison.best == ("UAGGGA", "UGCAUG")
    for row, model in zip(comparison.means, chosen, strict=True):
        assert row == pytest.approx(scan_for(*FAVOURITES[model.experiment]).astype(np.float32))
    assert (comparison.samples, comparison.scale, comparison.unit) == ((SCAN_SAMPLES,) * 2, Z_SCORE, "z-score units")
    assert comparison.margins == pytest.approx(np.full((2, 4096), t.ppf(0.975, SCAN_SAMPLES - 1) * 0.05))
    assert comparison.settings_text == "each at 18-23 in N = 200 background RNAs (profile), seed 0"
    swapped = comparison.of(1, 0)
    assert swapped.models == tuple(reversed(comparison.models))
    assert (swapped.means == comparison.means[::-1]).all()


def test_n_is_never_more_than_there_were_background_rnas(tmp_path):
    models, atlas = of_scans(tmp_path, [scan_for("AAAAAA"), scan_for("CCCCCC")], samples=33)
    assert compare_scans(models, atlas).samples == (33, 33)


def test_shares_are_of_the_best_6_mer(atlas, models):
    z_scores, shares = (compare_scans(models[:2], atlas, scale) for scale in (Z_SCORE, SHARE))
    assert shares.means.max(axis=1) == pytest.approx([1, 1])
    assert shares.means[0] == pytest.approx(z_scores.means[0] / 4)
    assert shares.standard_errors[:, 0] == pytest.approx([0.05 / 4, 0.05 / 2])
    assert shares.correlations == pytest.approx(z_scores.correlations)
    assert shares.unit == SHARE


def test_a_name_holds_the_experiment_where_the_protein_does_not_suffice(atlas, models):
    assert compare_scans([models[0], *models[4:]], atlas).names == ("RBFOX1", "HNRNPL (RNCMPT00027)", "HNRNPL (RNCMPT00091)")


def test_the_table_has_everything(atlas, models):
    table = compare_scans(models[:2], atlas).table()
    assert list(table) == [
        "kmer",
        *(f"{m.experiment}_{what}" for m in models[:2] for what in ("global_importance", "standard_error")),
    ]
    assert {len(column) for column in table.values()} == {4096}


def test_comparisons_that_make_no_sense(atlas, models, tmp_path):
    refused = [
        ([models[0]], Z_SCORE, "name 2 to 5 RBPs to compare, not 1"),
        (models, Z_SCORE, "name 2 to 5 RBPs to compare, not 6"),
        ([models[0], models[1], models[0]], Z_SCORE, r"RBFOX1 \(RNCMPT00168\) is named twice"),
        (models[:2], "percent", "'percent' is not a scale"),
    ]
    for chosen, scale, says in refused:
        with pytest.raises(ExperimentError, match=says):
            compare_scans(chosen, atlas, scale)
    unscanned = next(m for m in list_models() if m.experiment not in FAVOURITES and not m.structure)
    with pytest.raises(ModelError, match="cannot be compared: the atlas does not hold it"):
        compare_scans([models[0], unscanned], atlas)
    flat, its_atlas = of_scans(tmp_path, [scan_for("AAAAAA"), -np.ones(4096)])
    with pytest.raises(ExperimentError, match="no 6-mer raises the binding that MBNL1"):
        compare_scans(flat, its_atlas, SHARE)


def test_specific_kmers_are_sorted_by_their_advantage_over_the_best_of_the_others():
    comparison = toy([[5, 3, 1, 2], [4, 0, 1, 3], [0, 1, 0, 0]])
    assert [(k.kmer, k.advantage) for k in specific_kmers(comparison, 0)] == [("CCCCCC", 2), ("AAAAAA", 1)]
    assert [(k.kmer, k.advantage) for k in specific_kmers(comparison, 1)] == [("UUUUUU", 1)]
    assert specific_kmers(comparison, 2) == []
    (first,) = specific_kmers(comparison, 0, top=1)
    assert (first.importances, first.standard_errors) == ((3, 0, 1), (0.5, 0.5, 0.5))


def test_what_others_avoid_is_not_what_one_seeks():
    found = specific_kmers(toy([[0, 1, -1, 0.5], [-9, -9, -9, 0]]), 0)
    assert [(k.kmer, k.advantage) for k in found] == [("CCCCCC", 1), ("UUUUUU", 0.5)]


def test_a_model_is_specific_for_its_own_motif(atlas, models):
    comparison = compare_scans(models[:2], atlas)
    assert [specific_kmers(comparison, number)[0].kmer for number in (0, 1)] == ["UGCAUG", "GCUUGC"]


@pytest.mark.parametrize(
    ("motif", "count"),
    [("UGCAUG", 1), ("GCAUG", 8), ("t g c a u g", 1), ("N", 4096), ("YGCAUG", 2), ("AAAAAA", 1), ("A", 4096 - 3**6)],
)
def test_6_mers_that_hold_a_motif(motif, count):
    assert holding(motif).sum() == count


def test_6_mers_that_hold_a_motif_by_name():
    held = {kmer for kmer, holds in zip(KMERS, holding("GCAUG"), strict=True) if holds}
    assert held == {kmer for kmer in KMERS if "GCAUG" in kmer}


@pytest.mark.parametrize(("motif", "says"), [("UGXAUG", "X is not a nucleotide"), ("UGCAUGU", "7 letters"), ("", "empty")])
def test_motifs_that_cannot_be_read(motif, says):
    with pytest.raises(SequenceError, match=says):
        holding(motif)
