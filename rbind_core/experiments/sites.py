"""Experiments on where a motif stands: number of sites, spacing, position (Koo et al. 2021, Fig. 2b-d, S1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rbind_core.analyses.gia import Importance
from rbind_core.constructs import parse_pattern
from rbind_core.errors import ExperimentError
from rbind_core.experiments.additivity import UNDECIDED, Additivity, additivity, pooled_additivity
from rbind_core.experiments.experiment import (
    CONTROL,
    NOT_AN_AFFINITY,
    Arm,
    Claims,
    Experiment,
    Result,
    arm,
    fit_series,
    setting,
)
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import LENGTH
from rbind_core.statistics import Comparison, LinearFit, compare, interaction

SITES = (4, 11, 18, 25, 32)  # starts of up to five sites; the first three are the paper's
LONGEST_SITE = SITES[1] - SITES[0]  # nt, the longest motif whose sites do not overlap
MIDDLE = 18
WEAKER_MOTIFS = {"RBFOX1": "AGAAUG"}  # the paper's sub-optimal motif
CLOSE = 3  # nt; the paper says that closer sites cost

MOTIF_HELP = "IUPAC letters; the model's top 6-mer where nothing is given."


def checked_motif(motif: str) -> str:
    """Check a motif in IUPAC letters and return it in upper-case RNA letters.

    Raises
    ------
    ConstructError
        If a letter is unknown or the motif is longer than the window.
    """
    return parse_pattern(motif, "*").letters


@dataclass(frozen=True)
class Sites(Experiment):
    """One, two, three sites of a motif, and of a weaker one, and each site alone at its place: do effects add up?"""

    name: ClassVar = "sites"
    place: ClassVar = 1
    title: ClassVar = "Number of sites"
    question: ClassVar = "Do several sites do as much as each alone, added up?"
    figure: ClassVar = "Koo et al. 2021, Fig. 2b,c and S1"
    says_not: ClassVar = (
        "A line through few points has a high R² for many curves that merely rise. Sites that add up do so on the scale of log "
        f"intensity, on which more than the sum is not cooperativity of binding. {NOT_AN_AFFINITY}"
    )
    claims_are: ClassVar = ("verdict", "decided otherwise", "undecided")
    x_title: ClassVar = "number of sites"

    motif: str = setting("", "Motif", MOTIF_HELP)
    weaker: str = setting("", "Weaker motif", "Drawn beside it; '-' for none. For RBFOX1 the paper's AGAAUG.")
    copies: int = setting(3, "Sites", "Up to how many.", 2, len(SITES))

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """The top 6-mer, and the paper's weaker motif where it names one; see `Experiment.defaults_for`."""
        return {"motif": model.top_kmer, "weaker": WEAKER_MOTIFS.get(model.protein, "-")}

    @property
    def motifs(self) -> list[str]:
        """The motifs whose sites are counted."""
        weaker = [] if self.weaker.strip() in ("", "-") else [self.weaker]
        motifs = list(dict.fromkeys(checked_motif(motif) for motif in [self.motif, *weaker]))
        for motif in motifs:
            if len(motif) > LONGEST_SITE:
                raise ExperimentError(
                    f"{motif}: {len(motif)} nt long; sites start {LONGEST_SITE} nt apart here, so use at most {LONGEST_SITE} nt"
                )
        return motifs

    def arms(self) -> list[Arm]:
        """x1 to xk of each motif, then each site alone at its place; see `Experiment.arms`."""
        starts = [str(start) for start in SITES[: self.copies]]
        together = [
            arm(f"{motif} ×{count}", f"{motif}@{','.join(starts[:count])}", motif, count)
            for motif in self.motifs
            for count in range(1, self.copies + 1)
        ]
        alone = [arm(f"{motif} alone at {start}", f"{motif}@{start}", CONTROL) for motif in self.motifs for start in starts[1:]]
        return together + alone

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Each number of sites against one fewer; see `Experiment.comparisons`."""
        labels = [(f"{m} ×{n}", f"{m} ×{n - 1}") for m in self.motifs for n in range(2, self.copies + 1)]
        return [compare(more, fewer, results[more], results[fewer]) for more, fewer in labels]

    def fitted(self, arms: Sequence[Arm], means: Sequence[float]) -> dict[str, LinearFit]:
        """A line through the counts of each motif, 0 sites included; see `Experiment.fitted`."""
        return fit_series(arms, means, from_none=True)

    def additivity(self, result: Result) -> dict[str, Additivity]:
        """Compare all sites of each motif with the sum of each site alone, by motif, the main one first."""
        of, found = result.by_label, {}
        for motif in self.motifs:
            alone = [of[f"{motif} ×1"], *(of[f"{motif} alone at {start}"] for start in SITES[1 : self.copies])]
            found[motif] = additivity(of[f"{motif} ×{self.copies}"], alone, result.measured)
        return found

    def record(self, result: Result) -> dict[str, Any]:
        """How far sites are from adding up; see `Experiment.record`."""
        by_motif = {motif: one.record for motif, one in self.additivity(result).items()}
        return {"additivity": next(iter(by_motif.values())), "additivity_by_motif": by_motif}

    def claims(self, result: Result) -> Claims:
        """The verdict on each motif; see `Experiment.claims`."""
        verdicts = {motif: one.verdict for motif, one in self.additivity(result).items()}
        return {motif: "" if verdict == UNDECIDED else verdict for motif, verdict in verdicts.items()}

    def sentences(self, result: Result) -> list[str]:
        """Whether sites add up, whether they exceed the measured range, and how close to a line; see `Experiment.sentences`."""
        said = []
        for motif, one in self.additivity(result).items():
            said += [one.sentence(f"{self.copies} sites of {motif}"), *filter(None, [one.range_sentence])]
        for motif, fit in result.fits.items():
            if np.isnan(fit.r_squared):
                said.append(f"{motif}: global importance is the same, {fit.intercept:.2f}, for every number of sites.")
                continue
            said.append(
                f"{motif}: the line through 0 to {self.copies} sites has R² = {fit.r_squared:.3f}, which says little; a further "
                f"site adds {fit.slope:.2f} on average, the first one {result.by_label[f'{motif} ×1'].mean:.2f}."
            )
        return said


@dataclass(frozen=True)
class Spacing(Experiment):
    """Two sites at every distance, beside what the two would add up to: how close may they be?"""

    name: ClassVar = "spacing"
    place: ClassVar = 2
    title: ClassVar = "Spacing of two sites"
    question: ClassVar = "How close may two sites be before they stand in each other's way?"
    figure: ClassVar = "Koo et al. 2021, Fig. 2d"
    drawn_as: ClassVar = "curve"
    x_title: ClassVar = "gap between the two sites (nt; negative: they share letters)"

    motif: str = setting("", "Motif", MOTIF_HELP)
    start: int = setting(4, "First site at", "Position of the first nucleotide of the first site.", 1, LENGTH)
    widest: int = setting(15, "Widest gap", "In nt.", 3, LENGTH)

    PAIR: ClassVar = "both sites"
    SUM: ClassVar = "second site alone"

    @property
    def gaps(self) -> list[int]:
        """All gaps: overlaps that the motif allows (negative), then 0 to the widest that fits."""
        motif = checked_motif(self.motif)
        length = len(motif)
        last_start = LENGTH - 2 * length + 1
        if last_start < 1:
            raise ExperimentError(f"two sites of {motif} do not fit into {LENGTH} nt; use a motif of at most {LENGTH // 2} nt")
        if self.start > last_start:
            raise ExperimentError(f"two sites of {motif} do not fit from position {self.start} on; start at {last_start} or before")
        widest = min(self.widest, last_start - self.start)
        overlaps = [-shared for shared in range(length - 1, 0, -1) if motif[-shared:] == motif[:shared]]
        return overlaps + list(range(widest + 1))

    def arms(self) -> list[Arm]:
        """Both sites at each gap, the first alone, the second alone; see `Experiment.arms`."""
        motif = checked_motif(self.motif)
        seconds = {gap: self.start + len(motif) + gap for gap in self.gaps}
        pairs = [arm(f"gap {gap}", f"{motif}@{self.start},{second}", self.PAIR, gap) for gap, second in seconds.items()]
        alone = [arm(f"alone at {second}", f"{motif}@{second}", self.SUM, gap) for gap, second in seconds.items()]
        return [arm("one site", f"{motif}@{self.start}"), *pairs, *alone]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Each gap below 3 nt against wider ones, in what both sites add beyond their sum; see `Experiment.comparisons`."""
        beyond = {gap: self._beyond_the_sum(gap, results) for gap in self.gaps}
        wide = [gap for gap in self.gaps if gap >= CLOSE]
        if not wide:
            return []
        usual = sum((beyond[gap].differences for gap in wide), np.zeros(1)) / len(wide)
        others = f"gaps of {CLOSE} nt and more"
        close = [gap for gap in self.gaps if gap < CLOSE]
        return [Comparison(f"gap {g}", others, beyond[g].differences - usual, units=beyond[g].units) for g in close]

    def additivity(self, result: Result) -> Additivity | None:
        """Compare two sites together with the sum of each alone, over all gaps of 3 nt and more; None where no such gap fits."""
        of, length = result.by_label, len(checked_motif(self.motif))
        wide = [gap for gap in self.gaps if gap >= CLOSE]
        alone = [[of["one site"], of[f"alone at {self.start + length + gap}"]] for gap in wide]
        return pooled_additivity([of[f"gap {gap}"] for gap in wide], alone, result.measured) if wide else None

    def record(self, result: Result) -> dict[str, Any]:
        """How far two sites are from adding up; see `Experiment.record`."""
        found = self.additivity(result)
        return {"additivity": None if found is None else found.record}

    def _beyond_the_sum(self, gap: int, results: dict[str, Importance]) -> Comparison:
        """What both sites add beyond the sum of each alone."""
        second = f"alone at {self.start + len(checked_motif(self.motif)) + gap}"
        return interaction(f"gap {gap}", results[f"gap {gap}"], [results["one site"], results[second]])

    def sentences(self, result: Result) -> list[str]:
        """The effect of the distance; see `Experiment.sentences`."""
        wide = self.additivity(result)
        if wide is None:
            return [f"No gap of {CLOSE} nt or more fits, so there is nothing to compare close sites with."]
        costly = [c for c in result.comparisons if c.is_significant and c.mean < 0]
        figures = ", ".join(f"{c.mean:+.2f} ({c.first})" for c in result.comparisons)
        return [
            wide.sentence(f"Two sites of {checked_motif(self.motif)} with a gap of {CLOSE} nt and more, mean over all gaps"),
            *filter(None, [wide.range_sentence]),
            f"Compared with wider gaps, two sites have less effect at {len(costly)} of the {len(result.comparisons)} gaps "
            f"below {CLOSE} nt (paired test, Holm-corrected p < 0.05): {figures}.",
        ]


