import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.data.clip_scale import ClipScale, clip_scale
from rbind_core.data.dataset import make_dataset
from rbind_core.data.transforms import Normalisation
from tests.toys import random_probes

SCALE = ClipScale(Normalisation(1.6, 0.4), Normalisation(5.5, 2.0), ceiling=3.0)


@pytest.fixture
def log_scores():
    return np.random.default_rng(0).normal(1.6, 0.5, 5000).astype(np.float32)


@pytest.fixture
def dataset(log_scores):
    rows = np.arange(5000)
    return make_dataset(random_probes(5000), log_scores, rows[:3000], rows[3000:3500], rows[3500:])


@given(st.floats(-20, 20), st.floats(0.01, 5))
def test_a_higher_prediction_stays_the_higher_one_and_none_is_beyond_the_clip(output, more):
    low, high = SCALE.of_predicted(np.array([output, output + more]))
    assert low <= high
    assert high <= (np.exp(SCALE.ceiling) - SCALE.clipped.mean) / SCALE.clipped.standard_deviation


def test_far_below_the_clip_predictions_are_intensities():
    output = np.array([-4.0, -2.0, -1.0])
    intensity = SCALE.of_predicted(output) * SCALE.clipped.standard_deviation + SCALE.clipped.mean
    assert intensity == pytest.approx(np.exp(1.6 + 0.4 * output), rel=5e-3)


def test_measured_scores_are_clipped_at_the_training_part_and_z_scored_on_it(log_scores, dataset):
    scale = clip_scale(dataset)
    ceiling = np.percentile(np.exp(log_scores[:3000].astype(float)), 99.9)
    expected = np.minimum(np.exp(log_scores.astype(float)), ceiling)
    expected = (expected - expected[:3000].mean()) / expected[:3000].std()
    assert scale.of_measured(dataset.scores) == pytest.approx(expected, abs=1e-4)
    assert scale.ceiling == pytest.approx(np.log(ceiling), abs=1e-6)


def test_a_perfect_prediction_on_one_scale_is_close_to_perfect_on_the_other(dataset):
    scale = clip_scale(dataset)
    assert np.corrcoef(scale.of_predicted(dataset.scores), scale.of_measured(dataset.scores))[0, 1] > 0.99


def test_scores_that_are_missing_stay_missing(dataset):
    dataset.scores[7] = np.nan
    assert np.isnan(clip_scale(dataset).of_measured(dataset.scores)[7])
