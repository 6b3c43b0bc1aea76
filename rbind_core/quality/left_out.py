"""How good taught models are: measured proteins that were treated as if their scores were not public.

In five folds the measured scores of a protein, of all its experiments and of its paralogues, were used nowhere. What the taught
head then predicts is compared with what was measured on set B (`recipes.left_out`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from rbind_core.errors import DataError
from rbind_core.system.paths import PRETRAINED

LEFT_OUT = PRETRAINED / "left_out.tsv"
TEACHER, TAUGHT, HEAD, SERVED = "pearson_teacher", "pearson_taught", "pearson_head", "pearson_served"
COLUMNS = ["experiment", "protein", "fold", TEACHER, TAUGHT, HEAD, SERVED, "ceiling", "n_test"]


@dataclass(frozen=True)
class LeftOut:
    """The comparison over n experiments: mean test Pearson of each kind, and in how many the taught head beats its teacher."""

    n: int
    proteins: int
    teacher: float
    taught: float
    head: float
    served: float
    ceiling: float
    better_than_teacher: int

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        return (
            f"Over {self.n} measured experiments of {self.proteins} proteins, each left out with its paralogues, taught models "
            f"reach a mean test Pearson of {self.taught:.3f}: more than DeepBind as published ({self.teacher:.3f}, better in "
            f"{self.better_than_teacher} of {self.n}), less than a head of the same network trained on measured scores "
            f"({self.head:.3f}) and than the networks that are served ({self.served:.3f}). The noise ceiling is {self.ceiling:.3f}."
        )


def left_out_table(path: Path = LEFT_OUT) -> pd.DataFrame:
    """Test Pearson by experiment: published teacher, taught head, measured head, served network, and the noise ceiling.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    return _read(path).copy()


@lru_cache(maxsize=2)
def _read(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, sep="\t")
        if list(table.columns) != COLUMNS or not np.isfinite(table[[TEACHER, TAUGHT, HEAD]].to_numpy()).all():
            raise ValueError
    except (OSError, ValueError, TypeError):
        raise DataError(f"{path.name}: the table of left-out proteins is missing or damaged") from None
    return table


def summary(table: pd.DataFrame) -> LeftOut:
    """Means over the experiments of a table from `left_out_table`."""
    teacher, taught, head, served, ceiling = table[[TEACHER, TAUGHT, HEAD, SERVED, "ceiling"]].mean().tolist()
    wins = int((table[TAUGHT] > table[TEACHER]).sum())
    return LeftOut(len(table), table["protein"].nunique(), teacher, taught, head, served, ceiling, wins)
