"""Requests of the k-mers page: a scan of all k-mers, or one stored in the atlas."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard.state import engine
from dashboard.state.requests import Request
from rbind_core.analyses import BackgroundChoice
from rbind_core.atlas.entries import stored_scan
from rbind_core.atlas.measure import Row
from rbind_core.model.registry import Model
from rbind_core.motifs import KmerScan, RankGroup, exhaustive_scan, fast_scan, rank_groups

TOP = 20  # k-mers that a fast scan is sure to find


@dataclass(frozen=True)
class Scan(Request[KmerScan]):
    """A scan of all k-mers; `entry` is the model's row of the atlas, which may hold it."""

    model: Model
    choice: BackgroundChoice
    k: int
    start: int
    exhaustive: bool
    entry: Row | None = field(default=None, compare=False, repr=False)

    def compute(self) -> KmerScan:
        """Scan, or read a stored scan."""
        stored = stored_scan(self.entry, self.choice, self.k, self.start) if self.entry and not self.exhaustive else None
        if stored:
            return stored
        analysis = engine.analysis(self.model, self.choice)
        return exhaustive_scan(analysis, self.k, self.start) if self.exhaustive else fast_scan(analysis, self.k, self.start, TOP)

    @property
    def expected(self) -> int:
        """All k-mers in all RNAs, or about as many as a fast scan needs."""
        samples = self.choice.samples
        return 4**self.k * samples if self.exhaustive else int(4**self.k * max(samples * 0.04, 48))

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {4**self.k:,} {self.k}-mers"


@dataclass(frozen=True)
class RankGroups(Request[list[RankGroup]]):
    """Ranks of a scan's best k-mers that the data cannot distinguish."""

    of: Scan
    kmers: tuple[str, ...]
    scan: KmerScan = field(compare=False, repr=False)

    def compute(self) -> list[RankGroup]:
        """Compare them on the same RNAs."""
        return rank_groups(engine.analysis(self.of.model, self.of.choice), self.scan)

    @property
    def expected(self) -> int:
        """Each k-mer in each RNA."""
        return len(self.kmers) * self.of.choice.samples

    @property
    def doing(self) -> str:
        """In words."""
        return "Comparing the best k-mers"
