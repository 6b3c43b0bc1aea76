"""`./rbind slide`: best windows of long RNAs."""

import sys

import pytest

from rbind_core.analyses.mutation_map import mutation_map
from rbind_core.analyses.sliding import best_sites, slide
from rbind_core.cli import main
from rbind_core.data.example_rna import designed_rna
from rbind_core.model.registry import find_model, load_predictor
from tests.cli.test_cli import Outcome, assert_one_line_error

RNA = designed_rna("UGCAUG")[:200]


@pytest.fixture
def run(capsys, toy_models):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(["slide", *map(str, args)], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def sites(toy_models):
    return best_sites(slide(load_predictor(find_model("TOYBP")), RNA), 3)


def test_the_contract(run, sites):
    result = run("--rbp", "TOYBP", "--seq", RNA, "--top", 3, "--json").json
    assert result["experiments"] == ["TOY00001"]
    (record,) = result["records"]
    assert (record["name"], record["length"], record["windows"]) == ("RNA 1", 200, 160)
    assert [(b["start"], b["end"], b["sequence"]) for b in record["best"]] == [(s.start, s.end, s.sequence) for s in sites]
    assert [b["score"] for b in record["best"]] == pytest.approx([s.score for s in sites], abs=1e-5)
    assert record["best"][0]["percentile"] == pytest.approx(sites[0].percentile)


def test_a_file_of_many_and_a_second_model(run, tmp_path):
    (tmp_path / "x.fa").write_text(f">one\n{RNA}\n>two\n{RNA[::-1]}\n>short\nACG\n>unknown\n{'N' * 60}\n")
    outcome = run("--rbp", "TOYBP", "--rbp", "TOY00001", "--fasta", tmp_path / "x.fa", "--stride", 7, "--json")
    assert [record["name"] for record in outcome.json["records"]] == ["one", "two", "unknown"]
    assert outcome.json["records"][2]["best"] == []
    assert outcome.json["stride"] == 7
    for best in outcome.json["records"][0]["best"]:
        assert best["scores"] == pytest.approx([best["score"]] * 2, abs=1e-5)
    assert "note: 1 of 4 sequences are shorter than 11 nt and are left out." in outcome.err


def test_as_text_it_says_the_same(run, sites):
    lines = run("--rbp", "TOYBP", "--seq", RNA.lower().replace("u", "t"), "--top", 2).out.splitlines()
    assert lines[0] == "# RNA 1, 200 nt, 160 windows; z-score of log intensity"
    assert lines[1].split("\t") == ["rank", "start", "end", "sequence", "TOYBP (TOY00001)", "percentile"]
    assert lines[2].split("\t")[:4] == ["1", str(sites[0].start), str(sites[0].end), sites[0].sequence]
    assert len(lines) == 4


def test_all_mutations_on_demand(run):
    (record,) = run("--rbp", "TOYBP", "--seq", RNA, "--mutations", "--json").json["records"]
    expected = mutation_map(load_predictor(find_model("TOYBP")), RNA).effects
    assert len(record["mutations"]) == 200
    assert record["mutations"][100] == pytest.approx(expected[100].tolist(), abs=1e-4)


def test_where_somebody_looks_a_long_run_shows_its_progress(run, monkeypatch):
    monkeypatch.setattr("rbind_core.cli.slide._WORTH_A_WORD", 100)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    outcome = run("--rbp", "TOYBP", "--seq", RNA, "--json")
    assert outcome.json["records"]
    assert "Scoring windows" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--rbp"),
        (["--rbp", "TOYBP"], "give either --seq or --fasta"),
        (["--rbp", "TOYBP", "--seq", RNA, "--fasta", "x.fa"], "give either --seq or --fasta"),
        (["--rbp", "TOYBP"] * 3 + ["--seq", RNA], "allowed are one or two"),
        (["--rbp", "NOBODY", "--seq", RNA], "'NOBODY' is not a known RBP"),
        (["--rbp", "TOYBP", "--seq", "MKVLAAGIEFMKVL"], "looks like a protein"),
        (["--rbp", "TOYBP", "--seq", ""], "there is no sequence here"),
        (["--rbp", "TOYBP", "--seq", "ACGU"], "4 nt long"),
        (["--rbp", "TOYBP", "--seq", "A" * 100_001], "100001 nt long; allowed are 11-100000 nt"),
        (["--rbp", "TOYBP", "--seq", RNA, "--stride", "0"], "--stride"),
        (["--rbp", "TOYBP", "--seq", RNA, "--mutations"], "--mutations needs --json"),
        (["--rbp", "TOYBP", "--fasta", "nowhere.fa"], "nowhere.fa cannot be read"),
    ],
)
def test_errors_are_one_line(run, arguments, says):
    assert_one_line_error(run(*arguments), says)


def test_columns_are_named_rnas_or_refused(run, tmp_path):
    (tmp_path / "x.tsv").write_text(f"one\t{RNA}\nCAT\t{RNA[::-1]}\t\n")
    result = run("--rbp", "TOYBP", "--fasta", tmp_path / "x.tsv", "--json").json
    assert [(record["name"], record["length"]) for record in result["records"]] == [("one", 200), ("CAT", 200)]
    assert result["notes"] == ["Of the columns of a line, the RNA and its name were read."]
    (tmp_path / "x.tsv").write_text(f"{RNA[:20]}\t{RNA[20:40]}\n" * 2)
    assert_one_line_error(run("--rbp", "TOYBP", "--fasta", tmp_path / "x.tsv"), "line 1: columns 1 and 2 both hold RNA letters")
