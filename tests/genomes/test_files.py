"""Genomes, peaks, genes and sequences in files, good and bad."""

import gzip
import subprocess
import sys

import pytest

from rbind_core.errors import DataError, SequenceError
from rbind_core.genomes.bed import peaks_of
from rbind_core.genomes.fasta import records_of
from rbind_core.genomes.genome import ChromosomeNames, Genome, as_rna, reverse_complement
from rbind_core.genomes.gtf import read_genes, read_transcripts
from rbind_core.genomes.lines import lines_of
from rbind_core.genomes.tally import Tally
from rbind_core.genomes.vcf import header_of, sites_of
from tests.genomes.toy_genome import CHROMOSOMES, KINDS, MINUS, PLUS, gtf_lines, write_genome, write_gtf, write_packed

pytest.importorskip("pyfaidx", reason="pyfaidx is not installed")


@pytest.fixture
def genome(tmp_path):
    with Genome(write_genome(tmp_path)) as opened:
        yield opened


def peaks(tmp_path, genome, text, flank=0, kind="plain"):
    left_out, changed = Tally(), Tally()
    found = list(peaks_of(write_packed(tmp_path / "peaks.bed", text, kind), genome, flank, left_out, changed))
    return found, left_out, changed


@pytest.mark.parametrize("kind", KINDS)
def test_lines_are_the_same_however_they_are_packed(tmp_path, kind):
    text = "".join(f"line {n} {'x' * 70}\n" for n in range(3000))  # several blocks
    path = write_packed(tmp_path / "text", text, kind)
    assert [line for _, line in lines_of(path)] == text.splitlines()
    assert [number for number, _ in lines_of(path)] == list(range(1, 3001))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"a\n" * 9000)[:-12], "text is damaged or not complete"),
        (b"BCF\2\2\0", "text is a BCF file; give it as VCF"),
        (gzip.compress(b"BAM\1\0\0"), "text is a BAM file"),
        (b"PK\3\4\0\0", "text is not a text file"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, content, message):
    (tmp_path / "text").write_bytes(content)
    with pytest.raises(DataError, match=message):
        list(lines_of(tmp_path / "text"))
    with pytest.raises(DataError, match="nothing cannot be read"):
        list(lines_of(tmp_path / "nothing"))


@pytest.mark.parametrize(("kind", "newline"), [("plain", "\n"), ("plain", "\r\n"), ("gzip", "\n"), ("bgzip", "\n")])
def test_a_genome_is_read_at_any_place(tmp_path, kind, newline):
    path = write_genome(tmp_path, newline=newline)
    if kind != "plain":
        path = write_packed(tmp_path / "genome.fa.gz", path.read_text(), kind)
    with Genome(path) as genome:
        assert genome.lengths == {"chr1": 700, "chr2": 530}
        assert bool(genome.notes) == (kind != "plain")
        for start, end in ((1, 1), (60, 61), (1, 700), (690, 800), (-5, 3), (701, 705)):
            assert genome.fetch("chr1", start, end) == CHROMOSOMES["chr1"][max(start, 1) - 1 : end]


def test_a_genome_in_a_folder_that_cannot_be_written_or_that_is_none(tmp_path):
    (tmp_path / "bad.fa").write_text("no header\nACGT\n")
    for name in ("bad.fa", "missing.fa"):
        with pytest.raises(DataError, match=r"cannot be read|has no chromosome"):
            Genome(tmp_path / name)


def test_chromosomes_are_found_with_chr_and_without():
    names = ChromosomeNames(["1", "X", "MT", "chrUn_1"])
    assert [names.find(one) for one in ("chr1", "1", "chrM", "M", "chrX", "Un_1", "chr7")] == [
        "1",
        "1",
        "MT",
        "MT",
        "X",
        "chrUn_1",
        None,
    ]
    assert "were matched, as chr1 with 1" in names.note
    assert ChromosomeNames(["1"]).note is None


def test_the_other_strand():
    assert reverse_complement("AACGNRtu") == "aaYNCGTT"
    assert as_rna("acgTN") == "ACGUN"


