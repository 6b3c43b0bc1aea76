"""All arrangements of a construct's random parts, where they are few enough to list."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from rbind_core.constructs.construct import Construct
from rbind_core.constructs.draws import Draws
from rbind_core.constructs.elements import OPEN, Context, Occlusion
from rbind_core.constructs.placement import count_arrangements
from rbind_core.rna.sequences import IUPAC


def all_arrangements(construct: Construct, draws: Draws, most: int) -> tuple[NDArray[np.intp], Draws] | None:
    """List every arrangement of a construct in one RNA: random positions and letters of IUPAC codes, all equally likely.

    Parameters
    ----------
    construct : with patterns at random positions or IUPAC codes.
    draws : of any number of sequences; those of the first serve for what is not random.
    most : number of arrangements above which no list is made.

    Returns
    -------
    (NDArray, Draws) or None
        For `Construct.embed`: (n, m) starts, and draws that lead to the letters. None where there are more, or
        where windows, G-U pairs, letters of a context or a strand of another RNA are drawn.
    """
    elements = construct.elements
    if any(isinstance(e, Occlusion) or (isinstance(e, Context) and set(e.letters) - set("ACGUN")) for e in elements):
        return None
    if any(stem.wobble or stem.form == OPEN for stem in construct.stems):
        return None
    codes = [(i, j, len(IUPAC[x])) for i, p in enumerate(construct.patterns) for j, x in enumerate(p.letters) if x not in "ACGUN"]
    spellings = np.prod([float(choices) for _, _, choices in codes])
    lengths = [len(pattern.letters) for pattern in construct.moving]
    if spellings * count_arrangements(lengths, construct.allowed_starts)[0, 0] > most:
        return None
    layouts = _layouts(lengths, construct.allowed_starts)
    chosen = np.array(list(product(*(range(choices) for _, _, choices in codes))), np.float64).reshape(int(spellings), len(codes))
    starts = np.repeat(layouts, len(chosen), axis=0)
    chosen = np.tile(chosen, (len(layouts), 1))
    n, rows = len(starts), np.arange(len(starts))
    letters = np.repeat(draws.letters[:1], n, axis=0)
    of_moving = {pattern: column for column, pattern in enumerate(i for i, p in enumerate(construct.patterns) if p.start is None)}
    for (pattern, offset, choices), choice in zip(codes, chosen.T, strict=True):
        start = starts[:, of_moving[pattern]] if pattern in of_moving else np.full(n, construct.patterns[pattern].start)
        letters[rows, start - 1 + offset] = (choice + 0.5) / choices
    first = draws.first(1)
    return starts, Draws(letters, np.repeat(first.placements, n, axis=0), np.repeat(first.replacements, n, axis=0))


def _layouts(lengths: list[int], allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """(n, m) 1-based starts of all layouts without overlap."""
    layouts: list[tuple[int, ...]] = [()]
    for length, starts in zip(lengths, allowed, strict=True):
        layouts = [
            (*others, start)
            for others in layouts
            for start in np.flatnonzero(starts).tolist()
            if all(start + length <= other or other + size <= start for other, size in zip(others, lengths, strict=False))
        ]
    return np.array(layouts, np.intp).reshape(len(layouts), len(lengths)) + 1
