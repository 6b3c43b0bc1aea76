"""What the bundled models are known to have learnt."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.backgrounds import GENERATED_NAMES, PAPER_NAMES
from rbind_core.constructs import parse_construct
from rbind_core.data.library import measured_probes
from rbind_core.errors import DataError
from rbind_core.experiments.additivity import MORE
from rbind_core.experiments.catalogue import EXPERIMENTS, find_experiment
from rbind_core.experiments.experiment import run
from rbind_core.experiments.pairing import HELPS, NO_SIGN
from rbind_core.experiments.structure import StemLoop
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.quality.evaluation import evaluate, evaluate_on_clip_scale
from rbind_core.quality.published_methods import compare_with
from rbind_core.quality.score_histogram import read_densities
from rbind_core.system.paths import BUNDLED_MODELS
from tests.toys import matches_iupac

RBFOX1 = "RNCMPT00168"


@pytest.fixture(scope="module")
def models():
    return {model.experiment: model for model in list_models([BUNDLED_MODELS])}


@pytest.fixture(scope="module")
def rbfox1(models):
    return load_predictor(models[RBFOX1])


def test_every_bundled_model_can_be_used(models):
    assert RBFOX1 in models
    assert {model.label: model.problem for model in models.values() if model.problem} == {}
    for model in models.values():
        assert -1 <= model.quality <= 1
        assert len(model.top_kmer) == 6
        load_predictor(model)


def test_rbfox1_prefers_its_motif_to_the_suboptimal_one(models, rbfox1):
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice("profile", 1000, 0))
    motif, suboptimal = analysis.importances([parse_construct("UGCAUG@18"), parse_construct("AGAAUG@18")])
    assert motif.mean > 2 * suboptimal.mean
    low, high = suboptimal.ci95
    assert low > 0 or high < 0


@pytest.mark.parametrize("name", [*PAPER_NAMES, *GENERATED_NAMES])
def test_a_no_op_pattern_is_exactly_zero_for_a_real_model(name, models, rbfox1):
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice(name, 300, 0))
    for pattern in ("NNNNNN@18", "NNNNNN@36"):
        result = analysis.importance(parse_construct(pattern))
        assert not result.local.any()
        assert (result.mean, result.p_value) == (0, 1)


@pytest.mark.parametrize("name", [*PAPER_NAMES, *GENERATED_NAMES])
def test_rbfox1_binds_its_motif_under_every_background(name, models, rbfox1):
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice(name, 300, 0))
    assert analysis.importance(parse_construct("UGCAUG@18")).ci95[0] > 0


def test_the_top_6mer_of_rbfox1_is_ugcaug(models):
    assert models[RBFOX1].top_kmer == "UGCAUG"


@pytest.mark.real_data
def test_rbfox1_predicts_set_b_as_well_as_its_card_says(data_folder, models, rbfox1):
    model = models[RBFOX1]
    result = evaluate(rbfox1, measured_probes(RBFOX1, model.normalisation))
    assert result.n == model.metrics["n_test"]
    assert result.pearson == pytest.approx(model.pearson_test, abs=0.002)
    assert result.pearson >= 0.83
    assert result.spearman == pytest.approx(model.metrics["spearman_test"], abs=0.002)


def result_of(name, model, background="profile", samples=1000, **settings):
    """One of the paper's experiments with a model."""
    analysis = prepare(model, load_predictor(model), BackgroundChoice(background, samples, 0))
    return run(find_experiment(name).for_model(model, **settings), analysis)


@pytest.mark.parametrize("background", ["profile", "shuffle", "dinucleotide"])
def test_vts1_learned_from_sequence_alone_that_its_motif_counts_in_a_loop(background, models):
    """Fig. 3c, with the letters of the strands kept."""
    assert models["VTS1_2009"].structure == ""
    result = result_of("stemloop", models["VTS1_2009"], background)
    loop, stem, open_loop, *_ = result.importances
    assert str(loop.construct) == "stem:7-16/24-33+GCUGGC@18"
    assert loop.mean >= stem.mean + 0.5
    assert loop.mean > open_loop.mean
    assert ttest_rel(loop.local, open_loop.local).pvalue < 1e-10
    found = StemLoop.pairing(result)
    assert found.verdict == HELPS
    for name in ("loop_minus_open", "compensatory"):
        assert found.contrasts[name].difference.ci95[0] > 0.2
        assert abs(found.contrasts[name].baseline.mean) < 0.05, "letters alone do not give it"


