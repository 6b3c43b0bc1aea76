import numpy as np
import pytest

from rbind_core.atlas.files import read_atlas, write_atlas
from rbind_core.atlas.gallery import ORDERS, GalleryFilter, cards, groups, holds_motif, ordered
from rbind_core.errors import SequenceError
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
    if order == "test Pearson":
        assert names(shown) == ["COUNTER", "AGAIN", "ADDER", "ELSEWHERE"]
