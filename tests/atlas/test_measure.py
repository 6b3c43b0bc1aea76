import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.atlas.measure import EVERYWHERE, KMERS, UNDER_ONE, AtlasSettings, Ingredients, measure, measure_weights
from rbind_core.backgrounds import PAPER_NAMES
from rbind_core.constructs import parse_construct
from rbind_core.model.registry import WEIGHTS, find_model, load_predictor
from rbind_core.model.weights import read_weights
from rbind_core.motifs import exhaustive_scan
from rbind_core.rna.sequences import all_kmers, decode
from tests.atlas.toy_rows import SETTINGS, row_of_the_adder, row_of_the_counter, toy_model
from tests.toys import MotifCounter


def arms(row, study, background="profile"):
    return {arm["label"]: arm for arm in row["arms"] if arm["study"] == study and arm["background"] == background}


def test_a_row_holds_what_the_counter_counts():
    row = row_of_the_counter()
    assert row["top_kmer"] == "UGCAUG"
    assert [row["samples"], row["scan_samples"], row["seed"]] == [24, 3, 0]
    assert len(row["top_kmers"]) == 20
    motif = np.array(row["motif"])
    assert motif.shape == (6, 4)
    assert motif.sum(axis=1) == pytest.approx(np.ones(6))
    effects = np.array(row["kmer_effects"])
    assert (effects[np.arange(6), ["ACGU".index(letter) for letter in "UGCAUG"]] == 0).all()
    assert effects.min() == pytest.approx(-1, abs=0.2), "a mutated motif is not counted"


def test_sites_of_a_counter_add_up():
    row = row_of_the_counter()
    assert row["sites_r_squared"] == pytest.approx(1, abs=1e-3)
    assert row["sites_slope"] == pytest.approx(1, abs=0.1)
    assert row["sites_first"] == pytest.approx(1, abs=0.1)
    assert row["sites_per_cent_of_sum"] == pytest.approx(0, abs=10)
    assert row["sites_verdict"] == "additive"
    assert row["sites_mean_score"] == pytest.approx(3, abs=0.2)
    assert row["spacing_per_cent_of_sum"] == pytest.approx(0, abs=10)


def test_gc_rich_ends_do_nothing_for_a_counter_and_a_hairpin_neither_helps_nor_harms():
    row = row_of_the_counter()
    assert row["gc_five"] == pytest.approx(1, abs=0.1)
    assert row["gc_three"] == pytest.approx(1, abs=0.1)
    assert row["gc_difference"] == pytest.approx(row["gc_three"] - row["gc_five"])
    assert row["loop_minus_open"] == pytest.approx(0, abs=0.2)
    assert row["compensatory"] == pytest.approx(0, abs=0.2)
    assert row["pairing_verdict"] in ("no sign that pairing matters", "undecided")


def test_an_additive_model_gives_a_straight_line_only_where_its_weights_do():
    row = row_of_the_adder()
    counts = [arms(row, "sites")[f"{row['top_kmer']} ×{n}"]["global_importance"] for n in (1, 2, 3)]
    fit = next(fit for fit in row["fits"] if fit["study"] == "sites" and fit["background"] == "profile")
    assert fit["r_squared"] == pytest.approx(np.corrcoef([0, 1, 2, 3], [0, *counts])[0, 1] ** 2)
    assert row["sites_r_squared"] == pytest.approx(np.corrcoef([1, 2, 3], counts)[0, 1] ** 2), "that of the paper"
    assert row["sites_verdict"] == "additive", "each site adds what it adds alone, however much that is"


@pytest.mark.parametrize("kind", [*EVERYWHERE, *UNDER_ONE], ids=lambda kind: kind.name)
def test_the_numbers_are_those_of_the_experiments_themselves(kind):
    row = row_of_the_counter()
    analysis = prepare(toy_model(), MotifCounter(), BackgroundChoice("profile", SETTINGS.samples, SETTINGS.seed))
    found = arms(row, kind.name)
    assert found
    for arm in found.values():
        expected = analysis.importance(parse_construct(arm["pattern"]))
        assert arm["global_importance"] == expected.mean
        assert arm["standard_error"] == expected.standard_error


def test_experiments_under_all_backgrounds_are_there_for_all_seven():
    row = row_of_the_counter()
    for study in [*(kind.name for kind in EVERYWHERE), KMERS]:
        assert {arm["background"] for arm in row["arms"] if arm["study"] == study} == set(PAPER_NAMES)
    assert {one["study"] for one in row["verdicts"]} == {kind.name for kind in EVERYWHERE}
    for study in ("sites", "stemloop"):
        said = {one["background"]: one["says"] for one in row["claims"] if one["study"] == study}
        assert set(said) == set(PAPER_NAMES)
        assert said["profile"] == row[{"sites": "sites_verdict", "stemloop": "pairing_verdict"}[study]]


def test_the_scan_of_all_kmers_is_in_alphabetical_order_on_the_first_background_sequences():
    row = row_of_the_counter()
    analysis = prepare(toy_model(), MotifCounter(), BackgroundChoice("profile", SETTINGS.samples, SETTINGS.seed))
    first = exhaustive_scan(type(analysis)(analysis.model, analysis.sample.first(SETTINGS.scan_samples)))
    by_kmer = dict(zip(first.kmers, first.mean, strict=True))
    np.testing.assert_allclose(row["scan"], [by_kmer[kmer] for kmer in decode(all_kmers(6))], atol=1e-3)


def test_a_model_that_folds_is_measured_on_fewer_sequences_and_on_the_kmers_of_its_card():
    model = toy_model("TOY00003", channels=6)
    row = measure(model, MotifCounter(), SETTINGS)
    assert row["samples"] == SETTINGS.folding_samples
    assert row["scan"] == []
    assert {k["kmer"] for k in row["top_kmers"]} == {k["kmer"] for k in model.top_kmers}


def test_a_worker_needs_the_weights_only_and_gives_the_same_bit_for_bit():
    model = find_model("RBFOX1")
    settings = AtlasSettings(samples=6, scan_samples=2, folding_samples=2)
    weights = read_weights(model.folder / WEIGHTS, model.weights_sha256)
    assert measure_weights(model, Ingredients(weights), settings) == measure(model, load_predictor(model), settings)