@dataclass(frozen=True)
class Position(Experiment):
    """A motif at every start position: does it matter where it stands?"""

    name: ClassVar = "position"
    place: ClassVar = 6
    title: ClassVar = "Position of the motif"
    question: ClassVar = "Does it matter where in the RNA the motif stands?"
    figure: ClassVar = "not in the paper; after Koo et al. 2021, Eq. 2"
    drawn_as: ClassVar = "curve"
    x_title: ClassVar = "position of the motif's first nucleotide"

    motif: str = setting("", "Motif", MOTIF_HELP)

    def arms(self) -> list[Arm]:
        """The motif at each start; see `Experiment.arms`."""
        motif = checked_motif(self.motif)
        return [arm(f"at {start}", f"{motif}@{start}", motif, start) for start in range(1, LENGTH - len(motif) + 2)]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Both ends against the middle; see `Experiment.comparisons`."""
        last = LENGTH - len(checked_motif(self.motif)) + 1
        middle = f"at {min(MIDDLE, last)}"
        ends = [f"at {end}" for end in sorted({1, last}) if f"at {end}" != middle]
        return [compare(end, middle, results[end], results[middle]) for end in ends]

    def sentences(self, result: Result) -> list[str]:
        """Where it counts most and least; see `Experiment.sentences`."""
        means = [importance.mean for importance in result.importances]
        best, worst = int(np.argmax(means)), int(np.argmin(means))
        extremes = (
            f"The motif counts most {result.arms[best].label} ({means[best]:.2f}) and least {result.arms[worst].label} "
            f"({means[worst]:.2f}); best and worst of {len(means)} are picked after the fact, so their difference is too large."
        )
        return [extremes, *super().sentences(result)]


@dataclass(frozen=True)
class RandomPosition(Experiment):
    """A motif at random positions, marginalised out, beside one in the middle."""

    name: ClassVar = "random-position"
    place: ClassVar = 7
    title: ClassVar = "Random positions"
    question: ClassVar = "What does a motif do if it may stand anywhere?"
    figure: ClassVar = "Koo et al. 2021, Discussion"
    x_title: ClassVar = "number of sites at random positions"

    motif: str = setting("", "Motif", MOTIF_HELP)
    copies: int = setting(3, "Sites", "Up to how many at random positions.", 1, 5)

    def arms(self) -> list[Arm]:
        """Fixed in the middle, then one to k at random positions; see `Experiment.arms`."""
        motif = checked_motif(self.motif)
        fixed = min(MIDDLE, LENGTH - len(motif) + 1)
        anywhere = [
            arm(f"anywhere ×{count}", "+".join([f"{motif}@*"] * count), "anywhere", count) for count in range(1, self.copies + 1)
        ]
        return [arm(f"at {fixed}", f"{motif}@{fixed}", "fixed"), *anywhere]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Anywhere against the middle, and each count against one fewer; see `Experiment.comparisons`."""
        labels = list(results)
        pairs = [(labels[1], labels[0]), *((labels[n], labels[n - 1]) for n in range(2, len(labels)))]
        return [compare(a, b, results[a], results[b]) for a, b in pairs]

    def fitted(self, arms: Sequence[Arm], means: Sequence[float]) -> dict[str, LinearFit]:
        """A line through the counts; see `Experiment.fitted`."""
        return fit_series(arms, means, from_none=True)
