"""A library of probes with known scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rbind_core.data.library import MEASURED, ProbeLibrary
from rbind_core.model.registry import list_models
from rbind_core.probes import probe_table
from rbind_core.rna.sequences import encode
from tests.toys import MotifCounter, random_probes

UGCAUG = np.eye(4)[encode("UGCAUG", 6)[0]].tolist()


@pytest.fixture
def model(toy_models):
    """The toy model, its motif UGCAUG."""
    [model] = list_models()
    return replace(model, motif=UGCAUG)


@pytest.fixture
def library():
    """300 random probes, UGCAUG in the first twenty alone; measured is the number of the probe."""
    codes = random_probes(300)
    codes[MotifCounter().predict(codes) > 0] = codes[0]
    codes[:20, 9:15] = encode("UGCAUG", 6)[0]
    return ProbeLibrary(MEASURED, codes, np.arange(300, dtype=np.float32), "measured set B")


@pytest.fixture
def table(model, library):
    return probe_table(model, MotifCounter(), library, np.random.default_rng(0))


@pytest.fixture
def designed(model, library):
    unmeasured = ProbeLibrary("designed", library.codes)
    return probe_table(model, MotifCounter(), unmeasured, np.random.default_rng(0))
