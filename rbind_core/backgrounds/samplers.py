"""What a background is, and the paper's seven: profile, two shuffles and the quartiles (Koo et al. 2021, Methods).

Each sampler is a small object that draws sequences with an explicit random generator and says what it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.shuffles import dinucleotide_shuffle, shuffle
from rbind_core.rna.sequences import Codes


class Background(Protocol):
    """A sampler of background RNA."""

    @property
    def name(self) -> str:
        """Name used on the command line and in links."""
        ...

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        ...

    @property
    def keeps(self) -> str:
        """What of its source the sequences still have, in plain words."""
        ...

    @property
    def destroys(self) -> str:
        """What of its source the sequences have lost, in plain words."""
        ...

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw sequences.

        Parameters
        ----------
        n : how many.
        rng : source of randomness.

        Returns
        -------
        Codes
            (n, 41) uint8, padded at the 3' end.
        """
        ...


@dataclass(frozen=True)
class Profile:
    """Each position drawn independently from the mean nucleotide frequencies of the test probes, (41, 4)."""

    frequencies: NDArray[np.float64]
    name: str = "profile"
    description: str = "41 nt, each position drawn from the mean nucleotide frequencies of the test probes there"
    keeps: str = "how often each nucleotide stands at each position, averaged over the test probes"
    destroys: str = "everything that neighbours share, so motifs and structure, and the differences between probes"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences of 41 nt; see `Background.draw`."""
        thresholds = np.cumsum(self.frequencies, axis=1)[:, :3]
        return (rng.random((n, len(thresholds)))[:, :, None] >= thresholds).sum(axis=2).astype(np.uint8)


@dataclass(frozen=True)
class Shuffle:
    """Library probes with their nucleotides permuted; padding stays where it is."""

    library: Codes
    name: str = "shuffle"
    description: str = "probes of the library with their nucleotides permuted; keeps each probe's composition and length"
    keeps: str = "each probe's length and nucleotide counts"
    destroys: str = "the order of nucleotides, so every motif and structure"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n shuffled probes; see `Background.draw`."""
        return shuffle(choose_rows(self.library, n, rng), rng)


@dataclass(frozen=True)
class DinucleotideShuffle:
    """Library probes permuted so that every dinucleotide count is kept exactly."""

    library: Codes
    name: str = "dinucleotide"
    description: str = "probes of the library permuted with every dinucleotide count kept exactly"
    keeps: str = "each probe's length, nucleotide counts and dinucleotide counts, and its first and last nucleotide"
    destroys: str = "the order beyond direct neighbours, so most motifs and structure"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n dinucleotide-shuffled probes; see `Background.draw`."""
        return dinucleotide_shuffle(choose_rows(self.library, n, rng), rng)


@dataclass(frozen=True)
class Quartile:
    """Unchanged library probes from one quarter of the binding scores; 1 is the lowest, 4 the highest."""

    library: Codes
    scores: NDArray[np.floating]
    quarter: int
    scores_are: str = "measured"
    keeps: str = "everything: the probes are used as they are"
    destroys: str = "nothing, so the protein's own motifs and structures may already be there"

    @property
    def name(self) -> str:
        """Name used on the command line and in links."""
        return f"quartile{self.quarter}"

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        rank = {1: "lowest", 2: "second lowest", 3: "second highest", 4: "highest"}[self.quarter]
        return f"unchanged probes of the library from the {rank} quarter of the {self.scores_are} scores"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n probes of that quarter; see `Background.draw`."""
        return choose_rows(self.library[self.rows()], n, rng)

    def rows(self) -> NDArray[np.integer]:
        """Row numbers of the library that belong to the quarter.

        Returns
        -------
        NDArray
            About a quarter of the rows, sorted.
        """
        order = np.argsort(self.scores, kind="stable")
        bounds = np.linspace(0, len(order), 5).round().astype(int)
        return np.sort(order[bounds[self.quarter - 1] : bounds[self.quarter]])


def choose_rows(pool: Codes, n: int, rng: np.random.Generator) -> Codes:
    """Choose sequences, each at most once as long as there are enough.

    Parameters
    ----------
    pool : (m, length) uint8.
    n : how many.
    rng : source of randomness.

    Returns
    -------
    Codes
        (n, length) uint8, in random order.
    """
    return pool[rng.choice(len(pool), n, replace=n > len(pool))]
