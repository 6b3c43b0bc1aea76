"""Cards of the taught models: one for each of the 195 experiments whose scores are not public, a head of panel-1.

The expected quality comes from `recipes.left_out`; the best 6-mers and the motif from one scan of all 6-mers for all heads.
Run with `python -m recipes.taught_models`, after the panels and `pretrained/left_out.tsv` are there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.data.constructs import Construct, constructs
from rbind_core.data.library import profile
from rbind_core.data.rnacompete import experiments
from rbind_core.model.architecture import Architecture
from rbind_core.model.panel import TAUGHT, Panel, read_panel
from rbind_core.model.registry import write_card
from rbind_core.motifs import ALIGNED, KmerScan, alignment_motif
from rbind_core.motifs.panel_scan import best_kmers, panel_scan, top_of_each
from rbind_core.quality.left_out import TAUGHT as TAUGHT_PEARSON
from rbind_core.quality.left_out import left_out_table
from rbind_core.system.paths import BUNDLED_MODELS, PANELS

SERVED = "panel-1"
SAMPLES, SCAN_SAMPLES, SEED, TOP = 1000, 100, 0, 20
DATA = (
    "taught by DeepBind's published model of this experiment (Alipanahi et al. 2015) and by what it shares with the measured "
    "scores of 49 other experiments (RNAcompete 2013, set A); no score of this experiment was used"
)


def expected_quality() -> dict[str, Any]:
    """The distribution of test Pearson over measured experiments that were left out in turn, as an entry of the cards."""
    found = left_out_table()[TAUGHT_PEARSON]
    low, high = np.quantile(found, [0.05, 0.95])
    return {
        "pearson": round(float(found.mean()), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
        "n": len(found),
        "basis": "mean and range of nine of ten measured experiments whose protein and its paralogues were left out in turn",
    }


def main() -> None:
    """Scan once, then write the cards."""
    panel = read_panel(PANELS / f"{SERVED}.json")
    predictor = panel.predictor()
    sample = draw_sample(Profile(profile()), profile(), SAMPLES, np.random.default_rng(SEED))
    first = panel_scan(predictor, sample.first(SCAN_SAMPLES))
    second = best_kmers(predictor, sample, first, TOP)
    taught = [each for each in constructs() if each not in experiments()]
    scans = top_of_each(first, second, [panel.heads.index(each) for each in taught], TOP)
    quality = expected_quality()
    for experiment, scan in zip(taught, scans, strict=True):
        folder = BUNDLED_MODELS / experiment
        folder.mkdir(parents=True, exist_ok=True)
        write_card(folder, card_of(constructs()[experiment], panel, scan, quality))


def card_of(construct: Construct, panel: Panel, scan: KmerScan, quality: dict[str, Any]) -> dict[str, Any]:
    """The card of one taught model."""
    best = scan.best(TOP)
    weights = (PANELS / f"{SERVED}.safetensors").stat().st_size
    return {
        "experiment": construct.experiment,
        "protein": construct.protein,
        "species": construct.species,
        "published_consensus": construct.published_consensus,
        "architecture": asdict(Architecture(dilations=panel.dilations)),
        "normalisation": {"mean": 0.0, "standard_deviation": 1.0},
        "metrics": {},
        "expected": quality,
        "training": {
            "experiment": construct.experiment,
            "data": DATA,
            "scores": TAUGHT,
            "start": "scratch",
            "split_seed": panel.card["split_seed"],
            "recipe": panel.card["recipe"]["training"],
        },
        "summary_samples": scan.samples,
        "top_kmers": [asdict(kmer) for kmer in best],
        "motif": alignment_motif(best[:ALIGNED]).round(5).tolist(),
        "weights": {"panel": SERVED, "sha256": panel.sha256, "bytes": weights},
    }


if __name__ == "__main__":
    main()
