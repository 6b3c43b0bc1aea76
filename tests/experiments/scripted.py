"""Analyses whose answers are known beforehand."""

from __future__ import annotations

import zlib

import numpy as np

from rbind_core.analyses.gia import Importance
from rbind_core.backgrounds import BackgroundSample
from rbind_core.constructs import Draws
from rbind_core.rna.sequences import LENGTH


class Scripted:
    """Gives each construct, by its text, local importances around a mean; others have none."""

    def __init__(self, means, scatter: float = 0.5, n: int = 200) -> None:
        self.means, self.scatter, self.n = means, scatter, n

    def importance(self, construct):
        rng = np.random.default_rng(zlib.crc32(str(construct).encode()))
        noise = rng.normal(0, 1, self.n)
        noise = (noise - noise.mean()) * self.scatter  # so that the mean is the scripted one
        without = np.full(self.n, 10, np.float32)
        return Importance(construct, without, (without + self.means.get(str(construct), 0) + noise).astype(np.float32))


def texts(experiment):
    """Label of each arm to the text of its construct."""
    arms = experiment.arms()
    found = {one.label: str(one.construct) for one in arms}
    assert len(found) == len(arms)  # two arms of one name would hide each other
    return found


def sample_without_gc(n: int = 30):
    """Background RNA of A and U only, so that no UGCAUG arises by chance: each has the C of one that was put in."""
    rng = np.random.default_rng(0)
    letters, placements = rng.random((2, n, LENGTH), dtype=np.float32)
    codes, replacements = 3 * rng.integers(0, 2, (2, n, LENGTH)).astype(np.uint8)
    return BackgroundSample(codes, Draws(letters, placements, replacements))
