"""The mean of a committee beside the network that is served, over the measured experiments (`recipes.committee_mean`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from rbind_core.errors import DataError
from rbind_core.system.paths import PRETRAINED

COMMITTEE_MEAN = PRETRAINED / "committee_mean.tsv"
COLUMNS = ["experiment", "validation_served", "validation_mean", "test_served", "test_mean", "networks"]


@dataclass(frozen=True)
class CommitteeMean:
    """Mean Pearson over n experiments, on the validation part of set A and on set B."""

    n: int
    networks: int
    validation_served: float
    validation_mean: float
    test_served: float
    test_mean: float
    better: int

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        return (
            f"Over {self.n} measured experiments the mean of the {self.networks} networks of a committee reaches a test Pearson of "
            f"{self.test_mean:.3f}, the network that is served alone {self.test_served:.3f} (validation part of set A: "
            f"{self.validation_mean:.3f} and {self.validation_served:.3f}; the mean is better in {self.better} of {self.n})."
        )


def committee_mean(path: Path = COMMITTEE_MEAN) -> CommitteeMean:
    """Read the comparison.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    return _read(path)


@lru_cache(maxsize=2)
def _read(path: Path) -> CommitteeMean:
    try:
        table = pd.read_csv(path, sep="\t")[COLUMNS]
        numbers = table[COLUMNS[1:5]].mean()
        if table.empty or not np.isfinite(numbers.to_numpy(float)).all():
            raise ValueError
        better = int((table["validation_mean"] > table["validation_served"]).sum())
        served, mean, test_served, test_mean = numbers.tolist()
        return CommitteeMean(len(table), int(table["networks"].min()), served, mean, test_served, test_mean, better)
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(f"{path.name}: the table of committee means is missing or damaged") from None
