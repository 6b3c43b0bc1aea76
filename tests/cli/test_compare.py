"""`./rbind compare`: correlations of scans and the 6-mers that each RBP prefers."""

import numpy as np
import pytest

from rbind_core.atlas.similar import compare_scans, specific_kmers
from rbind_core.cli import main
from rbind_core.model.registry import find_model
from tests.cli.test_cli import Outcome, assert_one_line_error
from tests.toy_scans import write_toy_atlas


@pytest.fixture
def atlas(monkeypatch, tmp_path):
    monkeypatch.setattr("rbind_core.system.paths.PRETRAINED", tmp_path)
    return write_toy_atlas(tmp_path / "atlas.parquet")


@pytest.fixture
def compare(capsys, atlas):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(["compare", *map(str, args)], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


def test_it_gives_correlations_and_specific_kmers(compare, atlas):
    result = compare("--rbp", "RBFOX1", "--rbp", "rncmpt00038", "--rbp", "HNRNPA1", "--top", 3, "--json").json
    models = [find_model(name) for name in ("RBFOX1", "MBNL1", "HNRNPA1")]
    expected = compare_scans(models, atlas)
    assert [(row["rbp"], row["experiment"], row["samples"], row["best"]) for row in result["rbps"]] == [
        ("RBFOX1", "RNCMPT00168", 200, "UGCAUG"),
        ("MBNL1", "RNCMPT00038", 200, "GCUUGC"),
        ("HNRNPA1", "RNCMPT00022", 200, "UAGGGA"),
    ]
    assert np.array(result["correlations"]) == pytest.approx(expected.correlations)
    assert (result["scale"], result["kmers"]) == ("z-score", 4096)
    for number, model in enumerate(models):
        rows = result["specific"][model.experiment]
        assert [row["kmer"] for row in rows] == [k.kmer for k in specific_kmers(expected, number, 3)]
    assert result["specific"]["RNCMPT00168"][0] == {
        "kmer": "UGCAUG",
        "advantage": pytest.approx(4),
        "global_importance": {
            m.experiment: pytest.approx(v) for m, v in zip(models, specific_kmers(expected, 0)[0].importances, strict=True)
        },
        "standard_error": {m.experiment: pytest.approx(0.05) for m in models},
    }


def test_shares_of_the_best_6_mer(compare):
    result = compare("--rbp", "RBFOX1", "--rbp", "MBNL1", "--share", "--json").json
    assert result["scale"] == "share of own best 6-mer"
    assert result["specific"]["RNCMPT00038"][0]["global_importance"]["RNCMPT00038"] == pytest.approx(1)


def test_as_text_it_says_the_same(compare):
    lines = compare("--rbp", "RBFOX1", "--rbp", "MBNL1", "--top", 1).out.splitlines()
    assert lines[0] == "# each at 18-23 in N = 200 background RNAs (profile), seed 0; z-score units"
    assert lines[2] == "\tRNCMPT00168\tRNCMPT00038"
    assert lines[3].startswith("RNCMPT00168\t1.000\t")
    assert lines[5] == "# specific to RBFOX1 (RNCMPT00168): global importance ± standard error"
    assert lines[7].startswith("UGCAUG\t4.000 ± 0.050\t")
    assert len(lines) == 11


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], ["--rbp"]),
        (["--rbp", "RBFOX1"], ["name 2 to 5 RBPs to compare, not 1"]),
        (["--rbp", "RBFOX1", "--rbp", "NOBODY"], ["'NOBODY' is not a known RBP"]),
        (["--rbp", "RBFOX1", "--rbp", "RNCMPT00168"], ["RBFOX1 (RNCMPT00168) is named twice"]),
        (["--rbp", "RBFOX1", "--rbp", "RBFOX1_PU"], ["RBFOX1 (RBFOX1_PU) cannot be compared", "folds every sequence"]),
        (["--rbp", "RBFOX1", "--rbp", "TARDBP"], ["TARDBP", "'./rbind atlas --rbp RNCMPT00076'"]),
        (["--rbp", "RBFOX1", "--rbp", "MBNL1", "--top", "0"], ["--top"]),
    ],
)
@pytest.mark.parametrize("json", [True, False])
def test_errors_are_one_line(compare, arguments, says, json):
    assert_one_line_error(compare(*arguments, *(["--json"] if json else [])), *says)
