"""Input of a ResidualBind: one-hot RNA, and for some models its predicted structure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import Codes, one_hot
from rbind_core.rna.structure import structure_profiles

STRUCTURE_OF_CHANNELS = {4: "", 6: "PU", 9: "PHIME"}
CHANNELS_OF_STRUCTURE = {structure: channels for channels, structure in STRUCTURE_OF_CHANNELS.items()}


@dataclass(frozen=True)
class ModelInputs:
    """Probes as a network reads them: (n, 41) uint8 codes, and (n, 41, 2 or 5) structure profiles or None.

    Profiles are separate from the codes, so that probes are folded once and profiles may have a smaller type.
    """

    codes: Codes
    profiles: NDArray[np.floating] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def arrays(self, rows: NDArray[np.integer] | slice = slice(None)) -> NDArray[np.float32]:
        """Build the network's input for some of the probes.

        Parameters
        ----------
        rows : (m,) row numbers, or a slice.

        Returns
        -------
        NDArray
            (m, 41, channels) float32.
        """
        sequence = one_hot(self.codes[rows])
        return sequence if self.profiles is None else np.concatenate([sequence, self.profiles[rows]], axis=2, dtype=np.float32)

    def take(self, rows: NDArray[np.integer]) -> ModelInputs:
        """Keep some of the probes.

        Parameters
        ----------
        rows : (m,) row numbers.

        Returns
        -------
        ModelInputs
            In the order of `rows`.
        """
        return ModelInputs(self.codes[rows], None if self.profiles is None else self.profiles[rows])


def read_inputs(probes: ModelInputs, rows: slice, channels: int) -> NDArray[np.float32]:
    """Build the input of a network, folding sequences if it reads structure and none is given.

    Parameters
    ----------
    probes : with or without profiles.
    rows : of the probes.
    channels : 4 for sequence, 6 with paired/unpaired, 9 with the five structural contexts.

    Returns
    -------
    NDArray
        (m, 41, channels) float32.
    """
    structure = STRUCTURE_OF_CHANNELS[channels]
    if structure and probes.profiles is None:
        codes = probes.codes[rows]
        return ModelInputs(codes, structure_profiles(codes, structure)).arrays()
    return probes.arrays(rows) if structure else one_hot(probes.codes[rows])
