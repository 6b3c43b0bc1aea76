"""GC-rich ends beside a motif (Koo et al. 2021, Fig. 4c and S3-S5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rbind_core.analyses.gia import Importance
from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Arm, Experiment, Result, arm, setting
from rbind_core.experiments.sites import MIDDLE, MOTIF_HELP, checked_motif
from rbind_core.rna.sequences import LENGTH
from rbind_core.statistics import Comparison, Ratio, compare, ratio

GC_RICH = "GCGCGC"


@dataclass(frozen=True)
class GcBias(Experiment):
    """The motif alone, with a GC-rich 5' end, with a GC-rich 3' end, and the 3' end alone."""

    name: ClassVar = "gcbias"
    place: ClassVar = 5
    title: ClassVar = "GC-bias"
    question: ClassVar = "Does a GC-rich end of the RNA raise the prediction, and which one?"
    figure: ClassVar = "Koo et al. 2021, Fig. 4c and S3-S5"
    says_not: ClassVar = (
        "A bias towards GC-rich 3' ends may come from how probes bind to each other or to the array, not from the protein."
    )

    motif: str = setting("", "Motif", MOTIF_HELP)
    rich: str = setting(GC_RICH, "GC-rich end", "What is put at an end.")

    ALONE: ClassVar = "motif"
    FIVE: ClassVar = "5' GC + motif"
    THREE: ClassVar = "motif + 3' GC"
    WITHOUT: ClassVar = "3' GC"

    def arms(self) -> list[Arm]:
        """Motif alone, with each end, one end alone; see `Experiment.arms`."""
        motif, rich = checked_motif(self.motif), checked_motif(self.rich)
        site = f"{motif}@{MIDDLE}"
        longest = LENGTH - MIDDLE - len(rich)
        if len(rich) >= MIDDLE or len(motif) > longest:
            raise ExperimentError(
                f"{motif} from position {MIDDLE} on and {rich} at an end overlap; together they may have {LENGTH - MIDDLE} nt"
            )
        three = f"{rich}@{LENGTH - len(rich)}"  # GCGCGC at 35-40, as in the paper
        return [
            arm(self.ALONE, site),
            arm(self.FIVE, f"{rich}@1+{site}"),
            arm(self.THREE, f"{site}+{three}"),
            arm(self.WITHOUT, three),
        ]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Each end against none, and one end against the other; see `Experiment.comparisons`."""
        pairs = [(self.FIVE, self.ALONE), (self.THREE, self.ALONE), (self.THREE, self.FIVE)]
        return [compare(a, b, results[a], results[b]) for a, b in pairs]

    def effect_sizes(self, result: Result) -> GcEffect:
        """The paper's effect sizes: global importance with a GC-rich end over that without (Fig. 4d,e), NaN where that is 0."""
        of = result.by_label
        beyond = compare(self.THREE, self.FIVE, of[self.THREE], of[self.FIVE])
        return GcEffect(*(ratio(effect, of[self.ALONE]) for effect in (of[self.FIVE], of[self.THREE], beyond)))

    def sentences(self, result: Result) -> list[str]:
        """The paper's effect sizes, then the comparisons; see `Experiment.sentences`."""
        effect = self.effect_sizes(result)
        if abs(result.by_label[self.ALONE].mean) < 1e-6:
            return super().sentences(result)
        ratios = (
            "The paper's effect sizes, global importance with a GC-rich end over that without: "
            f"{_with_interval(effect.five)} for the 5' end, {_with_interval(effect.three)} for the 3' end."
        )
        return [ratios, *super().sentences(result)]


@dataclass(frozen=True)
class GcEffect:
    """Effect sizes of a GC-rich 5' end and 3' end, and the second minus the first, as ratios to the motif alone."""

    five: Ratio
    three: Ratio
    difference: Ratio


def _with_interval(effect: Ratio) -> str:
    if effect.samples < 2:
        return f"{effect.value:.2f}"
    return f"{effect.value:.2f} (95 % CI {effect.ci95[0]:.2f} to {effect.ci95[1]:.2f})"
