"""The design page."""

import json
import shlex

import pytest

from rbind_core.cli import main
from tests.pages.conftest import component, errors, figures

SEQUENCE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUGACCAUGU"
FEW = {"steps": "4"}


def designed(app) -> str:
    return app.code[0].value


def words(app) -> str:
    return next(m.value.replace("\\", "") for m in app.markdown if "positions changed" in m.value)


def test_it_opens_with_twenty_steps_from_a_seeded_start(open_page):
    app = open_page("design")
    assert "RBFOX1 (RNCMPT00168): design" in figures(app)[0]
    assert "highest score, random start, seed 0" in figures(app)[0]
    assert "GCAUG" in designed(app)
    assert "100.0 % of 4,096 designed probes, all of them" in app.warning[0].value.replace("\\", "")
    assert "may lie far from any RNA that it has seen" in app.warning[0].value
    assert not errors(app)


def test_the_seed_of_the_sidebar_draws_the_start(open_page):
    assert designed(open_page("design", **FEW)) != designed(open_page("design", seed="1", **FEW))


def test_against_another_protein_both_are_shown(open_page):
    app = open_page("design", against="RNCMPT00038", aim="lowest", **FEW)
    assert "RBFOX1 (RNCMPT00168) against MBNL1 (RNCMPT00038): design" in figures(app)[0]
    assert "lowest RBFOX1 - 1 x MBNL1" in figures(app)[0]
    assert [metric.label for metric in app.metric] == ["RBFOX1, predicted", "MBNL1, predicted"]


def test_a_start_and_constraints_come_from_the_link(open_page):
    link = {"from": SEQUENCE, "gc_range": ["30", "60"], "forbid": "AAA", "keep": "1-10", "most_changed": "3"}
    app = open_page("design", **link, **FEW)
    final = designed(app)
    assert final.startswith(SEQUENCE[:10])
    assert sum(a != b for a, b in zip(final, SEQUENCE, strict=True)) <= 3
    assert "AAA" not in final
    assert "start given" in figures(app)[0]
    assert "without AAA, 1-10 kept, at most 3 changed" in figures(app)[0]


def test_what_ended_it_is_said(open_page):
    app = open_page("design", most_changed="2", **FEW)
    assert words(app).startswith("2 of 41 positions changed. A constraint ended it: at most 2 changes: ")
    assert words(open_page("design", **FEW)).endswith("It ended at the limit of 4 steps.")


@pytest.mark.parametrize(
    ("key", "wrong", "message"),
    [
        ("from", "ACGU", "4 nt long; allowed are 11-41 nt"),
        ("from", "MKVLAAGIEFLLM", "is not a nucleotide"),
        ("forbid", "AXA", "X is not a nucleotide"),
        ("keep", "one", "'one' is not a position"),
        ("keep", "1-41", "all 41 positions are kept, so nothing can change"),
        ("forbid", "N", "every RNA of 41 nt holds it"),
    ],
)
def test_what_cannot_be_is_explained_and_the_last_good_figure_stays(open_page, key, wrong, message):
    app = open_page("design", **FEW)
    before = figures(app)
    app.text_input(key=key).set_value(wrong).run()
    assert message in errors(app)[0]
    assert figures(app) == before


def test_a_link_that_cannot_be_met_shows_the_opening_figure(open_page):
    app = open_page("design", keep="1-45")
    assert "positions count from 1 to 41" in errors(app)[0]
    assert "RBFOX1 (RNCMPT00168): design" in figures(app)[0]


def test_a_broken_model_is_said_and_nothing_else_breaks(open_page, broken_copy_of_the_models, monkeypatch):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("design", rbp="RNCMPT00168", **FEW)
    assert "RNCMPT00168" in errors(app)[0]
    assert not app.exception


def test_the_ways_on_carry_the_design(open_page):
    app = open_page("design", **FEW)
    final = designed(app)
    next(b for b in app.button if b.label == "See the ISM").click().run()
    assert app.text_input(key="seq").value == final
    app = open_page("design", **FEW)
    next(b for b in app.button if b.label == "Open in Hypothesis").click().run()
    assert app.text_input(key="c").value == f"context:{final}@1"
    assert not errors(app)


def test_command_and_python_give_the_design_shown(open_page, capsys):
    link = {"against": "RNCMPT00038", "keep": "1-5", "forbid": "AAAA", "warmth": "0.5", "restarts": "1"}
    app = open_page("design", **link, **FEW)
    taken = component(app, "take_away")
    with pytest.raises(SystemExit):
        main(shlex.split(taken["command"])[1:])
    assert json.loads(capsys.readouterr().out)["sequence"] == designed(app)
    exec(taken["python"], {})
    assert capsys.readouterr().out.splitlines()[-1].split()[2] == designed(app)
