"""The compare page, over an atlas of a few bundled models with made-up scans."""

import json
import shutil
import subprocess
import sys

import pytest

from dashboard.views.compare import command, python
from rbind_core.atlas.similar import SHARE, compare_scans
from rbind_core.cli import main
from rbind_core.model.registry import find_model
from rbind_core.system.paths import BUNDLED_MODELS
from tests.pages.conftest import errors, figures
from tests.pages.test_models import text_of, titles
from tests.toy_scans import FAVOURITES, write_toy_atlas

MSI1, HNRNPA1, MBNL1, HNRNPL, RBFOX1 = "RNCMPT00041", "RNCMPT00022", "RNCMPT00038", "RNCMPT00027", "RNCMPT00168"


@pytest.fixture(autouse=True)
def atlas(monkeypatch, tmp_path):
    monkeypatch.setattr("rbind_core.system.paths.PRETRAINED", tmp_path)
    return write_toy_atlas(tmp_path / "atlas.parquet")


def parameter(app, name) -> str:
    value = app.query_params.get(name, "")
    return value if isinstance(value, str) else ",".join(value)


def box(app) -> str:
    """What is said of one 6-mer below the scatter."""
    return next(element.value for element in app.markdown if "±" in element.value and " — " in element.value)


def test_it_opens_with_the_most_similar_model_of_another_protein(open_page):
    app = open_page("compare", rbp="HNRNPA1")
    assert app.multiselect(key="with").value == [MSI1]
    assert titles(app)[0] == "MSI1 (RNCMPT00041) against HNRNPA1 (RNCMPT00022)"
    assert parameter(app, "with") == ""
    assert not errors(app)


def test_it_opens_on_rbfox1_and_names_its_most_specific_6_mer(open_page):
    app = open_page("compare")
    assert "against RBFOX1 (RNCMPT00168)" in titles(app)[0]
    assert box(app).startswith("**UGCAUG** — RBFOX1 **4.00** ± 0.10")
    assert app.dataframe[0].value["6-mer"][0] == "UGCAUG"
    assert app.dataframe[0].value["RBFOX1"][0] == "4.00 ± 0.05"
    assert "Pearson r = " in figures(app)[0]
    assert not app.get("button_group")[1:], "with two RBPs there is no pair to choose"


def test_the_choice_follows_the_sidebar_until_it_is_made(open_page):
    app = open_page("compare", rbp="HNRNPA1")
    app.selectbox(key="rbp").set_value(MSI1).run()
    assert app.multiselect(key="with").value == [HNRNPA1]
    app.multiselect(key="with").set_value([RBFOX1, MBNL1]).run()
    assert parameter(app, "with") == f"{RBFOX1},{MBNL1}"
    app.selectbox(key="rbp").set_value(MBNL1).run()
    assert app.multiselect(key="with").value == [RBFOX1]
    assert titles(app)[0] == "RBFOX1 (RNCMPT00168) against MBNL1 (RNCMPT00038)"


def test_a_link_names_the_others_and_the_pair(open_page):
    app = open_page("compare", rbp="RBFOX1", **{"with": "mbnl1,RNCMPT00022", "pair": f"{MBNL1}~{HNRNPA1}"})
    assert app.multiselect(key="with").value == [MBNL1, HNRNPA1]
    assert titles(app) == ["HNRNPA1 (RNCMPT00022) against MBNL1 (RNCMPT00038)", "Motifs", "How alike are the scans?"]
    assert len(app.dataframe) == 3
    assert not app.warning


def test_what_makes_no_sense_in_a_link_is_dropped(open_page):
    link = {"with": f"NOBODY,{RBFOX1},RBFOX1_PU,{MBNL1},{MBNL1}", "picked": "UGCAUGX", "pair": "a~b", "kmer_scale": "percent"}
    app = open_page("compare", rbp="RBFOX1", **link)
    assert app.multiselect(key="with").value == [MBNL1]
    assert "compare with NOBODY, RNCMPT00168, RBFOX1_PU," in app.warning[0].value.replace("\\", "")
    assert box(app).startswith("**UGCAUG**")
    assert "z-score units" in figures(app)[0]
    assert not app.query_params.get("picked")


def test_choices_survive_a_change_of_page(open_page):
    app = open_page("compare", rbp="RBFOX1", **{"with": f"{MBNL1},{HNRNPL}", "find": "GCAUG", "picked": "ACACAC"})
    app.switch_page("../pages/models.py").run()
    app.switch_page("../pages/compare.py").run()
    assert app.multiselect(key="with").value == [MBNL1, HNRNPL]
    assert app.text_input(key="find").value == "GCAUG"
    assert parameter(app, "with") == f"{MBNL1},{HNRNPL}"
    assert box(app).startswith("**ACACAC** — RBFOX1")


def test_none_chosen_is_compared_with_the_most_similar(open_page):
    app = open_page("compare", rbp="HNRNPA1", **{"with": RBFOX1})
    app.multiselect(key="with").set_value([]).run()
    assert titles(app)[0] == "MSI1 (RNCMPT00041) against HNRNPA1 (RNCMPT00022)"
    assert "Nothing is chosen" in text_of(app)
    assert app.multiselect(key="with").value == []


