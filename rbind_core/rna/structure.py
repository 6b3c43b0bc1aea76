"""Predicted RNA structure by ViennaRNA, with window and span equal to the sequence length."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import current_process, get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import Codes, decode
from rbind_core.system.interrupts import interrupts_held_back

PROFILES = {"PU": ("paired", "unpaired"), "PHIME": ("paired", "hairpin", "internal", "multi", "external")}
_ENOUGH_FOR_PROCESSES = 2000  # sequences below which starting processes takes longer than folding


@dataclass(frozen=True)
class Fold:
    """Predicted structure of a sequence: dot-bracket and minimum free energy (kcal/mol), (L,) float64 pairing probabilities."""

    sequence: str
    dot_bracket: str
    minimum_free_energy: float
    paired: NDArray[np.float64]

    @property
    def unpaired(self) -> NDArray[np.float64]:
        """Probability that each nucleotide is unpaired, (L,) float64."""
        return 1 - self.paired

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Base pairs of the minimum free energy structure, 1-based, 5' partner first."""
        opened: list[int] = []
        found = []
        for position, sign in enumerate(self.dot_bracket, start=1):
            if sign == "(":
                opened.append(position)
            elif sign == ")":
                found.append((opened.pop(), position))
        return sorted(found)


def fold(sequence: str) -> Fold:
    """Fold one sequence.

    Parameters
    ----------
    sequence : RNA letters.

    Returns
    -------
    Fold
        Minimum free energy structure, and pairing probability of each position in the ensemble at 37 C.
    """
    dot_bracket, energy, pairs = _ensemble(sequence)
    paired = np.clip((pairs + pairs.T).sum(axis=1), 0.0, 1.0)
    return Fold(sequence, dot_bracket, round(energy, 2), paired)  # energies come in steps of 0.01


def energies_if_possible(codes: Codes) -> NDArray[np.float64] | None:
    """Minimum free energy of each sequence at 37 C, without the ensemble, in a third of a millisecond each.

    Parameters
    ----------
    codes : (n, length) uint8, 4 = padding.

    Returns
    -------
    NDArray or None
        (n,) float64, kcal/mol in steps of 0.01; None where ViennaRNA is not installed.
    """
    try:
        import RNA
    except ImportError:
        return None
    return np.array([round(RNA.fold(sequence)[1], 2) for sequence in decode(codes)] if len(codes) else [], np.float64)


def drawing_coordinates(dot_bracket: str) -> NDArray[np.float64]:
    """Lay out a secondary structure in the plane with ViennaRNA's naview algorithm.

    Parameters
    ----------
    dot_bracket : of L nucleotides.

    Returns
    -------
    NDArray
        (L, 2) float64; neighbours are about 15 apart.
    """
    import RNA

    points = RNA.naview_xy_coordinates(dot_bracket)
    return np.array([(point.X, point.Y) for point in points[: len(dot_bracket)]], np.float64)


def pair_probabilities(sequence: str) -> NDArray[np.float64]:
    """Pairing probability of each pair of positions in the ensemble at 37 C.

    Parameters
    ----------
    sequence : RNA letters.

    Returns
    -------
    NDArray
        (L, L) float64, above the diagonal only.
    """
    return _ensemble(sequence)[2]


def _ensemble(sequence: str) -> tuple[str, float, NDArray[np.float64]]:
    """Minimum free energy structure and its energy (kcal/mol), and pairing probabilities, (L, L) above the diagonal."""
    import RNA

    compound = RNA.fold_compound(sequence)
    dot_bracket, energy = compound.mfe()
    compound.exp_params_rescale(energy)
    compound.pf()
    return dot_bracket, float(energy), np.array(compound.bpp())[1:, 1:]


def structure_profiles(codes: Codes, kind: str, processes: int = 1) -> NDArray[np.float32]:
    """Probability of each structural context at each position, as read by ResidualBind in addition to the sequence.

    The probabilities are those of RNAplfold with window and span as long as the sequence (Koo et al. 2021, Methods).

    Parameters
    ----------
    codes : (n, length) uint8, 4 = padding.
    kind : 'PU' (paired, unpaired) or 'PHIME' (paired, hairpin, internal, multi, external loop).
    processes : number that fold in parallel; ViennaRNA holds Python's lock, so threads would not help.

    Returns
    -------
    NDArray
        (n, length, 2 or 5) float32; each position sums to 1, padding is all zeros.

    Raises
    ------
    KeyError
        If the kind is unknown.
    """
    contexts = len(PROFILES[kind])
    if processes > 1 and len(codes) >= _ENOUGH_FOR_PROCESSES and not current_process().daemon:  # daemons may not start others
        parts = np.array_split(codes, 8 * processes)
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            return np.concatenate(list(pool.map(partial(structure_profiles, kind=kind), parts)))
    profiles = np.zeros((*codes.shape, contexts), np.float32)
    for profile, sequence in zip(profiles, decode(codes), strict=True):
        if not sequence:
            continue
        loops = _loop_probabilities(sequence)
        unpaired = loops.sum(axis=1)
        paired = np.clip(1 - unpaired, 0, 1)
        profile[: len(sequence), 0] = paired
        profile[: len(sequence), 1:] = loops if kind == "PHIME" else unpaired[:, None]
    return profiles


def _loop_probabilities(sequence: str) -> NDArray[np.float64]:
    """Probability of each position to be in a hairpin, internal, multi or external loop, (L, 4) float64."""
    import RNA

    column = {RNA.HP_LOOP: 0, RNA.INT_LOOP: 1, RNA.MB_LOOP: 2, RNA.EXT_LOOP: 3}
    loops = np.zeros((len(sequence), len(column)))

    def keep(values: Any, size: int, position: int, longest: int, what: int, data: Any) -> None:
        if what & RNA.PROBS_WINDOW_UP and what & RNA.ANY_LOOP in column:
            loops[position - 1, column[what & RNA.ANY_LOOP]] = values[1]

    settings = RNA.md()
    settings.window_size = settings.max_bp_span = len(sequence)
    compound = RNA.fold_compound(sequence, settings, RNA.OPTION_WINDOW)
    with interrupts_held_back():
        compound.probs_window(1, RNA.PROBS_WINDOW_UP | RNA.PROBS_WINDOW_UP_SPLIT, keep, None)
    return loops
