"""Variants of a genome become changes of RNAs and go back exactly, on either strand; what does not fit is named."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rbind_core.errors import DataError
from rbind_core.genomes.genome import Genome, as_rna, reverse_complement
from rbind_core.genomes.gtf import read_genes
from rbind_core.genomes.vcf import sites_of
from rbind_core.who.placing import LONGEST_CHANGE, Placer
from tests.genomes.toy_genome import CHROMOSOMES, write_genome, write_gtf, write_packed

pytest.importorskip("pyfaidx", reason="pyfaidx is not installed")
HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n"


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    with Genome(write_genome(folder)) as genome:
        yield genome, read_genes(write_gtf(folder))


def vcf(folder, *lines):
    return write_packed(folder / "a.vcf", HEADER + "".join(f"{line}\n" for line in lines), "plain")


def line_at(chromosome, position, letters=1, alternative=None):
    reference = CHROMOSOMES[chromosome][position - 1 : position - 1 + letters]
    other = alternative or ("A" if reference[0] != "A" else "C") + reference[1:]
    return f"{chromosome}\t{position}\t.\t{reference}\t{other}"


@given(data=st.data())
def test_coordinates_go_there_and_back(toy, tmp_path_factory, data):
    genome, genes = toy
    chromosome = data.draw(st.sampled_from(["chr1", "chr2"]))
    letters = CHROMOSOMES[chromosome]
    position = data.draw(st.integers(1, len(letters)))
    reference = letters[position - 1 : position - 1 + data.draw(st.integers(1, 6))]
    alternatives = data.draw(st.lists(st.text("ACGT", min_size=1, max_size=6), min_size=1, max_size=3, unique=True))
    assume(reference not in alternatives)
    with_genes = data.draw(st.booleans())
    path = vcf(tmp_path_factory.mktemp("vcf"), f"{chromosome}\t{position}\t.\t{reference}\t{','.join(alternatives)}")
    [site] = sites_of(path)
    placed = Placer(genome, genes=genes if with_genes else None)._place(site)
    inside = [
        g for g in genes.genes if g.chromosome == chromosome and g.start <= position + len(reference) - 1 and g.end >= position
    ]
    strands = [gene.strand for gene in inside] if with_genes else ["+", "-"]
    assert [(one.allele, one.strand) for one in placed.entries] == [(n, s) for n in range(len(alternatives)) for s in strands]
    for entry in placed.entries:
        alternative = alternatives[entry.allele]
        new = letters[: position - 1] + alternative + letters[position - 1 + len(reference) :]
        back = entry.change.sequence, entry.change.changed
        if entry.strand == "-":
            back = tuple(reverse_complement(one) for one in back)
        dna = [one.upper().replace("U", "T") for one in back]
        start, end = span(letters, position, reference, alternative)
        assert dna[0] == letters[start - 1 : end]
        assert dna[1] == new[start - 1 : end + len(new) - len(letters)]
        assert (entry.genes == (inside[0].name,)) if with_genes else entry.genes == ()


def shared(one, other):
    """Number of letters that both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def span(letters, position, reference, alternative):
    """First and last letter of the RNA around a change: 40 nt beyond the letters that differ."""
    behind = shared(reference[::-1], alternative[::-1])
    reference, alternative = reference[: len(reference) - behind], alternative[: len(alternative) - behind]
    before = shared(reference, alternative)
    first, last = position + before, position + len(reference) - 1
    return max(first - 40, 1), min(last + 40, len(letters))


def test_names_with_and_without_chr(toy, tmp_path):
    genome, _ = toy
    genome.names.translated.clear()
    bare = line_at("chr1", 50).replace("chr1", "1")
    placer = Placer(genome)
    assert [len(one.entries) for one in placer.place_all(sites_of(vcf(tmp_path, bare)))] == [2]
    assert "were matched, as 1 with chr1" in genome.names.note


def test_what_does_not_fit_is_named_and_the_rest_is_kept(toy, tmp_path):
    genome, _ = toy
    wrong = line_at("chr1", 70).split("\t")
    wrong[3] = next(letter for letter in "ACGT" if letter not in (wrong[3], wrong[4]))
    reference = CHROMOSOMES["chr1"][79]
    lines = [
        *(line_at("chr1", 50 + n) for n in range(3)),
        "\t".join(wrong),
        line_at("chr1", 60, 1, "<DEL>,*,A,C,G,T"),
        line_at("chr1", 80, 1, reference + "A" * LONGEST_CHANGE),
        "chr9\t5\t.\tA\tC",
        "chr1\t705\t.\tA\tC",
        "chr1 what",
        line_at("chr2", 90),
    ]
    placer = Placer(genome, "+")
    placed = list(placer.place_all(sites_of(vcf(tmp_path, *lines))))
    assert [len(one.entries) for one in placed] == [1, 1, 1, 0, 3, 0, 0, 0, 0, 1]
    counts = placer.left_out.counts
    assert counts == {
        "sites that do not fit the genome": 1,
        "alleles that are symbolic, missing or without a change": 3,
        "alleles that change too much": 1,
        "sites on chromosomes that the genome does not have": 1,
        "sites beyond the end of their chromosome": 1,
        "lines that cannot be read": 1,
    }
    assert f"line 6: at chr1:70 the genome has {CHROMOSOMES['chr1'][69]}, not {wrong[3]}" in next(placer.left_out.sentences())


def test_another_genome_is_refused_before_all_is_read(toy, tmp_path):
    genome, _ = toy
    wrong = []
    for position in range(50, 300):
        fields = line_at("chr1", position).split("\t")
        wrong.append("\t".join([*fields[:3], fields[4], fields[3]]))
    placer = Placer(genome)
    with pytest.raises(DataError, match=r"20 of 20 variants do not fit genome\.fa \(line 3: at chr1:50 the genome has .*called on"):
        list(placer.place_all(sites_of(vcf(tmp_path, *wrong))))
    with pytest.raises(DataError, match="1 of 1 variants do not fit"):
        list(Placer(genome).place_all(sites_of(vcf(tmp_path, wrong[0]))))


def test_genes_choose_the_strand(toy, tmp_path):
    genome, genes = toy
    placer = Placer(genome, genes=genes)
    lines = [line_at("chr1", 50), line_at("chr1", 150), line_at("chr2", 150)]
    placed = list(placer.place_all(sites_of(vcf(tmp_path, *lines))))
    assert [[(e.strand, e.genes) for e in one.entries] for one in placed] == [[], [("+", ("PLUS",))], [("-", ("MINUS",))]]
    assert placer.left_out.counts == {"sites in no gene of the GTF": 1}
    assert placed[2].entries[0].change.sequence == as_rna(reverse_complement(CHROMOSOMES["chr2"][109:190]))


def test_nothing_that_can_be_used_is_an_error(toy, tmp_path):
    genome, genes = toy
    with pytest.raises(DataError, match="none of the variants can be used: sites in no gene of the GTF left out: 1"):
        list(Placer(genome, genes=genes).place_all(sites_of(vcf(tmp_path, line_at("chr1", 5)))))
