import numpy as np
import pytest

from rbind_core.model.architecture import Architecture, build
from rbind_core.model.gradient import scores_and_gradients
from rbind_core.model.inputs import ModelInputs, read_inputs
from rbind_core.model.network import folded
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.model.weights import put_weights
from tests.toys import FIXTURE_SEED, random_probes, random_weights

KINDS = [((1, 2, 4), 4), ((1, 2, 4), 6), ((1, 2, 4), 9), ((1, 2, 4, 8), 4), ((1, 2, 4, 8), 9)]


def mixtures(n: int, channels: int):
    """Inputs between RNAs, as on the path of integrated gradients."""
    return np.random.default_rng(FIXTURE_SEED).random((n, 41, channels)).astype(np.float32)


@pytest.mark.parametrize(("dilations", "channels"), KINDS)
def test_scores_and_gradients_are_those_of_keras(dilations, channels):
    import tensorflow as tf

    weights = random_weights(dilations=dilations, channels=channels)
    model = build(Architecture(dilations, channels))
    put_weights(model, weights)
    inputs = mixtures(40, channels)
    watched = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(watched)
        expected_scores = model(watched, training=False)[:, 0]
    expected = tape.gradient(expected_scores, watched).numpy()
    scores, gradients = scores_and_gradients(folded(weights, dilations), inputs)
    assert np.abs(expected).max() > 0.05
    assert scores == pytest.approx(expected_scores.numpy(), abs=1e-4)
    differ = np.abs(gradients - expected).max(axis=(1, 2)) > 1e-4
    assert differ.sum() <= 1  # one whose value at a rectifier is 0 within rounding, which depends on the processor


@pytest.mark.parametrize("name", ["RBFOX1", "VTS1", "RBFOX1_PU", "VTS1_PHIME"])
def test_scores_are_those_of_the_predictor_for_bundled_models(name):
    predictor = load_predictor(find_model(name))
    codes = random_probes(40, shortest=11)
    scores, _ = scores_and_gradients(predictor.network, read_inputs(ModelInputs(codes), slice(None), predictor.network.channels))
    assert scores == pytest.approx(predictor.predict(codes), abs=1e-4)


def test_a_gradient_does_not_depend_on_what_is_differentiated_beside_it():
    network = ResidualBindPredictor(random_weights(), engine="numpy").network
    inputs = mixtures(70, 4)
    _, gradients = scores_and_gradients(network, inputs)
    assert gradients[66:67] == pytest.approx(scores_and_gradients(network, inputs[66:67])[1], abs=1e-6)


def test_another_number_of_channels_is_refused():
    with pytest.raises(ValueError, match=r"\(n, length, 4\); got \(2, 41, 6\)"):
        scores_and_gradients(folded(random_weights(), (1, 2, 4)), mixtures(2, 6))