def test_rbfox1_has_a_second_site_opposite_its_motif_and_no_sign_of_pairing(models):
    """Loop minus stem is -2.5, and owed to CAUGCA."""
    found = StemLoop.pairing(result_of("stemloop", models[RBFOX1]))
    assert found.naive.mean < -2
    assert found.opposite > 1
    assert found.verdict == NO_SIGN


def test_vts1_predicts_its_test_part_well(models):
    assert models["VTS1_2009"].pearson_test >= 0.80


def test_sites_of_rbfox1_lie_nearly_on_a_line_and_do_more_than_their_sum(models):
    """Fig. 2b; the third site leaves what was measured."""
    result = result_of("sites", models[RBFOX1])
    assert result.fits["UGCAUG"].r_squared >= 0.95
    assert result.fits["UGCAUG"].slope > 0.5
    assert set(result.fits) == {"UGCAUG", "AGAAUG"}
    one = result.experiment.additivity(result)["UGCAUG"]
    assert one.per_cent_of_sum == pytest.approx(32, abs=3)
    assert one.verdict == MORE
    assert one.beyond_measured


def test_close_sites_of_rbfox1_cost(models):
    """Fig. 2d: with shared letters or no gap, two sites do clearly less than with gaps of 3 nt and more."""
    result = result_of("spacing", models[RBFOX1])
    cost = {comparison.first: comparison for comparison in result.comparisons}
    for gap in ("gap -2", "gap 0"):
        assert cost[gap].is_significant
        assert cost[gap].ci95[1] < -0.1
    wide = [importance.mean for arm, importance in zip(result.arms, result.importances, strict=True) if arm.label[:4] == "gap "][4:]
    assert len(wide) == 13
    assert max(result.by_label[gap].mean for gap in ("gap -2", "gap 0")) < min(wide)


def test_importances_of_rbfox1_follow_measured_affinities(models):
    """Fig. 2f, p = 0.0015 in the paper."""
    result = result_of("kd", models[RBFOX1])
    assert result.fits["K_D"].p_value < 0.005
    assert result.fits["K_D"].slope < 0
    assert "higher" in result.sentences[0]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_of_rbfox1_has_one_importance_an_arm_and_each_can_be_had_alone(name, models, rbfox1):
    result = result_of(name, models[RBFOX1], samples=60)
    assert len(result.importances) == len(result.arms) >= 1
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice("profile", 60, 0))
    for arm, importance in zip(result.arms, result.importances, strict=True):
        alone = analysis.importance(parse_construct(str(arm.construct)))
        assert alone.local == pytest.approx(importance.local, abs=1e-5)
        assert alone.construct == importance.construct


@pytest.mark.real_data
def test_vts1_predicts_its_test_part_as_well_as_its_card_says(data_folder, models):
    model = models["VTS1_2009"]
    result = evaluate(load_predictor(model), measured_probes(model.measured_in, model.normalisation))
    assert result.n == 1121
    assert result.pearson == pytest.approx(model.pearson_test, abs=0.002)


@pytest.mark.real_data
def test_the_clip_scale_of_a_card_follows_from_the_weights_that_ship(data_folder, models):
    model = models["RNCMPT00186"]  # PCBP1
    result = evaluate_on_clip_scale(load_predictor(model), model.measured_in)
    assert result.n == 121_031
    assert result.pearson == pytest.approx(model.pearson_test_clip, abs=1e-4)


def test_vts1_has_no_clip_scale(models):
    with pytest.raises(DataError, match="VTS1_2009 has no clip scale"):
        evaluate_on_clip_scale(load_predictor(models["VTS1_2009"]), "VTS1_2009")


@pytest.fixture(scope="module")
def benchmark(models):
    return [model for id, model in models.items() if id.startswith("RNCMPT") and not model.is_taught]


