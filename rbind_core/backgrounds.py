"""Backgrounds: approximations of the data distribution, into which constructs are embedded (Koo et al. 2021, Methods).

Each sampler is a small object that draws sequences with an explicit random generator and says what it keeps.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import BackgroundError
from rbind_core.sequences import LENGTH, PADDING, Codes, decode, lengths

MAX_SAMPLES = 100_000
NAMES = ("profile", "shuffle", "dinucleotide", "quartile1", "quartile2", "quartile3", "quartile4")


class Background(Protocol):
    """A sampler of background RNA."""

    @property
    def name(self) -> str:
        """Name used on the command line and in links."""
        ...

    @property
    def description(self) -> str:
        """One sentence: what it keeps of the library."""
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

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n shuffled probes; see `Background.draw`."""
        return shuffle(_choose(self.library, n, rng), rng)


@dataclass(frozen=True)
class DinucleotideShuffle:
    """Library probes permuted so that every dinucleotide count is kept exactly."""

    library: Codes
    name: str = "dinucleotide"
    description: str = "probes of the library permuted with every dinucleotide count kept exactly"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n dinucleotide-shuffled probes; see `Background.draw`."""
        return dinucleotide_shuffle(_choose(self.library, n, rng), rng)


@dataclass(frozen=True)
class Quartile:
    """Unchanged library probes from one quarter of the binding scores; 1 is the lowest, 4 the highest."""

    library: Codes
    scores: NDArray[np.floating]
    quarter: int
    scores_are: str = "measured"

    @property
    def name(self) -> str:
        """Name used on the command line and in links."""
        return f"quartile{self.quarter}"

    @property
    def description(self) -> str:
        """One sentence: what it keeps of the library."""
        rank = {1: "lowest", 2: "second lowest", 3: "second highest", 4: "highest"}[self.quarter]
        return f"unchanged probes of the library from the {rank} quarter of the {self.scores_are} scores"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n probes of that quarter; see `Background.draw`."""
        return _choose(self.library[self.rows()], n, rng)

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


def _choose(pool: Codes, n: int, rng: np.random.Generator) -> Codes:
    """Choose n rows, each at most once as long as there are enough."""
    return pool[rng.choice(len(pool), n, replace=n > len(pool))]


def make_background(
    name: str,
    profile: NDArray[np.float64],
    library: Codes,
    scores: NDArray[np.floating] | None = None,
    scores_are: str = "measured",
) -> Background:
    """Make a background from its name.

    Parameters
    ----------
    name : one of `NAMES`; upper case and spaces are accepted.
    profile : (41, 4) nucleotide frequencies.
    library : (m, 41) uint8 probes.
    scores : (m,) binding scores, needed for the quartiles.
    scores_are : 'measured' or 'predicted', for the description.

    Returns
    -------
    Background
        The sampler.

    Raises
    ------
    BackgroundError
        If the name is unknown.
    """
    key = canonical_name(name)
    if key == "profile":
        return Profile(profile)
    if key == "shuffle":
        return Shuffle(library)
    if key == "dinucleotide":
        return DinucleotideShuffle(library)
    if scores is None:
        raise BackgroundError(f"{key} needs a binding score for each probe of the library")
    return Quartile(library, scores, int(key[-1]), scores_are)


def canonical_name(name: str) -> str:
    """Read the name of a background; capitals and spaces do not matter.

    Parameters
    ----------
    name : as typed.

    Returns
    -------
    str
        One of `NAMES`.

    Raises
    ------
    BackgroundError
        If the name is unknown.
    """
    key = name.lower().replace(" ", "")
    if key not in NAMES:
        raise BackgroundError(f"{name[:40]!r} is not a background; use {', '.join(NAMES)}")
    return key


@dataclass(frozen=True)
class BackgroundSample:
    """Background sequences drawn once and shared, unchanged, by every construct that is compared.

    `codes` is (n, 41) uint8 as drawn; `full_length` is the same with the padding replaced by nucleotides drawn from the
    profile, used on both sides of a comparison where a construct reaches beyond the end of a sequence; `draws` is
    (n, 41) float32 in [0, 1), which decides the IUPAC letters of all constructs. All three are read-only. `description` is
    that of the background.
    """

    codes: Codes
    full_length: Codes
    draws: NDArray[np.float32]
    description: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    def too_short_for(self, last_position: int) -> NDArray[np.bool_]:
        """Tell which sequences end before a position, so that the full-length form is used.

        Parameters
        ----------
        last_position : 1-based.

        Returns
        -------
        NDArray
            (n,) bool.
        """
        return lengths(self.codes) < last_position


def draw_sample(background: Background, profile: NDArray[np.float64], n: int, rng: np.random.Generator) -> BackgroundSample:
    """Draw the background sequences of an experiment, with everything random that its constructs need.

    Parameters
    ----------
    background : sampler.
    profile : (41, 4) frequencies from which missing tails are drawn.
    n : how many, 1 to 100,000.
    rng : source of randomness.

    Returns
    -------
    BackgroundSample
        Read-only arrays.

    Raises
    ------
    BackgroundError
        If n is out of range.
    """
    check_samples(n)
    codes = background.draw(n, rng)
    full_length = np.where(codes == PADDING, Profile(profile).draw(n, rng), codes).astype(np.uint8)
    draws = rng.random((n, LENGTH), dtype=np.float32)
    for array in (codes, full_length, draws):
        array.flags.writeable = False
    description = background.description
    if isinstance(background, DinucleotideShuffle) and (single := count_single_arrangements(codes, rng)):
        description += f"; {single:,} of the {n:,} have no other arrangement, so they stand as they were"
    return BackgroundSample(codes, full_length, draws, description)


