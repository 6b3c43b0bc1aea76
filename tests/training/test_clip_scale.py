import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.data.dataset import make_dataset
from rbind_core.data.transforms import Normalisation
from rbind_core.training.clip_scale import ClipLink, on_clip_scale
from tests.toys import random_probes

LINK = ClipLink(Normalisation(1.6, 0.4), Normalisation(5.5, 2.0), ceiling=3.0)


def test_tensor_and_array_are_linked_alike():
    output = np.linspace(-4, 9, 50, dtype=np.float32)
    assert np.array(LINK.of_tensor(output)) == pytest.approx(LINK.of_array(output), abs=1e-4)


@given(st.floats(-20, 20), st.floats(0.01, 5))
def test_a_higher_output_is_a_higher_intensity_and_none_is_beyond_the_clip(output, more):
    low, high = LINK.of_array(np.array([output, output + more]))
    assert low <= high
    assert high <= (np.exp(LINK.ceiling) - LINK.clipped.mean) / LINK.clipped.standard_deviation


def test_far_below_the_clip_the_link_is_the_exponential():
    output = np.array([-4.0, -2.0, 0.0])
    intensity = LINK.of_array(output) * LINK.clipped.standard_deviation + LINK.clipped.mean
    assert intensity == pytest.approx(np.exp(1.6 + 0.4 * output), rel=2e-3)


def test_the_clip_scale_is_clipped_at_the_training_part_and_z_scored_on_it():
    rng = np.random.default_rng(0)
    log_scores, rows = rng.normal(1.6, 0.5, 5000).astype(np.float32), np.arange(5000)
    dataset = make_dataset(random_probes(5000), log_scores, rows[:3000], rows[3000:3500], rows[3500:])
    clipped, link = on_clip_scale(log_scores, dataset)
    ceiling = np.percentile(np.exp(log_scores[:3000].astype(float)), 99.9)
    expected = np.minimum(np.exp(log_scores.astype(float)), ceiling)
    expected = (expected - expected[:3000].mean()) / expected[:3000].std()
    assert clipped.scores == pytest.approx(expected, abs=1e-4)
    assert link.ceiling == pytest.approx(np.log(ceiling), abs=1e-6)
    assert np.array_equal(clipped.test, dataset.test)
    # What the network puts out for a perfect prediction on the log scale is close to perfect on the clip scale.
    assert np.corrcoef(link.of_array(dataset.scores), clipped.scores)[0, 1] > 0.99
