"""A genome of two chromosomes with a gene on each strand."""

from __future__ import annotations

import gzip
from pathlib import Path

from rbind_core.genomes.bgzf import BgzfWriter
from tests.motif_panel import random_rna

CHROMOSOMES = {"chr1": random_rna(700, 1, "ACGT"), "chr2": random_rna(530, 2, "ACGT")}
PLUS = ("ENST01.2", "PLUS", "chr1", "+", ((101, 160), (221, 300), (401, 470)), (131, 440))
MINUS = ("ENST02.1", "MINUS", "chr2", "-", ((51, 120), (201, 260), (351, 430)), (91, 400))


def write_genome(folder: Path, name: str = "genome.fa", newline: str = "\n", width: int = 60, prefix: str = "chr") -> Path:
    lines = []
    for chromosome, letters in CHROMOSOMES.items():
        lines.append(f">{chromosome.replace('chr', prefix)} a description")
        lines += [letters[at : at + width] for at in range(0, len(letters), width)]
    path = folder / name
    path.write_bytes((newline.join(lines) + newline).encode())
    return path


def gtf_lines() -> list[str]:
    lines = ["#!genome-build toy"]
    for transcript, gene, chromosome, strand, exons, (first, last) in (PLUS, MINUS):
        about = f'gene_id "G{gene}"; transcript_id "{transcript}"; gene_name "{gene}";'
        features = [("transcript", exons[0][0], exons[-1][1])]
        features += [("exon", *exon) for exon in exons]
        features += [("CDS", max(start, first), min(end, last)) for start, end in exons if start <= last and end >= first]
        lines += [f"{chromosome}\ttoy\t{what}\t{start}\t{end}\t.\t{strand}\t.\t{about}" for what, start, end in features]
    return lines


def write_gtf(folder: Path) -> Path:
    path = folder / "genes.gtf"
    path.write_text("\n".join(gtf_lines()) + "\n")
    return path


def write_packed(path: Path, text: str, kind: str) -> Path:
    """A text file, plain or packed, with ends of lines of Windows for 'crlf'."""
    if kind == "gzip":
        path.write_bytes(gzip.compress(text.encode()))
    elif kind == "bgzip":
        writer = BgzfWriter(path)
        writer.write(text)
        writer.close()
    else:
        path.write_bytes((text.replace("\n", "\r\n") if kind == "crlf" else text).encode())
    return path


KINDS = ("plain", "crlf", "gzip", "bgzip")
