"""A small reader of GTF: on which strand genes lie, and where the positions of a transcript are on the genome."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rbind_core.errors import DataError
from rbind_core.genomes.lines import lines_of
from rbind_core.rna.sequence_lines import shown

_ATTRIBUTE = re.compile(r'(gene_id|gene_name|transcript_id)[ =]"?([^";]+)"?')
_BIN = 1 << 15  # nt; genes are looked up by stretches of this length
FORWARD, REVERSE = "+", "-"


@dataclass(frozen=True)
class Gene:
    """A stretch of a chromosome that is transcribed from one strand; positions count from 1, both ends included."""

    name: str
    chromosome: str
    start: int
    end: int
    strand: str


@dataclass(frozen=True)
class Transcript:
    """Exons of a transcript in the order of the genome, and the stretch that is translated, None where there is none.

    Positions count from 1, both ends included; `coding` includes the stop codon where the file says so.
    """

    name: str
    gene: str
    chromosome: str
    strand: str
    exons: tuple[tuple[int, int], ...]
    coding: tuple[int, int] | None = None

    @property
    def length(self) -> int:
        """Number of nucleotides without introns."""
        return sum(end - start + 1 for start, end in self.exons)

    def on_genome(self, position: int) -> int:
        """Where the n-th nucleotide of the spliced transcript, from 1 at its 5' end, lies on its chromosome.

        Raises
        ------
        DataError
            If the transcript is shorter.
        """
        if not 1 <= position <= self.length:
            raise DataError(f"{self.name} has {self.length:,} nt, so there is no position {position:,}")
        rest = position - 1
        for start, end in self.exons if self.strand == FORWARD else self.exons[::-1]:
            size = end - start + 1
            if rest < size:
                return start + rest if self.strand == FORWARD else end - rest
            rest -= size
        raise AssertionError("exons add up to the length")

    def in_transcript(self, place: int) -> int | None:
        """The position in the spliced transcript of a place on the chromosome, or None in an intron or outside."""
        before = 0
        for start, end in self.exons if self.strand == FORWARD else self.exons[::-1]:
            if start <= place <= end:
                return before + (place - start if self.strand == FORWARD else end - place) + 1
            before += end - start + 1
        return None

    @property
    def first_coding(self) -> int:
        """Position in the transcript of the first letter of the start codon.

        Raises
        ------
        DataError
            If nothing is translated.
        """
        return self._coding(0)

    @property
    def last_coding(self) -> int:
        """Position in the transcript of the last letter that is translated, the stop codon included.

        Raises
        ------
        DataError
            If nothing is translated.
        """
        return self._coding(1)

    def _coding(self, side: int) -> int:
        if self.coding is None:
            raise DataError(f"{self.name} has no coding sequence in the GTF, so c. has no meaning; use n.")
        place = self.coding[side if self.strand == FORWARD else 1 - side]
        found = self.in_transcript(place)
        if found is None:
            raise DataError(f"{self.name}: its coding sequence ends outside its exons in the GTF")
        return found


class Genes:
    """Genes of a GTF file, looked up by place."""

    def __init__(self, genes: Iterable[Gene]) -> None:
        self.genes = tuple(genes)
        self._at: defaultdict[tuple[str, int], list[Gene]] = defaultdict(list)
        for gene in self.genes:
            for number in range(gene.start // _BIN, gene.end // _BIN + 1):
                self._at[gene.chromosome, number].append(gene)
        self.chromosomes = {gene.chromosome for gene in self.genes}

    def over(self, chromosome: str, start: int, end: int) -> list[Gene]:
        """Genes that share a place with a stretch, in the order of the file.

        Parameters
        ----------
        chromosome : as the GTF names it.
        start, end : 1-based, both included.
        """
        found: dict[Gene, None] = {}
        for number in range(start // _BIN, end // _BIN + 1):
            found |= dict.fromkeys(g for g in self._at.get((chromosome, number), ()) if g.start <= end and start <= g.end)
        return list(found)


def read_genes(path: Path) -> Genes:
    """Read where genes lie: from the lines of all their features.

    Raises
    ------
    DataError
        If the file cannot be read or has no gene.
    """
    extents: dict[tuple[str, str, str], list[int]] = {}
    names: dict[str, str] = {}
    for fields, attributes in _features(path):
        gene = attributes.get("gene_id") or attributes.get("gene_name", "")
        if not gene or fields[6] not in (FORWARD, REVERSE):
            continue
        names.setdefault(gene, attributes.get("gene_name", gene))
        start, end = int(fields[3]), int(fields[4])
        extent = extents.setdefault((gene, fields[0], fields[6]), [start, end])
        extent[:] = min(extent[0], start), max(extent[1], end)
    if not extents:
        raise DataError(f"{path.name} has no gene with a strand; give a GTF with gene_id")
    return Genes(
        Gene(names[gene], chromosome, extent[0], extent[1], strand) for (gene, chromosome, strand), extent in extents.items()
    )


def read_transcripts(path: Path, wanted: Iterable[str]) -> dict[str, Transcript]:
    """Read some transcripts by name, with or without the version behind the point.

    Parameters
    ----------
    wanted : such as ENST00000357654.9 or NM_007294.

    Returns
    -------
    dict
        By the names that were wanted; those that the file does not have, or has in another version alone, are missing.
    """
    names = set(wanted)
    bare = {name.split(".")[0] for name in names}
    exons: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    coding: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    about: dict[str, tuple[str, str, str]] = {}
    for fields, attributes in _features(path):
        name = attributes.get("transcript_id", "")
        if name.split(".")[0] not in bare or fields[2] not in ("exon", "CDS", "stop_codon"):
            continue
        about[name] = attributes.get("gene_name", attributes.get("gene_id", "")), fields[0], fields[6]
        (exons if fields[2] == "exon" else coding)[name].append((int(fields[3]), int(fields[4])))
    found = {name: _transcript(name, *about[name], exons[name], coding[name]) for name in about if exons[name]}
    by_name: dict[str, Transcript] = {}
    for name in names:
        same = [one for one in found.values() if one.name == name or ("." not in name and one.name.split(".")[0] == name)]
        same += [one for one in found.values() if "." not in one.name and one.name == name.split(".")[0]]
        if same:
            by_name[name] = same[0]
    return by_name


def _transcript(
    name: str, gene: str, chromosome: str, strand: str, exons: Sequence[tuple[int, int]], coding: Sequence[tuple[int, int]]
) -> Transcript:
    translated = (min(start for start, _ in coding), max(end for _, end in coding)) if coding else None
    return Transcript(name, gene, chromosome, strand, tuple(sorted(set(exons))), translated)


def _features(path: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Fields and attributes of each line."""
    for number, line in lines_of(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 9 or not (fields[3].isdecimal() and fields[4].isdecimal()):
            raise DataError(f"{path.name}, line {number}: {shown(line, 40)!r} is not GTF; its nine columns are separated by tabs")
        yield fields, dict(_ATTRIBUTE.findall(fields[8]))
