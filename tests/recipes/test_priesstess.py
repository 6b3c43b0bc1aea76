"""The benchmark's files are read as they are named, and ranks are those of proteins: on made-up sets, never on the real ones."""

import csv
import gzip
import math

import pytest

from rbind_core.errors import DataError
from recipes.priesstess import SEQUENCES, main, measure, rank_of, sets_in, summary, wanted_experiments
from tests.motif_panel import FLY, PROTEINS, RBFOX1, install_motif_panels, motif_network, random_rna


def write_set(folder, name, motif, ending, count=60):
    for side in ("positive", "negative"):
        rnas = [random_rna(70, 2 * seed + (side == "negative")) for seed in range(count)]
        if side == "positive":
            rnas = [rna[:30] + motif + rna[30 + len(motif) :] for rna in rnas]
        with gzip.open(folder / f"{name}_{side}_{ending}.txt.gz", "wt") as file:
            file.write("\n".join(rnas) + "\n")


@pytest.fixture
def benchmark(tmp_path):
    folder = tmp_path / "priesstess"
    for kind in ("invitro", "clip"):
        (folder / kind).mkdir(parents=True)
    (folder / "Experiment.Info.csv").write_text(
        "Exp.UID,Exp.type,Gene.ID,Species,Gene.name\nE1,SELEX,x,h,RBFOX1\nE2,RBNS,x,h,NOVA1\n"
    )
    table = "\ufeffCLIP.UID,CLIP.Type,Gene.ID,Species,Gene.Name\r\nC1,eCLIP,x,h,RBFOX2\r\nC2,eCLIP,x,h,Snrpa\r\n"
    (folder / "CLIP.Experiment.Info.csv").write_bytes(table.encode())
    write_set(folder / "invitro", "E1", "UGCAUG", "testset")
    write_set(folder / "invitro", "E2", "", "testset")
    write_set(folder / "clip", "C1", "UGCAUG", "clip_set")
    write_set(folder / "clip", "C2", "GGACAA", "clip_set")
    return folder


def test_sets_are_found_with_their_genes(benchmark):
    found = list(sets_in(benchmark))
    assert [(one.kind, one.name, one.assay, one.gene) for one in found] == [
        ("invitro", "E1", "SELEX", "RBFOX1"),
        ("invitro", "E2", "RBNS", "NOVA1"),
        ("clip", "C1", "eCLIP", "RBFOX2"),
        ("clip", "C2", "eCLIP", "Snrpa"),
    ]


def test_paralogues_are_listed_beforehand():
    counts, wanted = wanted_experiments("RBFOX1")
    assert counts
    assert RBFOX1 in wanted
    assert wanted_experiments("RBFOX2") == (False, wanted)
    assert wanted_experiments("NOVA1") == (False, frozenset())
    assert wanted_experiments("Vts1")[0]


def test_ranks_are_those_of_proteins(benchmark):
    one, nothing, relative, another = (measure(each, motif_network(), PROTEINS) for each in sets_in(benchmark))
    assert (one.rank, one.counts, one.positives, one.negatives) == (1, True, 60, 60)
    assert one.own.endswith(RBFOX1)
    assert one.own_low < one.own_auroc < one.own_high
    assert (nothing.rank, nothing.wanted) == (0, "")
    assert math.isnan(nothing.own_auroc)
    assert (relative.rank, relative.counts) == (1, False)
    assert another.rank > 1
    assert another.best.endswith(FLY)
    text = summary([one, nothing, relative, another])
    assert "both: among the first 3 in" in text
    assert "of 2, first in 1 (wanted 60% and 40%)" in text
    assert text.endswith("relatives alone: RBFOX2 1")


def test_experiments_of_one_protein_share_a_rank():
    class Row:
        def __init__(self, experiment):
            self.experiment = experiment

    class Explained:
        rows = tuple(map(Row, ("RNCMPT00032", "RNCMPT00112", "RNCMPT00136", "RNCMPT00015", RBFOX1)))  # HuR, three times

    rank, of = rank_of(Explained(), frozenset({RBFOX1}))
    assert (rank, of) == (3, 3)
    assert rank_of(Explained(), frozenset()) == (0, 3)


def test_the_table_is_written(benchmark, tmp_path, monkeypatch, capsys):
    install_motif_panels(tmp_path / "installed", monkeypatch)
    monkeypatch.setenv("RBIND_DATA_DIR", str(tmp_path))
    main(tmp_path / "table.tsv")
    with (tmp_path / "table.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [(row["name"], row["gene"], row["rank"]) for row in rows[:2]] == [("E1", "RBFOX1", "1"), ("E2", "NOVA1", "0")]
    assert rows[0]["own"] == f"RBFOX1 {RBFOX1}"
    assert "first in 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("Experiment.Info.csv", "cannot be read.*RBIND_DATA_DIR"),
        ("invitro/E1_negative_testset.txt.gz", "there is no E1_negative_testset"),
    ],
)
def test_what_is_missing_is_named(benchmark, missing, message):
    (benchmark / missing).unlink()
    with pytest.raises(DataError, match=message):
        list(sets_in(benchmark))


def test_a_set_without_a_line_is_named(benchmark):
    write_set(benchmark / "clip", "C9", "", "clip_set", 2)
    with pytest.raises(DataError, match="has no experiment C9"):
        list(sets_in(benchmark))


def test_only_the_first_thousand_are_read(benchmark):
    write_set(benchmark / "invitro", "E1", "UGCAUG", "testset", SEQUENCES + 20)
    one = next(sets_in(benchmark))

    class Silent:
        def scorer(self):
            return self

        def predict_all(self, codes):
            return codes[:, : len(PROTEINS)].astype("float32")

    found = measure(one, Silent(), PROTEINS)
    assert (found.positives, found.negatives) == (SEQUENCES, SEQUENCES)
