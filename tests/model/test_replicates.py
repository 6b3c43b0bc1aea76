"""The noise ceiling: known truths, tables sorted by score, the cards that carry it, and its meaning for a perfect model."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from rbind_core.model.registry import CARD, list_models, store_model
from rbind_core.model.replicates import FEWEST, Replicates, replicates
from rbind_core.system.paths import BUNDLED_MODELS
from tests.toys import card, random_probes, random_weights


def measured(n: int, times: int, noise: float, seed: int = 0):
    """RNAs with a true score of SD 1, each measured several times."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(rng.normal(size=n), times)
    return np.repeat(random_probes(n), times, axis=0), truth, truth + noise * rng.normal(size=n * times)


def found(codes, scores, seed: int = 0) -> Replicates:
    result = replicates(codes, scores, np.random.default_rng(seed))
    assert result is not None
    return result


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
def test_replicates_and_ceiling_are_those_of_the_noise(noise):
    codes, truth, scores = measured(8000, 2, noise)
    result = found(codes, scores)
    reliability = 1 / (1 + noise**2)
    assert result.n == 8000
    assert result.pearson == pytest.approx(reliability, abs=0.03)
    assert result.ci95[0] < reliability < result.ci95[1]
    # the ceiling is what the truth itself reaches against single measurements
    assert result.ceiling == pytest.approx(np.corrcoef(truth, scores)[0, 1], abs=0.02)
    assert result.ceiling_ci95[0] < result.ceiling < result.ceiling_ci95[1]


@pytest.mark.parametrize("times", [2, 4])
def test_a_table_sorted_by_score_does_not_look_reproducible(times):
    codes, _, _ = measured(4000, times, 1.0)
    noise = np.random.default_rng(5).normal(size=len(codes))
    order = np.argsort(noise)
    result = found(codes[order], noise[order])
    assert result.pearson == pytest.approx(0, abs=0.05)  # the smaller against the larger of two correlates by 0.47


def test_rnas_measured_once_and_missing_scores_do_not_count():
    codes, _, scores = measured(500, 2, 1.0)
    alone = random_probes(700)[500:]
    assert found(np.concatenate([codes, alone]), np.r_[scores, np.zeros(200)]).n == 500
    scores[1::4] = np.nan  # every other RNA has one score left
    assert found(codes, scores).n == 250


def test_too_few_or_equal_replicates_say_nothing():
    rng = np.random.default_rng(0)
    codes, _, scores = measured(FEWEST - 1, 2, 1.0)
    assert replicates(codes, scores, rng) is None
    assert replicates(random_probes(100), np.arange(100.0), rng) is None
    assert replicates(random_probes(0), np.zeros(0), rng) is None
    codes, _, scores = measured(50, 2, 1.0)
    assert replicates(codes, np.zeros(100), rng) is None


def test_replicates_that_do_not_correlate_have_no_ceiling():
    codes = np.repeat(random_probes(40), 2, axis=0)
    scores = np.tile([0.0, 1.0], 40)  # one measurement is always the other's opposite
    result = found(codes, scores)
    assert result.pearson < 0
    assert result.ceiling is None
    assert result.ceiling_ci95[0] == 0


def test_a_card_hands_its_ceiling_to_the_model(tmp_path):
    entry = asdict(found(*measured(300, 2, 0.5)[::2]))
    store_model(tmp_path / "WITH", card("WITH", pearson=0.6) | {"replicates": entry, "note": "noisy"}, random_weights())
    store_model(tmp_path / "NONE", card("NONE") | {"replicates": entry | {"ceiling": None}}, random_weights())
    store_model(tmp_path / "WITHOUT", card("WITHOUT"), random_weights())
    models = {model.experiment: model for model in list_models([tmp_path])}
    assert all(model.problem is None for model in models.values())
    assert models["WITH"].ceiling == entry["ceiling"]
    assert models["WITH"].share_of_ceiling == pytest.approx(0.6 / entry["ceiling"])
    assert models["WITH"].note == "noisy"
    assert np.isnan(models["NONE"].ceiling)
    assert np.isnan(models["WITHOUT"].share_of_ceiling)
    assert models["WITHOUT"].replicates is None


GOOD = {"pearson": 0.5, "n": 100, "ci95": [0.3, 0.6], "ceiling": 0.7}


@pytest.mark.parametrize("broken", [{"n": 0}, {"pearson": None}, {"ci95": [0.6, 0.3]}, {"ci95": [0.3]}, {"ceiling": 1.7}])
def test_replicates_that_make_no_sense_break_their_own_model(broken, tmp_path):
    store_model(tmp_path / "TOY", card("TOY") | {"replicates": GOOD | broken}, random_weights())
    [model] = list_models([tmp_path])
    assert "replicates" in model.problem


MEASURED = {
    "RNCMPT00047": 0.02,
    "RNCMPT00051": 0.24,
    "RNCMPT00163": 0.30,
    "RNCMPT00159": 0.34,
    "RNCMPT00186": 0.38,
    "RNCMPT00038": 0.38,
}


def test_every_bundled_card_has_the_replicates_of_set_b():
    models = [m for m in list_models([BUNDLED_MODELS]) if m.experiment.startswith("RNCMPT") and not m.is_taught]
    of_each = {m.experiment: m.replicates for m in models}
    assert len(of_each) == 49
    assert {r.n for r in of_each.values()} == {10_683}
    assert {e: round(of_each[e].pearson, 2) for e in MEASURED} == MEASURED
    assert np.median([r.pearson for r in of_each.values()]) == pytest.approx(0.83, abs=0.005)
    assert all(r.ceiling == pytest.approx(r.pearson**0.5, abs=0.002) for r in of_each.values())
    correlations = [[m.replicates.pearson, m.pearson_test] for m in models]
    assert np.corrcoef(*np.transpose(correlations))[0, 1] == pytest.approx(0.983, abs=0.001)
    assert {m.metrics["n_test_rnas"] for m in models} == {110_348}
    assert np.median([m.share_of_ceiling for m in models]) == pytest.approx(0.85, abs=0.01)


def test_models_that_read_structure_have_the_replicates_of_their_experiment():
    cards = {name: json.loads((BUNDLED_MODELS / name / CARD).read_text()) for name in ("RBFOX1_PU", "RBFOX1_PHIME", "RNCMPT00168")}
    assert len({json.dumps(card["replicates"]) for card in cards.values()}) == 1
