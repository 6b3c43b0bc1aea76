"""What the bundled models are known to have learnt."""

import pytest

from rbind_core.backgrounds import NAMES
from rbind_core.constructs import parse_construct
from rbind_core.data.library import measured_set_b
from rbind_core.evaluation import evaluate
from rbind_core.experiments import BackgroundChoice, prepare
from rbind_core.model.registry import list_models, load_predictor
from rbind_core.paths import BUNDLED_MODELS

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
        assert -1 <= model.pearson_test <= 1
        assert len(model.top_kmer) == 6
        load_predictor(model)


def test_rbfox1_prefers_its_motif_to_the_suboptimal_one(models, rbfox1):
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice("profile", 1000, 0))
    motif, suboptimal = analysis.importances([parse_construct("UGCAUG@18"), parse_construct("AGAAUG@18")])
    assert motif.mean > 2 * suboptimal.mean
    low, high = suboptimal.ci95
    assert low > 0 or high < 0


@pytest.mark.parametrize("name", NAMES)
def test_a_no_op_pattern_is_exactly_zero_for_a_real_model(name, models, rbfox1):
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice(name, 300, 0))
    for pattern in ("NNNNNN@18", "NNNNNN@36"):
        result = analysis.importance(parse_construct(pattern))
        assert not result.local.any()
        assert (result.mean, result.p_value) == (0, 1)


@pytest.mark.parametrize("name", NAMES)
def test_rbfox1_binds_its_motif_under_every_background(name, models, rbfox1):
    analysis = prepare(models[RBFOX1], rbfox1, BackgroundChoice(name, 300, 0))
    assert analysis.importance(parse_construct("UGCAUG@18")).ci95[0] > 0


def test_the_top_6mer_of_rbfox1_is_ugcaug(models):
    assert models[RBFOX1].top_kmer == "UGCAUG"


@pytest.mark.real_data
def test_rbfox1_predicts_set_b_as_well_as_its_card_says(data_folder, models, rbfox1):
    model = models[RBFOX1]
    result = evaluate(rbfox1, measured_set_b(RBFOX1, model.normalisation))
    assert result.n == model.metrics["n_test"]
    assert result.pearson == pytest.approx(model.pearson_test, abs=0.002)
    assert result.pearson >= 0.825
    assert result.spearman == pytest.approx(model.metrics["spearman_test"], abs=0.002)
