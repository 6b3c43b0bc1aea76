import numpy as np
import pytest

from rbind_core.model.inputs import CHANNELS_OF_STRUCTURE, ModelInputs, read_inputs
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.rna.sequences import one_hot
from rbind_core.rna.structure import structure_profiles
from tests.toys import random_probes, random_weights

CODES = random_probes(12)


def test_of_sequence_alone_the_inputs_are_one_hot():
    rows = np.array([3, 1])
    assert np.array_equal(ModelInputs(CODES).arrays(rows), one_hot(CODES[rows]))
    assert np.array_equal(read_inputs(ModelInputs(CODES), slice(2, 5), 4), one_hot(CODES[2:5]))


@pytest.mark.parametrize("structure", ["PU", "PHIME"])
def test_structure_stands_beside_the_sequence_and_is_folded_where_it_is_missing(structure):
    profiles = structure_profiles(CODES, structure)
    given = ModelInputs(CODES, profiles.astype(np.float16))
    channels = CHANNELS_OF_STRUCTURE[structure]
    folded = read_inputs(ModelInputs(CODES), slice(4, 9), channels)
    assert folded.shape == (5, 41, channels)
    assert folded.dtype == np.float32
    assert np.array_equal(folded[:, :, :4], one_hot(CODES[4:9]))
    assert np.array_equal(folded[:, :, 4:], profiles[4:9])
    assert read_inputs(given, slice(4, 9), channels) == pytest.approx(folded, abs=1e-3)
    assert np.array_equal(read_inputs(given, slice(4, 9), 4), one_hot(CODES[4:9]))  # a model of sequence alone


def test_taking_rows_keeps_sequence_and_structure_together():
    inputs = ModelInputs(CODES, structure_profiles(CODES, "PU"))
    rows = np.array([7, 0, 7])
    taken = inputs.take(rows)
    assert len(taken) == 3
    assert np.array_equal(taken.arrays(), inputs.arrays(rows))


@pytest.mark.parametrize(("structure", "engine"), [("PU", "openvino"), ("PU", "numpy"), ("PHIME", "openvino"), ("PHIME", "numpy")])
def test_a_model_that_reads_structure_folds_every_sequence_anew(structure, engine):
    """A hairpin and the same nucleotides without partner differ far from each other only by way of the profile."""
    predictor = ResidualBindPredictor(random_weights(channels=CHANNELS_OF_STRUCTURE[structure]), engine=engine)
    folded = predictor.predict(CODES)
    given = predictor.predict_inputs(ModelInputs(CODES, structure_profiles(CODES, structure)))
    assert folded == pytest.approx(given, abs=1e-4)
    unpaired = np.zeros((len(CODES), 41, CHANNELS_OF_STRUCTURE[structure] - 4), np.float32)
    assert np.abs(predictor.predict_inputs(ModelInputs(CODES, unpaired)) - folded).max() > 0.01


def test_keras_and_the_predictor_agree_on_nine_channels():
    from rbind_core.model.architecture import Architecture, build
    from rbind_core.model.weights import put_weights

    weights = random_weights(channels=9)
    model = build(Architecture(channels=9))
    put_weights(model, weights)
    inputs = ModelInputs(CODES, structure_profiles(CODES, "PHIME"))
    expected = model.predict(inputs.arrays(), verbose=0)[:, 0]
    for engine in ("openvino", "numpy"):
        assert ResidualBindPredictor(weights, engine=engine).predict_inputs(inputs) == pytest.approx(expected, abs=1e-3)
