"""Data that a model is trained and tested on: probes with the scores of one experiment, split three ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.repeats import same_rna
from rbind_core.data.rnacompete import load_intensities, load_probes
from rbind_core.data.splits import SPLIT_SEED, training_and_validation
from rbind_core.data.table_split import TableSplit, split_table
from rbind_core.data.tables import Table
from rbind_core.data.transforms import Normalisation
from rbind_core.rna.sequences import Codes

Rows = NDArray[np.integer]


@dataclass(frozen=True)
class Dataset:
    """Probes (n, 41) uint8, z-scores (n,) float32 normalised on the training part, and the row numbers of the parts."""

    codes: Codes
    scores: NDArray[np.float32]
    normalisation: Normalisation
    training: Rows
    validation: Rows
    test: Rows


def make_dataset(codes: Codes, scores: NDArray[np.floating], training: Rows, validation: Rows, test: Rows) -> Dataset:
    """Normalise scores on the training part; probes without a score are left out of every part.

    Parameters
    ----------
    codes : (n, 41) uint8.
    scores : (n,) not normalised, NaN where missing.
    training, validation, test : (m,) row numbers each.
    """
    training, validation, test = (rows[np.isfinite(scores[rows])] for rows in (training, validation, test))
    normalisation = Normalisation.fit(scores[training])
    return Dataset(codes, normalisation.apply(scores), normalisation, training, validation, test)


def split_of_set_a() -> tuple[Rows, Rows]:
    """Split set A into the training and validation rows that every bundled model uses.

    A fifth of the probes occur twice. A validation probe with a copy in the training part is left out of both, so that the
    epoch and the recipe are not chosen by memorised probes. Apart from such copies, no two probes of set A share 20 nt.

    Returns
    -------
    (NDArray, NDArray)
        (m,) row numbers into `load_probes`, for each part.
    """
    probes = load_probes()
    training, validation = training_and_validation(np.flatnonzero(~probes.in_set_b), np.random.default_rng(SPLIT_SEED))
    sequence = same_rna(probes.codes)
    return training, validation[~np.isin(sequence[validation], sequence[training])]


def public_dataset(experiment: str) -> Dataset:
    """Log-transformed scores of a public experiment: set A for training and validation, set B for the test.

    Returns
    -------
    Dataset
        241,357 probes.

    Raises
    ------
    DataError
        If the files are missing or damaged.
    """
    probes = load_probes()
    return make_dataset(probes.codes, load_intensities(experiment), *split_of_set_a(), np.flatnonzero(probes.in_set_b))


def table_dataset(table: Table, split: TableSplit | None = None) -> Dataset:
    """Split a user's table reproducibly: a tenth for the test, a tenth of the rest for validation, near copies together.

    Parameters
    ----------
    split : of the table; computed when None.
    """
    split = split or split_table(table.codes)
    return make_dataset(table.codes, table.scores, split.training, split.validation, split.test)