@pytest.mark.parametrize("kind", KINDS)
def test_peaks_are_read_from_their_strand(tmp_path, genome, kind):
    text = "track name=x\n# comment\nchr1\t99\t160\tone\t0\t+\n2\t99\t160\t.\t0\t-\nchr1 10 60\n"
    found, left_out, changed = peaks(tmp_path, genome, text, kind=kind)
    one, two = CHROMOSOMES["chr1"][99:160], CHROMOSOMES["chr2"][99:160]
    plain = CHROMOSOMES["chr1"][10:60]
    assert found == [("one", as_rna(one)), ("2:100-160", as_rna(reverse_complement(two))), ("chr1:11-60", as_rna(plain))]
    assert left_out.total == 0
    assert next(changed.sentences("x")) == "peaks without a strand, read from the forward one x: 1 (line 5: chr1:11-60)"


def test_flanks_and_short_peaks(tmp_path, genome):
    found, _, changed = peaks(tmp_path, genome, "chr1\t300\t301\ta\t0\t+\nchr1\t300\t301\ta\t0\t-\n")
    letters = CHROMOSOMES["chr1"][280:321]
    assert [rna for _, rna in found] == [as_rna(letters), as_rna(reverse_complement(letters))]
    assert changed.counts["peaks shorter than the models' window of 41 nt and widened to it"] == 2
    found, _, changed = peaks(tmp_path, genome, "chr1\t300\t301\ta\t0\t+\n", flank=50)
    assert found[0][1] == as_rna(CHROMOSOMES["chr1"][250:351])
    assert not changed.total


def test_peaks_that_do_not_fit_are_named_and_the_others_kept(tmp_path, genome):
    text = "chr1\t650\t900\ta\t0\t+\nchr1\t700\t800\nchr9\t1\t99\nchr1\tx\t9\nchr1\t50\t20\nchr1\t100\t200\tb\t0\t+\n"
    found, left_out, changed = peaks(tmp_path, genome, text)
    assert [len(rna) for _, rna in found] == [50, 100]
    assert changed.counts["peaks that reach beyond the end of their chromosome and are cut there"] == 1
    assert [one["line"] for one in left_out.lines] == [2, 3, 4, 5]
    [sentence] = left_out.sentences()
    assert "lines left out: 4 (line 2: chr1:701-800 lies beyond the end of chr1 (700 nt); line 3" in sentence
    assert sentence.endswith("and 1 more)")


@pytest.mark.parametrize("text", ["", "# nothing\n", "chr7\t1\t2\n", "ACGUACGUACGU\n"])
def test_no_peak_at_all_is_an_error(tmp_path, genome, text):
    with pytest.raises(DataError, match=r"peaks\.bed has no peak that can be used"):
        peaks(tmp_path, genome, text)


def test_genes_and_transcripts(tmp_path):
    path = write_gtf(tmp_path)
    genes = read_genes(path)
    assert [(g.name, g.chromosome, g.start, g.end, g.strand) for g in genes.genes] == [
        ("PLUS", "chr1", 101, 470, "+"),
        ("MINUS", "chr2", 51, 430, "-"),
    ]
    assert [g.name for g in genes.over("chr1", 60, 101)] == ["PLUS"]
    assert genes.over("chr1", 60, 100) == genes.over("chr2", 431, 900) == genes.over("chr3", 1, 9) == []
    found = read_transcripts(path, ["ENST01", "ENST02.1", "ENST02.7", "ENST09"])
    assert sorted(found) == ["ENST01", "ENST02.1"]
    for name, (_, gene, chromosome, strand, exons, coding) in (("ENST01", PLUS), ("ENST02.1", MINUS)):
        one = found[name]
        assert (one.gene, one.chromosome, one.strand, one.exons, one.coding) == (gene, chromosome, strand, exons, coding)


