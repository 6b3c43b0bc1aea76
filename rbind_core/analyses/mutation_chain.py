"""Mutations applied one after another, such as A5G,C7U: each is read against the sequence that the earlier ones left."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rbind_core.errors import SequenceError
from rbind_core.rna.sequences import ALPHABET

MOST_MUTATIONS = 100
_EXAMPLE = "give it as A5G: the letter that is there, its position, the new letter"


@dataclass(frozen=True)
class MutationChain:
    """A sequence under successive mutations; `sequences` holds the start and the state after each of the `mutations`."""

    mutations: tuple[str, ...]
    sequences: tuple[str, ...]

    @property
    def start(self) -> str:
        """The sequence before any mutation."""
        return self.sequences[0]

    @property
    def end(self) -> str:
        """The sequence after all mutations."""
        return self.sequences[-1]

    @property
    def text(self) -> str:
        """Text that `read_chain` reads as the same mutations."""
        return ",".join(self.mutations)


def read_chain(start: str, text: str) -> MutationChain:
    """Read mutations as a user gives them, in order; each must change a letter.

    Parameters
    ----------
    start : RNA letters.
    text : such as `A5G, C7U`, separated by commas, semicolons or spaces; positions count from 1, T counts as U. May be empty.

    Raises
    ------
    SequenceError
        If a mutation cannot be read or does not agree with the sequence at that step, or there are more than 100.
    """
    mutations = [part for part in re.split(r"[\s,;]+", text) if part]
    if len(mutations) > MOST_MUTATIONS:
        raise SequenceError(f"{len(mutations)} mutations are too many; give at most {MOST_MUTATIONS}")
    names, sequences = [], [start]
    for mutation in mutations:
        name, mutant = _mutated(sequences[-1], mutation)
        names.append(name)
        sequences.append(mutant)
    return MutationChain(tuple(names), tuple(sequences))


def _mutated(sequence: str, text: str) -> tuple[str, str]:
    """The name of a mutation in RNA letters, and the mutated sequence."""
    match = re.fullmatch(r"([A-Z])([0-9]{1,6})([A-Z])", text.upper())
    if match is None:
        raise SequenceError(f"{text[:20]!r} is not a mutation; {_EXAMPLE}")
    old, new = (match[group].replace("T", "U") for group in (1, 3))
    position, name = int(match[2]), f"{old}{match[2]}{new}"
    for letter in (old, new):
        if letter not in ALPHABET:
            raise SequenceError(f"{name}: {letter!r} is not a nucleotide; use A, C, G, U")
    if not 1 <= position <= len(sequence):
        raise SequenceError(f"{name}: position {position} is outside the RNA; positions count from 1 to {len(sequence)}")
    there = sequence[position - 1]
    if there != old:
        raise SequenceError(f"{name}: at position {position} the RNA has {there}, not {old}")
    if new == old:
        raise SequenceError(f"{name} changes nothing; give a letter other than {old}")
    return f"{old}{position}{new}", sequence[: position - 1] + new + sequence[position:]
