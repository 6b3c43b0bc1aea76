import numpy as np
import pytest

from rbind_core.data import dataset, rnacompete
from rbind_core.data.repeats import same_rna
from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.data.tables import Table
from tests.toys import random_probes


def test_probes_without_a_score_are_in_no_part():
    scores = np.array([1.0, np.nan, 3.0, 4.0, np.nan, 5.0, np.nan])
    rows = np.arange(7)
    made = dataset.make_dataset(np.zeros((7, 41), np.uint8), scores, rows[:3], rows[3:5], rows[5:])
    assert [part.tolist() for part in (made.training, made.validation, made.test)] == [[0, 2], [3], [5]]


def test_scores_are_normalised_on_the_training_part_alone():
    scores = np.array([1.0, 3.0, 100.0, -50.0])
    rows = np.arange(4)
    made = dataset.make_dataset(np.zeros((4, 41), np.uint8), scores, rows[:2], rows[2:3], rows[3:])
    assert (made.normalisation.mean, made.normalisation.standard_deviation) == (2, 1)
    assert made.scores.tolist() == [-1, 1, 98, -52]


def test_a_table_is_split_into_parts_that_share_no_row():
    table = Table(random_probes(1000), np.arange(1000.0), [], [])
    made = dataset.table_dataset(table)
    parts = [made.training, made.validation, made.test]
    assert [len(part) for part in parts] == [810, 90, 100]
    assert sorted(np.concatenate(parts).tolist()) == list(range(1000))


@pytest.mark.real_data
def test_set_b_is_never_trained_on(data_folder):
    training, validation = dataset.split_of_set_a()
    in_set_b = rnacompete.load_probes().in_set_b
    assert not in_set_b[training].any()
    assert not in_set_b[validation].any()
    assert len(training) == round(0.9 * rnacompete.PROBES_OF_SET_A)  # 108,293: the bundled weights were trained on these
    assert len(validation) == 10_138  # of a tenth, 12,033, without those with a copy in training


@pytest.mark.real_data
def test_no_validation_probe_has_a_copy_in_training(data_folder):
    training, validation = dataset.split_of_set_a()
    codes = rnacompete.load_probes().codes
    rna = same_rna(codes)
    assert not np.isin(rna[validation], rna[training]).any()


@pytest.mark.real_data
def test_the_split_of_set_a_is_the_one_of_the_recorded_seed(data_folder):
    rows = np.flatnonzero(~rnacompete.load_probes().in_set_b)
    training, validation = dataset.split_of_set_a()
    wanted, held_out = training_and_validation(rows, np.random.default_rng(SPLIT_SEED))
    assert np.array_equal(training, wanted)
    assert set(validation) < set(held_out)


@pytest.mark.real_data
def test_targets_are_z_scores_of_the_training_part(data_folder):
    data = dataset.public_dataset("RNCMPT00168")
    targets, normalisation, training = data.scores, data.normalisation, data.training
    assert targets[training].mean(dtype=float) == pytest.approx(0, abs=1e-4)
    assert targets[training].std(dtype=float) == pytest.approx(1, abs=1e-4)
    raw = rnacompete.load_intensities("RNCMPT00168")
    assert targets * normalisation.standard_deviation + normalisation.mean == pytest.approx(raw, abs=1e-4)
