"""The user's own constructs as an experiment, so that they run under all backgrounds like any other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

from rbind_core.analyses.gia import Importance
from rbind_core.constructs import Construct, parse_constructs
from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Arm, Experiment, Result, setting
from rbind_core.experiments.level import effect_text, level
from rbind_core.experiments.sites import MIDDLE
from rbind_core.model.registry import Model
from rbind_core.statistics import Comparison, compare


def labels_of(constructs: list[Construct]) -> list[str]:
    """Name constructs uniquely, by the text form of those without a name or with one that occurs twice."""
    labels = Counter(c.label for c in constructs)
    return [c.label if labels[c.label] == 1 else str(c) for c in constructs]


@dataclass(frozen=True)
class OwnConstructs(Experiment):
    """Any constructs, each compared with the first."""

    name: ClassVar = "own"
    place: ClassVar = 99
    title: ClassVar = "Your constructs"
    question: ClassVar = "What do these constructs do, and does it depend on the background?"
    figure: ClassVar = "not in the paper; after Koo et al. 2021, Eq. 2"

    constructs: str = setting(
        "",
        "Constructs",
        "As on the Hypothesis page, separated by semicolons; the top 6-mer at 18 where nothing is given.",
        wide=True,
    )

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """The top 6-mer in the middle; see `Experiment.defaults_for`."""
        return {"constructs": f"{model.top_kmer}@{MIDDLE}"}

    def arms(self) -> list[Arm]:
        """Each construct; see `Experiment.arms`."""
        constructs = parse_constructs(self.constructs)
        labels = labels_of(constructs)
        twice = next((label for label, count in Counter(labels).items() if count > 1), None)
        if twice:
            raise ExperimentError(f"{twice} is given twice; give each construct once")
        return [Arm(label, construct) for label, construct in zip(labels, constructs, strict=True)]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Each with the first; see `Experiment.comparisons`."""
        (first, reference), *others = results.items()
        return [compare(label, first, importance, reference) for label, importance in others]

    def sentences(self, result: Result) -> list[str]:
        """The effect of the first, and the others compared with it; see `Experiment.sentences`."""
        first = result.importances[0]
        standing = level(first, result.measured)
        alone = f"{result.arms[0].label} changes predicted binding by {first.mean:+.2f} on average ({effect_text(first)})."
        reached = f"With it: {standing.text}."
        return [alone, reached, *filter(None, [standing.warning]), *super().sentences(result)]
