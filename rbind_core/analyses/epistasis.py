"""Pairwise epistasis: does the effect of one mutation depend on another one in the same RNA?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.mutagenesis import mutant_positions, single_mutants
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import ALPHABET, Codes, check_sequence, encode


@dataclass(frozen=True)
class Epistasis:
    """Effects of all single and double mutants of one sequence, in z-score units of log intensity.

    `effects` is (L, 4) float32 as in `Mutagenesis`. `both` and `values` are (L, 4, L, 4) float32, symmetric: the effect of the
    double mutant, f(ab) - f(wild type), and its epistasis, f(ab) - f(a) - f(b) + f(wild type), 0 if effects add up. Both are 0
    where nothing is mutated twice: at wild-type letters, and within one position.
    """

    sequence: str
    wild_type: float
    effects: NDArray[np.float32]
    both: NDArray[np.float32]
    values: NDArray[np.float32]

    @property
    def norms(self) -> NDArray[np.float32]:
        """Frobenius norm of the nine values of each pair of positions, (L, L) float32."""
        return np.sqrt((self.values**2).sum(axis=(1, 3)))

    @property
    def strongest(self) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Value of largest magnitude of each pair of positions, (L, L) float32, and its two letters, (L, L, 2)."""
        length = len(self.sequence)
        nine = self.values.transpose(0, 2, 1, 3).reshape(length, length, 16)
        place = np.abs(nine).argmax(axis=2)
        letters = np.stack(np.unravel_index(place, (4, 4)), axis=2)
        return np.take_along_axis(nine, place[:, :, None], axis=2)[:, :, 0], letters

    @property
    def strongest_pair(self) -> tuple[int, int]:
        """The two 1-based positions with the strongest epistasis."""
        values, _ = self.strongest
        first, second = divmod(int(np.abs(np.triu(values, 1)).argmax()), len(self.sequence))
        return first + 1, second + 1

    def mutation(self, position: int, letter: int) -> str:
        """Name a mutation.

        Parameters
        ----------
        position : 1-based.
        letter : 0-3 for A, C, G, U.

        Returns
        -------
        str
            Such as 'A5G'.
        """
        return f"{self.sequence[position - 1]}{position}{ALPHABET[letter]}"

    def table(self, first: int, second: int) -> tuple[list[str], list[str], NDArray[np.float32]]:
        """The nine double mutants of two positions.

        Parameters
        ----------
        first, second : different 1-based positions.

        Returns
        -------
        (list of str, list of str, NDArray)
            Mutations of the first and of the second position, and (3, 3) float32 epistasis.
        """
        rows, columns = ([k for k in range(4) if ALPHABET[k] != self.sequence[at - 1]] for at in (first, second))
        return (
            [self.mutation(first, k) for k in rows],
            [self.mutation(second, k) for k in columns],
            self.values[first - 1, rows, second - 1][:, columns],
        )

    @property
    def records(self) -> list[dict[str, Any]]:
        """One row for each double mutant, for tables and files."""
        positions, letters = mutant_positions(encode(self.sequence)[0])
        names = [self.mutation(position + 1, letter) for position, letter in zip(positions, letters, strict=True)]
        alone = self.effects[positions, letters].tolist()
        both, values = (a[positions, letters][:, positions, letters].tolist() for a in (self.both, self.values))
        return [
            {
                "first": names[a],
                "second": names[b],
                "effect_first": alone[a],
                "effect_second": alone[b],
                "effect_both": both[a][b],
                "epistasis": values[a][b],
            }
            for a, b in zip(*_pairs(positions), strict=True)
        ]


def _pairs(positions: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All pairs of single mutants at different positions, as indices into their list."""
    first, second = np.nonzero(positions[:, None] < positions[None, :])
    return first, second


def double_mutants(codes: Codes) -> Codes:
    """List all double mutants of one sequence; padding is not mutated.

    Parameters
    ----------
    codes : (length,) uint8 of one sequence.

    Returns
    -------
    Codes
        (m, length) uint8, m = 9 L (L - 1) / 2: 7,380 for 41 nt.
    """
    positions, letters = mutant_positions(codes)
    first, second = _pairs(positions)
    mutants = single_mutants(codes)[first]
    mutants[np.arange(len(second)), positions[second]] = letters[second]
    return mutants


def epistasis(model: OwnModel, sequence: str) -> Epistasis:
    """Score every double mutant of a sequence (7,380 for 41 nt) and compare it with its two single mutants.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.
    sequence : 11-41 nt.

    Raises
    ------
    SequenceError
        If the sequence is not RNA of 11-41 nt.
    """
    sequence = check_sequence(sequence)
    wild_type = encode(sequence)
    positions, letters = mutant_positions(wild_type[0])
    first, second = _pairs(positions)
    scores = wrap(model).predict(np.concatenate([wild_type, single_mutants(wild_type[0]), double_mutants(wild_type[0])]))
    changes = scores[1:] - scores[0]
    alone, together = changes[: len(positions)], changes[len(positions) :]
    effects = np.zeros((len(sequence), 4), np.float32)
    effects[positions, letters] = alone
    both, values = (np.zeros((len(sequence), 4, len(sequence), 4), np.float32) for _ in range(2))
    for a, b in ((first, second), (second, first)):
        place = positions[a], letters[a], positions[b], letters[b]
        both[place] = together
        values[place] = together - alone[first] - alone[second]
    return Epistasis(sequence, float(scores[0]), effects, both, values)
