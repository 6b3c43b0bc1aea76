"""What the page of k-mers computes: a scan of all k-mers, or one that the atlas holds already."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard.state import engine
from rbind_core.analyses import BackgroundChoice
from rbind_core.atlas.entries import stored_scan
from rbind_core.atlas.measure import Row
from rbind_core.model.registry import Model
from rbind_core.motifs import KmerScan, RankGroup, exhaustive_scan, fast_scan, rank_groups

TOP = 20  # k-mers that a fast scan finds for sure


@dataclass(frozen=True)
class Asked:
    """A scan that is asked for; `entry` is the model's row of the atlas, from which it may be read."""

    model: Model
    choice: BackgroundChoice
    k: int
    start: int
    exhaustive: bool
    entry: Row | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Best:
    """The best k-mers of a scan that are to be compared with each other."""

    asked: Asked
    kmers: tuple[str, ...]
    scan: KmerScan = field(compare=False, repr=False)


def groups(best: Best) -> list[RankGroup]:
    """Which ranks the data cannot tell apart, without any Streamlit call."""
    return rank_groups(engine.analysis(best.asked.model, best.asked.choice), best.scan)


def scan(asked: Asked) -> KmerScan:
    """Scan, or read a scan that is stored, without any Streamlit call."""
    if asked.entry and not asked.exhaustive and (stored := stored_scan(asked.entry, asked.choice, asked.k, asked.start)):
        return stored
    analysis = engine.analysis(asked.model, asked.choice)
    if asked.exhaustive:
        return exhaustive_scan(analysis, asked.k, asked.start)
    return fast_scan(analysis, asked.k, asked.start, TOP)
