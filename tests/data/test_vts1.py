import numpy as np

from rbind_core.data.vts1 import vts1_dataset
from rbind_core.rna.sequences import decode


def test_the_public_subset_is_read_whole_and_no_sequence_is_in_two_parts(data_folder):
    data = vts1_dataset()
    parts = [data.training, data.validation, data.test]
    assert [len(np.concatenate(parts[:2])), len(data.test)] == [1149, 1121]
    assert len(data.validation) == 113
    sequences = [set(decode(data.codes[rows])) for rows in parts]
    assert not sequences[0] & sequences[1]
    assert not (sequences[0] | sequences[1]) & sequences[2]


def test_scores_are_z_scores_of_the_training_part(data_folder):
    data = vts1_dataset()
    training = data.scores[data.training]
    assert abs(training.mean()) < 1e-5
    assert abs(training.std() - 1) < 1e-5
    first = data.scores[0] * data.normalisation.standard_deviation + data.normalisation.mean
    assert abs(first - 4.87) < 1e-4
    assert decode(data.codes[:1]) == ["AGAGCGGUACGCGGGUAGUCCGUGUAUCGC"]
