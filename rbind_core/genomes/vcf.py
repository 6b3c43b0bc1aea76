"""A plain reader of VCF: the first five columns, each allele by itself; what else stands in a line is kept as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rbind_core.errors import DataError
from rbind_core.genomes.lines import lines_of
from rbind_core.rna.sequence_lines import shown

_LETTERS = re.compile(r"[ACGTU]+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Allele:
    """One alternative of a line, in DNA letters; `problem` says why it cannot be scored, '' if it can."""

    text: str
    problem: str = ""


@dataclass(frozen=True)
class Site:
    """One line: `position` is the 1-based place of the first letter of `reference` on the forward strand.

    `number` is that of the line in its file, `line` its text, `strand` the one that it names, '' where it names none.
    """

    number: int
    chromosome: str
    position: int
    name: str
    reference: str
    alleles: tuple[Allele, ...]
    line: str
    strand: str = ""
    gene: str = ""
    problem: str = ""


def header_of(path: Path) -> list[str]:
    """The lines of a VCF file that begin with '#'."""
    found = []
    for _, line in lines_of(path):
        if not line.startswith("#"):
            break
        found.append(line)
    return found


def sites_of(path: Path) -> Iterator[Site]:
    """Read a VCF file, one site at a time.

    Parameters
    ----------
    path : plain, or packed by gzip or bgzip.

    Yields
    ------
    Site
        One for each line; alleles that are symbolic, missing or not of letters carry a problem, and so do lines that cannot be
        read.

    Raises
    ------
    DataError
        If the file cannot be read or has no variant.
    """
    count = 0
    for number, line in lines_of(path):
        if not line.strip() or line.startswith("#"):
            continue
        count += 1
        yield _site(number, line)
    if not count:
        raise DataError(f"{path.name} has no variants; give a VCF with CHROM, POS, ID, REF and ALT")


def _site(number: int, line: str) -> Site:
    fields = line.split("\t") if "\t" in line else line.split()
    if len(fields) < 5 or not re.fullmatch(r"\d{1,10}", fields[1], re.ASCII):
        return Site(number, "", 0, "", "", (), line, problem=f"{shown(line, 40)!r} is not VCF; give CHROM, POS, ID, REF, ALT")
    chromosome, position, name, reference, alternatives = (field.strip() for field in fields[:5])
    problem = "" if _LETTERS.fullmatch(reference) else f"REF {shown(reference, 20)!r} is not of the letters A, C, G, T"
    alleles = tuple(Allele(_dna(text), _problem_of(text, reference)) for text in alternatives.split(","))
    return Site(number, chromosome, int(position), "" if name == "." else name, _dna(reference), alleles, line, problem=problem)


def _dna(letters: str) -> str:
    return letters.upper().replace("U", "T") if _LETTERS.fullmatch(letters) else letters


def _problem_of(text: str, reference: str) -> str:
    if text == "*":
        return "the allele * is missing because of another deletion"
    if text == ".":
        return "there is no other allele"
    if text.startswith("<") or "[" in text or "]" in text:
        return f"the allele {shown(text, 20)} is symbolic"
    if not _LETTERS.fullmatch(text):
        return f"the allele {shown(text, 20)!r} is not of the letters A, C, G, T"
    return "the allele is the same as REF" if _dna(text) == _dna(reference) else ""
