"""Sequences of a file of any size, one at a time: FASTA, or one sequence a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from rbind_core.errors import SequenceError
from rbind_core.genomes.lines import lines_of
from rbind_core.genomes.tally import Tally
from rbind_core.rna.other_formats import refuse_other_formats
from rbind_core.rna.pasting import Record, read_pasted
from rbind_core.rna.sequences import SHORTEST

LONGEST = 100_000  # nt of one sequence
_PLAIN = re.compile("[ACGU]+")
_NAME = 60  # letters of a name


def records_of(path: Path, left_out: Tally) -> Iterator[Record]:
    """Read the sequences of a file.

    Parameters
    ----------
    path : FASTA, or one sequence a line, plain or packed.
    left_out : receives the sequences that cannot be used: not of nucleotides, or not of 11 to 100,000 nt.

    Yields
    ------
    Record
        Name and RNA or IUPAC letters.

    Raises
    ------
    DataError
        If the file cannot be read.
    SequenceError
        If it is empty or of another format, or none of the sequences can be used.
    """
    count = used = 0
    for number, name, letters in _raw(path):
        count += 1
        try:
            record = _record(name, letters)
        except SequenceError as error:
            left_out.add("sequences", number, str(error))
            continue
        used += 1
        yield record
    if not count:
        raise SequenceError(f"{path.name} has no sequences; give FASTA with at least one")
    if not used:
        raise SequenceError(f"{path.name} has no sequence that can be used: {next(left_out.sentences('that cannot be used'))}")


def _raw(path: Path) -> Iterator[tuple[int, str, str]]:
    """First line, name and letters of each sequence."""
    lines = ((number, line.strip()) for number, line in lines_of(path))
    lines = ((number, line) for number, line in lines if line and not line.startswith(";"))
    first = next(lines, None)
    if first is None:
        return
    if not first[1].startswith(">"):
        refuse_other_formats([first[1]])
        for number, line in chain([first], lines):
            yield number, f"line {number}", line
        return
    start, name = first[0], first[1][1:].strip()
    held: list[str] = []
    size = 0
    for number, line in lines:
        if line.startswith(">"):
            yield start, name, "".join(held)
            start, name, held, size = number, line[1:].strip(), [], 0
        elif size <= LONGEST:  # what is too long is not kept, and refused
            held.append(line)
            size += len(line)
    yield start, name, "".join(held)


def _record(name: str, letters: str) -> Record:
    rna = letters.upper().replace("T", "U")
    if _PLAIN.fullmatch(rna) and SHORTEST <= len(rna) <= LONGEST:  # nearly all
        return Record(name[:_NAME], rna)
    if len(letters) > LONGEST:
        raise SequenceError(f"{name[:_NAME]} is longer than {LONGEST:,} nt")
    if not letters:
        raise SequenceError(f"{name[:_NAME]} has no letters")
    pasted = read_pasted(f">{name[:_NAME] or 'RNA'}\n{letters}\n", allow_ambiguous=True, min_length=SHORTEST)
    return pasted.records[0]
