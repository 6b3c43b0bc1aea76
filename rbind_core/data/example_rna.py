"""A long designed RNA as an example: random letters like those of the probes, with a motif at known places."""

from __future__ import annotations

import numpy as np

from rbind_core.data.library import profile
from rbind_core.rna.sequences import ALPHABET

DESIGNED_LENGTH = 600  # nt
PLANTED_AT = (101, 251, 266, 451)  # 1-based; two of them fit into one window
_SEED = 0


def designed_rna(motif: str) -> str:
    """Draw the same 600 nt, with the mean letter frequencies of the test probes, and put a motif at four places.

    Parameters
    ----------
    motif : RNA letters, at most 15.
    """
    rng = np.random.default_rng(_SEED)
    letters = rng.choice(list(ALPHABET), DESIGNED_LENGTH, p=profile().mean(axis=0))
    for start in PLANTED_AT:
        letters[start - 1 : start - 1 + len(motif)] = list(motif)
    return "".join(letters)
