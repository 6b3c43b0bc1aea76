"""The ruler for predicted scores: its definition, the cards that carry it, and cards whose ruler is broken."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from rbind_core.errors import DataError
from rbind_core.model.measured_scores import MeasuredScores, measured_scores
from rbind_core.model.registry import CARD, list_models, store_model
from rbind_core.system.paths import BUNDLED_MODELS
from tests.toys import card, random_weights


def test_the_summary_is_that_of_numpy():
    z = np.random.default_rng(0).normal(size=5000)
    found = measured_scores(z)
    assert found.n == 5000
    assert found.maximum == found.quantiles[100] == pytest.approx(z.max(), abs=1e-5)
    assert found.percentile_99_9 == pytest.approx(np.percentile(z, 99.9), abs=1e-5)
    assert found.quantiles == pytest.approx(np.percentile(z, range(101)), abs=1e-5)


def test_missing_scores_do_not_count():
    assert measured_scores(np.array([1.0, np.nan, 3.0], np.float32)).n == 2
    with pytest.raises(DataError, match="no measured scores"):
        measured_scores(np.array([np.nan]))


@pytest.mark.parametrize("share", [0.9, 0.5, 0.123, 0.01, 0.005, 0.001])
def test_the_share_above_a_score_is_the_share_that_is_above(share):
    z = np.random.default_rng(1).normal(size=100_000)
    score = float(np.quantile(z, 1 - share))
    assert measured_scores(z).share_above(score) == pytest.approx(share, rel=0.15, abs=1e-4)


def test_nothing_is_above_the_maximum_and_all_above_what_is_below_the_minimum():
    found = measured_scores(np.arange(1000.0))
    assert found.share_above(999) == found.share_above(5000) == 0
    assert found.share_above(-1) == 1
    assert np.isnan(found.share_above(float("nan")))


def test_tied_scores_are_not_above_themselves():
    z = np.repeat([0.0, 1.0], [900, 100])
    assert measured_scores(z).share_above(0) == pytest.approx(0.1, abs=0.011)
    assert measured_scores(z).share_above(1) == measured_scores(np.ones(7)).share_above(1) == 0


def test_a_card_hands_its_measured_scores_to_the_model(tmp_path):
    scores = measured_scores(np.random.default_rng(2).normal(size=500))
    store_model(tmp_path / "WITH", card("WITH") | {"measured_scores": asdict(scores)}, random_weights())
    store_model(tmp_path / "WITHOUT", card("WITHOUT"), random_weights())
    models = {model.experiment: model for model in list_models([tmp_path])}
    assert models["WITH"].measured_scores == scores
    assert models["WITHOUT"].measured_scores is None
    assert models["WITHOUT"].problem is None


GOOD = asdict(MeasuredScores(500, 3.0, 3.5, tuple(np.linspace(-3, 3.5, 101))))


@pytest.mark.parametrize(
    "broken",
    [
        {"n": 0},
        {"maximum": float("nan")},
        {"percentile_99_9": 9.0},
        {"quantiles": GOOD["quantiles"][:50]},
        {"quantiles": GOOD["quantiles"][::-1]},
    ],
)
def test_a_ruler_that_makes_no_sense_breaks_its_own_model(broken, tmp_path):
    store_model(tmp_path / "TOY", card("TOY") | {"measured_scores": GOOD | broken}, random_weights())
    [model] = list_models([tmp_path])
    assert "measured_scores" in model.problem


def test_the_cards_of_measured_models_have_the_scores_of_their_training_part_and_no_others():
    for model in list_models([BUNDLED_MODELS]):
        found = model.measured_scores
        if model.is_taught:
            assert found is None
            continue
        assert found is not None, model.experiment
        assert found.n == (1036 if model.protein == "VTS1" else pytest.approx(108_200, abs=200)), model.experiment
        assert found.quantiles[50] < 0.2, model.experiment  # z-scores with a long tail of binders
        assert 1.5 < found.percentile_99_9 < found.maximum, model.experiment
    rbfox1 = json.loads((BUNDLED_MODELS / "RNCMPT00168" / CARD).read_text())["measured_scores"]
    assert (rbfox1["percentile_99_9"], rbfox1["maximum"]) == pytest.approx((7.70216, 11.31827), abs=1e-4)