def test_all_49_experiments_are_there_and_better_than_what_is_published(benchmark):
    assert len(benchmark) == 49
    assert np.mean([m.pearson_test for m in benchmark]) >= 0.705
    assert np.mean([m.pearson_test_clip for m in benchmark]) >= 0.705  # of the same weights
    comparison = compare_with(benchmark, "ThermoNet")
    assert comparison.n == 49
    assert comparison.wins >= 30
    assert comparison.p_value < 1e-3


def test_top_6mers_hold_the_published_consensus(benchmark):
    """At least 44 of the 46 experiments with a published consensus have it among their top ten, as far as the two overlap."""
    known = [m for m in benchmark if m.published_consensus]
    missing = [m.label for m in known if not any(agrees(k["kmer"], m.published_consensus) for k in m.top_kmers[:10])]
    assert len(missing) <= 2, missing


def test_nine_of_ten_of_all_244_have_their_published_consensus_among_the_top_ten(models):
    every = [model for id, model in models.items() if id.startswith("RNCMPT") and not model.structure]
    assert len(every) == 244
    known = [m for m in every if m.published_consensus]
    agreeing = [m for m in known if any(agrees(k["kmer"], m.published_consensus) for k in m.top_kmers[:10])]
    assert len(known) == 102
    assert len(agreeing) >= 0.9 * len(known)
    hur = models["RNCMPT00032"]
    assert (hur.protein, hur.top_kmer.count("U") >= 5) == ("HuR", True)


def agrees(kmer, consensus, overlap=5):
    """Whether some shift of at least 5 nt overlap has no mismatch."""
    for shift in range(overlap - len(kmer), len(consensus) - overlap + 1):
        start, end = max(0, shift), min(len(consensus), shift + len(kmer))
        if end - start >= overlap and matches_iupac(kmer[start - shift : end - shift], consensus[start:end]):
            return True
    return False


def test_models_that_read_structure_are_there_and_usable(models):
    wanted = {f"{protein}_{kind}" for protein in ("RBFOX1", "SNRPA", "RBM4", "VTS1") for kind in ("PU", "PHIME")}
    assert wanted <= set(models)
    for name in wanted:
        model = models[name]
        analysis = prepare(model, load_predictor(model), BackgroundChoice("profile", 40, 0))
        best = analysis.importance(parse_construct(f"{model.top_kmer}@18"))
        assert best.mean > 0
        assert not analysis.importance(parse_construct("NNNNNN@18")).local.any()


def test_every_bundled_model_says_how_it_was_made_and_carries_its_densities(models):
    for model in models.values():
        if model.is_taught:
            assert model.expected.n == 49
            continue
        assert model.training["trunk_sha256"]
        assert model.training["validation_pearson"]
        densities = read_densities(model.folder)
        assert densities["log"].pearson == pytest.approx(model.pearson_test, abs=1e-3)
        if model.experiment.startswith("RNCMPT"):
            assert densities["clip"].pearson == pytest.approx(model.pearson_test_clip, abs=1e-6)
            assert "clip_scale" not in model.training  # no second network


def test_validation_probes_with_a_copy_in_training_make_the_recorded_curve_a_little_too_good(benchmark):
    recorded = {m.experiment: max(m.training["validation_pearson"]) for m in benchmark}
    without = {m.experiment: m.training["validation_pearson_without_copies"] for m in benchmark}
    assert (round(recorded[RBFOX1], 4), round(without[RBFOX1], 4)) == (0.8519, 0.8438)
    gaps = [recorded[e] - without[e] for e in recorded]
    assert 0.005 < np.mean(gaps) < 0.02
    assert np.mean(np.array(gaps) > 0) > 0.9


def test_a_noisy_experiment_is_said_to_be_noisy(models):
    qki = models["RNCMPT00047"]
    assert qki.top_kmer == "AACUAA"
    assert "ACUAA" in qki.top_kmer  # as in the known site, ACUAAY
    assert "noisy experiment, not an empty model" in qki.note
    assert qki.replicates.pearson == pytest.approx(0.02, abs=0.005)
