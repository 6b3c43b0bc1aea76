"""Variants of a genome as changes of RNAs: the reference is checked, the strand chosen, and the RNA around the change cut out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rbind_core.errors import DataError
from rbind_core.genomes.genome import ChromosomeNames, Genome, as_rna, reverse_complement
from rbind_core.genomes.gtf import FORWARD, REVERSE, Genes
from rbind_core.genomes.tally import Tally
from rbind_core.genomes.vcf import Site
from rbind_core.rna.sequence_lines import shown
from rbind_core.rna.sequences import LENGTH
from rbind_core.who.variants import AROUND, Change, is_long_enough, smallest

REACH = LENGTH - 1  # nt on either side of a change that the windows which cover it reach
LONGEST_CHANGE = 1000  # nt
BOTH = "both"
_FIRST_CHECKED = 20  # sites after which a genome that does not fit is refused
_MISFIT = "sites that do not fit the genome"


@dataclass(frozen=True)
class Entry:
    """One allele on one strand: `allele` is its number in its line, from 0, `genes` the names of the genes there."""

    allele: int
    strand: str
    genes: tuple[str, ...]
    change: Change


@dataclass(frozen=True)
class Placed:
    """A site with its alleles on the strands that are asked for, and why others are left out."""

    site: Site
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()


class Placer:
    """Puts sites on a genome, and counts those that cannot be used.

    Parameters
    ----------
    strand : '+', '-' or 'both' where a site names none and no genes are given.
    genes : whose strands are taken where they lie; sites in no gene are left out.
    with_singles : whether single changes of the 41 nt around each change will be scored, so that more RNA is needed.
    """

    def __init__(self, genome: Genome, strand: str = BOTH, genes: Genes | None = None, with_singles: bool = False) -> None:
        self.genome, self.genes = genome, genes
        self.left_out = Tally()
        self.sites = self.fitting = 0
        self._strands = (FORWARD, REVERSE) if strand == BOTH else (strand,)
        self._reach = REACH + (AROUND if with_singles else 0)
        self._names_of_genes = ChromosomeNames(genes.chromosomes) if genes else None

    def place_all(self, sites: Iterable[Site]) -> Iterator[Placed]:
        """Place sites one by one.

        Raises
        ------
        DataError
            If more than half of the first sites do not fit the genome, or none of all can be used.
        """
        used = 0
        for site in sites:
            placed = self._place(site)
            used += len(placed.entries)
            self._refuse_another_genome(_FIRST_CHECKED)
            yield placed
        self._refuse_another_genome(1)
        if not used:
            raise DataError(f"none of the variants can be used: {'; '.join(self.left_out.sentences())}")

    def _refuse_another_genome(self, fewest: int) -> None:
        misfits = self.left_out.counts[_MISFIT]
        if misfits + self.fitting >= fewest and misfits > self.fitting:
            raise DataError(
                f"{misfits} of {misfits + self.fitting} variants do not fit {self.genome.path.name} "
                f"({self.left_out.first[_MISFIT][0]}); give the genome that they were called on"
            )

    def _place(self, site: Site) -> Placed:
        self.sites += 1
        if site.problem:
            return self._without(site, "lines that cannot be read", site.problem)
        own = self.genome.names.find(site.chromosome)
        if own is None:
            detail = f"the genome has no chromosome {shown(site.chromosome)}"
            return self._without(site, "sites on chromosomes that the genome does not have", detail)
        first, last = site.position, site.position + len(site.reference) - 1
        where = f"{site.chromosome}:{first}"
        if first < 1 or last > self.genome.lengths[own]:
            detail = f"{where} lies beyond the end of {own} ({self.genome.lengths[own]:,} nt)"
            return self._without(site, "sites beyond the end of their chromosome", detail)
        there = self.genome.fetch(own, first, last).upper()
        if there != site.reference:
            detail = f"at {where} the genome has {shown(there, 20)}, not {shown(site.reference, 20)}"
            return self._without(site, _MISFIT, detail)
        self.fitting += 1
        strands = self._strands_of(site, own, first, last)
        if not strands:
            return self._without(site, "sites in no gene of the GTF", f"{where} is in no gene")
        return self._alleles(site, own, strands)

    def _without(self, site: Site, kind: str, detail: str) -> Placed:
        self.left_out.add(kind, site.number, detail)
        return Placed(site, problems=(detail,))

    def _strands_of(self, site: Site, own: str, first: int, last: int) -> dict[str, tuple[str, ...]]:
        """The strands to score, with the names of the genes on each."""
        if site.strand:
            return {site.strand: (site.gene,) if site.gene else ()}
        if self.genes is None or self._names_of_genes is None:
            return dict.fromkeys(self._strands, ())
        named = self._names_of_genes.find(own)
        found: dict[str, tuple[str, ...]] = {}
        for gene in self.genes.over(named, first, last) if named else ():
            found[gene.strand] = (*found.get(gene.strand, ()), gene.name)
        return found

    def _alleles(self, site: Site, own: str, strands: dict[str, tuple[str, ...]]) -> Placed:
        entries, problems = [], []
        for number, allele in enumerate(site.alleles):
            problem, kind = allele.problem, "alleles that are symbolic, missing or without a change"
            if not problem and max(len(site.reference), len(allele.text)) > LONGEST_CHANGE:
                problem, kind = f"the change is longer than {LONGEST_CHANGE:,} nt", "alleles that change too much"
            if not problem:
                changes = {strand: self._change(site, own, allele.text, strand) for strand in strands}
                entries += [Entry(number, strand, strands[strand], one) for strand, one in changes.items() if is_long_enough(one)]
                if entries and entries[-1].allele == number:
                    continue
                problem, kind = "there are fewer than 11 nt around it", "alleles with too little around them"
            self.left_out.add(kind, site.number, problem)
            problems.append(problem)
        return Placed(site, tuple(entries), tuple(problems))

    def _change(self, site: Site, own: str, alternative: str, strand: str) -> Change:
        """An allele as a change of the RNA around it, 5' to 3' on its strand."""
        cut, reference, alternative = smallest(site.reference, alternative)
        first = site.position + cut  # of the letters that change, or of the one behind an insertion
        last = first + len(reference) - 1
        start, end = max(first - self._reach, 1), min(last + self._reach, self.genome.lengths[own])
        dna = self.genome.fetch(own, start, end)
        if strand == FORWARD:
            return Change(as_rna(dna), first - start + 1, as_rna(reference), as_rna(alternative))
        turned = (as_rna(reverse_complement(letters)) for letters in (reference, alternative))
        return Change(as_rna(reverse_complement(dna)), end - last + 1, *turned)
