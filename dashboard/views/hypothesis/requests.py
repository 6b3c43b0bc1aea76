"""Requests of the Hypothesis page: importances of constructs, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TypeVar

from dashboard.state import engine
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import Importance
from rbind_core.analyses.hairpins import HairpinFormation, hairpin_formation
from rbind_core.constructs import Construct
from rbind_core.experiments.own_constructs import OwnConstructs, labels_of
from rbind_core.model.registry import Model
from rbind_core.statistics import Comparison, LinearFit, compare, compare_with_first, interaction, linear_fit, with_holm

T = TypeVar("T")

WITH_FIRST, EVERY_PAIR = "each with the first", "every pair"


@dataclass(frozen=True)
class Importances(Request[tuple[Importance, ...]]):
    """Importances of constructs on the same background RNAs."""

    model: Model
    choice: BackgroundChoice
    constructs: tuple[Construct, ...]

    def compute(self) -> tuple[Importance, ...]:
        """Measure each construct."""
        return tuple(engine.importances(self.model, self.choice, self.constructs))

    @property
    def expected(self) -> int:
        """Each construct, and the RNAs without any."""
        return (len(self.constructs) + 1) * self.choice.samples

    @property
    def doing(self) -> str:
        """In words."""
        count = len(self.constructs)
        return f"Scoring {count} construct{'s' * (count > 1)} on {self.choice.samples:,} RNAs"

    @property
    def labels(self) -> list[str]:
        """Unique labels of the constructs."""
        return labels_of(list(self.constructs))


@dataclass(frozen=True)
class _ReadOff(Request[T]):
    """What is read off constructs by their names, which belong to the request: constructs are equal whatever they are called."""

    of: Importances
    labels: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.of.labels))


@dataclass(frozen=True)
class Interactions(_ReadOff[list[Comparison]]):
    """For each construct of several patterns: all together against the sum of each alone at its place.

    Holm's correction is over all of them.
    """

    def compute(self) -> list[Comparison]:
        """Measure each pattern alone."""
        found = []
        of = self.of
        for label, construct in zip(of.labels, of.constructs, strict=True):
            if len(construct.each_alone()) > 1:
                alone = result_of(engine.PatternsAlone(of.model, of.choice, construct))
                together = engine.importance(of.model, of.choice, construct)
                found.append(interaction(f"{label} together", together, alone))
        return with_holm(found)

    @property
    def expected(self) -> int:
        """Each pattern alone, with and without."""
        return 2 * sum(len(construct.each_alone()) for construct in self.of.constructs) * self.of.choice.samples

    @property
    def doing(self) -> str:
        """In words."""
        return "Scoring each pattern alone"


@dataclass(frozen=True)
class Hairpins(_ReadOff[dict[str, HairpinFormation]]):
    """Probability of the designed pairs in each construct with a stem, by label."""

    def compute(self) -> dict[str, HairpinFormation]:
        """Fold some of the RNAs."""
        analysis = engine.analysis(self.of.model, self.of.choice)
        named = zip(self.of.labels, self.of.constructs, strict=True)
        return {label: hairpin_formation(analysis, one) for label, one in named if one.stems}

    @property
    def doing(self) -> str:
        """In words."""
        return "Folding"


@dataclass(frozen=True)
class Measured:
    """Importances of some constructs, with their request."""

    request: Importances
    importances: tuple[Importance, ...]

    @classmethod
    def of(cls, request: Importances, found: Sequence[Importance]) -> Measured:
        """Add the constructs' names to a result, which does not depend on them."""
        named = zip(found, request.constructs, strict=True)
        return cls(request, tuple(replace(importance, construct=construct) for importance, construct in named))

    @property
    def model(self) -> Model:
        """Of the request."""
        return self.request.model

    @property
    def choice(self) -> BackgroundChoice:
        """Of the request."""
        return self.request.choice

    @property
    def constructs(self) -> tuple[Construct, ...]:
        """Of the request."""
        return self.request.constructs

    @property
    def as_experiment(self) -> OwnConstructs:
        """The same constructs as an experiment, to run under all backgrounds."""
        return OwnConstructs(";".join(construct.text for construct in self.constructs))


def comparisons(result: Measured, which: str) -> list[Comparison]:
    """Paired comparisons between constructs, with Holm's correction over the set."""
    if which == WITH_FIRST:
        return compare_with_first(result.request.labels, result.importances)
    pairs = combinations(zip(result.request.labels, result.importances, strict=True), 2)
    return with_holm([compare(b_name, a_name, b, a) for (a_name, a), (b_name, b) in pairs])


def fit_on_count(result: Measured) -> LinearFit | None:
    """A line through global importance by number of patterns, where the constructs differ in nothing else."""
    letters = {pattern.letters for construct in result.constructs for pattern in construct.patterns}
    counts = [len(construct.patterns) for construct in result.constructs]
    scaffolds = {construct.scaffold for construct in result.constructs}
    others = any(len(c.patterns) + len(c.scaffold) < len(c.elements) for c in result.constructs)
    if len(letters) != 1 or len(scaffolds) != 1 or others or len(set(counts)) < 3:
        return None
    return linear_fit(counts, [importance.mean for importance in result.importances])
