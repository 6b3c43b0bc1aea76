"""Variants by the thousand: in their order, in all files alike, the same on a cluster, and in flat memory."""

import os
import signal
import threading

import numpy as np
import psutil
import pyarrow.parquet as pq
import pytest

from rbind_core.errors import DataError
from rbind_core.genomes.genome import Genome
from rbind_core.genomes.lines import lines_of
from rbind_core.genomes.vcf import header_of, sites_of
from rbind_core.who.placing import Placer
from rbind_core.who.scoring import COLUMNS, rows_of, scored_lines
from rbind_core.who.variants import Wanted
from rbind_core.who.writing import Outputs, kind_of
from tests.clusters import dask_cluster, wait_until
from tests.genomes.toy_genome import CHROMOSOMES, write_genome, write_packed
from tests.motif_panel import MOTIFS, PROTEINS, RBFOX1, motif_network

pytest.importorskip("pyfaidx", reason="pyfaidx is not installed")
HEADER = (
    '##fileformat=VCFv4.2\n##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tS\n'
)


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    with Genome(write_genome(tmp_path_factory.mktemp("genome"))) as opened:
        yield opened


def vcf_text(count):
    """Substitutions, insertions and deletions all over the genome, and some lines that are left out."""
    rng, lines = np.random.default_rng(0), []
    for number in range(count):
        chromosome = f"chr{number % 2 + 1}"
        position = int(rng.integers(2, 500))
        reference = CHROMOSOMES[chromosome][position - 1 : position - 1 + (1, 1, 3, 1)[number % 4]]
        other = "A" if reference[0] != "A" else "C"
        alternative = (other, f"{other},<DEL>", reference[0], reference + "TGCATG")[number % 4]
        lines.append(f"{chromosome}\t{position}\trs{number}\t{reference}\t{alternative}\t.\tPASS\tDP={number}\tx:y")
    return HEADER + "\n".join(lines) + "\n"


def scored(path, genome, networks=None, scheduler=None, wanted=None):
    networks = networks or [motif_network()]
    placed = Placer(genome, "+").place_all(sites_of(path))
    return scored_lines(placed, networks, len(MOTIFS), wanted or Wanted(2), scheduler)


def rows(lines):
    return [row for line in lines for row in rows_of(line, PROTEINS, 1)]


def test_every_line_comes_back_in_its_order(genome, tmp_path, monkeypatch):
    path = write_packed(tmp_path / "a.vcf", vcf_text(60), "plain")
    lines = list(scored(path, genome))
    assert [line.placed.site.name for line in lines] == [f"rs{n}" for n in range(60)]
    together = rows(lines)
    assert all(set(row) == set(COLUMNS) for row in together)
    inserted = [row for row in together if row["alt"].endswith("TGCATG")]
    assert len(inserted) == 30
    for first in inserted[::2]:
        assert first["protein"] == RBFOX1
        assert first["difference"] >= 1 - 1e-3
    monkeypatch.setattr("rbind_core.who.scoring.CHANGES", 7)
    assert [(row["id"], row["protein"]) for row in rows(scored(path, genome))] == [(row["id"], row["protein"]) for row in together]


def test_all_files_say_the_same(genome, tmp_path):
    path = write_packed(tmp_path / "a.vcf", vcf_text(40), "plain")
    names = ("out.vcf", "out.vcf.gz", "out.tsv", "out.tsv.gz", "out.parquet")
    with Outputs([tmp_path / name for name in names], header_of(path), True, PROTEINS, 1) as outputs:
        written = [row for line in scored(path, genome) for row in outputs.add(line)]
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["difference"] for row in table] == pytest.approx([row["difference"] for row in written], abs=1e-6)
    assert [{k: row[k] for k in ("id", "alt", "strand", "protein", "networks")} for row in table] == [
        {k: row[k] for k in ("id", "alt", "strand", "protein", "networks")} for row in written
    ]
    text = [line for _, line in lines_of(tmp_path / "out.tsv")]
    assert text == [line for _, line in lines_of(tmp_path / "out.tsv.gz")]
    assert text[0].split("\t") == list(COLUMNS)
    assert [line.split("\t")[7] for line in text[1:]] == [row["protein"] for row in written]
    vcf = [line for _, line in lines_of(tmp_path / "out.vcf")]
    assert vcf == [line for _, line in lines_of(tmp_path / "out.vcf.gz")]
    check_vcf(vcf, path.read_text().splitlines(), written)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([*names, "a.vcf"])


