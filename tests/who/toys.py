"""Networks of a few heads with scores that are known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rbind_core.model.registry import Model, list_models
from rbind_core.rna.sequences import LENGTH, encode
from rbind_core.system.paths import BUNDLED_MODELS
from rbind_core.who.networks import Networks

HEADS = ("RNCMPT00168", "RNCMPT00176", "RNCMPT00071", "RNCMPT00076")  # measured models; what they are called and no more
FOX, OTHERS = HEADS[0], HEADS[1:]


class ToyPanel:
    """The first head scores UGCAUGU by how many letters of its best place fit, the others are sums of random weights."""

    def __init__(self, seed: int = 3, sign: int = 1) -> None:
        self.weights = np.random.default_rng(seed).normal(size=(len(HEADS) - 1, LENGTH, 5))
        self.wanted = encode("UGCAUGU", 7)[0]
        self.sign, self.asked = sign, 0

    def predict_all(self, codes):
        self.asked += len(codes)
        fits = sum(np.stack([codes[:, i + k] == self.wanted[k] for i in range(LENGTH - 6)], axis=1).astype(int) for k in range(7))
        motif = (1.8 ** fits.astype(float)).sum(axis=1)
        others = self.weights[:, np.arange(LENGTH), codes].sum(axis=2)
        return self.sign * np.concatenate([motif[:, None], others.T], axis=1).astype(np.float32)


def toy_models() -> dict[str, Model]:
    """Cards of four measured models."""
    found = {m.measured_in: m for m in list_models([BUNDLED_MODELS]) if m.experiment in HEADS}
    return {head: replace(found[head], is_bundled=True) for head in HEADS}


def toy_networks(*panels) -> Networks:
    """Networks of toy panels, the one that scores first."""
    panels = panels or (ToyPanel(),)
    return Networks(tuple(f"toy-{n}" for n in range(1, len(panels) + 1)), panels, HEADS, toy_models())


def random_rna(length: int, seed: int) -> str:
    return "".join(np.random.default_rng(seed).choice(list("ACGU"), length))


SITE = "UGCAUGUUUGCAUGU"


def planted_rna(length: int = 300, at: int = 101, seed: int = 5) -> str:
    """Random letters with two sites of the first head side by side."""
    rna = random_rna(length, seed)
    return rna[: at - 1] + SITE + rna[at - 1 + len(SITE) :]