@pytest.mark.parametrize("which", [PLUS, MINUS])
def test_positions_of_a_transcript_go_to_the_genome_and_back(tmp_path, which):
    one = read_transcripts(write_gtf(tmp_path), [which[0]])[which[0]]
    letters = CHROMOSOMES[one.chromosome]
    spliced = "".join(letters[start - 1 : end] for start, end in one.exons)
    if one.strand == "-":
        spliced = reverse_complement(spliced)
    for position in range(1, one.length + 1):
        place = one.on_genome(position)
        assert one.in_transcript(place) == position
        there = letters[place - 1]
        assert spliced[position - 1] == (there if one.strand == "+" else reverse_complement(there))
    assert one.in_transcript(one.exons[0][1] + 1) is None
    for wrong in (0, one.length + 1):
        with pytest.raises(DataError, match="so there is no position"):
            one.on_genome(wrong)


def test_what_is_no_gtf_is_refused(tmp_path):
    (tmp_path / "genes.gtf").write_text("chr1\t1\t2\n")
    with pytest.raises(DataError, match=r"genes\.gtf, line 1: 'chr1 1 2' is not GTF"):
        read_genes(tmp_path / "genes.gtf")
    (tmp_path / "genes.gtf").write_text(gtf_lines()[0] + "\n")
    with pytest.raises(DataError, match="has no gene with a strand"):
        read_genes(tmp_path / "genes.gtf")


@pytest.mark.parametrize("kind", KINDS)
def test_a_vcf_is_read_line_by_line(tmp_path, kind):
    text = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n1\t5\trs1\ta\tc,<DEL>,*,T\t.\n1\tx\t.\tA\tC\n1\t9\t.\tN\t.\n"
    path = write_packed(tmp_path / "a.vcf", text, kind)
    assert header_of(path) == text.splitlines()[:2]
    one, two, three = sites_of(path)
    assert (one.number, one.chromosome, one.position, one.name, one.reference) == (3, "1", 5, "rs1", "A")
    assert [(a.text, bool(a.problem)) for a in one.alleles] == [("C", False), ("<DEL>", True), ("*", True), ("T", False)]
    assert "is not VCF" in two.problem
    assert "REF 'N' is not of the letters" in three.problem


def test_an_empty_vcf_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"a\.vcf has no variants"):
        list(sites_of(write_packed(tmp_path / "a.vcf", "##fileformat=VCFv4.2\n", "plain")))


@pytest.mark.parametrize("kind", KINDS)
def test_sequences_are_read_one_at_a_time(tmp_path, kind):
    text = f">one a\nACGTacgtACGT\nACGU\n\n>two\n{'ACGN' * 5}\n>protein\nMKVLAAGIVGLPEFWQ\n"
    text += ">short\nACGU\n>empty\n>gap\nACGU-ACGUACGUA\n"
    left_out = Tally()
    found = list(records_of(write_packed(tmp_path / "a.fa", text, kind), left_out))
    assert [(one.name, one.sequence) for one in found] == [("one a", "ACGUACGUACGUACGU"), ("two", "ACGN" * 5)]
    assert [one["line"] for one in left_out.lines] == [7, 9, 11, 12]
    assert "looks like a protein" in left_out.lines[0]["reason"]
    lines = write_packed(tmp_path / "a.txt", "ACGUACGUACGU\nacgtacgtacgt\n", kind)
    assert [one.sequence for one in records_of(lines, left_out)] == ["ACGUACGUACGU"] * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"a\.fa has no sequences"),
        (">p\nMKVLAAGIVGLPEFWQ\n", "has no sequence that can be used: sequences that cannot be used: 1 .*looks like a protein"),
        ("##fileformat=VCFv4.2\n", "this looks like a VCF file"),
        ("chr1\t100\t200\tx\t0\t+\n", "this looks like a BED file"),
        (f">long\n{'ACGU' * 30_000}\n", "long is longer than 100,000 nt"),
    ],
)
def test_files_without_a_usable_sequence_are_refused(tmp_path, text, message):
    (tmp_path / "a.fa").write_text(text)
    with pytest.raises(SequenceError, match=message):
        list(records_of(tmp_path / "a.fa", Tally()))


def test_a_tally_stays_small():
    tally = Tally()
    for number in range(5000):
        tally.add("lines", number, "x")
    assert (tally.total, len(tally.lines)) == (5000, 1000)


def test_the_command_line_starts_without_the_library_of_genomes():
    code = "import sys, rbind_core.cli, rbind_core.genomes.genome; sys.exit('pyfaidx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
