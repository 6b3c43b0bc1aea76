"""`./rbind who` for peaks and variants, and `./rbind variants --all`, against panels that count motifs."""

import builtins

import pyarrow.parquet as pq
import pytest

from rbind_core.cli import main
from rbind_core.genomes.genome import reverse_complement
from tests.cli.test_cli import Outcome, assert_one_line_error
from tests.genomes.toy_genome import CHROMOSOMES, KINDS, MINUS, PLUS, write_genome, write_gtf, write_packed
from tests.motif_panel import MOTIFS, RBFOX1, install_motif_panels, random_rna

pytest.importorskip("pyfaidx", reason="pyfaidx is not installed")
SITE = random_rna(30, 0, "AC") + "UGCAUG" + random_rna(30, 1, "AC")


@pytest.fixture(autouse=True)
def panels(tmp_path_factory, monkeypatch):
    return install_motif_panels(tmp_path_factory.mktemp("installed"), monkeypatch, {RBFOX1: -1})


@pytest.fixture
def rbind(capsys):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main([str(arg) for arg in args], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


def fasta(path, sequences, kind="plain"):
    return write_packed(path, "".join(f">s{n}\n{one}\n" for n, one in enumerate(sequences)), kind)


def with_sites(n, motif="UGCAUG"):
    return [(rna := random_rna(60, seed))[:25] + motif + rna[25 + len(motif) :] for seed in range(n)]


def variant(chromosome, position, letters=1, alternative=None):
    reference = CHROMOSOMES[chromosome][position - 1 : position - 1 + letters]
    return (
        f"{chromosome}\t{position}\trs{position}\t{reference}\t{alternative or ('A' if reference[0] != 'A' else 'C')}\t.\t.\tDP=1"
    )


def vcf(path, *lines, kind="plain"):
    text = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + "".join(f"{line}\n" for line in lines)
    return write_packed(path, text, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_peaks_have_the_json_of_the_contract(rbind, tmp_path, kind):
    outcome = rbind("who", "--fasta", fasta(tmp_path / "peaks.fa", with_sites(60), kind), "--json")
    result = outcome.json
    first = result["proteins"][0]
    assert {"protein", "experiment", "grade", "family", "auroc", "ci95", "enrichment"} <= set(first)
    assert (first["experiment"], first["protein"], first["grade"]) == (RBFOX1, "RBFOX1", "A")
    assert first["ci95"][0] <= first["auroc"] <= first["ci95"][1]
    assert set(result["baseline"]) == {"base", "more", "auroc", "ci95"}
    assert (result["positives"], result["negatives"], result["background"]) == (60, 60, "shuffles")
    assert [row["auroc"] for row in result["proteins"]] == sorted((row["auroc"] for row in result["proteins"]), reverse=True)
    assert result["says"].startswith("RBFOX1 tells them apart best")


def test_text_ranks_and_shows_the_baseline(rbind, tmp_path):
    outcome = rbind(
        "who", "--fasta", fasta(tmp_path / "a.fa", with_sites(60)), "--complement", "--top", 2, "--networks", "committee"
    )
    lines = outcome.out.splitlines()
    assert lines[0].startswith("# RBFOX1 tells them apart best")
    assert [line.split("\t")[0] for line in lines[2:]][1] == "RBFOX1"
    assert lines[2].startswith("(baseline: ")
    assert len(lines) == 5


def test_a_background_file_and_sequences_that_are_left_out(rbind, tmp_path):
    positive = write_packed(
        tmp_path / "a.fa", "".join(f">s\n{one}\n" for one in with_sites(40)) + ">p\nMKVLAAGIVGLPEFWQ\n", "plain"
    )
    against = fasta(tmp_path / "b.fa", [random_rna(60, seed) for seed in range(500, 540)])
    outcome = rbind("who", "--fasta", positive, "--against", against, "--json")
    assert (outcome.json["background"], outcome.json["positives"], outcome.json["negatives"]) == ("file", 40, 40)
    assert outcome.json["proteins"][0]["experiment"] == RBFOX1
    assert "sequences left out: 1 (line 81: MKVLAAGIVGLPEFWQ looks like a protein" in outcome.err


@pytest.mark.parametrize("kind", KINDS)
def test_peaks_in_bed(rbind, tmp_path, kind):
    lines = [f"{1 + n % 2}\t{20 * n}\t{20 * n + 1}\tp{n}\t0\t{'+-'[n % 2]}" for n in range(1, 20)] + ["chr1\t900\t950"]
    bed = write_packed(tmp_path / "peaks.bed", "\n".join(lines) + "\n", kind)
    outcome = rbind("who", "--bed", bed, "--genome", write_genome(tmp_path), "--flank", 30, "--json")
    assert outcome.json["positives"] == 19
    assert "names of 2 chromosomes differ from the genome's and were matched, as 2 with chr2" in outcome.err
    assert "lines left out: 1 (line 20: chr1:901-950 lies beyond the end of chr1 (700 nt))" in outcome.err


def test_a_file_with_one_record_is_one_rna(rbind, tmp_path):
    one = rbind("who", "--fasta", fasta(tmp_path / "one.fa", [SITE]), "--json").json
    assert {"score", "percentile", "q", "site"} <= set(one["proteins"][0])
    assert "auroc" in rbind("who", "--fasta", fasta(tmp_path / "two.fa", [SITE, SITE[1:]]), "--json").json["proteins"][0]


@pytest.mark.parametrize("kind", KINDS)
def test_variants_of_a_genome_on_the_strands_of_genes(rbind, tmp_path, kind):
    lines = [variant("chr1", 150), variant("chr2", 150, 2, "AGG"), variant("chr1", 30)]
    path = vcf(tmp_path / "v.vcf", *lines, kind=kind)
    outcome = rbind("who", "--vcf", path, "--genome", write_genome(tmp_path), "--gtf", write_gtf(tmp_path), "--json", "--top", 1)
    result = outcome.json
    assert [(row["id"], row["strand"], row["gene"]) for row in result["proteins"]] == [
        ("rs150", "+", "PLUS"),
        ("rs150", "-", "MINUS"),
    ]
    assert (result["lines"], result["alleles"], result["models"], result["networks"]) == (3, 2, len(MOTIFS), 2)
    assert result["left_out"]["counts"] == {"sites in no gene of the GTF": 1}
    assert result["left_out"]["first"] == [{"line": 5, "reason": "chr1:30 is in no gene"}]


def test_files_of_effects(rbind, tmp_path):
    path = vcf(tmp_path / "v.vcf", variant("chr1", 150), variant("chr1", 160, 1, "<DUP>"))
    names = [tmp_path / name for name in ("o.vcf", "o.tsv", "o.parquet")]
    options = [option for name in names for option in ("--out", name)]
    outcome = rbind("who", "--vcf", path, "--genome", write_genome(tmp_path), "--strand", "-", *options)
    assert outcome.status == 0
    assert outcome.out.startswith("1 alleles of 2 lines, 6 proteins' models: ")
    table = pq.read_table(names[2]).to_pylist()
    assert len(table) == 5 == len(names[1].read_text().splitlines()) - 1
    assert {row["strand"] for row in table} == {"-"}
    assert "RBIND_LEFT_OUT=the_allele_<DUP>_is_symbolic" in names[0].read_text()
    assert "note: alleles that are symbolic, missing or without a change left out: 1 (line 4" in outcome.err


def test_changes_in_hgvs_are_those_of_the_vcf(rbind, tmp_path):
    there = CHROMOSOMES["chr2"][379]  # c.21 of MINUS, whose start codon is at 400
    rna = reverse_complement(there)
    other = "A" if rna != "A" else "C"
    table = tmp_path / "changes.txt"
    table.write_text(f"{MINUS[0]}:c.21{rna}>{other}\n{PLUS[0]}:c.9del\nnonsense\n")
    files = ["--genome", write_genome(tmp_path), "--gtf", write_gtf(tmp_path), "--json"]
    found = rbind("who", "--hgvs", table, *files).json
    assert found["left_out"]["counts"] == {"lines that cannot be read": 1}
    path = vcf(tmp_path / "v.vcf", variant("chr2", 380, 1, reverse_complement(other)))
    of_vcf = rbind("who", "--vcf", path, *files).json["proteins"]
    same = ("position", "ref", "alt", "strand", "gene", "protein", "difference")
    assert [[row[k] for k in same] for row in found["proteins"][:5]] == [[row[k] for k in same] for row in of_vcf]


def test_both_commands_say_the_same_of_one_variant(rbind):
    options = ["--seq", SITE, "--variant", "G32A", "--variant", "31_36del", "--json"]
    found = rbind("variants", "--all", *options).json
    assert rbind("who", *options).json == found
    assert [one["variant"] for one in found["variants"]] == ["G32A", "31_36del"]
    for one in found["variants"]:
        first = one["proteins"][0]
        assert first["experiment"] == RBFOX1
        assert first["difference"] == pytest.approx(-1, abs=1e-3)
        assert (first["agree"], first["networks"]) == (1, 2)
        assert 0 <= first["percentile"] < 10
        assert len(one["proteins"]) == 5


def test_a_table_of_variants_for_all_proteins(rbind, tmp_path):
    table = tmp_path / "t.txt"
    table.write_text("one,32,G,A\ntwo,32,A,G\n31_36del\n")
    outcome = rbind("variants", "--all", "--seq", SITE, "--table", table, "--top", 1)
    assert [line.split("\t")[0] for line in outcome.out.splitlines()[2:]] == ["one G32A", "31_36del"]
    assert "line 2 is left out" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of --seq, --fasta, --bed, --vcf and --hgvs"),
        (["--seq", SITE, "--vcf", "v.vcf"], "give one of"),
        (["--vcf", "v.vcf"], "--vcf and --hgvs need --genome"),
        (["--hgvs", "h", "--genome", "g.fa"], "--hgvs needs --gtf"),
        (["--vcf", "v.vcf", "--genome", "g.fa", "--gtf", "a", "--strand", "+"], "give either --gtf or --strand"),
        (["--vcf", "v.vcf", "--genome", "g.fa", "--stride", 3], "--stride has no meaning for variants of a genome"),
        (["--vcf", "no.vcf", "--genome", "g.fa"], "cannot be read (No such file or directory)"),
        (["--vcf", "v.vcf", "--genome", "no.fa"], "no.fa cannot be read (No such file or directory)"),
        (["--vcf", "v.vcf", "--genome", "g.fa", "--out", "o.txt"], "o.txt: a file of effects ends with"),
        (["--vcf", "other.vcf", "--genome", "g.fa"], "variants do not fit g.fa"),
        (["--bed", "p.bed"], "--bed needs --genome"),
        (["--bed", "empty.bed", "--genome", "g.fa"], "empty.bed has no peak that can be used: it is empty"),
        (["--fasta", "two.fa", "--against", "two.fa", "--shuffles"], "give one of --against, --shuffles and --complement"),
        (["--fasta", "two.fa", "--against", "empty.bed"], "empty.bed has no sequences"),
        (["--fasta", "proteins.fa"], "has no sequence that can be used"),
        (["--fasta", "one.fa", "--shuffles"], "sequences with a window of known letters: 1; at least 2"),
        (["--fasta", "two.fa", "--gtf", "a"], "--gtf has no meaning for peaks"),
        (["--fasta", "two.fa", "--variant", "A1G"], "--variant needs --seq"),
        (["--fasta", "two.fa", "--scheduler", "nowhere"], "'nowhere' is not the address of a scheduler"),
        (["--seq", SITE, "--variant", "A32G"], "at position 32 the RNA has G, not A"),
        (["--seq", SITE, "--variant", "G32A", "--flank", 3], "--flank has no meaning for changes of one RNA"),
        (["--seq", SITE, "--percentiles"], "--percentiles has no meaning for one RNA"),
    ],
)
def test_a_wrong_value_is_answered_by_one_line(rbind, tmp_path, monkeypatch, arguments, message):
    write_genome(tmp_path, "g.fa")
    vcf(tmp_path / "v.vcf", variant("chr1", 150))
    reference = CHROMOSOMES["chr1"][149]
    vcf(tmp_path / "other.vcf", f"chr1\t150\t.\t{'A' if reference != 'A' else 'C'}\tG")
    (tmp_path / "empty.bed").write_text("")
    fasta(tmp_path / "two.fa", [SITE, SITE])
    fasta(tmp_path / "one.fa", [SITE])
    fasta(tmp_path / "proteins.fa", ["MKVLAAGIVGLPEFWQ"] * 2)
    monkeypatch.chdir(tmp_path)
    outcome = rbind("who", *arguments)
    assert outcome.status == 2
    assert message in outcome.err.splitlines()[-1]
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


def test_variants_needs_a_protein_or_all(rbind):
    assert_one_line_error(rbind("variants", "--seq", SITE, "--variant", "G32A"), "--rbp", "--all")
    assert_one_line_error(rbind("variants", "--all", "--rbp", "RBFOX1", "--seq", SITE, "--variant", "G32A"), "--rbp", "--all")


def test_without_the_library_of_genomes_it_says_how_to_get_it(rbind, tmp_path, monkeypatch):
    write = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "pyfaidx":
            raise ModuleNotFoundError("No module named 'pyfaidx'", name="pyfaidx")
        return write(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    outcome = rbind("who", "--vcf", vcf(tmp_path / "v.vcf", variant("chr1", 150)), "--genome", write_genome(tmp_path))
    assert outcome.status == 2
    assert "a genome needs the Python package pyfaidx, which is not installed here; '" in outcome.err
    assert "pip install pyfaidx' installs it" in outcome.err
