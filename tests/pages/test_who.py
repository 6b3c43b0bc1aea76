"""The page "Which proteins bind?": a ranked answer, filters, folding, two RNAs, ways on, wrong input."""

import json
from dataclasses import replace

import pytest

from dashboard.state import atlas, uploads
from tests.pages.conftest import errors, figures
from tests.taught import FLY, HUR
from tests.who.toys import random_rna

RNA = random_rna(150, 1)

pytestmark = pytest.mark.usefixtures("taught_models", "nothing_is_kept")


def table(app, number=0):
    return app.dataframe[number].value


def said(app) -> str:
    return " ".join(one.value for kind in ("markdown", "caption", "info") for one in app.get(kind)).replace("\\", "")


def test_it_opens_with_an_example_and_says_what_it_is(open_page):
    app = open_page("who")
    assert not errors(app)
    assert set(table(app)["Experiment"]) == {HUR, FLY}
    assert "a designed RNA, 300 random letters with UGUAAAUAUGUAAAU put in" in said(app)
    assert "at a false discovery rate of 5% (2 proteins' models, 260 windows of 41 nt)" in said(app)
    assert "it is not occupancy" in said(app)
    assert "grade B are taught" in said(app)
    assert '"type":"heatmap"' in figures(app)[0]
    assert app.query_params == {}


def test_a_pasted_rna_is_asked_about_and_stands_in_the_link(open_page):
    app = open_page("who")
    app.text_area(key="who_rna").set_value(RNA.lower().replace("u", "t")).run()
    assert app.query_params["who_rna"] in (RNA, [RNA])
    assert "110 windows" in said(app)
    again = open_page("who", who_rna=RNA)
    assert table(again).equals(table(app))


def test_the_command_gives_the_numbers_of_the_table(open_page):
    app = open_page("who", who_rna=RNA, seed="3")
    row = json.loads(next(one.proto.json for one in app.get("bidi_component") if one.proto.component_name == "take_away"))
    assert row["command"] == f"./rbind who --seq {RNA} --seed 3 --json"
    from click.testing import CliRunner

    from rbind_core.cli import main

    printed = json.loads(CliRunner().invoke(main, row["command"].split()[1:]).stdout)
    assert [one["experiment"] for one in printed["proteins"]] == table(app)["Experiment"].tolist()
    assert [one["score"] for one in printed["proteins"]] == pytest.approx(table(app)["Score"].tolist())
    assert [one["q"] for one in printed["proteins"]] == pytest.approx(table(app)["q"].tolist())
    assert {one.label for one in app.get("download_button")} >= {"CSV", "JSON"}


