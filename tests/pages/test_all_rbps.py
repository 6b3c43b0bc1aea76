import json
from dataclasses import replace

import pytest

from dashboard.views.all_rbps import clicked_bar
from rbind_core.atlas.across import across
from rbind_core.atlas.files import load_atlas, write_atlas
from rbind_core.atlas.studies import STUDIES
from rbind_core.model.registry import find_model, list_models
from tests.atlas.across_rows import row_of
from tests.pages.conftest import errors, figures

PROTEINS = ("RBFOX1", "SNRPA", "QKI", "MBNL1")
EFFECTS = (1.25, 0.75, 1.02, 1.65)


@pytest.fixture
def own_folder(monkeypatch, tmp_path):
    """No atlas but the one that a test writes here."""
    monkeypatch.setattr("rbind_core.system.paths.PRETRAINED", tmp_path / "nothing")
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def some_rows(own_folder):
    """Four models of the sequence alone and one that reads structure."""
    rows = [row_of(find_model(protein), three) for protein, three in zip(PROTEINS, EFFECTS, strict=True)]
    rows.append(row_of(next(m for m in list_models() if m.structure), 5.0))
    write_atlas(own_folder / "atlas.parquet", rows, {})
    return rows


def titles(app):
    return [json.loads(figure)["layout"]["title"]["text"] for figure in figures(app)]


def text_of(app):
    return " ".join(element.value.replace("\\", "") for kind in ("markdown", "caption", "info") for element in app.get(kind))


def test_it_opens_with_the_bias_to_gc_rich_ends(open_page, some_rows):
    app = open_page("all_rbps")
    assert titles(app) == ["Effect of a GC-rich end, all RBPs", "3' end minus 5' end, all RBPs"]
    found = across("gcbias-all", list_models(), load_atlas())
    assert found.headline.n == 4
    assert f"**{found.headline.sentence}** 4 experiments of 4 proteins: 4 measured (A)." in text_of(app)
    assert "in 3 of 4 models (75 %, 95 % CI 30 to 95 %): clearly, by their own 95 % CI, in 2" in text_of(app)
    assert found.study.says_not in text_of(app)
    assert not errors(app)


@pytest.mark.parametrize("study", STUDIES.values(), ids=lambda study: study.name)
def test_each_view_has_a_link_a_question_and_its_figures(open_page, some_rows, study):
    app = open_page("all_rbps", across=study.title)
    assert titles(app) == list(study.figures)
    assert f"*{study.question}*" in text_of(app)
    assert study.says_not in text_of(app)
    for other in STUDIES.values():
        assert (other.question in text_of(app)) == (other is study)


def test_another_view_can_be_chosen(open_page, some_rows):
    app = open_page("all_rbps")
    app.segmented_control(key="across").set_value("Number of sites").run()
    assert titles(app) == [
        "Three sites against the sum of each alone, all RBPs",
        "Linear in the number of sites, all RBPs (Fig. 2g)",
    ]


def test_a_view_that_is_unknown_opens_the_first(open_page, some_rows):
    assert titles(open_page("all_rbps", across="nonsense"))[0] == "Effect of a GC-rich end, all RBPs"


def test_the_chosen_rbp_is_marked(open_page, some_rows):
    app = open_page("all_rbps", rbp="SNRPA")
    assert "SNRPA 0.75" in figures(app)[0]
    assert "RBFOX1 1.25" not in figures(app)[0]


def test_a_chosen_rbp_that_is_not_counted_is_named(open_page, some_rows):
    structure = next(m for m in list_models() if m.structure)
    app = open_page("all_rbps", rbp=structure.experiment)
    assert f"{structure.label} is not among them" in text_of(app)
    assert not errors(app)


def test_the_table_has_every_rbp_with_intervals_and_agreement(open_page, some_rows):
    table = open_page("all_rbps").dataframe[0].value.set_index("Protein")
    assert set(table.index) == set(PROTEINS)
    assert table.loc["MBNL1", "GC 3'"] == 1.65
    low, high = map(float, table.loc["MBNL1", "GC 3', 95 % CI"].split(" to "))
    assert low < 1.65 < high
    assert {
        *("GC 5'", "3' - 5'", "Sites, % of sum", "Sites: verdict", "Beyond measured", "Sites, R²"),
        *("Loop - open", "Pairs kept - broken", "Pairing: verdict", "Pairing: backgrounds"),
    } < set(table.columns)
    assert not {"p", "Loop - stem"} & set(table.columns)
    assert set(table["GC: backgrounds"]) <= {"agree", "differ", "nothing clear"}


def test_an_empty_atlas_is_met_with_one_sentence(open_page, own_folder):
    app = open_page("all_rbps")
    assert [info.value.replace("\\", "") for info in app.info] == [
        "the atlas holds no model with 'GC-rich 5' end' yet; './rbind atlas' measures all models."
    ]
    assert not figures(app)
    assert not errors(app)


def test_one_model_is_drawn_too(open_page, own_folder):
    write_atlas(own_folder / "atlas.parquet", [row_of(find_model("QKI"), 1.02)], {})
    for study in STUDIES.values():
        app = open_page("all_rbps", across=study.title)
        assert len(figures(app)) == len(study.figures)
        assert "1 experiment of 1 protein" in text_of(app)


def test_names_given_by_users_are_shown_as_they_are(open_page, own_folder):
    model = replace(find_model("RBFOX1"), protein="<b>*X*_")
    write_atlas(own_folder / "atlas.parquet", [row_of(model, 1.2, gc_three_standard_error=5.0)], {})
    app = open_page("all_rbps")
    assert "<b>*X*_ (RNCMPT00168) 1.20" in text_of(app)
    assert any(r"\<b\>\*X\*\_" in caption.value for caption in app.caption)
    assert "<b>*X*" not in figures(app)[0]


def test_a_click_finds_its_bar(some_rows):
    found = across("gcbias-all", list_models(), load_atlas())
    ends = next(iter(found.figures.values()))
    number = int(found.headline.bin_numbers[found.headline.place("RNCMPT00168")])
    assert clicked_bar(ends, [{"customdata": ["gc_three", number]}]) == (found.headline, number)
    assert found.headline.members(number) == [found.headline.place("RNCMPT00168")]
    for points in ([], [{}], [{"customdata": None}], [{"customdata": ["gone", 0]}], [{"customdata": ["gc_three", 10**6]}]):
        assert clicked_bar(ends, points) is None


def test_where_there_are_verdicts_they_come_first(open_page, some_rows):
    for title, said in (("Number of sites", "more than the sum 4"), ("Pairing around the motif", "pairing helps 4")):
        app = open_page("all_rbps", across=title)
        assert f"**Verdicts: {said} (of 4 experiments)" in text_of(app)
        assert text_of(app).count("Verdicts:") == 1