def check_vcf(vcf, original, written):
    """The lines as they were, with INFO fields added, which hold what the table holds."""
    assert [line for line in vcf if line not in original and not line.startswith("##INFO=<ID=RBIND")] != []
    assert [line for line in original if line.startswith("#") and line not in vcf] == []
    body, before = ([line.split("\t") for line in lines if not line.startswith("#")] for lines in (vcf, original))
    assert [fields[:7] + fields[8:] for fields in body] == [fields[:7] + fields[8:] for fields in before]
    found = []
    for fields, old in zip(body, before, strict=True):
        info = dict(one.split("=") for one in fields[7].split(";"))
        assert f"DP={info['DP']}" == old[7]
        assert ("RBIND_LEFT_OUT" in info) == ("<DEL>" in fields[4])
        entries = [one.split("|") for one in info["RBIND"].split(",")]
        found += [(entry[0], entry[3], float(entry[8])) for entry in entries]
        largest = [one for one in info["RBIND_DIFFERENCE"].split(",") if one != "."]
        assert len(info["RBIND_DIFFERENCE"].split(",")) == len(fields[4].split(","))
        assert max(map(float, largest), key=abs) == pytest.approx(max((float(e[8]) for e in entries), key=abs))
    assert [one[:2] for one in found] == [(row["alt"], row["protein"]) for row in written]
    assert [one[2] for one in found] == pytest.approx([row["difference"] for row in written], abs=1e-4)


def test_a_vcf_is_written_over_its_own_fields_once(genome, tmp_path):
    path = write_packed(tmp_path / "a.vcf", vcf_text(8), "plain")
    for source, target in (("a.vcf", "b.vcf"), ("b.vcf", "c.vcf")):
        with Outputs([tmp_path / target], header_of(tmp_path / source), True, PROTEINS, 1) as outputs:
            for line in scored(tmp_path / source, genome):
                outputs.add(line)
    assert (tmp_path / "b.vcf").read_text() == (tmp_path / "c.vcf").read_text()
    assert path.exists()


def test_nothing_is_left_behind_where_it_fails(genome, tmp_path):
    with pytest.raises(ZeroDivisionError), Outputs([tmp_path / "a.vcf", tmp_path / "a.parquet"], [], True, PROTEINS, 1):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    for name in ("a.txt", "a.bcf", "vcf"):
        with pytest.raises(DataError, match=r"ends with \.vcf, \.vcf\.gz, \.tsv, \.tsv\.gz or \.parquet"):
            kind_of(tmp_path / name)
    with pytest.raises(DataError, match=r"cannot be written"), Outputs([tmp_path / "no" / "a.vcf"], [], True, PROTEINS, 1):
        pass


def test_percentiles_are_there_if_asked_for(genome, tmp_path):
    path = write_packed(tmp_path / "a.vcf", vcf_text(4), "plain")
    placed = Placer(genome, "+", with_singles=True).place_all(sites_of(path))
    found = rows(scored_lines(placed, [motif_network()], len(MOTIFS), Wanted(1, True)))
    assert all(0 <= row["percentile"] <= 100 for row in found)
    without = rows(scored(path, genome, wanted=Wanted(1)))
    assert [row["percentile"] for row in without] == [None] * len(without)
    assert [row["difference"] for row in found] == pytest.approx([row["difference"] for row in without], abs=1e-3)


def test_a_cluster_that_loses_a_worker_gives_the_same_rows_bit_for_bit(genome, tmp_path, monkeypatch):
    monkeypatch.setattr("rbind_core.who.scoring.CHANGES", 10)
    path = write_packed(tmp_path / "a.vcf", vcf_text(240), "plain")
    networks = [motif_network(), motif_network({RBFOX1: -1})]
    here = rows(scored(path, genome, networks))
    there, arrived = [], []
    with dask_cluster(tmp_path, workers=2) as cluster:
        cluster.wait_for_scheduler()

        def kill_a_worker():
            wait_until(lambda: arrived)
            os.kill(cluster.processes[1].pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_a_worker)
        killer.start()
        for line in scored(path, genome, networks, cluster.address):
            there += rows_of(line, PROTEINS, 1)
            arrived.append(line)
        killer.join()
        assert cluster.processes[1].poll() is not None
    assert there == here


class Silent:
    def scorer(self):
        return self

    def predict_all(self, codes):
        return np.repeat(codes[:, 20:21].astype(np.float32), len(MOTIFS), axis=1)


def test_memory_stays_flat(genome, tmp_path):
    path = write_packed(tmp_path / "a.vcf", vcf_text(6000), "plain")
    process, used = psutil.Process(), []
    with Outputs([tmp_path / "o.parquet", tmp_path / "o.vcf"], header_of(path), True, PROTEINS, 1) as outputs:
        for line in scored(path, genome, [Silent()]):
            outputs.add(line)
            used.append(process.memory_info().rss)
    assert used[-1] - used[1500] < 20e6
