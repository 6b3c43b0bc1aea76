"""The variants page."""

import json
import shlex

import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.cli import main
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.variants import example_variants, read_variants, variant_effects
from tests.pages.conftest import component, errors, figures

SEQUENCE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUGACCAUGU"
FEW = {"n": "50"}


def effects_of(sequence, text, flank=5, rbp="RBFOX1"):
    model = find_model(rbp)
    gia = prepare(model, load_predictor(model), BackgroundChoice(samples=50))
    return variant_effects(gia, read_variants(sequence, text).variants, flank)


def said(app) -> str:
    """What is said of the chosen variant, as a user reads it."""
    return next(m.value.replace("\\", "") for m in app.markdown if "own RNA" in m.value or "own effect, " in m.value)


def test_it_opens_with_an_example_of_the_model(open_page):
    app = open_page("variants", **FEW)
    sequence, changes = example_variants("UGCAUG")
    effects = effects_of(sequence, "\n".join(changes))
    assert app.dataframe[0].value["Own"].tolist() == pytest.approx([e.own.mean for e in effects], abs=1e-4)
    assert app.dataframe[0].value["Averaged"].tolist() == pytest.approx([e.marginalised.mean for e in effects], abs=1e-4)
    assert "RBFOX1 (RNCMPT00168): effect of variants" in figures(app)[0]
    assert said(app).startswith("in UGCAUG G22A: ")
    assert not errors(app)


def test_the_example_follows_the_model_and_can_be_edited(open_page):
    app = open_page("variants", rbp="PCBP1", **FEW)
    assert "PCBP1" in figures(app)[0]
    next(b for b in app.button if b.label == "Edit this example").click().run()
    assert len(app.text_area(key="wt").value) == 41
    assert len(app.text_area(key="changes").value.splitlines()) == 2
    assert not errors(app)


def test_a_link_names_rna_changes_and_flank(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="first,6,C,U\nG9A", flank="2", **FEW)
    effects = effects_of(SEQUENCE, "first,6,C,U\nG9A", 2)
    assert app.dataframe[0].value["Variant"].tolist() == ["first C6U", "G9A"]
    assert app.dataframe[0].value["Averaged"].tolist() == pytest.approx([e.marginalised.mean for e in effects], abs=1e-4)
    assert "flank 2 nt" in figures(app)[0]


def test_the_whole_mutant_is_read(open_page):
    app = open_page("variants", wt=SEQUENCE, changes=SEQUENCE[:7] + "A" + SEQUENCE[8:], **FEW)
    assert app.dataframe[0].value["Variant"].tolist() == ["U8A"]


@pytest.mark.parametrize(
    ("key", "wrong", "message"),
    [
        ("changes", "A8G", "A8G: at position 8 the RNA has U, not A"),
        ("changes", "G8del", "only substitutions can be compared"),
        ("changes", "p.T21A", "p.T21A describes a protein; give the change of the RNA"),
        ("changes", "c.-22T>C", "-22 is no position of the given RNA"),
        ("wt", f"{SEQUENCE[:20]} {SEQUENCE[20:]}", "may separate a name from an RNA, or two RNAs"),
        ("changes", "", "now give a change, such as A12G"),
        ("wt", "", "paste the wild type that these changes belong to"),
        ("wt", "MKVLAAGIEF", "looks like a protein"),
        ("wt", "ACGU", "4 nt long"),
    ],
)
def test_what_is_wrong_is_explained_and_the_last_good_figure_stays(open_page, key, wrong, message):
    app = open_page("variants", wt=SEQUENCE, changes="C6U", **FEW)
    before = figures(app)
    app.text_area(key=key).set_value(wrong).run()
    assert message in errors(app)[0]
    assert figures(app) == before


def test_a_link_that_cannot_be_read_shows_the_example(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="A8G", **FEW)
    assert "at position 8 the RNA has U, not A" in errors(app)[0]
    assert said(app).startswith("in UGCAUG G22A: ")