def test_the_other_scale(open_page):
    app = open_page("compare", rbp="RBFOX1", **{"with": MBNL1, "kmer_scale": SHARE})
    assert "share of own best 6-mer, GCUUGC" in figures(app)[0]
    assert box(app).startswith("**UGCAUG** — RBFOX1 **1.00**")


def test_a_k_mer_is_found(open_page):
    app = open_page("compare", rbp="RBFOX1", **{"with": MBNL1})
    app.text_input(key="find").set_value(" gcttg ").run()
    assert "holds GCUUG (8)" in figures(app)[0]
    assert box(app).startswith("**UGCUUG** — RBFOX1 **2.67**"), "of those found the one with the highest importance in either"


@pytest.mark.parametrize(
    ("bad", "says"), [("GCXUG", "X is not a nucleotide"), ("UGCAUGU", "7 letters are more than a 6-mer holds")]
)
def test_bad_letters_are_met_at_the_control_and_the_last_good_figure_stays(open_page, bad, says):
    app = open_page("compare", rbp="RBFOX1", **{"with": MBNL1, "find": "GCAUG", "picked": "AAAAAA"})
    before = figures(app)[0]
    app.text_input(key="find").set_value(bad).run()
    assert says in errors(app)[0]
    assert "Still marked: GCAUG." in errors(app)[0]
    assert figures(app)[0] == before
    app.text_input(key="find").set_value("GCUUGC").run()
    assert not errors(app)
    assert "holds GCUUGC (1)" in figures(app)[0]
    assert box(app).startswith("**GCUUGC**"), "a new search goes before what was clicked"


def test_bad_letters_in_a_link(open_page):
    app = open_page("compare", find="7")
    assert "Nothing is marked." in errors(app)[0]
    assert titles(app)


def test_a_model_without_a_scan_gives_way_to_another_of_its_protein(open_page):
    app = open_page("compare", rbp="RBFOX1_PU", **{"with": MBNL1})
    assert "RBFOX1 (RBFOX1_PU) cannot be compared: it folds every sequence" in app.info[0].value.replace("\\", "")
    assert "Shown is RBFOX1 (RNCMPT00168)." in app.info[0].value.replace("\\", "")
    assert titles(app)[0] == "MBNL1 (RNCMPT00038) against RBFOX1 (RNCMPT00168)"
    offered = [label.rpartition("(")[2].rstrip(")") for label in app.multiselect(key="with").options]
    assert sorted(offered) == sorted(set(FAVOURITES) - {RBFOX1})


def test_an_rbp_that_the_atlas_does_not_hold_stops_in_one_sentence(open_page):
    app = open_page("compare", rbp="TARDBP")
    assert "cannot be compared: the atlas does not hold it" in app.info[0].value.replace("\\", "")
    assert not figures(app)


def test_an_atlas_of_one_protein_says_so(open_page, tmp_path):
    write_toy_atlas(tmp_path / "atlas.parquet", {HNRNPL: ("ACACAC", 1.0), "RNCMPT00091": ("ACACAC", 1.0)})
    app = open_page("compare", rbp=HNRNPL)
    assert "holds no other protein" in app.info[0].value
    assert not figures(app)


def test_a_broken_model_is_not_compared(open_page, monkeypatch, broken_copy_of_the_models):
    shutil.copytree(BUNDLED_MODELS / MBNL1, broken_copy_of_the_models / MBNL1)
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("compare", rbp=RBFOX1)
    assert "it is broken" in app.info[0].value
    assert not figures(app)


def test_names_given_by_users_are_shown_as_they_are(open_page, tmp_path, monkeypatch):
    folder = tmp_path / "models"
    for experiment in (RBFOX1, MBNL1):
        shutil.copytree(BUNDLED_MODELS / experiment, folder / experiment)
    card = json.loads((folder / MBNL1 / "card.json").read_text())
    (folder / MBNL1 / "card.json").write_text(json.dumps(card | {"protein": "<b>*X*"}))
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", folder)
    app = open_page("compare", rbp=RBFOX1)
    assert "<b>*X*" not in figures(app)[0]
    assert r"\<b\>\*X\* **" in box(app)


def test_command_and_python_give_the_numbers_shown(atlas, tmp_path, capsys):
    models = [find_model(name) for name in (RBFOX1, MBNL1)]
    comparison = compare_scans(models, atlas, SHARE)
    with pytest.raises(SystemExit):
        main(command(comparison).removeprefix("./rbind ").split())
    printed = json.loads(capsys.readouterr().out)
    assert printed["correlations"][0][1] == pytest.approx(comparison.correlations[0, 1])
    assert printed["scale"] == SHARE
    start = (
        f"from pathlib import Path\nimport rbind_core.system.paths\nrbind_core.system.paths.PRETRAINED = Path({str(tmp_path)!r})\n"
    )
    run = subprocess.run([sys.executable, "-c", start + python(comparison)], capture_output=True, text=True, check=True)
    assert f"{comparison.correlations[0, 1]:.6f}"[:8] in run.stdout
    assert "kmer='UGCAUG'" in run.stdout
