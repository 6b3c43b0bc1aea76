"""Reading one model's row of the atlas: effects of an experiment, as numbers and as a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from rbind_core.analyses import BackgroundChoice
from rbind_core.atlas.measure import HEADLINES, REFERENCE, SCANNED_K, Row
from rbind_core.motifs import KMER_START, KmerScan
from rbind_core.rna.sequences import encode
from rbind_core.statistics import StoredEffect
from rbind_core.statistics.between_networks import FEWEST, BetweenNetworks, NetworkValue


def arms_of(entry: Row, study: str, background: str = REFERENCE) -> list[Row]:
    """Arms of one experiment under one background, in the experiment's order."""
    return [arm for arm in entry["arms"] if arm["study"] == study and arm["background"] == background]


def effects_of(entry: Row, study: str, background: str = REFERENCE) -> dict[str, StoredEffect]:
    """Effects of one experiment under one background by label of the arm, in order."""
    return {
        arm["label"]: StoredEffect(arm["global_importance"], arm["standard_error"], arm["samples"])
        for arm in arms_of(entry, study, background)
    }


def spread_of(entry: Row, effect: str) -> BetweenNetworks | None:
    """A headline effect in all networks of the model's committee.

    Parameters
    ----------
    effect : one of `rbind_core.experiments.headline.HEADLINE`.

    Returns
    -------
    BetweenNetworks or None
        None for a model without a committee, and where a network does not have the effect.
    """
    one = next((one for one in entry["spreads"] if (one["study"], one["label"]) == (HEADLINES, effect)), None)
    if one is None or len(one["values"]) < FEWEST or not np.isfinite(one["values"]).all():
        return None
    return BetweenNetworks(tuple(NetworkValue(n, "", v) for n, v in zip(entry["networks"], one["values"], strict=True)))


def study_table(entry: Row, study: str) -> list[dict[str, Any]]:
    """One row per arm and background of an experiment, with 95 % confidence intervals, for CSV files."""
    rows = []
    for arm in (arm for arm in entry["arms"] if arm["study"] == study):
        effect = StoredEffect(arm["global_importance"], arm["standard_error"], arm["samples"])
        rows.append({**arm, "ci95_low": effect.ci95[0], "ci95_high": effect.ci95[1]})
    return rows


def stored_scan(entry: Row, choice: BackgroundChoice, k: int, start: int) -> KmerScan | None:
    """The best 6-mers of a model, as from a fast scan, if measured under exactly these settings, else None.

    Parameters
    ----------
    k : length in nt.
    start : 1-based position of the first nucleotide.
    """
    if (k, start) != (SCANNED_K, KMER_START) or choice != BackgroundChoice(
        REFERENCE, entry["samples"], entry["seed"], choice.library
    ):
        return None
    best = entry["top_kmers"]
    return KmerScan(
        encode([one["kmer"] for one in best], k),
        np.array([one["global_importance"] for one in best]),
        np.array([one["standard_error"] for one in best]),
        entry["samples"],
        start,
        4**k,
        entry["predictions"],
    )
