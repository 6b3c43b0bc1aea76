"""The five effects that stand for an RBP in comparisons: of its best 6-mer, further sites, GC-rich ends and pairing around it."""

from __future__ import annotations

from dataclasses import dataclass

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.constructs import Construct
from rbind_core.experiments.experiment import Result, run
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.sites import Sites
from rbind_core.experiments.structure import StemLoop
from rbind_core.model.registry import Model

HEADLINE = {
    "top_importance": "best 6-mer",
    "sites_per_cent_of_sum": "additivity",
    "gc_three": "3' GC",
    "gc_five": "5' GC",
    "loop_minus_open": "loop minus open",
}
"""Name of an effect, as in the atlas, to words."""


@dataclass(frozen=True)
class Headline:
    """The experiments behind the five effects, in one network."""

    motif: str
    sites: Result
    gc: Result
    stem: Result

    @property
    def effects(self) -> dict[str, float]:
        """The effects by the names of `HEADLINE`; NaN for one that cannot be had."""
        assert isinstance(self.sites.experiment, Sites)
        assert isinstance(self.gc.experiment, GcBias)
        assert isinstance(self.stem.experiment, StemLoop)
        sizes = self.gc.experiment.effect_sizes(self.gc)
        loop = self.stem.experiment.pairing(self.stem).contrasts.get("loop_minus_open")
        return {
            "top_importance": self.gc.by_label[GcBias.ALONE].mean,
            "sites_per_cent_of_sum": self.sites.experiment.additivity(self.sites)[self.motif].per_cent_of_sum,
            "gc_three": sizes.three.value,
            "gc_five": sizes.five.value,
            "loop_minus_open": float("nan") if loop is None else loop.difference.mean,
        }


class _ArmsAlone:
    """An analysis without the model of letters alone, which these effects do not need."""

    def __init__(self, analysis: GlobalImportanceAnalysis) -> None:
        self._analysis = analysis

    def importance(self, construct: Construct) -> Importance:
        return self._analysis.importance(construct)


def headline(model: Model, motif: str, analysis: GlobalImportanceAnalysis) -> Headline:
    """Measure the five effects in one network.

    Parameters
    ----------
    model : for the constructs that the paper names for its protein.
    motif : IUPAC letters; the best 6-mer.
    analysis : of any network of the protein.
    """
    alone = _ArmsAlone(analysis)
    return Headline(
        motif,
        run(Sites.for_model(model, motif=motif), alone),
        run(GcBias.for_model(model, motif=motif), alone),
        run(StemLoop.for_model(model), alone),
    )
