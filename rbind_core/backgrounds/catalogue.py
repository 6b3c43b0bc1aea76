"""From the name of a background to its sampler."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.generated import ChosenGC, Markov, MatchedGC, Uniform
from rbind_core.backgrounds.names import canonical_name
from rbind_core.backgrounds.own import SingleSequence, read_own_sequences
from rbind_core.backgrounds.samplers import Background, DinucleotideShuffle, Profile, Quartile, Shuffle
from rbind_core.errors import BackgroundError
from rbind_core.rna.sequences import Codes, check_sequence


def make_background(
    name: str,
    profile: NDArray[np.float64],
    library: Codes,
    scores: NDArray[np.floating] | None = None,
    scores_are: str = "measured",
    *,
    gc: float = 0.5,
    context: str = "",
    fasta: str = "",
) -> Background:
    """Make a background from its name.

    Parameters
    ----------
    name : one of `NAMES`; upper case and spaces are accepted.
    profile : (41, 4) nucleotide frequencies.
    library : (m, 41) uint8 probes.
    scores : (m,) binding scores, needed for the quartiles.
    scores_are : 'measured' or 'predicted', for the description.
    gc : chosen GC content, 0 to 1, for 'gc'.
    context : the one RNA for 'context', 11-41 nt.
    fasta : path of the user's sequences for 'file'.

    Returns
    -------
    Background
        The sampler.

    Raises
    ------
    BackgroundError
        If the name is unknown, or the file of the user's sequences cannot be used.
    SequenceError
        If a sequence that the user gives is not RNA.
    """
    key = canonical_name(name)
    if key.startswith("quartile"):
        if scores is None:
            raise BackgroundError(f"{key} needs a binding score for each probe of the library")
        return Quartile(library, scores, int(key[-1]), scores_are)
    if key.startswith("markov"):
        return Markov(library, int(key[-1]))
    match key:
        case "profile":
            return Profile(profile)
        case "shuffle":
            return Shuffle(library)
        case "dinucleotide":
            return DinucleotideShuffle(library)
        case "uniform":
            return Uniform()
        case "gc":
            return ChosenGC(gc)
        case "gcmatched":
            return MatchedGC(library)
        case "file":
            return read_own_sequences(Path(fasta))
        case "context":
            return SingleSequence(check_sequence(context))
        case _:
            raise BackgroundError(f"the background {key} has a name but no sampler")