def test_the_last_good_question_is_asked_of_another_model_too(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="C6U", **FEW)
    app.text_area(key="changes").set_value("nonsense").run()
    app.selectbox(key="rbp").set_value("RNCMPT00038").run()
    assert "MBNL1 (RNCMPT00038): effect of variants" in figures(app)[0]
    assert app.dataframe[0].value["Variant"].tolist() == ["C6U"]


def test_a_broken_model_is_said_and_nothing_else_breaks(open_page, broken_copy_of_the_models, monkeypatch):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("variants", rbp="RNCMPT00168", **FEW)
    assert "RNCMPT00168" in errors(app)[0]
    assert not app.exception


def test_bad_lines_are_left_out_and_said(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="C6U\nA6G\nA8G", **FEW)
    [info] = app.info
    assert info.value.replace("\\", "").splitlines() == [
        "line 2 is left out: A6G: at position 6 the RNA has C, not A  ",
        "line 3 is left out: A8G: at position 8 the RNA has U, not A",
    ]
    assert len(app.dataframe[0].value) == 1


def test_how_a_position_was_read_is_said(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="NM_000277.1:c.6C>T", **FEW)
    [info] = app.info
    assert info.value.replace("\\", "") == (
        "NM_000277.1:c.6C>T was read as position 6 of the given RNA; c. counts from the start codon, so check it; "
        "NM_000277.1 in front of it was ignored."
    )


def test_the_context_is_judged_among_single_background_rnas_and_no_effect_has_a_p_value(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="C6U\nG9A", **FEW)
    effects = effects_of(SEQUENCE, "C6U\nG9A")
    table = app.dataframe[0].value
    assert table["Percentile"].tolist() == pytest.approx([e.context_percentile for e in effects])
    assert table["Context SD"].tolist() == pytest.approx([e.context_spread for e in effects], abs=1e-4)
    assert table["Context matters"].tolist() == [e.verdict for e in effects]
    assert not [column for column in table.columns if column.startswith("p")]
    assert f"(percentile {effects[0].context_percentile:.0f})" in said(app)
    assert " p = " not in said(app)
    assert " p < " not in said(app)


def test_names_are_shown_as_they_are(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="<b>*x*,6,C,U", **FEW)
    assert "<b>*x* C6U" in said(app)
    assert "<b>" not in figures(app)[0]
    assert not app.exception


def test_the_ways_on_carry_the_rna_and_the_construct(open_page):
    app = open_page("variants", wt=SEQUENCE, changes="C6U", **FEW)
    next(b for b in app.button if b.label == "See the ISM").click().run()
    assert app.text_input(key="seq").value == SEQUENCE
    app = open_page("variants", wt=SEQUENCE, changes="C6U", **FEW)
    next(b for b in app.button if b.label == "Open in Hypothesis").click().run()
    assert app.text_input(key="c").value == f"context:{SEQUENCE[:11]}@1+U@6"
    assert not errors(app)


def test_a_long_rna_is_scored_around_each_change(open_page):
    app = open_page("variants", wt=SEQUENCE * 5, changes=f"{SEQUENCE[21]}100A", **FEW)
    assert any("the 41 nt around the change, 80-120 of 195" in caption.value for caption in app.caption)


def test_command_and_python_give_the_numbers_shown(open_page, capsys):
    app = open_page("variants", wt=SEQUENCE, changes="it's,6,C,U\nG9A", **FEW)
    shown = app.dataframe[0].value
    taken = component(app, "take_away")
    with pytest.raises(SystemExit):
        main(shlex.split(taken["command"])[1:])
    rows = json.loads(capsys.readouterr().out)["variants"]
    assert [row["own_effect"] for row in rows] == pytest.approx(shown["Own"].tolist(), abs=1e-4)
    assert [row["marginalised_effect"] for row in rows] == pytest.approx(shown["Averaged"].tolist(), abs=1e-4)
    exec(taken["python"], {})
    printed = [line.rsplit(" ", 4) for line in capsys.readouterr().out.splitlines()]
    assert [float(line[1]) for line in printed] == pytest.approx(shown["Own"].tolist(), abs=1e-4)
