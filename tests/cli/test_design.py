"""`./rbind design`: the path from a start to an RNA that a model likes."""

import numpy as np
import pytest

from rbind_core.cli import main
from rbind_core.data.library import designed_library
from rbind_core.design import Constraints, Objective, percent_below
from rbind_core.design import design as find_design
from rbind_core.model.registry import find_model, load_predictor, store_model
from rbind_core.rna.sequences import encode
from tests.cli.test_cli import Outcome, assert_one_line_error
from tests.toys import card, random_weights

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACCAUG"
BASIC = ["--rbp", "TOYBP", "--steps", 4]


@pytest.fixture
def design(capsys, toy_models):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(["design", *map(str, args)], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def other(toy_models):
    store_model(toy_models / "TOY00002", card("TOY00002", "OTHER"), random_weights(8))


def test_it_gives_the_path_and_where_the_score_stands(design):
    result = design(*BASIC, "--seed", 3, "--json").json
    predictor = load_predictor(find_model("TOYBP"))
    expected = find_design(Objective(predictor), None, Constraints(), np.random.default_rng(3), steps=4)
    assert [step["sequence"] for step in result["steps"]] == [step.sequence for step in expected.steps]
    assert result["sequence"] == result["steps"][-1]["sequence"]
    assert result["score"] == pytest.approx(predictor.predict(encode(result["sequence"]))[0], abs=1e-4)
    assert result["stopped_by"] == "the limit of 4 steps"
    scores = predictor.predict(designed_library().codes)
    assert result["percentile"] == pytest.approx(percent_below(scores, result["score"]), abs=0.1)
    assert result["percentile_among"] == "4,096 designed probes"


def test_against_another_model_and_as_low_as_possible(design, other):
    result = design(*BASIC, "--against", "OTHER", "--weight", 0.5, "--minimise", "--seq", SEQUENCE, "--json").json
    first, last = result["steps"][0], result["steps"][-1]
    assert (result["against"], first["sequence"]) == ("TOY00002", SEQUENCE)
    assert last["objective"] == pytest.approx(last["score"] - 0.5 * last["against"], abs=1e-4)
    assert last["objective"] < first["objective"]


def test_constraints_are_kept(design):
    result = design(
        *BASIC,
        "--seq",
        SEQUENCE,
        "--gc",
        "0.4-0.55",
        "--forbid",
        "AAA,CCC",
        "--forbid",
        "GGG",
        "--keep",
        "1-12",
        "--mutations",
        2,
        "--json",
    ).json
    assert result["sequence"].startswith(SEQUENCE[:12])
    assert len(result["changed"]) <= 2
    assert not any(motif in result["sequence"] for motif in ("AAA", "CCC", "GGG"))
    assert 0.4 <= sum(letter in "GC" for letter in result["sequence"]) / 30 <= 0.55


def test_the_same_seed_prints_the_same(design):
    args = [*BASIC, "--temperature", 0.5, "--restarts", 1, "--json"]
    first, again, other = (design(*args, "--seed", seed).json["steps"] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_it_is_a_table_of_the_same(design):
    outcome = design(*BASIC, "--seq", SEQUENCE)
    head, columns, *rows = outcome.out.splitlines()
    assert head == "# highest TOYBP (TOY00001); z-score units"
    assert columns.split("\t") == ["step", "change", "sequence", "TOY00001"]
    assert rows[0].split("\t")[:3] == ["0", "start", SEQUENCE]
    assert "note: ended at the limit of 4 steps" in outcome.err
    assert "of 4,096 designed probes" in outcome.err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--seq", "ACGU"], "allowed are 11-41 nt"),
        (["--gc", "much"], "'much' is not a range of the GC content"),
        (["--forbid", "AXA"], "X is not a nucleotide"),
        (["--keep", "1-99"], "positions count from 1 to 41"),
        (["--keep", "1-41"], "all 41 positions are kept"),
        (["--steps", "0"], "0 is not in the range"),
        (["--against", "TOYBP"], "is the same model"),
        (["--against", "NOBODY"], "NOBODY"),
        (["--seq", SEQUENCE, "--restarts", "2"], "set a temperature above 0"),
    ],
)
def test_what_cannot_be_is_one_line(design, args, says):
    assert_one_line_error(design("--rbp", "TOYBP", *args), says)