def check_samples(n: int) -> None:
    """Refuse a number of background sequences that makes no sense.

    Parameters
    ----------
    n : how many.

    Raises
    ------
    BackgroundError
        If n is not between 1 and 100,000.
    """
    if not 1 <= n <= MAX_SAMPLES:
        raise BackgroundError(f"N = {n:,}: the number of background sequences must be 1 to {MAX_SAMPLES:,}")


def shuffle(codes: Codes, rng: np.random.Generator) -> Codes:
    """Permute the nucleotides of each sequence and leave its padding alone.

    Parameters
    ----------
    codes : (n, length) uint8, left unchanged.
    rng : source of randomness.

    Returns
    -------
    Codes
        (n, length) uint8, a new array.
    """
    keys = rng.random(codes.shape) + (codes == PADDING)  # padding sorts behind every nucleotide
    return np.take_along_axis(codes, np.argsort(keys, axis=1), axis=1)


def dinucleotide_shuffle(codes: Codes, rng: np.random.Generator) -> Codes:
    """Permute each sequence uniformly among all sequences with the same dinucleotide counts.

    Altschul and Erickson (1985): a sequence is an Euler path through its dinucleotides. The successors of each letter
    are put in random order; the orders in which the last successors lead every letter to the final one give a path.
    Other orders are drawn again. Padding stays where it is.

    Parameters
    ----------
    codes : (n, length) uint8, left unchanged.
    rng : source of randomness.

    Returns
    -------
    Codes
        (n, length) uint8, a new array.
    """
    shuffled = codes.copy()
    pending = np.flatnonzero(lengths(codes) > 3)  # shorter ones have a single arrangement
    while len(pending):
        paths, complete = _random_walks(codes[pending], rng)
        shuffled[pending[complete]] = paths[complete]
        pending = pending[~complete]
    return shuffled


def _random_walks(codes: Codes, rng: np.random.Generator) -> tuple[Codes, NDArray[np.bool_]]:
    """Order the successors of every letter at random and walk; tells which walks use every dinucleotide."""
    n, length = codes.shape
    row = np.arange(n)
    source = np.where(codes[:, 1:] == PADDING, PADDING, codes[:, :-1])  # no dinucleotide leads into the padding
    order = np.argsort(source + rng.random(source.shape), axis=1)  # grouped by letter, random within a letter
    successors = np.take_along_axis(codes[:, 1:], order, axis=1)
    counts = np.stack([(source == letter).sum(axis=1) for letter in range(4)], axis=1)
    next_successor = np.concatenate([np.zeros((n, 1), int), np.cumsum(counts, axis=1)], axis=1)

    final = codes[row, lengths(codes) - 1]
    last_successor = np.where(counts > 0, successors[row[:, None], np.maximum(next_successor[:, 1:], 1) - 1], final[:, None])
    last_successor[row, final] = final
    reached = last_successor.astype(np.intp)
    for _ in range(2):  # at most three steps lead from any letter to the final one
        reached = last_successor[row[:, None], reached]
    complete = (reached == final[:, None]).all(axis=1)

    paths = np.full_like(codes, PADDING)
    paths[:, 0] = letter = codes[:, 0]
    edges = lengths(codes) - 1
    for position in range(1, length):
        step = next_successor[row, np.minimum(letter, PADDING)]
        arrived = successors[row, np.minimum(step, length - 2)]
        next_successor[row, letter] += 1
        letter = np.where(position <= edges, arrived, PADDING).astype(np.uint8)
        paths[:, position] = letter
    return paths, complete


def count_single_arrangements(codes: Codes, rng: np.random.Generator) -> int:
    """Count the sequences that a dinucleotide shuffle cannot change.

    Parameters
    ----------
    codes : (n, length) uint8.
    rng : source of randomness, which only saves work: what a shuffle has changed need not be counted out.

    Returns
    -------
    int
        Number of sequences with a single arrangement.
    """
    unchanged = (dinucleotide_shuffle(codes, rng) == codes).all(axis=1)
    return sum(count_dinucleotide_shuffles(sequence) == 1 for sequence in decode(codes[unchanged]))


def count_dinucleotide_shuffles(sequence: str) -> int:
    """Count the arrangements a dinucleotide shuffle can reach, the sequence itself included (BEST theorem).

    Parameters
    ----------
    sequence : RNA letters.

    Returns
    -------
    int
        Distinct sequences with the same first letter and dinucleotide counts; 1 means that a shuffle changes nothing.
    """
    letters = sorted(set(sequence))
    final = sequence[-1]
    edges = np.zeros((len(letters), len(letters)), int)
    for a, b in itertools.pairwise(sequence):
        edges[letters.index(a), letters.index(b)] += 1
    others = [i for i, letter in enumerate(letters) if letter != final]
    laplacian = np.diag(edges.sum(axis=1)) - edges
    trees = round(float(np.linalg.det(laplacian[np.ix_(others, others)]))) if others else 1
    degrees = edges.sum(axis=1)
    closing = degrees + [letter == final for letter in letters]  # an edge from the final letter closes the circuit
    paths = trees * math.prod(math.factorial(int(d) - 1) for d in closing)
    return paths // math.prod(math.factorial(int(m)) for m in edges.ravel())
