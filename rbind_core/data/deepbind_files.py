"""Which public parameter file of DeepBind belongs to which RNAcompete experiment.

The files are those of Alipanahi et al. 2015 (BSD licence), fetched on request: `./rbind data fetch --deepbind`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from rbind_core.data.fetch import DEEPBIND, is_available


@cache
def deepbind_files() -> dict[str, str]:
    """Name, relative to the data folder, of the parameter file of each of the 244 experiments, by id."""
    with files("rbind_core.data").joinpath(DEEPBIND).open() as lines:
        return {row["experiment"]: row["file"] for row in csv.DictReader(lines, delimiter="\t")}


def has_deepbind(experiment: str) -> bool:
    """Tell whether an experiment's parameters are on this computer."""
    return experiment in deepbind_files() and is_available(deepbind_files()[experiment])
