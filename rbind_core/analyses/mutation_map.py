"""All single mutations of an RNA longer than the models' window, each scored in the window centred on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rbind_core.analyses.sliding import AT_ONCE, Report, codes_of
from rbind_core.errors import SequenceError
from rbind_core.model.predictor import Predictor
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import ALPHABET, LENGTH, PADDING, Codes

LONGEST_MAP = 2_000  # nt
_POSITIONS_AT_ONCE = AT_ONCE // (len(ALPHABET) - 1)


@dataclass(frozen=True)
class MutationMap:
    """Effects of all single mutations of a long RNA.

    `effects` is (L, 4) float32 in the order A, C, G, U: f(mutant) - f(wild type) of the window centred nearest to the
    position, in z-score units of log intensity; 0 for the wild-type letter, NaN where the window holds letters that
    stand for several nucleotides.
    """

    sequence: str
    effects: NDArray[np.float32]

    @property
    def heights(self) -> NDArray[np.float32]:
        """L2 norm of the effects at each position, (L,)."""
        return np.sqrt((self.effects**2).sum(axis=1))


def mutation_map(model: OwnModel, rna: str, report: Report | None = None) -> MutationMap:
    """Score every single-nucleotide change of a long RNA, in the window centred nearest to it.

    Near the ends, where no window is centred on the position, the first or the last window is used.

    Parameters
    ----------
    model : scores RNA, (n, 41) uint8 codes -> (n,) float32.
    rna : 41-2,000 nt, upper-case RNA or IUPAC letters.
    report : called with the number of sequences just scored; an error raised in it ends the computation.

    Returns
    -------
    MutationMap
        Effects of all 3 L mutations.

    Raises
    ------
    SequenceError
        If the length is out of range, or a letter is not a nucleotide.
    """
    if not LENGTH <= len(rna) <= LONGEST_MAP:
        raise SequenceError(f"the RNA is {len(rna):,} nt long; all its mutations are mapped for {LENGTH} to {LONGEST_MAP:,} nt")
    model, codes = wrap(model), codes_of(rna)
    windows = sliding_window_view(codes, LENGTH)
    wild_type = _scores_of_known(model, windows, report)
    effects = np.zeros((len(rna), len(ALPHABET)), np.float32)
    for first in range(0, len(rna), _POSITIONS_AT_ONCE):
        block = np.arange(first, min(first + _POSITIONS_AT_ONCE, len(rna)))
        row, letter = np.nonzero(codes[block, None] != np.arange(len(ALPHABET)))
        position = block[row]
        window = np.clip(position - LENGTH // 2, 0, len(windows) - 1)
        mutants = windows[window]
        is_known = ~np.isnan(wild_type[window])
        mutants[np.arange(len(mutants)), position - window] = letter
        change = np.full(len(mutants), np.nan, np.float32)
        if is_known.any():
            change[is_known] = model.predict(mutants[is_known]) - wild_type[window[is_known]]
        effects[position, letter] = change
        if report is not None:
            report(len(mutants))
    unknown = np.isnan(wild_type[np.clip(np.arange(len(rna)) - LENGTH // 2, 0, len(windows) - 1)])
    effects[unknown] = np.nan
    return MutationMap(rna, effects)


def _scores_of_known(model: Predictor, windows: Codes, report: Report | None) -> NDArray[np.float32]:
    """Scores of all windows, NaN where one holds an unknown letter."""
    scores = np.full(len(windows), np.nan, np.float32)
    known = np.flatnonzero((windows != PADDING).all(axis=1))
    if len(known):
        scores[known] = model.predict(windows[known])
    if report is not None:
        report(len(windows))
    return scores
