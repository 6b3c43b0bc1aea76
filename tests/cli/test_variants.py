"""`./rbind variants`: both effects of each substitution."""

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.cli import main
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.variants import read_variants, variant_effects
from tests.cli.test_cli import Outcome, assert_one_line_error

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACCAUG"
BASIC = ["--rbp", "TOYBP", "--seq", SEQUENCE, "--samples", 40]


@pytest.fixture
def variants(capsys, toy_models):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(["variants", *map(str, args)], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


def expected(text, flank=5):
    model = find_model("TOYBP")
    gia = prepare(model, load_predictor(model), BackgroundChoice(samples=40))
    return variant_effects(gia, read_variants(SEQUENCE, text).variants, flank)


def test_it_gives_both_effects_with_their_statistics(variants):
    result = variants(*BASIC, "--variant", "G8A", "--variant", "a name,1,G,C", "--flank", 3, "--json").json
    effects = expected("G8A\na name,1,G,C", 3)
    assert (result["experiment"], result["sequence"], result["flank"], result["samples"]) == ("TOY00001", SEQUENCE, 3, 40)
    assert [row["variant"] for row in result["variants"]] == ["G8A", "G1C"]
    for row, effect in zip(result["variants"], effects, strict=True):
        assert row["own_effect"] == pytest.approx(effect.own.mean, abs=1e-5)
        assert row["own_effect"] == pytest.approx(row["mutant"] - row["wild_type"], abs=1e-5)
        assert row["marginalised_effect"] == pytest.approx(effect.marginalised.mean, abs=1e-5)
        assert row["standard_error"] == pytest.approx(effect.marginalised.standard_error, abs=1e-5)
        assert row["p_holm"] == pytest.approx(effect.p_holm, abs=1e-4)
        assert row["context_matters"] == effect.context_matters
    assert result["variants"][1]["name"] == "a name"


def test_the_construct_it_names_gives_the_same_in_gia(variants, capsys):
    row = variants(*BASIC, "--variant", "G8A", "--json").json["variants"][0]
    with pytest.raises(SystemExit):
        main(["gia", "--rbp", "TOYBP", "--pattern", row["construct"], "--samples", "40", "--json"])
    gia = Outcome(0, *capsys.readouterr()).json["results"][0]
    assert gia["global_importance"] == pytest.approx(row["marginalised_effect"], abs=1e-6)
    assert gia["null"].startswith("context:")


def test_the_context_is_judged_among_single_background_rnas(variants):
    [row] = variants(*BASIC, "--variant", "G8A", "--json").json["variants"]
    [effect] = expected("G8A")
    singles = effect.marginalised.local
    assert row["context_percentile"] == pytest.approx(100 * np.mean(singles < effect.own.mean), abs=1.5)
    assert row["context_spread"] == pytest.approx(singles.std(ddof=1), abs=1e-5)
    assert row["positive_share"] == pytest.approx(np.mean(singles > 0))
    assert row["beyond_95_percent_of_backgrounds"] == row["context_matters"] == effect.context_matters


@pytest.mark.parametrize("more", [["--samples", 20], ["--background", "context", "--context", SEQUENCE]])
def test_where_too_little_is_averaged_there_is_no_verdict(variants, more):
    [row] = variants(*BASIC, *more, "--variant", "G8A", "--json").json["variants"]
    assert row["context_matters"] is None
    assert (row["context_percentile"] is None) == ("--context" in more)


def test_notes_on_how_a_file_was_read_are_said_and_kept(variants, tmp_path):
    table = tmp_path / "variants.txt"
    table.write_bytes("p.T21A\nNM_1.1:c.8G>A\nG8A\n".encode("utf-16"))
    outcome = variants(*BASIC, "--table", table, "--json")
    assert [row["variant"] for row in outcome.json["variants"]] == ["G8A"]
    assert outcome.json["notes"] == [line.removeprefix("note: ") for line in outcome.err.splitlines()]
    assert len(outcome.json["notes"]) == 3
    assert [one["line"] for one in outcome.json["left_out"]] == [1, 3]


def test_a_table_with_bad_lines_says_which_are_left_out(variants, tmp_path):
    table = tmp_path / "variants.tsv"
    table.write_text("name\tposition\tref\talt\nx\t8\tG\tA\ny\t8\tC\tA\n")
    outcome = variants(*BASIC, "--table", table, "--json")
    assert [row["name"] for row in outcome.json["variants"]] == ["x"]
    assert outcome.json["left_out"] == [{"line": 3, "reason": "C8A: at position 8 the RNA has G, not C"}]
    assert outcome.err == "note: line 3 is left out: C8A: at position 8 the RNA has G, not C\n"


def test_a_mutant_is_compared_letter_by_letter(variants):
    mutant = "C" + SEQUENCE[1:7] + "A" + SEQUENCE[8:]
    rows = variants(*BASIC, "--mutant", mutant, "--json").json["variants"]
    assert [row["variant"] for row in rows] == ["G1C", "G8A", "GGAUCCUG1CGAUCCUA"]


def test_it_is_a_table_of_the_same(variants):
    outcome = variants(*BASIC, "--variant", "G8A")
    head, columns, row = outcome.out.splitlines()
    assert "TOYBP (TOY00001), profile background, N = 40" in head
    cells = dict(zip(columns.split("\t"), row.split("\t"), strict=True))
    [effect] = expected("G8A")
    assert float(cells["own effect"]) == pytest.approx(effect.own.mean, abs=1e-4)
    assert float(cells["marginalised effect"]) == pytest.approx(effect.marginalised.mean, abs=1e-4)
    assert cells["context matters"] == effect.verdict


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--variant", "A8G"], "A8G: at position 8 the RNA has G, not A"),
        (["--variant", "G8del"], "only substitutions"),
        (["--variant", "G8G"], "G8G changes nothing"),
        (["--variant", "p.T21A"], "p.T21A describes a protein"),
        (["--variant", "c.-22T>C"], "-22 is no position of the given RNA"),
        (["--mutant", f"{SEQUENCE}\t{SEQUENCE}"], "columns 1 and 2 both hold RNA letters"),
        ([], "give either --variant, --table or --mutant"),
        (["--variant", "G8A", "--mutant", SEQUENCE], "give either"),
        (["--mutant", "ACGU"], "the mutant has 4 nt and the wild type 30"),
        (["--table", "no/such/file"], "no/such/file cannot be read"),
        (["--variant", "G8A", "--flank", "21"], "21 is not in the range 0<=x<=20"),
        (["--variant", "G8A", "--background", "nonsense"], "'nonsense' is not a background"),
    ],
)
def test_what_is_wrong_is_one_line(variants, args, says):
    assert_one_line_error(variants(*BASIC, *args), says)


def test_a_file_that_is_no_text_or_too_large_is_one_line(variants, tmp_path):
    for content, says in (
        (np.arange(200, 256, dtype=np.uint8).tobytes(), "is not a text file"),
        (b"G8A\n" * 300_000, "larger than 1 MB"),
    ):
        (tmp_path / "table").write_bytes(content)
        assert_one_line_error(variants(*BASIC, "--table", tmp_path / "table"), says)


def test_blocks_of_a_wild_type_are_said_and_columns_are_refused(variants):
    blocks = " ".join(SEQUENCE[at : at + 10] for at in range(0, 30, 10))
    result = variants("--rbp", "TOYBP", "--seq", blocks, "--variant", "G8A", "--samples", 40, "--json").json
    assert result["sequence"] == SEQUENCE
    assert result["notes"] == ["Spaces between blocks of letters were taken out."]
    twice = f"{SEQUENCE} {SEQUENCE}"
    assert_one_line_error(variants("--rbp", "TOYBP", "--seq", twice, "--variant", "G8A"), "may separate a name from an RNA")
