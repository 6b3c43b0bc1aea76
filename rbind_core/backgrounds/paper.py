"""The paper's seven backgrounds: profile, two shuffles and the quartiles (Koo et al. 2021, Methods)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.background import Background
from rbind_core.backgrounds.shuffles import dinucleotide_shuffle, shuffle
from rbind_core.rna.sequences import Codes


@dataclass(frozen=True)
class Profile(Background):
    """Each position drawn independently from the mean nucleotide frequencies, (41, 4), of the test probes."""

    frequencies: NDArray[np.float64]

    name = "profile"
    label = "profile"
    help = "each position drawn from the mean nucleotide frequencies of the test probes"
    source = "mean nucleotide frequencies of the test probes"
    description = "41 nt, each position drawn from the mean nucleotide frequencies of the test probes there"
    keeps = "how often each nucleotide stands at each position, averaged over the test probes"
    destroys = "everything that neighbours share, so motifs and structure, and the differences between probes"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences of 41 nt; see `Background.draw`."""
        thresholds = np.cumsum(self.frequencies, axis=1)[:, :3]
        return (rng.random((n, len(thresholds)))[:, :, None] >= thresholds).sum(axis=2).astype(np.uint8)


@dataclass(frozen=True)
class Shuffle(Background):
    """Library probes with their nucleotides permuted; padding stays where it is."""

    library: Codes

    name = "shuffle"
    label = "shuffle"
    help = "probes with their nucleotides permuted"
    draws_from_library = True
    description = "probes of the library with their nucleotides permuted; keeps each probe's composition and length"
    keeps = "each probe's length and nucleotide counts"
    destroys = "the order of nucleotides, so every motif and structure"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n shuffled probes; see `Background.draw`."""
        return shuffle(choose_rows(self.library, n, rng), rng)


@dataclass(frozen=True)
class DinucleotideShuffle(Background):
    """Library probes permuted so that every dinucleotide count is kept exactly."""

    library: Codes

    name = "dinucleotide"
    label = "dinucleotide shuffle"
    help = "permuted with every dinucleotide count kept exactly"
    draws_from_library = True
    description = "probes of the library permuted with every dinucleotide count kept exactly"
    keeps = "each probe's length, nucleotide counts and dinucleotide counts, and its first and last nucleotide"
    destroys = "the order beyond direct neighbours, so most motifs and structure"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n dinucleotide-shuffled probes; see `Background.draw`."""
        return dinucleotide_shuffle(choose_rows(self.library, n, rng), rng)


@dataclass(frozen=True)
class Quartile(Background):
    """Unchanged library probes from one quarter of the binding scores; number 1 is the lowest, 4 the highest."""

    library: Codes
    scores: NDArray[np.floating]
    number: int
    scores_are: str = "measured"

    name = "quartile"
    label = "quartile"
    numbers = ("1 (lowest)", "2", "3", "4 (highest)")
    help = "unchanged probes from each quarter of the binding scores, 1 = lowest"
    draws_from_library = True
    needs_scores = True
    keeps = "everything: the probes are used as they are"
    destroys = "nothing, so the protein's own motifs and structures may already be there"

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        rank = {1: "lowest", 2: "second lowest", 3: "second highest", 4: "highest"}[self.number]
        return f"unchanged probes of the library from the {rank} quarter of the {self.scores_are} scores"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n probes of that quarter; see `Background.draw`."""
        return choose_rows(self.library[self.rows()], n, rng)

    def rows(self) -> NDArray[np.integer]:
        """Row numbers of the library that belong to the quarter.

        Returns
        -------
        NDArray
            (m,) sorted; about a quarter of the rows.
        """
        order = np.argsort(self.scores, kind="stable")
        bounds = np.linspace(0, len(order), 5).round().astype(int)
        return np.sort(order[bounds[self.number - 1] : bounds[self.number]])


def choose_rows(pool: Codes, n: int, rng: np.random.Generator) -> Codes:
    """Choose sequences at random, each at most once if there are enough.

    Parameters
    ----------
    pool : (m, length) uint8.

    Returns
    -------
    Codes
        (n, length) uint8, in random order.
    """
    return pool[rng.choice(len(pool), n, replace=n > len(pool))]


PAPER = (Profile, Shuffle, DinucleotideShuffle, Quartile)
