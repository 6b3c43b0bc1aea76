"""Backgrounds written letter by letter: uniform, of a chosen or matched GC content, and Markov chains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rbind_core.backgrounds.background import Background
from rbind_core.backgrounds.composition import word_counts
from rbind_core.backgrounds.paper import Profile, choose_rows
from rbind_core.errors import BackgroundError
from rbind_core.rna.sequences import LENGTH, PADDING, Codes, gc_content


@dataclass(frozen=True)
class Uniform(Background):
    """41 nt, each letter with probability 1/4."""

    name = "uniform"
    label = "uniform"
    help = "every nucleotide equally likely"
    description = "41 nt, every nucleotide equally likely everywhere"
    keeps = "nothing of any library"
    destroys = "GC content, positions, motifs and structure of probes"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences of 41 nt; see `Background.draw`."""
        return rng.integers(0, 4, (n, LENGTH), dtype=np.uint8)


@dataclass(frozen=True)
class ChosenGC(Background):
    """41 nt of independent letters with a chosen probability of G or C; G = C and A = U."""

    gc: float

    name = "gc"
    label = "chosen GC content"
    help = "as many G and C as you say"
    setting = "gc"
    destroys = "positions, motifs and structure of probes, and any imbalance of G and C or of A and U"

    @classmethod
    def checked(cls, value: float) -> float:
        """A GC content of 0 to 1; see `Background.checked`."""
        if not 0 <= value <= 1:
            raise BackgroundError(f"GC content {value:g}: it must be between 0 and 1")
        return float(value)

    @classmethod
    def labelled(cls, value: float) -> str:
        """Such as 'GC 60 %'; see `Background.labelled`."""
        return f"GC {100 * value:g} %"

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        return f"41 nt of independent letters, {100 * self.gc:g} % of them G or C, as many G as C and as many A as U"

    @property
    def keeps(self) -> str:
        """What the sequences keep of their source, in plain words."""
        return f"nothing of any library; a GC content of {100 * self.gc:g} % on average"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences of 41 nt; see `Background.draw`."""
        weak, strong = (1 - self.gc) / 2, self.gc / 2
        return Profile(np.tile([weak, strong, strong, weak], (LENGTH, 1))).draw(n, rng)


@dataclass(frozen=True)
class MatchedGC(Background):
    """41 nt with the G and C content of a library probe, at random positions; G = C and A = U."""

    library: Codes

    name = "gcmatched"
    label = "GC-matched"
    help = "random letters with the GC content of a probe"
    draws_from_library = True
    description = (
        "41 nt, each with the GC content of a random probe of the library to the nearest nucleotide, its letters in random order"
    )
    keeps = "how GC content is spread over the probes"
    destroys = "length, order, motifs and structure, and any imbalance of G and C or of A and U"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences of 41 nt; see `Background.draw`."""
        strong = np.rint(LENGTH * gc_content(choose_rows(self.library, n, rng)))
        ranks = rng.random((n, LENGTH)).argsort(axis=1)
        second = rng.integers(0, 2, (n, LENGTH))
        return np.where(ranks < strong[:, None], 1 + second, 3 * second).astype(np.uint8)  # C or G, A or U


CONSTANT_END = 3  # nt at the 5' end of most probes: AG[AG], from the making of the array


@dataclass(frozen=True)
class Markov(Background):
    """41 nt that begin like a library probe and continue as a Markov chain of order `number`: 1, 2 or 3.

    Most probes begin with AG[AG], which a chain without positions would spread over the whole RNA. So the first 3 + order letters
    are those of a random probe, and the chain is fitted to the words from position 4 on, the same at every position.
    """

    library: Codes
    number: int

    name = "markov"
    label = "Markov order"
    numbers = ("1", "2", "3")
    help = "begin as a probe does, then each letter as it follows the 1, 2 or 3 before it in the probes"
    draws_from_library = True

    @property
    def start(self) -> int:
        """Number of letters at the 5' end taken from a probe."""
        return CONSTANT_END + self.number

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        before = "the letter before it" if self.number == 1 else f"the {self.number} letters before it"
        return (
            f"41 nt, the first {self.start} as in a random probe, then each letter drawn as it follows {before} in the library "
            f"(Markov chain of order {self.number})"
        )

    @property
    def keeps(self) -> str:
        """What the sequences keep of their source, in plain words."""
        words = {1: "nucleotides and dinucleotides", 2: "all words of up to 3 nt", 3: "all words of up to 4 nt"}[self.number]
        return f"how often {words} occur in the whole library, to a few per cent, and the first {self.start} nt of the probes"

    @property
    def destroys(self) -> str:
        """What the sequences lose of their source, in plain words."""
        return (
            f"motifs longer than {self.number + 1} nt, structure, positions beyond nucleotide {self.start}, the length of the "
            "probes, and the differences between them"
        )

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences of 41 nt; see `Background.draw`."""
        counts = word_counts(self.library[:, CONSTANT_END:], self.number + 1).reshape(-1, 4) + 1  # so that nothing is impossible
        thresholds = np.cumsum(counts / counts.sum(axis=1, keepdims=True), axis=1)[:, :3]
        long_enough = self.library[self.library[:, self.start - 1] != PADDING]
        codes = np.empty((n, LENGTH), np.uint8)
        codes[:, : self.start] = choose_rows(long_enough, n, rng)[:, : self.start]
        last = codes[:, CONSTANT_END : self.start] @ 4 ** np.arange(self.number)[::-1]
        for position in range(self.start, LENGTH):
            letter = (rng.random(n)[:, None] >= thresholds[last]).sum(axis=1)
            codes[:, position] = letter
            last = (4 * last + letter) % len(counts)
        return codes


GENERATED = (Uniform, ChosenGC, MatchedGC, Markov)
