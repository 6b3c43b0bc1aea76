"""Scans of all 6-mers with known answers, and an atlas of some bundled models that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rbind_core.atlas.files import Atlas, read_atlas, write_atlas
from rbind_core.model.registry import Model, find_model
from rbind_core.rna.sequences import all_kmers, decode, encode

KMERS = decode(all_kmers(6))
SAMPLES, SCAN_SAMPLES = 1000, 200
FAVOURITES = {
    "RNCMPT00168": ("UGCAUG", 4.0),  # RBFOX1
    "RNCMPT00038": ("GCUUGC", 2.0),  # MBNL1
    "RNCMPT00022": ("UAGGGA", 3.0),  # HNRNPA1
    "RNCMPT00041": ("UAGGGU", 3.5),  # MSI1, which is like HNRNPA1
    "RNCMPT00027": ("ACACAC", 1.0),  # HNRNPL
    "RNCMPT00091": ("ACACAG", 0.5),  # HNRNPL again
}
"""Experiment to the 6-mer that it likes best, and its global importance."""


def scan_for(kmer: str, height: float = 1.0) -> np.ndarray:
    """`height` for the 6-mer itself, less for each mismatch, nothing from three on, below 0 where all differ; (4096,)."""
    matches = (all_kmers(6) == encode(kmer, 6)).sum(axis=1)
    return np.where(matches == 0, -0.1 * height, height * np.maximum(matches - 3, 0) / 3)


def row_of(model: Model, scan: np.ndarray | None, standard_error: float = 0.05, **changed) -> dict:
    """A row of the atlas: what a comparison reads, and nothing measured beside."""
    scanned = scan is not None
    return {
        "experiment": model.experiment,
        "protein": model.protein,
        "species": model.species,
        "reads": model.inputs,
        "weights_sha256": model.weights_sha256,
        "samples": SAMPLES,
        "scan_samples": SCAN_SAMPLES,
        "folding_samples": 200,
        "seed": 0,
        "version": 1,
        "top_kmer": KMERS[int(np.argmax(scan))] if scanned else model.top_kmer,
        "motif": model.motif,
        "scan": scan.tolist() if scanned else [],
        "scan_standard_error": np.full(len(KMERS), standard_error).tolist() if scanned else [],
        **{name: [] for name in ("kmer_effects", "top_kmers", "verdicts", "arms", "comparisons", "fits")},
        **changed,
    }


def write_toy_atlas(path: Path, favourites: Mapping[str, tuple[str, float]] = FAVOURITES) -> Atlas:
    """Writes and reads an atlas of bundled models with made-up scans."""
    write_atlas(path, [row_of(find_model(name), scan_for(*best)) for name, best in favourites.items()], {"method": "made up"})
    return read_atlas(path)
