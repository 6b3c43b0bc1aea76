"""Experiments imported from a small file, and training that takes seconds; importable by the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from rbind_core.data.imported import import_file
from rbind_core.rna.sequences import encode, one_hot
from rbind_core.training import imported, one_model
from rbind_core.training.from_table import FROM_TRUNK
from tests.clusters import Diary
from tests.toys import MotifCounter

MOTIFS = {"RNCMPT00168": "UGCAUG", "RNCMPT00901": "UAGUAG", "RNCMPT00902": "CCAACC"}
QUICK = replace(FROM_TRUNK, epochs=1)


def import_toy(folder: Path) -> None:
    """3,000 probes with one of three motifs in half of them, and an experiment that counts each."""
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, (3000, 41)).astype(np.uint8)
    codes[:, 15:21] = encode(MOTIFS.values(), 6)[rng.integers(0, 3, 3000)]
    codes[::2] = rng.integers(0, 4, (1500, 41))
    counts = np.stack([MotifCounter(motif).predict(codes) for motif in MOTIFS.values()], axis=1)
    raw = np.exp(5 + counts + 0.3 * rng.normal(size=counts.shape))
    with h5py.File(folder / "rnacompete2013.h5", "w") as file:
        file["experiment"] = np.array([*MOTIFS], dtype="S")
        for part, rows in {"train": slice(2400), "valid": slice(2400, 2600), "test": slice(2600, None)}.items():
            sequence = one_hot(codes[rows]).transpose(0, 2, 1)
            file[f"X_{part}"] = np.pad(sequence, ((0, 0), (0, 5), (0, 0)), constant_values=0.2)
            file[f"Y_{part}"] = raw[rows]
    import_file(folder / "rnacompete2013.h5")


def without_ranking(patch: pytest.MonkeyPatch) -> None:
    """Ranking all 6-mers takes long on a busy machine and has its own tests."""
    patch.setattr(one_model, "summarise", lambda predictor: {"top_kmers": [], "motif": []})


def in_two_epochs(name: str, diary: Diary, train: Callable[..., Any], *arguments: Any) -> Any:
    """Call what trains imported experiments, with a short recipe, and say in which process."""
    diary.write(name)
    with pytest.MonkeyPatch.context() as patch:
        without_ranking(patch)
        patch.setattr(imported, "recipe_from_trunk", lambda probes: replace(QUICK, epochs=2))
        return train(*arguments)
