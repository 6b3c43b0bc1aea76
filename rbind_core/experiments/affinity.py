"""Measured affinities against global importance (Koo et al. 2021, Fig. 2f)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Arm, Experiment, Result, arm, fit_series, setting
from rbind_core.experiments.sites import MIDDLE, checked_motif
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import LENGTH
from rbind_core.statistics import ALPHA, LinearFit

# K_D in nM by surface plasmon resonance: Auweter et al. (2006), EMBO J 25: 163-173.
MEASURED_AFFINITIES = {
    "RBFOX1": "UGCAUGU 0.83, AGCAUGU 4.8, CGCAUGU 6.1, UGUAUGU 280, UACAUGU 350, UGCACGU 4.9, UGCAUAU 1830",
}
MOST_AFFINITIES = 40


@dataclass(frozen=True)
class Affinity(Experiment):
    """ln K_D of a few RNAs against their global importance: do predictions follow measured affinities?"""

    name: ClassVar = "kd"
    place: ClassVar = 3
    title: ClassVar = "Measured affinities"
    question: ClassVar = "Does global importance follow affinities that were measured in another way?"
    figure: ClassVar = "Koo et al. 2021, Fig. 2f; K_D of RBFOX1 by Auweter et al. 2006"
    drawn_as: ClassVar = "line"
    x_title: ClassVar = "measured ln K_D (K_D in nM)"
    says_not: ClassVar = (
        "A handful of RNAs, chosen by others for another purpose: the p-value is that of the slope, not of a general rule. "
        "Affinities are measured, importances predicted."
    )

    affinities: str = setting(
        "", "K_D in nM", "RNA and K_D, separated by commas: UGCAUGU 0.83, AGCAUGU 4.8. For RBFOX1 the paper's.", wide=True
    )
    start: int = setting(MIDDLE, "At position", "Of the first nucleotide.", 1, LENGTH)

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """The measured affinities, where known; see `Experiment.defaults_for`."""
        return {"affinities": MEASURED_AFFINITIES.get(model.protein, "")}

    def pairs(self) -> list[tuple[str, float]]:
        """At least three RNAs and their K_D in nM.

        Raises
        ------
        ExperimentError
            If a line is not an RNA with a K_D above 0, or there are too few or too many.
        """
        found = []
        for part in filter(str.strip, re.split(r"[,;\n]+", self.affinities)):
            words = part.split()
            try:
                kd = float(words[1])
            except (IndexError, ValueError):
                kd = math.nan
            if len(words) != 2 or not 0 < kd < math.inf:
                raise ExperimentError(
                    f"{part.strip()[:40]!r} is not an RNA and a K_D above 0; give them as in UGCAUGU 0.83, AGCAUGU 4.8"
                )
            found.append((checked_motif(words[0]), kd))
        if not 3 <= len(found) <= MOST_AFFINITIES:
            known = ", ".join(MEASURED_AFFINITIES)
            raise ExperimentError(
                f"{len(found)} measured affinities: a line needs 3 to {MOST_AFFINITIES}; built in are those of {known}, "
                "give others as in UGCAUGU 0.83, AGCAUGU 4.8"
            )
        if len({rna for rna, _ in found}) < len(found):
            raise ExperimentError("an RNA is named twice among the measured affinities; give each once")
        if len({kd for _, kd in found}) < 2:
            raise ExperimentError("all K_D are the same; a line needs at least two different ones")
        return found

    def arms(self) -> list[Arm]:
        """Each RNA at one position, at its ln K_D; see `Experiment.arms`."""
        return [arm(rna, f"{rna}@{self.start}", "K_D", math.log(kd)) for rna, kd in self.pairs()]

    def fitted(self, arms: Sequence[Arm], means: Sequence[float]) -> dict[str, LinearFit]:
        """A line through all RNAs; see `Experiment.fitted`."""
        return fit_series(arms, means)

    def sentences(self, result: Result) -> list[str]:
        """Whether stronger binding goes with higher importance; see `Experiment.sentences`."""
        fit = result.fits["K_D"]
        if not fit.p_value < ALPHA:
            return [f"Global importance does not follow these affinities measurably: {fit.text}."]
        direction = "higher" if fit.slope < 0 else "lower"
        return [f"Tighter binding goes with {direction} global importance: {fit.text}."]
