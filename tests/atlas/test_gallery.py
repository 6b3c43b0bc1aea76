import numpy as np
import pytest

from rbind_core.atlas.files import read_atlas, write_atlas
from rbind_core.atlas.gallery import (
    ORDERS,
    GalleryFilter,
    cards,
    grades_text,
    groups,
    holds_motif,
    ordered,
    other_names,
    species_text,
)
from rbind_core.data.constructs import constructs
from rbind_core.errors import SequenceError
from rbind_core.model.expected_quality import ExpectedQuality
from tests.atlas.toy_rows import row_of_the_adder, row_of_the_counter, toy_model

COUNTER = {
    "top_kmers": [{"kmer": kmer} for kmer in ("UGCAUG", "GCAUGA")],
    "published_consensus": "WGCAUGM",
    "species": "Homo sapiens",
}


def metrics(pearson):
    return {"metrics": {"pearson_test": pearson}}


@pytest.fixture
def models():
    counter = toy_model("TOY00001", protein="COUNTER", **metrics(0.9), **COUNTER)
    again = toy_model("TOY00004", protein="AGAIN", **metrics(0.8), **COUNTER)
    adder = toy_model(
        "TOY00002", protein="ADDER", **metrics(0.3), top_kmers=[{"kmer": "AAAAAA"}], published_consensus="", species="Mus musculus"
    )
    return [adder, again, counter, toy_model("TOY00009", protein="ELSEWHERE", **metrics(float("nan")), problem="weights missing")]


@pytest.fixture
def atlas(tmp_path):
    rows = [row_of_the_adder(), row_of_the_counter(), row_of_the_counter() | {"experiment": "TOY00004", "protein": "AGAIN"}]
    write_atlas(tmp_path / "atlas.parquet", rows, {})
    return read_atlas(tmp_path / "atlas.parquet")


def taught(experiment, expected=0.95):
    """A taught model of one of the 244 constructs."""
    construct = constructs()[experiment]
    return toy_model(
        experiment,
        protein=construct.protein,
        species=construct.species,
        metrics={},
        expected=ExpectedQuality(expected, expected - 0.2, expected + 0.02, 49, "left out in turn"),
        training={"experiment": experiment, "scores": "taught"},
        **{name: COUNTER[name] for name in ("top_kmers", "published_consensus")},
    )


@pytest.fixture
def taught_ones():
    """HuR, TDP-43 and a fly's FMR1."""
    found = [taught("RNCMPT00032"), taught("RNCMPT00015"), taught("RNCMPT00076", 0.9)]
    return [*found, toy_model("TOY00001", protein="COUNTER", **metrics(0.9), **COUNTER)]


def names(shown):
    return [card.model.protein for card in shown]


def test_there_is_a_card_for_each_model_and_numbers_where_the_atlas_has_them(models, atlas):
    found = cards(models, atlas)
    assert names(found) == ["ADDER", "AGAIN", "COUNTER", "ELSEWHERE"]
    assert [bool(np.isfinite(card.sites_per_cent_of_sum)) for card in found] == [True, True, True, False]
    assert found[2].gc_three == pytest.approx(row_of_the_counter()["gc_three"])
    assert np.isnan(found[3].gc_three)


def test_a_model_that_was_trained_anew_has_no_numbers_of_the_old_one(models, atlas):
    anew = toy_model("TOY00001", weights_sha256="f" * 64)
    assert np.isnan(cards([anew], atlas)[0].sites_per_cent_of_sum)


