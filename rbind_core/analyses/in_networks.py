"""The same effects in all networks of a committee, on the same background RNAs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.constructs import Construct
from rbind_core.model.committee import Committee
from rbind_core.model.predictor import Predictor
from rbind_core.model.registry import Model
from rbind_core.statistics.between_networks import BetweenNetworks, between_networks

FIRST = 250  # background RNAs with which a committee begins
MOST = 100_000  # predictions with constructs in one round, beyond which no further background RNAs are used
ENOUGH = 0.2  # of the spread between networks, below which the sampling error of a network's difference must stay


@dataclass(frozen=True)
class OtherExperiment:
    """Effects of constructs in the served network of another experiment with the same protein."""

    experiment: str
    grade: str
    effects: tuple[float, ...]


@dataclass(frozen=True)
class Beside:
    """Effects that stand apart from the networks: in DeepBind's units, None without its file, and of other experiments."""

    deepbind: tuple[float, ...] | None = None
    experiments: tuple[OtherExperiment, ...] = ()


@dataclass(frozen=True)
class InNetworks:
    """Effects of constructs in each network: `importances[k][i]` of construct i in network k, on `samples` background RNAs.

    `problems` says which networks were left out, and why; `beside` is what other evidence says of the same constructs, which is
    no part of the spread.
    """

    committee: Committee
    importances: tuple[tuple[Importance, ...], ...]
    samples: int
    beside: Beside = Beside()

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each network that could not be used."""
        return self.committee.problems

    def of(self, number: int) -> BetweenNetworks:
        """The spread of one construct's effect between the networks."""
        return between_networks(self.committee.names, self.committee.kinds, [one[number].mean for one in self.importances])

    @property
    def all(self) -> list[BetweenNetworks]:
        """The spread of each construct's effect, in their order."""
        return [self.of(number) for number in range(len(self.importances[0]))]


def in_networks(
    analysis: GlobalImportanceAnalysis,
    committee: Committee,
    constructs: Sequence[Construct],
    second: Predictor | None = None,
    experiments: Sequence[tuple[Model, Predictor]] = (),
) -> InNetworks:
    """Measure constructs in all networks of a committee, on the background RNAs of an analysis.

    Networks are compared on the same RNAs, so their differences are known from fewer of them than the effect itself. The number
    is doubled from 250 until the sampling error of a network's difference from the mean is below a fifth of the standard
    deviation between networks, all of the analysis' RNAs are used, or a round would take more than 100,000 predictions.

    Parameters
    ----------
    analysis : of the served network; its background sample is used.
    constructs : any.
    second : DeepBind's published model, whose effects stand apart.
    experiments : models of other experiments with the same protein, whose effects stand apart too.

    Returns
    -------
    InNetworks
        With the served network first.
    """
    size = min(len(analysis.sample), max(FIRST, MOST // (len(constructs) * len(committee.members))))
    samples = min(FIRST, size)

    def measured(predictor: Predictor) -> tuple[Importance, ...]:
        return tuple(GlobalImportanceAnalysis(predictor, analysis.sample.first(samples)).importances(list(constructs)))

    while not _is_enough(found := tuple(measured(predictor) for predictor in committee.predictors)) and samples < size:
        samples = min(2 * samples, size)

    def effects(predictor: Predictor) -> tuple[float, ...]:
        return tuple(importance.mean for importance in measured(predictor))

    beside = Beside(
        None if second is None else effects(second),
        tuple(OtherExperiment(model.experiment, model.grade, effects(predictor)) for model, predictor in experiments),
    )
    return InNetworks(committee, found, samples, beside)


def _is_enough(importances: Sequence[Sequence[Importance]]) -> bool:
    """Whether background RNAs are enough, for each construct."""
    if len(importances) < 2 or importances[0][0].samples < 2:  # nothing to compare, or no sampling error to state
        return True
    for of_construct in zip(*importances, strict=True):
        local = np.stack([importance.differences for importance in of_construct]).astype(np.float64)
        error = sampling_error(local)
        if error > ENOUGH * local.mean(axis=1).std(ddof=1):
            return False
    return True


def sampling_error(local: NDArray[np.float64]) -> float:
    """Standard error of a network's difference from the mean over networks, root mean square over networks.

    Parameters
    ----------
    local : (networks, n) effects on the same background RNAs.
    """
    apart = local - local.mean(axis=0)
    return float(np.sqrt(apart.var(axis=1, ddof=1).mean() / local.shape[1]))
