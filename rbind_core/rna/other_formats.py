"""Recognition of sequencing files without sequences or in other formats than FASTA, for helpful errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rbind_core.errors import SequenceError
from rbind_core.rna.sequence_lines import USABLE, is_nucleotides

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_FASTA = "give sequences as FASTA"
_VARIANTS = "variants go to ./rbind variants or to the page Variants"
_FORMATS = (
    (re.compile(r"##fileformat=VCF|#CHROM\s"), "a VCF file", f"{_FASTA}; {_VARIANTS}"),
    (re.compile(r"##gff-version|#!genome-build"), "a GTF or GFF file", f"{_FASTA}, for example from gffread or bedtools getfasta"),
    (re.compile(r"(browser|track)\s|#\s*chr(om)?\s", re.IGNORECASE), "a BED file", f"{_FASTA}, for example from bedtools getfasta"),
    (re.compile(r"@(HD|SQ|RG|PG|CO)\t"), "a SAM file", f"{_FASTA}, for example from samtools fasta"),
    (re.compile(r"@"), "a FASTQ file", f"{_FASTA}, for example from seqtk seq -A"),
    (re.compile(r"CLUSTAL|MUSCLE|# STOCKHOLM|#NEXUS", re.IGNORECASE), "an alignment", f"{_FASTA}, without gaps"),
    (re.compile(r"MEME version", re.IGNORECASE), "a file of motifs", f"{_FASTA}; motifs go to ./rbind motif or to the page K-mers"),
)


def refuse_other_formats(lines: Sequence[str]) -> None:
    """Refuse a file of another format, by its name.

    Parameters
    ----------
    lines : those that are not empty; the first few are examined.

    Raises
    ------
    SequenceError
        If it is a known format of sequencing.
    """
    for line in lines[:3]:
        for pattern, kind, advice in _FORMATS:
            if pattern.match(line):
                raise SequenceError(f"this looks like {kind}; {advice}")
    fields = lines[0].split("\t") if lines and "\t" in lines[0] else lines[0].split() if lines else []
    is_number = [bool(_NUMBER.fullmatch(field.strip())) for field in fields]
    if len(fields) >= 11 and is_number[1] and is_number[3] and re.fullmatch(r"(\d+[MIDNSHPX=])+|\*", fields[5]):
        raise SequenceError(f"this looks like a SAM file; {_FASTA}, for example from samtools fasta")
    if len(fields) >= 8 and is_number[3] and is_number[4] and fields[6] in ("+", "-", "."):
        raise SequenceError(f"this looks like a GTF or GFF file; {_FASTA}, for example from gffread or bedtools getfasta")
    if any(len(field) >= USABLE and is_nucleotides(field) for field in fields):
        return  # a sequence with its coordinates
    if len(fields) >= 3 and is_number[1] and is_number[2] and not is_number[0]:
        raise SequenceError(f"this looks like a BED file; {_FASTA}, for example from bedtools getfasta")
    if len(fields) >= 5 and is_number[1] and all(map(is_nucleotides, fields[3:5])):
        raise SequenceError(f"this looks like a VCF file; {_FASTA}; {_VARIANTS}")
