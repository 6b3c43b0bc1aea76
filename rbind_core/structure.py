"""Predicted RNA structure by ViennaRNA, with window and span equal to the sequence length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Fold:
    """Predicted structure of one sequence: dot-bracket of the minimum free energy, kcal/mol, (L,) float64 probabilities."""

    sequence: str
    dot_bracket: str
    minimum_free_energy: float
    paired: NDArray[np.float64]

    @property
    def unpaired(self) -> NDArray[np.float64]:
        """Probability that each nucleotide is unpaired, (L,) float64."""
        return 1 - self.paired


def fold(sequence: str) -> Fold:
    """Fold one sequence.

    Parameters
    ----------
    sequence : RNA letters.

    Returns
    -------
    Fold
        Minimum free energy structure, and the probability of each position to be paired in the ensemble at 37 C.
    """
    import RNA

    compound = RNA.fold_compound(sequence)
    dot_bracket, energy = compound.mfe()
    compound.exp_params_rescale(energy)
    compound.pf()
    pairs = np.array(compound.bpp())[1:, 1:]
    paired = np.clip((pairs + pairs.T).sum(axis=1), 0.0, 1.0)
    return Fold(sequence, dot_bracket, round(float(energy), 2), paired)  # energies come in steps of 0.01
