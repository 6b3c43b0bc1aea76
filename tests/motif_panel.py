"""Panels with a known truth: each head counts a motif in a window, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from rbind_core.model.committee import PANEL_NAMES
from rbind_core.model.network import BATCH_NORMALISATION_EPSILON
from rbind_core.model.panel import Panel, write_panel
from rbind_core.who.heads import PanelNetwork, Protein
from tests.taught import FLY, HUR, install_taught_models

RBFOX1, SNRPA, TARDBP, VTS1 = "RNCMPT00168", "RNCMPT00071", "RNCMPT00076", "RNCMPT00176"
MOTIFS = {RBFOX1: "UGCAUG", SNRPA: "UUGCAC", TARDBP: "GAAUGA", VTS1: "CUGGCA", HUR: "UUUUUU", FLY: "GGACAA"}
PROTEINS = tuple(Protein(name, name, "A", "RRM", "Homo sapiens", name) for name in MOTIFS)


def motif_weights(motifs: Mapping[str, str], sign: Mapping[str, int] | None = None) -> dict[str, np.ndarray]:
    """Weights of a ResidualBind whose heads count motifs of up to six letters; `sign` turns some heads round."""
    widths = {"conv": 96, "residual1": 96, "residual2": 96, "residual3": 96, "hidden": 256}
    weights = {}
    for layer, width in widths.items():
        weights[f"{layer}_norm/gamma"] = np.ones(width, np.float32)
        weights[f"{layer}_norm/beta"] = np.zeros(width, np.float32)
        weights[f"{layer}_norm/moving_mean"] = np.zeros(width, np.float32)
        weights[f"{layer}_norm/moving_variance"] = np.full(width, 1 - BATCH_NORMALISATION_EPSILON, np.float32)
    weights |= {f"residual{i}/kernel": np.zeros((3, 96, 96), np.float32) for i in (1, 2, 3)}
    weights["conv/kernel"] = np.zeros((11, 4, 96), np.float32)
    weights["hidden/kernel"] = np.zeros((384, 256), np.float32)
    weights["score/kernel"] = np.zeros((256, len(motifs)), np.float32)
    weights["score/bias"] = np.zeros(len(motifs), np.float32)
    for head, (experiment, motif) in enumerate(motifs.items()):
        for tap, letter in enumerate(motif, start=5):  # the filter's middle is at the motif's first letter
            weights["conv/kernel"][tap, "ACGU".index(letter), head] = 1
        weights["conv_norm/beta"][head] = 1 - len(motif)
        weights["hidden/kernel"][np.arange(4) * 96 + head, head] = 10  # the mean over ten positions, summed again
        weights["score/kernel"][head, head] = (sign or {}).get(experiment, 1)
    return weights


def write_motif_panel(folder: Path, name: str = PANEL_NAMES[0], sign: Mapping[str, int] | None = None) -> Path:
    content = {"experiments": list(MOTIFS), "architecture": {"dilations": [1, 2, 4]}}
    return write_panel(folder / f"{name}.json", content, motif_weights(MOTIFS, sign), np.float32)


def motif_network(sign: Mapping[str, int] | None = None) -> PanelNetwork:
    """A network that travels to workers as a panel of the project does."""
    digest = f"toy-{sorted((sign or {}).items())}"
    panel = Panel("toy", tuple(MOTIFS), (1, 2, 4), {"sha256": digest}, motif_weights(MOTIFS, sign))
    return PanelNetwork(digest, tuple(MOTIFS), panel)


def install_motif_panels(folder: Path, patch: pytest.MonkeyPatch, sign: Mapping[str, int] | None = None) -> Path:
    """Two panels that count motifs, the second with some heads turned round, and models for their heads."""
    install_taught_models(folder, patch)
    panels = folder / "motif-panels"
    write_motif_panel(panels)
    write_motif_panel(panels, PANEL_NAMES[1], sign)
    patch.setattr("rbind_core.who.heads.PANELS", panels)
    patch.setattr("rbind_core.who.networks.PANELS", panels)
    return panels


def random_rna(n: int, seed: int, letters: str = "ACGU") -> str:
    return "".join(np.random.default_rng(seed).choice(list(letters), n))
