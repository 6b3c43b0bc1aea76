"""`./rbind table` and the columns of `./rbind train --table`."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from rbind_core.cli import main
from rbind_core.training import from_table
from tests.cli.test_cli import Outcome, assert_one_line_error
from tests.runs.conftest import table_text

KEYS = ["sequence_column", "score_column", "rows", "used", "distinct", "clusters", "left_out", "notes"]


@pytest.fixture
def run(capsys):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(list(map(str, args)), prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def file(tmp_path):
    """Each of 600 RNAs twice; `a` and `b` could be the score, one score is missing and one line holds an N."""
    path = tmp_path / "scores.tsv"
    lines = [line.split("\t") for line in table_text().decode().splitlines()[1:]]
    rows = [f"{sequence}\t{score}\t{-float(score)}" for sequence, score in lines * 2]
    path.write_text("\n".join(["rna\ta\tb", *rows, "ACGUACGUACGU\tNA\tNA", "ACGUACGUACNN\t1.5\t1.5"]))
    return path


def test_the_contract(run, file):
    result = run("table", file, "--score-column", "a", "--json").json
    assert list(result) == KEYS
    assert {key: result[key] for key in KEYS[:5]} == {
        "sequence_column": "rna",
        "score_column": "a",
        "rows": 1202,
        "used": 1200,
        "distinct": 600,
    }
    assert 590 <= result["clusters"] <= 600
    assert result["left_out"] == [
        {"line": 1202, "reason": "the score is missing", "count": 1},
        {"line": 1203, "reason": "N: not one of A, C, G, U", "count": 1},
    ]
    assert "600 of 1,200 rows repeat an RNA; all rows of an RNA go to one part" in result["notes"]


def test_the_same_in_words(run, file):
    outcome = run("table", file, "--score-column", 3)
    assert outcome.out.splitlines()[:3] == ["sequences\tcolumn 1 (rna)", "scores\tcolumn 3 (b)", "rows\t1,202, 1,200 used"]
    assert "note: 1 of 1,202 lines left out, first line 1202: the score is missing" in outcome.err


def test_columns_without_names_have_numbers(run, tmp_path):
    path = tmp_path / "scores.txt"
    path.write_bytes(b"\n".join(table_text().splitlines()[1:]))
    result = run("table", path, "--json").json
    assert (result["sequence_column"], result["score_column"]) == (1, 2)


def test_few_lines_are_shown_too(run, tmp_path):
    path = tmp_path / "scores.txt"
    path.write_text("ACGUACGUACGU\t1\nACGUACGGGCGU\t2\n")
    result = run("table", path, "--json").json
    assert (result["rows"], result["distinct"]) == (2, 2)
    assert "2 usable lines; at least 500 are needed to train and test a model" in result["notes"]


@pytest.mark.parametrize("command", [("table",), ("train", "--name", "MINE", "--table")])
def test_where_the_column_is_not_clear_the_candidates_are_named_in_one_line(run, file, command):
    wanted = 'scores.tsv: the score could be in column "a" or "b"; choose one with --score-column'
    outcome = run(*command, file)
    assert_one_line_error(outcome, wanted)
    assert_one_line_error(run(*command, file, "--score-column", "c"), 'there is no column "c" for the score')
    assert_one_line_error(run(*command, file, "--sequence-column", "b"), "column 3 (b) does not hold sequences")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        (">a\nACGUACGUACGU\n", "this is FASTA"),
        ("ACGUACG\t1\nACGUACC\t2\n" * 300, "the sequences are 7 nt; 8 to 41 are needed"),
        (
            "\n".join(f"ACGUACGUACGU\t{n % 7}.5" for n in range(600)),
            "all 600 sequences are ACGUACGUACGU; there is",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(run, tmp_path, content, message):
    path = tmp_path / "scores.txt"
    path.write_text(content)
    assert_one_line_error(run("table", path, "--json"), message)


def test_columns_go_with_a_table(run):
    assert_one_line_error(run("train", "--all", "--score-column", "a"), "--sequence-column and --score-column go with --table")


def test_training_says_what_it_reads_and_how_alike_the_rnas_are(run, file, tmp_path, monkeypatch):
    monkeypatch.setattr(from_table, "FROM_SCRATCH", replace(from_table.FROM_SCRATCH, epochs=2))
    options = ("--name", "MINE", "--from", "scratch", "--out", tmp_path / "models", "--score-column", "b")
    outcome = run("train", "--table", file, *options)
    assert outcome.status == 0
    assert "note: sequences from column 1 (rna), scores from column 3 (b)" in outcome.err
    assert "1,200 usable rows, 600 different RNAs, " in outcome.err
    assert "no RNA of the test part has a near copy in the training part" in outcome.err
    assert "on 120 held-out probes; 95 % CI " in outcome.out
    assert "from 60 clusters of near copies" in outcome.out
    card = json.loads((tmp_path / "models" / "MINE" / "card.json").read_text())
    said = card["training"]["table"]
    assert (said["sequence_column"], said["score_column"]) == ("rna", "b")
    assert (said["rows"], said["used"], said["distinct"], said["test_near_copies"]) == (1202, 1200, 600, 0)
    assert (said["split_by"], said["test_units"]) == ("cluster", 60)
    assert np.isfinite(card["metrics"]["pearson_test"])
