"""What an effect amounts to, without a p-value."""

import re

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.constructs import parse_construct
from rbind_core.experiments.level import COVERS, effect_text, level
from rbind_core.experiments.records import effect_record, importance_record
from rbind_core.model.measured_scores import measured_scores
from rbind_core.model.registry import list_models
from tests.toys import AdditiveModel, sample_of

MEASURED = measured_scores(np.random.default_rng(0).normal(size=100_000))


def importance_of(score, null=0.0, n=50):
    return Importance(parse_construct("A@1"), np.full(n, null, np.float32), np.full(n, score, np.float32))


@pytest.mark.parametrize(("score", "above"), [(0.0, 0.5), (1.0, 0.1587), (-1.0, 0.8413), (2.0, 0.0228)])
def test_the_share_of_measured_probes_above_the_mean_score(score, above):
    found = level(importance_of(score), MEASURED)
    assert found.known_probes_above == pytest.approx(above, abs=0.01)
    assert found.beyond_measured is False
    assert found.warning is None


def test_a_score_beyond_the_measured_range_is_flagged():
    found = level(importance_of(3.2), MEASURED)
    assert found.beyond_measured is True
    assert "3.20" in found.warning
    assert f"{MEASURED.percentile_99_9:.2f}" in found.warning
    assert "less than 0.1 % of the measured probes above it" in found.text
    assert level(importance_of(9.0), MEASURED).text == "mean predicted score 9.00, none of the measured probes above it"


def test_it_is_the_score_with_the_construct_that_counts_not_the_effect():
    assert level(importance_of(0.5, null=-9), MEASURED).beyond_measured is False
    assert level(importance_of(9.0, null=8.9), MEASURED).beyond_measured is True


def test_without_measured_scores_nothing_is_said_of_the_range():
    found = level(importance_of(9.0), None)
    assert (found.known_probes_above, found.beyond_measured, found.warning) == (None, None, None)
    assert found.text == "mean predicted score 9.00"


def test_an_effect_in_words_has_no_p():
    importance = GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 200)).importance(parse_construct("UGCAUG@18"))
    text = effect_text(importance)
    assert not re.search(r"\bp\b", text)
    share = (importance.local > 0).mean()
    assert f"above 0 in {100 * share:.3g} % of the background RNAs" in text
    assert f"Cohen's d {importance.effect_size:.2f}" in text
    assert "N = 200" in text


def test_the_record_says_what_the_interval_covers_and_keeps_its_keys():
    importance = GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 200)).importance(parse_construct("UGCAUG@18"))
    record = importance_record(importance, False, MEASURED)
    assert set(effect_record(importance)) <= set(record)
    assert record["ci95_covers"] == COVERS == "background RNAs"
    assert record["positive_share"] == (importance.local > 0).mean()
    assert record["mean_score"] == pytest.approx(importance.with_.astype(float).mean())
    assert record["known_probes_above"] == MEASURED.share_above(record["mean_score"])
    assert record["beyond_measured"] is bool(record["mean_score"] > MEASURED.percentile_99_9)
    assert record["arrangements"] is None


def test_the_record_of_one_rna_covers_nothing_and_counts_arrangements():
    importance = GlobalImportanceAnalysis(AdditiveModel(), sample_of("context", 200)).importance(parse_construct("UGC@2+RY@6"))
    record = importance_record(importance, False, None)
    assert (record["samples"], record["arrangements"], record["ci95_covers"]) == (1, 4, None)
    assert record["standard_deviation"] == pytest.approx(importance.local.astype(float).std(ddof=1))
    assert record["known_probes_above"] is record["beyond_measured"] is None


def test_all_bundled_models_have_the_ruler():
    assert [m.experiment for m in list_models() if m.measured_scores is None and not m.is_taught] == []
