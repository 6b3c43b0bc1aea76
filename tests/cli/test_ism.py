"""`./rbind ism` with its views and methods, and `./rbind epistasis`, against one small model."""

import numpy as np
import pytest

from rbind_core.analyses.attribution import INTEGRATED, attribution
from rbind_core.analyses.epistasis import epistasis
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.cli import main
from rbind_core.model.registry import find_model, load_predictor
from tests.cli.test_cli import Outcome, assert_one_line_error

SEQUENCE = "GGAUCCUGCAUGAACC"
BASIC = ["--rbp", "TOYBP", "--seq", SEQUENCE]


@pytest.fixture
def rbind(capsys, toy_models):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(list(args), prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def predictor(toy_models):
    return load_predictor(find_model("TOYBP"))


@pytest.mark.parametrize("view", ["l2", "signed"])
def test_the_view_decides_the_heights_and_leaves_the_effects(rbind, predictor, view):
    result = rbind("ism", *BASIC, "--view", view, "--json").json
    expected = mutagenesis(predictor, SEQUENCE)
    assert np.array(result["scores"]) == pytest.approx(expected.effects, abs=1e-5)
    assert result["heights"] == pytest.approx(expected.heights_of(view).tolist(), abs=1e-5)
    assert (result["view"], result["method"]) == (view, "ism")


def test_gradients_come_beside_the_effects(rbind, predictor):
    result = rbind("ism", *BASIC, "--method", INTEGRATED, "--json").json
    expected, effects = attribution(predictor.network, SEQUENCE, INTEGRATED), mutagenesis(predictor, SEQUENCE)
    assert result["sequence"] == SEQUENCE
    assert np.array(result["scores"]).shape == (len(SEQUENCE), 4)
    assert result["attributions"] == pytest.approx(expected.values.tolist(), abs=1e-5)
    assert result["completeness_error"] == pytest.approx(expected.completeness_error, abs=1e-5)
    assert result["pearson_with_ism"] == pytest.approx(expected.correlation(effects.contributions), abs=1e-5)


def test_gradients_are_a_table_and_a_logo(rbind, tmp_path):
    lines = rbind("ism", *BASIC, "--method", "saliency").out.splitlines()
    assert lines[1] == "pos\twt\tattribution"
    assert [line.split("\t")[1] for line in lines[2:]] == list(SEQUENCE)
    outcome = rbind("ism", *BASIC, "--method", "corrected-saliency", "--out", str(tmp_path / "logo.svg"))
    assert outcome.status == 0
    assert (tmp_path / "logo.svg").read_text().startswith("<?xml")


def test_epistasis_gives_every_pair(rbind, predictor):
    result = rbind("epistasis", *BASIC, "--json").json
    expected = epistasis(predictor, SEQUENCE)
    assert result["experiment"] == "TOY00001"
    assert result["wild_type"] == pytest.approx(expected.wild_type, abs=1e-5)
    assert len(result["pairs"]) == 9 * 16 * 15 // 2
    for row, of in zip(result["pairs"][::100], expected.records[::100], strict=True):
        assert (row["first"], row["second"]) == (of["first"], of["second"])
        assert row["epistasis"] == pytest.approx(of["epistasis"], abs=1e-4)


def test_epistasis_is_a_table_with_the_strongest_first(rbind):
    lines = rbind("epistasis", *BASIC, "--top", "3").out.splitlines()
    values = [abs(float(line.split("\t")[-1])) for line in lines[2:]]
    assert len(values) == 3
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    "args",
    [
        ["ism", *BASIC, "--method", "lime"],
        ["ism", *BASIC, "--view", "l3"],
        ["epistasis", "--rbp", "TOYBP", "--seq", "ACGX", "--json"],
        ["epistasis", "--rbp", "NOBODY", "--seq", SEQUENCE],
    ],
)
def test_a_wrong_value_is_one_line(rbind, args):
    assert_one_line_error(rbind(*args))
