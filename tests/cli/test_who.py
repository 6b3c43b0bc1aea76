"""`./rbind who`: all proteins at one RNA."""

import pytest

from rbind_core.cli import main
from rbind_core.model.registry import list_models
from rbind_core.who.networks import open_networks
from rbind_core.who.ranking import who_binds
from tests.cli.test_cli import Outcome, assert_one_line_error
from tests.taught import FLY, HUR, install_taught_models
from tests.who.toys import random_rna

RNA = random_rna(120, 1)


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    install_taught_models(tmp_path / "pretrained", monkeypatch)

    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(["who", *map(str, args)], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


def test_the_contract(run):
    import numpy as np

    result = run("--seq", RNA, "--seed", 3, "--json").json
    expected = who_binds(RNA, open_networks(list_models()), np.random.default_rng(3))
    assert (result["sequence"], result["seed"], result["length"], result["windows"]) == (RNA, 3, 120, 80)
    assert result["networks"] == [f"panel-{n}" for n in range(1, 6)]
    assert [row["experiment"] for row in result["proteins"]] == [row.experiment for row in expected.rows]
    for row, same in zip(result["proteins"], expected.rows, strict=True):
        assert (row["protein"], row["grade"], row["family"]) == (same.protein, same.grade, same.family)
        assert [row[name] for name in ("score", "percentile", "q")] == pytest.approx([same.score, same.percentile, same.q])
        assert row["site"]["window"] == same.place.window == RNA[row["site"]["start"] - 1 : row["site"]["end"]]


def test_a_file_with_one_rna_gives_the_same(run, tmp_path):
    (tmp_path / "x.fa").write_text(f">mine\n{RNA.lower().replace('u', 't')}\n")
    result = run("--fasta", tmp_path / "x.fa", "--json").json
    assert result == run("--seq", RNA, "--json").json
    assert run("--fasta", tmp_path / "x.fa").out.startswith("# mine, 120 nt. ")


def test_as_text_it_is_a_table(run):
    lines = run("--seq", RNA).out.splitlines()
    assert lines[0].startswith("# RNA 1, 120 nt. ")
    header, *rows = [line.split("\t") for line in lines[1:]]
    assert header[:6] == ["protein", "experiment", "grade", "family", "score", "percentile"]
    assert {row[1] for row in rows} == {HUR, FLY}
    assert all(len(row) == len(header) for row in rows)
    assert len(run("--seq", RNA, "--top", 1).out.splitlines()) == 3


def test_notes_are_apart_from_the_result(run):
    outcome = run("--seq", f"{RNA}N{RNA}", "--json")
    assert outcome.json["windows"] == 160
    assert "note: 41 of 201 windows hold letters such as N and are left out." in outcome.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give one of --seq, --fasta, --bed, --vcf and --hgvs"),
        (["--seq", RNA, "--fasta", "x.fa"], "give one of --seq, --fasta, --bed, --vcf and --hgvs"),
        (["--seq", "MKVLAAGIEFMKVL"], "looks like a protein"),
        (["--seq", "ACGU"], "4 nt long"),
        (["--seq", "A" * 100_001], "allowed are 11-100000 nt"),
        (["--seq", "N" * 50], "every window of 41 nt holds a letter such as N"),
        (["--fasta", "nowhere.fa"], "nowhere.fa cannot be read"),
        (["--seq", RNA, "--top", "0"], "--top"),
        (["--seq", RNA, "--seed", "-1"], "--seed"),
    ],
)
def test_errors_are_one_line(run, arguments, says):
    outcome = run(*arguments)
    assert outcome.status == 2
    assert says in outcome.err
    assert "Traceback" not in outcome.err


def test_several_rnas_in_a_field_for_one_are_refused_in_a_sentence(run):
    assert_one_line_error(run("--seq", f">a\n{RNA}\n>b\n{RNA}\n"), "holds 2 sequences; give one RNA")


def test_without_panels_it_says_so(run, tmp_path):
    for file in (tmp_path / "pretrained" / "panels").iterdir():
        file.unlink()
    outcome = run("--seq", RNA)
    assert_one_line_error(outcome, "no network that scores all proteins can be read")
