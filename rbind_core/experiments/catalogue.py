"""All canned experiments by name."""

from __future__ import annotations

from collections.abc import Mapping

from rbind_core.errors import ExperimentError
from rbind_core.experiments.affinity import Affinity
from rbind_core.experiments.canned import Experiment
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.kmer_mutagenesis import KmerMutagenesis
from rbind_core.experiments.occlusion import WindowOcclusion
from rbind_core.experiments.own import OwnConstructs
from rbind_core.experiments.sites import Position, RandomPosition, Sites, Spacing
from rbind_core.experiments.structure import StemLoop

EXPERIMENTS: Mapping[str, type[Experiment]] = {
    kind.name: kind
    for kind in (
        Sites,
        Spacing,
        Affinity,
        StemLoop,
        GcBias,
        Position,
        RandomPosition,
        KmerMutagenesis,
        WindowOcclusion,
        OwnConstructs,
    )
}
ROBUSTNESS = "robustness"


def find_experiment(name: str) -> type[Experiment]:
    """Find a canned experiment.

    Parameters
    ----------
    name : as in `EXPERIMENTS`; capitals do not matter.

    Returns
    -------
    type of Experiment
        To be set up with `for_model`.

    Raises
    ------
    ExperimentError
        If the name is unknown.
    """
    kind = EXPERIMENTS.get(name.strip().lower())
    if kind is None:
        raise ExperimentError(f"{name[:40]!r} is not an experiment; use {', '.join(EXPERIMENTS)}")
    return kind
