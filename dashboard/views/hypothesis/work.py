"""What the hypothesis page computes and keeps: constructs with their importances, and what is read off them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from dashboard.state import engine
from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import Importance
from rbind_core.analyses.hairpins import HairpinFormation, hairpin_formation
from rbind_core.constructs import Construct
from rbind_core.experiments.own import OwnConstructs, labels_of
from rbind_core.model.registry import Model
from rbind_core.statistics import Comparison, LinearFit, compare, compare_with_first, interaction, linear_fit, with_holm

WITH_FIRST, EVERY_PAIR = "each with the first", "every pair"


@dataclass(frozen=True)
class Asked:
    """Constructs whose importances are asked for, with the settings that they are to be measured under."""

    model: Model
    choice: BackgroundChoice
    constructs: tuple[Construct, ...]


@dataclass(frozen=True)
class LabResult:
    """Importances of some constructs, with the settings that they were measured under."""

    model: Model
    choice: BackgroundChoice
    constructs: tuple[Construct, ...]
    importances: tuple[Importance, ...]

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        return Asked(self.model, self.choice, self.constructs)

    @property
    def labels(self) -> list[str]:
        """What the constructs are called, no two the same."""
        return labels_of(list(self.constructs))

    @property
    def as_experiment(self) -> OwnConstructs:
        """The same constructs as an experiment, to run under all backgrounds."""
        return OwnConstructs(";".join(construct.text for construct in self.constructs))


def measure(asked: Asked) -> LabResult:
    """Measure constructs on the same background sequences."""
    importances = engine.importances(asked.model, asked.choice, asked.constructs)
    return LabResult(asked.model, asked.choice, asked.constructs, tuple(importances))


def comparisons(result: LabResult, which: str) -> list[Comparison]:
    """Paired comparisons between constructs, with Holm's correction over the set."""
    if which == WITH_FIRST:
        return compare_with_first(result.labels, result.importances)
    pairs = combinations(zip(result.labels, result.importances, strict=True), 2)
    return with_holm([compare(b_name, a_name, b, a) for (a_name, a), (b_name, b) in pairs])


def interactions(result: LabResult) -> list[Comparison]:
    """For each construct of several patterns: all together against the sum of each alone, at the very places that it has there.

    Holm's correction is over all of them.
    """
    found = []
    for label, construct, together in zip(result.labels, result.constructs, result.importances, strict=True):
        if len(construct.each_alone()) > 1:
            alone = engine.interaction_parts(result.model, result.choice, construct)
            found.append(interaction(f"{label} together", together, alone))
    return with_holm(found)


def interactions_of(asked: Asked) -> list[Comparison]:
    """Measure interactions, without any Streamlit call."""
    return interactions(measure(asked))


def hairpins_of(asked: Asked) -> dict[str, HairpinFormation]:
    """How likely the designed pairs form in each construct with a stem, by label, without any Streamlit call."""
    analysis = engine.analysis(asked.model, asked.choice)
    labels = labels_of(list(asked.constructs))
    return {label: hairpin_formation(analysis, one) for label, one in zip(labels, asked.constructs, strict=True) if one.stems}


def fit_on_count(result: LabResult) -> LinearFit | None:
    """A line through global importance against the number of patterns, where the constructs differ in that alone."""
    letters = {pattern.letters for construct in result.constructs for pattern in construct.patterns}
    counts = [len(construct.patterns) for construct in result.constructs]
    scaffolds = {construct.scaffold for construct in result.constructs}
    others = any(len(c.patterns) + len(c.scaffold) < len(c.elements) for c in result.constructs)
    if len(letters) != 1 or len(scaffolds) != 1 or others or len(set(counts)) < 3:
        return None
    return linear_fit(counts, [importance.mean for importance in result.importances])
