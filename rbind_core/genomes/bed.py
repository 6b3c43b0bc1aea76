"""Peaks of a BED file as RNAs of a genome."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rbind_core.errors import DataError
from rbind_core.genomes.genome import Genome, as_rna, reverse_complement
from rbind_core.genomes.lines import lines_of
from rbind_core.genomes.tally import Tally
from rbind_core.rna.sequence_lines import shown
from rbind_core.rna.sequences import LENGTH

_HEADER = re.compile(r"(#|browser\b|track\b)", re.IGNORECASE)
MOST_FLANK = 10_000  # nt


def peaks_of(path: Path, genome: Genome, flank: int, left_out: Tally, changed: Tally) -> Iterator[tuple[str, str]]:
    """Read the RNAs of peaks, each from the strand that it names.

    Peaks that are shorter than the models' window with their flanks are widened to it around their middle, and those that
    reach beyond the end of a chromosome are cut there.

    Parameters
    ----------
    path : BED with three columns or more, plain or packed.
    flank : nt added on either side.
    left_out : receives the lines that cannot be used.
    changed : receives those that were widened, cut, or have no strand.

    Yields
    ------
    (str, str)
        Name and RNA or IUPAC letters.

    Raises
    ------
    DataError
        If the file cannot be read, or no line can be used.
    """
    used = 0
    for number, line in lines_of(path):
        if not line.strip() or _HEADER.match(line):
            continue
        try:
            chromosome, start, end, name, strand = _fields(line)
            if (own := genome.names.find(chromosome)) is None:
                raise DataError(f"the genome has no chromosome {shown(chromosome)}")
            if start >= genome.lengths[own]:
                raise DataError(f"{chromosome}:{start + 1}-{end} lies beyond the end of {own} ({genome.lengths[own]:,} nt)")
        except DataError as error:
            left_out.add("lines", number, str(error))
            continue
        first, last = _widened(start + 1 - flank, end + flank, number, changed)
        if end > genome.lengths[own]:
            changed.add(
                "peaks that reach beyond the end of their chromosome and are cut there", number, f"{chromosome}:{start + 1}-{end}"
            )
        if not strand:
            changed.add("peaks without a strand, read from the forward one", number, f"{chromosome}:{start + 1}-{end}")
        dna = genome.fetch(own, first, last)
        used += 1
        yield name or f"{chromosome}:{start + 1}-{end}", as_rna(reverse_complement(dna) if strand == "-" else dna)
    if not used:
        why = next(left_out.sentences("that cannot be used"), "it is empty") if left_out.total else "it is empty"
        raise DataError(f"{path.name} has no peak that can be used: {why}")


def _fields(line: str) -> tuple[str, int, int, str, str]:
    """Chromosome, start and end as BED counts them, name, and strand or ''."""
    fields = [field.strip() for field in (line.split("\t") if "\t" in line else line.split())]
    if len(fields) < 3 or not all(re.fullmatch(r"\d{1,10}", field, re.ASCII) for field in fields[1:3]):
        raise DataError(f"{shown(line, 40)!r} is not BED; give chromosome, start, end, and name, score, strand where there are")
    start, end = int(fields[1]), int(fields[2])
    if end < start or (end == start and end == 0):
        raise DataError(f"{fields[0]}: the end {end} is not behind the start {start}")
    strand = fields[5] if len(fields) > 5 and fields[5] in ("+", "-") else ""
    return fields[0], start, max(end, start + 1), fields[3] if len(fields) > 3 and fields[3] != "." else "", strand


def _widened(first: int, last: int, number: int, changed: Tally) -> tuple[int, int]:
    """At least as many places as a window has."""
    lacking = LENGTH - (last - first + 1)
    if lacking <= 0:
        return first, last
    changed.add(f"peaks shorter than the models' window of {LENGTH} nt and widened to it", number, f"{last - first + 1} nt")
    return first - lacking // 2, last + lacking - lacking // 2
