import numpy as np
import pytest

from rbind_core.data import rnacompete
from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.training import trunk


@pytest.mark.real_data
def test_set_b_is_never_trained_on(data_folder):
    training, validation = trunk.split_of_set_a()
    in_set_b = rnacompete.load_probes().in_set_b
    assert not in_set_b[training].any()
    assert not in_set_b[validation].any()
    assert len(training) + len(validation) == rnacompete.PROBES_OF_SET_A
    assert len(validation) == pytest.approx(rnacompete.PROBES_OF_SET_A / 10, abs=1)


@pytest.mark.real_data
def test_the_split_of_set_a_is_the_one_of_the_recorded_seed(data_folder):
    rows = np.flatnonzero(~rnacompete.load_probes().in_set_b)
    expected = training_and_validation(rows, np.random.default_rng(SPLIT_SEED))
    for part, wanted in zip(trunk.split_of_set_a(), expected, strict=True):
        assert np.array_equal(part, wanted)


@pytest.mark.real_data
def test_targets_are_z_scores_of_the_training_part(data_folder):
    targets, normalisation = trunk.training_targets("RNCMPT00168")
    training, _ = trunk.split_of_set_a()
    assert targets[training].mean(dtype=float) == pytest.approx(0, abs=1e-4)
    assert targets[training].std(dtype=float) == pytest.approx(1, abs=1e-4)
    raw = rnacompete.load_intensities("RNCMPT00168")
    assert targets * normalisation.standard_deviation + normalisation.mean == pytest.approx(raw, abs=1e-4)
