"""Windows of one sequence replaced by random nucleotides (Koo et al. 2021, Discussion)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rbind_core.data.library import designed_library
from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Arm, Experiment, Result, arm, setting
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import LENGTH, check_sequence, decode


@dataclass(frozen=True)
class WindowOcclusion(Experiment):
    """Each window of one sequence replaced by random nucleotides: which stretch does the prediction rest on?"""

    name: ClassVar = "occlusion"
    place: ClassVar = 9
    title: ClassVar = "Occlusion"
    question: ClassVar = "Which stretch of this RNA does the prediction rest on?"
    figure: ClassVar = "Koo et al. 2021, Discussion"
    drawn_as: ClassVar = "curve"
    x_title: ClassVar = "position of the window's first nucleotide"
    says_not: ClassVar = (
        "A window that can be replaced without effect is not needed here, next to the rest of this RNA; it may matter in another."
    )

    sequence: str = setting("", "RNA", "11-41 nt; a designed probe that holds the top 6-mer where nothing is given.", wide=True)
    window: int = setting(6, "Window", "Nucleotides replaced at a time.", 1, LENGTH)

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """The longest designed probe with the top 6-mer; see `Experiment.defaults_for`."""
        holding = [probe for probe in decode(designed_library().codes) if model.top_kmer in probe]
        return {"sequence": max(holding, key=len)} if holding else {}

    def arms(self) -> list[Arm]:
        """The sequence with each window occluded; see `Experiment.arms`."""
        sequence = check_sequence(self.sequence)
        if self.window > len(sequence):
            raise ExperimentError(
                f"window = {self.window} nt: longer than the sequence of {len(sequence)} nt; use 1 to {len(sequence)}"
            )
        starts = range(1, len(sequence) - self.window + 2)
        return [
            arm(f"{s}-{s + self.window - 1}", f"context:{sequence}@1+occlude:{s}-{s + self.window - 1}", "occluded", s)
            for s in starts
        ]

    def sentences(self, result: Result) -> list[str]:
        """Where a replacement costs most; see `Experiment.sentences`."""
        means = np.array([importance.mean for importance in result.importances])
        worst = int(means.argmin())
        if means[worst] >= 0:
            return ["No window lowers the prediction when it is replaced by random nucleotides."]
        first, last = map(int, result.arms[worst].label.split("-"))
        letters = check_sequence(self.sequence)[first - 1 : last]
        said = [
            f"The prediction falls most when {first}-{last} ({letters}) is replaced by random nucleotides: {means[worst]:+.2f} "
            f"({result.importances[worst].ci_text}), from {result.importances[worst].null_mean:.2f} for the whole sequence."
        ]
        half = means < means[worst] / 2
        before, after = np.flatnonzero(~half[:worst]), np.flatnonzero(~half[worst:])
        begin = before[-1] + 1 if len(before) else 0
        end = worst + after[0] - 1 if len(after) else len(means) - 1
        if begin < end:
            said.append(
                f"All windows from {result.arms[begin].label} to {result.arms[end].label} lower it by more than half of that."
            )
        return said
