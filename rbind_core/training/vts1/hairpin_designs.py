"""Designed RNA for teaching structure: a motif in hairpin loops, in stems, and unpaired."""

from __future__ import annotations

import numpy as np

from rbind_core.backgrounds import Profile
from rbind_core.data.library import profile
from rbind_core.rna.sequences import ALPHABET, LENGTH, PADDING, Codes

SHORTEST = 30  # nt, as the shortest probes
STEMS = (3, 12)  # bp
LOOPS = (4, 12)  # nt
KINDS = {"motif in loop": 0.35, "motif in stem": 0.25, "hairpin alone": 0.12, "motif alone": 0.18, "random": 0.1}


def hairpin_designs(n: int, motif: str, rng: np.random.Generator) -> Codes:
    """Design sequences of 30-41 nt, half of them of 41 nt, with a motif in every structural context.

    Stem length, loop length, and the places of the hairpin and the motif are drawn at random; the rest is drawn from
    the nucleotide profile of the probes, or uniformly in every other sequence.

    Parameters
    ----------
    motif : nucleotides, N for any.

    Returns
    -------
    Codes
        (n, 41) uint8, 4 = padding.
    """
    codes = Profile(profile()).draw(n, rng)
    uniform = rng.random(n) < 0.5
    codes[uniform] = rng.integers(0, 4, (int(uniform.sum()), LENGTH), dtype=np.uint8)
    lengths = np.where(rng.random(n) < 0.5, LENGTH, rng.integers(SHORTEST, LENGTH + 1, n))
    kinds = rng.choice(list(KINDS), n, p=list(KINDS.values()))
    for sequence, length, kind in zip(codes, lengths, kinds, strict=True):
        _design(sequence, int(length), str(kind), motif, rng)
        sequence[length:] = PADDING
    return codes


def _design(sequence: Codes, length: int, kind: str, motif: str, rng: np.random.Generator) -> None:
    if kind == "random":
        return
    if kind == "motif alone":
        _plant(sequence, motif, int(rng.integers(0, length - len(motif) + 1)))
        return
    shortest_stem = max(STEMS[0], len(motif)) if kind == "motif in stem" else STEMS[0]
    stem = int(rng.integers(shortest_stem, STEMS[1] + 1))
    loop = int(rng.integers(LOOPS[0], min(LOOPS[1], length - 2 * stem) + 1))
    start = int(rng.integers(0, length - 2 * stem - loop + 1))
    if kind == "motif in loop":
        _plant(sequence, motif, start + stem + int(rng.integers(0, loop - len(motif) + 1)))
    five, three = slice(start, start + stem), slice(start + stem + loop, start + 2 * stem + loop)
    if kind == "motif in stem":
        strand = five if rng.random() < 0.5 else three
        _plant(sequence, motif, strand.start + int(rng.integers(0, stem - len(motif) + 1)))
        if strand is three:
            sequence[five] = 3 - sequence[three][::-1]
    sequence[three] = 3 - sequence[five][::-1]


def _plant(sequence: Codes, motif: str, start: int) -> None:
    for offset, letter in enumerate(motif):
        if letter != "N":
            sequence[start + offset] = ALPHABET.index(letter)
