"""`./rbind probes`: test probes with their scores, filtered and in order."""

import numpy as np
import pytest

from rbind_core.cli import main
from rbind_core.cli.probes import probes as probes_command
from rbind_core.data.library import designed_library, measured_probes
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.probes import ORDERS, PARTS
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.sequences import decode, encode, gc_content
from tests.cli.test_cli import Outcome, assert_one_line_error


@pytest.fixture
def probes(capsys):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(["probes", *map(str, args)], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


def test_the_best_designed_probes(probes):
    result = probes("--rbp", "RBFOX1", "--top", 3, "--json").json
    scores = load_predictor(find_model("RBFOX1")).predict(designed_library().codes)
    best = np.argsort(-scores, kind="stable")[:3]
    assert [probe["sequence"] for probe in result["probes"]] == decode(designed_library().codes[best])
    assert [probe["predicted"] for probe in result["probes"]] == pytest.approx(scores[best].tolist(), abs=1e-3)
    assert (result["n"], result["passing"], result["measured_in"]) == (4096, 4096, None)
    assert result["predicted_against"] == "match_score"
    assert "measured" not in result["probes"][0]
    for probe in result["probes"]:
        start = probe["match_position"] - 1
        assert probe["sequence"][start : start + 6] == probe["match_letters"]


def test_filters_are_met_and_a_table_says_the_same(probes):
    asked = ("--rbp", "RBFOX1", "--contains", "GCAYG", "--max-predicted", 1, "--gc", "0.3-0.5", "--sort", "gc", "--part", "lowest")
    result = probes(*asked, "--json").json
    codes = encode([probe["sequence"] for probe in result["probes"]])
    assert len(codes) == min(20, result["passing"]) > 0
    assert not mismatches(codes, "GCAYG").any()
    gc = gc_content(codes)
    assert (np.diff(gc) >= 0).all()
    assert 0.3 <= gc.min() <= gc.max() <= 0.5
    assert max(probe["predicted"] for probe in result["probes"]) <= 1
    lines = probes(*asked).out.splitlines()
    assert lines[0] == "# RBFOX1 (RNCMPT00168): 4,096 designed probes; nobody has measured them"
    assert [line.split("\t")[0] for line in lines[5:]] == [probe["sequence"] for probe in result["probes"]]


def test_nothing_left_says_what_to_loosen(probes, toy_models):
    outcome = probes("--rbp", "TOYBP", "--contains", "UGCAUG", "--min-predicted", 1e6, "--json")
    assert outcome.json["probes"] == []
    assert "meets: predicted score at least 1e+06. Loosen or clear it." in outcome.err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--contains", "UGXA"], "UGXA: X is not a nucleotide"),
        (["--contains", "U" * 42], "42 nt long"),
        (["--sort", "residual"], "designed probes have no residual"),
        (["--sort", "nonsense"], "'nonsense' is not one of 'predicted', 'measured'"),
        (["--part", "best"], "'best' is not one of 'highest'"),
        (["--min-measured", "1"], "designed probes have no measured score"),
        (["--gc", "much"], "'much' is not a range of the GC content"),
        (["--min-predicted", "2", "--max-predicted", "1"], "give the lower end first"),
    ],
)
def test_what_is_wrong_is_one_line(probes, toy_models, args, says):
    assert_one_line_error(probes("--rbp", "TOYBP", *args), says)


def test_measured_probes_need_the_data(probes, toy_models, no_data):
    assert_one_line_error(probes("--rbp", "TOYBP", "--library", "measured"), "")


def test_the_choices_are_those_of_the_core():
    options = {option.name: option.type.choices for option in probes_command.params if hasattr(option.type, "choices")}
    assert options["sort"] == tuple(ORDERS)
    assert options["part"] == PARTS


@pytest.mark.real_data
def test_the_measured_probes_of_vts1_as_the_card_and_evaluate_have_them(probes, data_folder):
    result = probes("--rbp", "VTS1_2009", "--library", "measured", "--sort", "error", "--top", 5, "--json").json
    model = find_model("VTS1_2009")
    library = measured_probes(model.measured_in, model.normalisation)
    predicted = load_predictor(model).predict(library.codes)
    assert result["n"] == result["library_size"] == len(library.codes)
    assert result["correlation"]["pearson"] == pytest.approx(np.corrcoef(predicted, library.measured)[0, 1], abs=1e-6)
    assert result["correlation"]["pearson"] == pytest.approx(model.pearson_test, abs=2e-3)
    low, high = result["correlation"]["pearson_ci95"]
    assert low < result["correlation"]["pearson"] < high
    largest = np.sort(np.abs(library.measured - predicted))[::-1][:5]
    assert [abs(probe["residual"]) for probe in result["probes"]] == pytest.approx(largest.tolist(), abs=1e-3)
