"""Everything random in a construct, drawn once for each background sequence and shared by all constructs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import Codes


@dataclass(frozen=True)
class Draws:
    """Draws behind the random parts of all constructs, so that compared constructs share them; read-only arrays.

    `letters`, (n, 41) float32 in [0, 1), decides IUPAC letters and G-U pairs at each position; `placements`, (n, 41) float32 in
    [0, 1), random positions; `replacements`, (n, 41) uint8, are nucleotides for occluded windows and missing tails.
    """

    letters: NDArray[np.float32]
    placements: NDArray[np.float32]
    replacements: Codes

    def first(self, n: int) -> Draws:
        """Take the draws of the first n sequences, as views of the same arrays."""
        return Draws(self.letters[:n], self.placements[:n], self.replacements[:n])
