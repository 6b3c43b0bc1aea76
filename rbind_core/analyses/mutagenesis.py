"""In silico mutagenesis: the effect of every single-nucleotide change of one sequence (Koo et al. 2021, Fig. 2a)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import LENGTH, PADDING, Codes, check_sequence, encode

L2, SIGNED = "l2", "signed"  # views of the logo: how much a letter matters, and whether it helps or hurts
VIEWS = (L2, SIGNED)
TRAINED_FROM = 30  # nt, the shortest probes that the models were trained on


@dataclass(frozen=True)
class Mutagenesis:
    """Effects of all single mutations of one sequence.

    `effects` is (L, 4) float32 in the order A, C, G, U: f(mutant) - f(wild type), in z-score units of log intensity,
    0 where the letter is the wild type's.
    """

    sequence: str
    wild_type: float
    effects: NDArray[np.float32]

    @property
    def heights(self) -> NDArray[np.float32]:
        """L2 norm of the effects at each position, (L,): the heights of the wild-type letters in the logo."""
        return np.sqrt((self.effects**2).sum(axis=1))

    @property
    def contributions(self) -> NDArray[np.float32]:
        """Minus the mean effect of the three mutations at each position, (L,): positive where the wild-type letter helps."""
        return -self.effects.sum(axis=1) / 3

    def heights_of(self, view: str) -> NDArray[np.float32]:
        """Heights of the wild-type letters in one of the logo's two views.

        Parameters
        ----------
        view : 'l2' or 'signed'.

        Returns
        -------
        NDArray
            (L,) float32, in z-score units.
        """
        return self.contributions if view == SIGNED else self.heights


def length_note(sequence: str) -> str | None:
    """Note for a sequence shorter than those the models were trained on, in one sentence; None for others."""
    if len(sequence) >= TRAINED_FROM:
        return None
    return f"{len(sequence)} nt: the models were trained on probes of {TRAINED_FROM}-{LENGTH} nt, so read this score with care"


def mutagenesis(model: OwnModel, sequence: str) -> Mutagenesis:
    """Score every single-nucleotide change of a sequence.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.
    sequence : 11-41 nt.

    Returns
    -------
    Mutagenesis
        Effects of all 3 L mutations.

    Raises
    ------
    SequenceError
        If the sequence is not RNA of 11-41 nt.
    """
    sequence = check_sequence(sequence)
    wild_type = encode(sequence)
    mutants = single_mutants(wild_type[0])
    scores = wrap(model).predict(np.concatenate([wild_type, mutants]))
    effects = np.zeros((len(sequence), 4), np.float32)
    effects[mutant_positions(wild_type[0])] = scores[1:] - scores[0]
    return Mutagenesis(sequence, float(scores[0]), effects)


def mutant_positions(codes: Codes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions (from 0) and letters of all single mutants, in the order of `single_mutants`.

    Parameters
    ----------
    codes : (length,) uint8 of one sequence.

    Returns
    -------
    (NDArray, NDArray)
        Both (3 L,).
    """
    length = int((codes != PADDING).sum())
    position, letter = np.nonzero(np.arange(4) != codes[:length, None])
    return position, letter


def single_mutants(codes: Codes) -> Codes:
    """List all single mutants of one sequence; padding is not mutated.

    Parameters
    ----------
    codes : (length,) uint8 of one sequence.

    Returns
    -------
    Codes
        (3 L, length) uint8.
    """
    position, letter = mutant_positions(codes)
    mutants = np.repeat(codes[None], len(position), axis=0)
    mutants[np.arange(len(position)), position] = letter
    return mutants