def test_a_long_rna_is_kept_and_the_link_has_its_digest(open_page):
    rna = random_rna(2_500, 2)
    app = open_page("who")
    app.text_area(key="who_rna").set_value(f">mine\n{rna}").run()
    (kept,) = [app.query_params["who_rna"]] if isinstance(app.query_params["who_rna"], str) else app.query_params["who_rna"]
    assert kept.startswith("kept-")
    assert uploads.find(kept.removeprefix("kept-"))
    assert "best of each 5 windows drawn" in figures(app)[0]
    assert table(open_page("who", who_rna=kept)).equals(table(app))
    row = json.loads(next(one.proto.json for one in app.get("bidi_component") if one.proto.component_name == "take_away"))
    assert "--fasta" in row["command"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MKVLAAGIEFMKVL", "looks like a protein"),
        ("ACGU", "4 nt long"),
        ("N" * 60, "every window of 41 nt holds a letter such as N"),
        ("A" * 100_001, "allowed are 11-100000 nt"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_last_figure_stays(open_page, text, says):
    app = open_page("who", who_rna=RNA)
    before = table(app)
    app.text_area(key="who_rna").set_value(text).run()
    assert says in " ".join(errors(app))
    assert table(app).equals(before)


def test_a_link_to_an_rna_that_is_not_here_says_so(open_page):
    app = open_page("who", who_rna="kept-0123456789abcdef")
    assert "the RNA of this link is not on this computer" in " ".join(errors(app))
    assert len(table(app)) == 2


def test_of_several_rnas_the_first_is_used_with_a_note(open_page):
    app = open_page("who")
    app.text_area(key="who_rna").set_value(f">a\n{RNA}\n>b\n{RNA[::-1]}").run()
    assert "Of 2 RNAs the first, a, is used." in said(app)


def test_filters_leave_the_rows_that_fit(open_page):
    app = open_page("who", who_rna=RNA)
    app.text_input(key="who_find").set_value("elavl1").run()
    assert table(app)["Experiment"].tolist() == [HUR]
    app.text_input(key="who_find").set_value("").run()
    app.multiselect(key="who_species").set_value(["Drosophila melanogaster"]).run()
    assert table(app)["Experiment"].tolist() == [FLY]
    app.text_input(key="who_find").set_value("nobody at all").run()
    assert "No protein fits" in said(app)


def test_similar_proteins_fold_into_one_row_until_the_switch_is_off(open_page, monkeypatch):
    known = atlas.cards
    monkeypatch.setattr("dashboard.state.atlas.cards", lambda: [replace(card, group="UUUUUU") for card in known()])
    app = open_page("who", who_rna=RNA)
    assert len(table(app)) == 1
    assert table(app)["Similar"].tolist()[0] in ("HuR", "FMR1")
    assert "it cannot be told apart from" in said(app)
    app.toggle(key="who_fold").set_value(False).run()
    assert len(table(app)) == 2
    assert "Similar" not in table(app)


def test_a_second_rna_is_set_beside_the_first(open_page):
    other = random_rna(90, 4)
    app = open_page("who", who_rna=RNA, who_second=other)
    differences = table(app, 1)
    assert differences["Difference"].abs().is_monotonic_decreasing
    assert differences["Difference"].tolist() == pytest.approx((differences["Score 2"] - differences["Score 1"]).tolist())
    assert len(figures(app)) == 2
    same = table(open_page("who", who_rna=RNA, who_second=RNA), 1)
    assert (same["Difference"] == 0).all()


def test_a_second_rna_that_cannot_be_used_leaves_the_first(open_page):
    app = open_page("who", who_rna=RNA, who_second="ACGUAC")
    assert "6 nt long" in " ".join(errors(app))
    assert len(app.dataframe) == 1


@pytest.mark.parametrize(("icon", "parameter"), [("grid_on", "seq"), ("science", "c"), ("badge", "rbp")])
def test_a_row_leads_to_other_pages_with_its_protein(open_page, icon, parameter):
    app = open_page("who", who_rna=RNA, rbp="RNCMPT00168")
    best = table(app).iloc[0]
    app.button(key=f"who_{icon}").click().run()
    assert not app.exception
    assert app.session_state["rbp"] == best["Experiment"]
    start, end = map(int, best["Window"].split("-"))
    if parameter == "seq":
        assert app.session_state["seq"] == RNA[start - 1 : end]
    if parameter == "c":
        site, at = app.session_state["c"].split("@")
        assert RNA[start - 1 : end][int(at) - 1 :].startswith(site)


def test_a_clicked_protein_is_read_about(open_page):
    app = open_page("who", who_rna=RNA)
    first, second = table(app)["Experiment"]
    assert f"({first})" in said(app)
    app.session_state["_who_chosen"] = second
    app.run()
    assert f"({second})" in said(app)


def test_without_networks_it_says_what_is_missing(open_page, taught_models):
    for file in (taught_models.parent / "panels").iterdir():
        file.unlink()
    app = open_page("who")
    assert "can be" in " ".join(errors(app))
    assert not app.dataframe


def test_the_seed_of_the_sidebar_draws_other_shuffles(open_page):
    first, second = (table(open_page("who", who_rna=RNA, seed=seed)) for seed in ("0", "5"))
    assert first["Score"].tolist() == second.set_index("Experiment").loc[first["Experiment"], "Score"].tolist()
    assert first["Percentile"].tolist() != second.set_index("Experiment").loc[first["Experiment"], "Percentile"].tolist()
