"""In silico mutagenesis of one RNA in all networks of a committee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.model.committee import Committee
from rbind_core.statistics import pearson
from rbind_core.statistics.between_networks import BetweenNetworks, between_networks


@dataclass(frozen=True)
class MapsInNetworks:
    """The same RNA's mutations in each network, the served one first."""

    committee: Committee
    maps: tuple[Mutagenesis, ...]

    @property
    def wild_type(self) -> BetweenNetworks:
        """The score of the RNA itself."""
        return between_networks(self.committee.names, self.committee.kinds, [one.wild_type for one in self.maps])

    @property
    def effects(self) -> NDArray[np.float64]:
        """(networks, L, 4) effects in z-score units."""
        return np.stack([one.effects for one in self.maps]).astype(np.float64)

    @property
    def correlations(self) -> list[float]:
        """Pearson correlation of each network's effects with the served one's, over all mutations."""
        first = self.effects[0].ravel()
        return [pearson(first, other.ravel()) for other in self.effects]

    @property
    def sentence(self) -> str:
        """How far the networks agree, in words."""
        others = self.correlations[1:]
        return (
            f"Between networks: the maps of {len(others)} others correlate with this one at r = {min(others):.2f} to "
            f"{max(others):.2f}; score of the RNA {self.wild_type.sentence()}"
        )

    def record(self) -> dict[str, Any]:
        """Entries of `ism --json`: the score in each network, and how far the maps agree."""
        effects = self.effects
        return self.wild_type.record() | {
            "map_correlation": self.correlations,
            "effects_sd": effects.std(axis=0, ddof=1).tolist(),
            "effects_agree": (np.sign(effects) == np.sign(effects.mean(axis=0))).sum(axis=0).tolist(),
            "networks_left_out": list(self.committee.problems),
        }


def maps_in_networks(committee: Committee, sequence: str) -> MapsInNetworks:
    """Mutate an RNA in each network.

    Parameters
    ----------
    sequence : 11-41 nt.
    """
    return MapsInNetworks(committee, tuple(mutagenesis(predictor, sequence) for predictor in committee.predictors))
