"""The public subset of the RNAcompete 2009 experiment on VTS1: 2,270 probes, a third of them high scorers (Ray et al. 2009)."""

from __future__ import annotations

import numpy as np

from rbind_core.data import fetch
from rbind_core.data.dataset import Dataset, make_dataset
from rbind_core.data.rnacompete import Assay
from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.data.tables import read_table

VTS1 = Assay("VTS1_2009", "VTS1", "Saccharomyces cerevisiae", "CNGG")
FILES = ("vts1_2009/training.txt", "vts1_2009/test.txt")


def vts1_dataset() -> Dataset:
    """Log ratios of VTS1: the public training part for training and validation, the public test part for the test.

    Returns
    -------
    Dataset
        1,149 probes for training and validation, 1,121 for the test; no sequence is in both. Probes with the same
        sequence are together in training or in validation.

    Raises
    ------
    DataError
        If the files are missing or damaged.
    """
    training, test = (read_table(fetch.locate(name)) for name in FILES)
    codes, scores = np.concatenate([training.codes, test.codes]), np.concatenate([training.scores, test.scores])
    sequences, sequence_of = np.unique(training.codes, axis=0, return_inverse=True)
    _, held_out = training_and_validation(np.arange(len(sequences)), np.random.default_rng(SPLIT_SEED))
    validating = np.isin(sequence_of.ravel(), held_out)
    test_rows = np.arange(len(training.codes), len(codes))
    return make_dataset(codes, scores, np.flatnonzero(~validating), np.flatnonzero(validating), test_rows)