def test_models_that_look_for_the_same_are_a_group(models, atlas):
    (group,) = groups(models, atlas)
    assert set(group.experiments) == {"TOY00001", "TOY00004"}
    assert group.name == "UGCAUG"
    assert [card.group for card in cards(models, atlas)] == ["", "UGCAUG", "UGCAUG", ""]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (GalleryFilter(), ["ADDER", "AGAIN", "COUNTER", "ELSEWHERE"]),
        (GalleryFilter(text="count"), ["COUNTER"]),
        (GalleryFilter(text="toy00004"), ["AGAIN"]),
        (GalleryFilter(text="sapiens again"), ["AGAIN"]),
        (GalleryFilter(species=("Mus musculus",)), ["ADDER"]),
        (GalleryFilter(motif="gcatg"), ["AGAIN", "COUNTER"]),
        (GalleryFilter(motif="WGCAUGM"), ["AGAIN", "COUNTER"]),
        (GalleryFilter(motif="AAAA"), ["ADDER"]),
        (GalleryFilter(least_pearson=0.5), ["AGAIN", "COUNTER"]),
        (GalleryFilter(gc_three=(90.0, 99.0)), []),
        (GalleryFilter(group="UGCAUG"), ["AGAIN", "COUNTER"]),
        (GalleryFilter(reads="sequence + structure"), []),
    ],
)
def test_filters_leave_what_fits(models, atlas, wanted, left):
    kept = names(card for card in cards(models, atlas) if wanted.keeps(card))
    assert [name for name in kept if name != "ELSEWHERE" or "ELSEWHERE" in left] == left


def test_a_motif_with_a_wrong_letter_is_refused(models, atlas):
    with pytest.raises(SequenceError, match="GCX: X is not a nucleotide; use A, C, G, U or IUPAC letters"):
        holds_motif(cards(models, atlas)[0], "GCX")


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_keeps_every_card_and_puts_unknown_numbers_last(models, atlas, order):
    shown = ordered(cards(models, atlas), order)
    assert sorted(names(shown)) == ["ADDER", "AGAIN", "COUNTER", "ELSEWHERE"]
    if order != "protein":
        assert names(shown)[-1] in ("ELSEWHERE", "ADDER")
    if order == "test or expected Pearson":
        assert names(shown) == ["COUNTER", "AGAIN", "ADDER", "ELSEWHERE"]


@pytest.mark.parametrize("text", ["HuR", "elavl1", "ELAV-like 1", "elav like", "human hur", "ENSG00000066044", "rncmpt00032"])
def test_a_protein_is_found_under_all_its_names(taught_ones, atlas, text):
    found = [card.model.experiment for card in cards(taught_ones, atlas) if GalleryFilter(text).keeps(card)]
    assert found == ["RNCMPT00032"]


def test_an_everyday_name_finds_a_species(taught_ones, atlas):
    every = cards(taught_ones, atlas)
    assert names(card for card in every if GalleryFilter("fruit fly").keeps(card)) == ["FMR1"]
    assert len([card for card in every if GalleryFilter("human").keeps(card)]) == 3
    assert species_text("Drosophila melanogaster") == "Drosophila melanogaster (fruit fly)"
    assert species_text("Homo neanderthalensis") == "Homo neanderthalensis"


def test_filters_by_family_and_grade(taught_ones, atlas):
    every = cards(taught_ones, atlas)
    assert names(card for card in every if GalleryFilter(families=("KH",)).keeps(card)) == ["FMR1"]
    assert names(card for card in every if GalleryFilter(grade="yours").keeps(card)) == []
    assert names(card for card in every if GalleryFilter(grade="A").keeps(card)) == ["COUNTER"]
    assert len([card for card in every if GalleryFilter(grade="B").keeps(card)]) == 3


def test_what_is_expected_passes_no_limit_of_the_test_pearson_and_stands_behind_what_was_measured(taught_ones, atlas):
    every = cards(taught_ones, atlas)
    assert names(card for card in every if GalleryFilter(least_pearson=0.0).keeps(card)) == ["COUNTER"]
    assert names(ordered(every, "test or expected Pearson"))[0] == "COUNTER"  # 0.9, behind it an expected 0.95
    assert names(ordered(every, "test or expected Pearson"))[-1] == constructs()["RNCMPT00076"].protein


def test_models_are_counted_by_grade(taught_ones):
    assert grades_text(taught_ones) == "1 measured (A), 3 taught (B)"
    assert grades_text([]) == ""


def test_other_names_are_spelt_once(taught_ones):
    assert other_names(taught_ones[0]) == ["ELAVL1", "HuA", "ELAV-like 1"]
    assert other_names(taught_ones[0], 1) == ["ELAVL1"]
    assert other_names(toy_model("RNCMPT00014", protein="EXC-7", training={})) == ["F35H8.5"]  # not exc-7
    assert other_names(toy_model("TOY00001", training={})) == []
