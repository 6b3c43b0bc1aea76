"""Changes in HGVS notation, and where they are on the genome: c., n. and r. of a named transcript, g. and m. of a chromosome.

c. counts from the first letter of the start codon, c.-1 is before it and c.*1 behind the stop codon; n. and r. count from the first
letter of the transcript; 88+2 is two letters into the intron behind position 88, and 89-2 two before 89.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rbind_core.errors import DataError
from rbind_core.genomes.genome import Genome, reverse_complement
from rbind_core.genomes.gtf import FORWARD, Transcript, read_transcripts
from rbind_core.genomes.lines import lines_of
from rbind_core.genomes.vcf import Allele, Site
from rbind_core.rna.sequence_lines import shown

_WHOLE = re.compile(r"(?P<name>[^\s:]+?)(?:\([^()\s:]*\))?:(?P<kind>[cnrgm])\.(?P<rest>\S+)", re.IGNORECASE | re.ASCII)
_PLACE = r"(?:[-*]?\d{1,9}(?:[+-]\d{1,9})?)"
_CHANGE = re.compile(
    rf"(?P<first>{_PLACE})(?:_(?P<last>{_PLACE}))?"
    r"(?:(?P<ref>[ACGTU]+)>(?P<alt>[ACGTU]+)|(?P<what>delins|del|ins|dup|inv)(?P<letters>[ACGTU]*)(?:ins(?P<inserted>[ACGTU]+))?)",
    re.IGNORECASE | re.ASCII,
)
MOST_CHANGES = 100_000  # of a file
_HAS_KIND = re.compile(r":[cnrgm]\.", re.IGNORECASE)
_ONE = re.compile(r"([-*]?)(\d+)([+-]\d+)?")


@dataclass(frozen=True)
class Named:
    """A change as it is written: of which transcript or chromosome, in which coordinates, and what changes."""

    text: str
    name: str
    kind: str
    first: str
    last: str
    what: str
    removed: str
    added: str


def read_hgvs(text: str) -> Named:
    """Read one change.

    Parameters
    ----------
    text : such as ENST00000357654.9:c.68_69del or chr17:g.43124027_43124028del.

    Raises
    ------
    DataError
        If it is not HGVS with the name of a transcript or chromosome.
    """
    quoted = shown(text.strip(), 60)
    whole = _WHOLE.fullmatch(text.strip().strip("\"'"))
    if whole is None:
        raise DataError(f"{quoted!r} is not HGVS with a transcript, as in ENST00000357654.9:c.68_69del")
    change = _CHANGE.fullmatch(whole["rest"].strip("()"))
    if change is None:
        raise DataError(f"{quoted!r} is no substitution, deletion, insertion, duplication or inversion")
    what = (change["what"] or "sub").lower()
    removed, added = (change["ref"] or "", change["alt"] or "") if what == "sub" else (change["letters"], change["inserted"] or "")
    if what in ("ins", "delins"):
        removed, added = "", change["letters"]
    elif what == "del" and added:  # delAinsT, as some write delins
        what = "delins"
    if what in ("ins", "delins") and not added:
        raise DataError(f"{quoted!r} does not say which letters are inserted")
    kind = whole["kind"].lower()
    return Named(quoted, whole["name"], kind, change["first"], change["last"] or change["first"], what, _dna(removed), _dna(added))


def place(change: Named, number: int, line: str, transcripts: Mapping[str, Transcript], genome: Genome) -> Site:
    """Put a change on the genome.

    Parameters
    ----------
    number, line : where it stands in the user's file.
    transcripts : by name; see `read_transcripts`.

    Returns
    -------
    Site
        As in VCF, on the forward strand; insertions and deletions begin with the letter before them.

    Raises
    ------
    DataError
        If the transcript or position does not exist.
    """
    transcript = None
    if change.kind not in "gm":
        transcript = transcripts.get(change.name)
        if transcript is None:
            raise DataError(f"{change.text}: the GTF has no transcript {shown(change.name, 30)}")
    name = transcript.chromosome if transcript else change.name
    chromosome = genome.names.find(name)
    if chromosome is None:
        raise DataError(f"{change.text}: the genome has no chromosome {shown(name, 30)}")
    strand = transcript.strand if transcript else ""
    ends = sorted(_on_genome(change, text, transcript) for text in (change.first, change.last))
    if ends[0] < 1 or ends[1] > genome.lengths[chromosome]:
        raise DataError(f"{change.text} lies beyond the end of {chromosome} ({genome.lengths[chromosome]:,} nt)")
    first, reference, alternative = _as_vcf(change, chromosome, ends[0], ends[1], strand != "-", genome)
    gene = (transcript.gene or transcript.name) if transcript else ""
    alleles = (Allele(alternative, "" if alternative != reference else "the change leaves the letters as they are"),)
    return Site(number, name, first, change.text, reference, alleles, line, strand, gene)


def _on_genome(change: Named, text: str, transcript: Transcript | None) -> int:
    """One position on the chromosome."""
    sign, digits, offset = _ONE.fullmatch(text).groups()  # type: ignore[union-attr]
    if transcript is None:
        if sign or offset:
            raise DataError(f"{change.text}: {text} is no position on a chromosome; positions count from 1")
        return int(digits)
    position = int(digits)
    if change.kind == "c":
        if sign == "*":
            position += transcript.last_coding
        else:
            position = transcript.first_coding - position if sign == "-" else transcript.first_coding + position - 1
    elif sign:
        raise DataError(f"{change.text}: {text} has a meaning in c. alone; {change.kind}. counts from 1")
    if not digits.strip("0"):
        raise DataError(f"{change.text}: there is no position 0; positions count from 1")
    steps = int(offset) if offset else 0
    return transcript.on_genome(position) + (steps if transcript.strand == FORWARD else -steps)


def _as_vcf(change: Named, chromosome: str, first: int, last: int, forward: bool, genome: Genome) -> tuple[int, str, str]:
    """Position, reference and alternative on the forward strand."""
    turned = (lambda letters: letters) if forward else reverse_complement
    there = genome.fetch(chromosome, first, last).upper()
    removed, added = turned(change.removed), turned(change.added)
    if change.what == "sub":
        if len(removed) != last - first + 1 and change.first != change.last:
            raise DataError(f"{change.text}: {len(removed)} letters do not reach from {change.first} to {change.last}")
        start = first if forward else last - len(removed) + 1  # the position is that of the first letter of the RNA
        return start, removed, added
    if removed and removed != there:
        raise DataError(f"{change.text}: the genome has {turned(there)} there, not {change.removed}")
    if change.what == "inv":
        return first, there, reverse_complement(there)
    if change.what == "ins":
        if last - first != 1:
            raise DataError(f"{change.text}: an insertion stands between two neighbours, as in 76_77insT")
        return first, there[0], there[0] + added
    if change.what == "dup":
        return last, there[-1], there[-1] + there
    if change.what == "delins":
        return first, there, added
    if first > 1:
        before = genome.fetch(chromosome, first - 1, first - 1).upper()
        return first - 1, before + there, before
    behind = genome.fetch(chromosome, last + 1, last + 1).upper()
    return first, there + behind, behind


def _dna(letters: str) -> str:
    return letters.upper().replace("U", "T")


def sites_of_table(path: Path, gtf: Path, genome: Genome) -> Iterator[Site]:
    """Read the changes of a file, one on each line, and put them on the genome.

    Parameters
    ----------
    path : the last field of each line with a ':' is the change; other fields, and a header, are ignored.
    gtf : of the transcripts that the changes name.

    Yields
    ------
    Site
        One for each line; those that cannot be placed carry a problem.

    Raises
    ------
    DataError
        If a file cannot be read, or there is no change in it.
    """
    read: list[tuple[int, str, Named | str]] = []
    for number, line in lines_of(path):
        text = next((field for field in re.split(r"[\t ;|]+", line.strip())[::-1] if _HAS_KIND.search(field)), "")
        if not text and (not line.strip() or line.startswith("#") or not read):
            continue  # a header
        try:
            read.append((number, line, read_hgvs(text or line)))
        except DataError as error:
            read.append((number, line, str(error)))
        if len(read) > MOST_CHANGES:
            raise DataError(f"{path.name} has more than {MOST_CHANGES:,} changes; give them as VCF, or in parts")
    if not read:
        raise DataError(f"{path.name} has no change in HGVS, such as ENST00000357654.9:c.68_69del")
    transcripts = read_transcripts(gtf, {one.name for _, _, one in read if isinstance(one, Named)})
    for number, line, one in read:
        try:
            if isinstance(one, str):
                raise DataError(one)
            yield place(one, number, line, transcripts, genome)
        except DataError as error:
            yield Site(number, "", 0, "", "", (), line, problem=str(error))
