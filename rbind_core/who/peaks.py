"""Many sequences against a background: how they are cut into parts, matched with controls, and scored.

A part is scored as a whole, in this process or on a worker, and its shuffles come from a generator of its own, so the numbers are
the same bit for bit wherever and in whatever order parts are scored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.sliding import codes_of
from rbind_core.backgrounds.shuffles import dinucleotide_shuffle
from rbind_core.rna.sequences import LENGTH, PADDING, decode, encode
from rbind_core.who.heads import Network
from rbind_core.who.windows import best_of, stack_of

SHUFFLES, COMPLEMENT, FILE = "shuffles", "complement", "file"
WINDOWS = 16_000  # of a part
_KNOWN = re.compile("[ACGU]+")
_OTHER_STRAND = str.maketrans("ACGURYKMBVDH", "UGCAYRMKVBHD")


@dataclass(frozen=True)
class Part:
    """Some sequences that are scored together; with `control` their shuffles or their other strands are scored too."""

    sequences: tuple[str, ...]
    stride: int
    control: str
    seed: tuple[int, int]


@dataclass(frozen=True)
class Scored:
    """Best window of each sequence of a part that has one, and of its control.

    `positive` and `negative` are (n, heads) float32, `shares` and `control_shares` the shares of A, C, G and U, (n, 4) float32.
    `lengths` is (n,) int64 of the sequences. `unknown` counts those without a window of known letters. `others` has the scores of
    further networks, positive and negative.
    """

    positive: NDArray[np.float32]
    negative: NDArray[np.float32]
    shares: NDArray[np.float32]
    control_shares: NDArray[np.float32]
    lengths: NDArray[np.int64]
    unknown: int
    others: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...] = ()


def parts_of(sequences: Iterable[str], stride: int, control: str, seed: int) -> Iterator[tuple[int, Part]]:
    """Cut a stream of sequences into parts.

    Parameters
    ----------
    sequences : RNA or IUPAC letters, 11 nt or longer each.
    stride : nt from one window to the next.
    control : 'shuffles', 'complement', or '' for none.
    seed : of the shuffles.

    Yields
    ------
    (int, Part)
        The number of sequences, and the part.
    """
    held: list[str] = []
    size = number = 0
    for sequence in sequences:
        held.append(sequence)
        size += max(len(sequence) - LENGTH, 0) // stride + 1
        if size >= WINDOWS:
            yield len(held), Part(tuple(held), stride, control, (seed, number))
            held, size, number = [], 0, number + 1
    if held:
        yield len(held), Part(tuple(held), stride, control, (seed, number))


def score_part(shared: tuple[Sequence[Network], int], part: Part) -> Scored:
    """Score the best window of each sequence of a part, and of its control, by all heads.

    Parameters
    ----------
    shared : the networks, the one that ranks first, and their number of heads.
    """
    networks, heads = shared
    stacks = [stack_of(sequence, part.stride) for sequence in part.sequences]
    kept = [number for number, stack in enumerate(stacks) if len(stack)]
    sequences = [part.sequences[number] for number in kept]
    controls = _controls(sequences, part)
    found: list[tuple[NDArray[Any], NDArray[Any]]] = []
    for network in networks:
        scorer = network.scorer()
        positive = best_of(scorer, (stacks[number] for number in kept), heads).score
        found.append((positive, best_of(scorer, (stack_of(one, part.stride) for one in controls), heads).score))
    lengths = np.array([len(one) for one in sequences], np.int64)
    unknown = len(stacks) - len(kept)
    return Scored(*found[0], base_shares(sequences), base_shares(controls), lengths, unknown, tuple(found[1:]))


def _controls(sequences: Sequence[str], part: Part) -> list[str]:
    if part.control == COMPLEMENT:
        return [one.translate(_OTHER_STRAND)[::-1] for one in sequences]
    return shuffled(sequences, np.random.default_rng(part.seed)) if part.control == SHUFFLES else []


def shuffled(sequences: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Matched RNAs: each sequence shuffled with its dinucleotide counts kept (Altschul & Erickson 1985).

    Unknown letters stay where they are, and each stretch between them is shuffled by itself, so both have the same windows.
    """
    stretches = [(number, match.start(), match.group()) for number, one in enumerate(sequences) for match in _KNOWN.finditer(one)]
    letters = [list(one) for one in sequences]
    by_size: dict[int, list[int]] = {}
    for at, (_, _, stretch) in enumerate(stretches):
        by_size.setdefault(len(stretch).bit_length(), []).append(at)  # about as long, so that little is padding
    for some in by_size.values():
        codes = encode([stretches[at][2] for at in some], max(len(stretches[at][2]) for at in some))
        for at, new in zip(some, decode(dinucleotide_shuffle(codes, rng)), strict=True):
            number, start, _ = stretches[at]
            letters[number][start : start + len(new)] = new
    return ["".join(one) for one in letters]


def base_shares(sequences: Iterable[str]) -> NDArray[np.float32]:
    """Share of A, C, G and U in each sequence, (n, 4): the baseline that a model must beat."""
    rows = []
    for sequence in sequences:
        codes = codes_of(sequence)
        known = codes[codes != PADDING]
        rows.append(np.bincount(known, minlength=4)[:4] / max(len(known), 1))
    return np.array(rows, np.float32).reshape(-1, 4)
