from streamlit.testing.v1 import AppTest

from rbind_core.atlas.files import load_atlas
from rbind_core.atlas.gallery import groups
from rbind_core.model.registry import find_model, list_models, store_model
from tests.pages.conftest import ROOT, component, errors, figures
from tests.taught import FLY, HUR
from tests.toys import card, random_weights


def shown(app):
    return [card["id"] for card in component(app, "gallery")["cards"]]


def test_the_gallery_shows_every_model_with_its_motif(open_page):
    app = open_page("browse")
    assert shown(app) == [m.experiment for m in list_models()]
    for one in component(app, "gallery")["cards"]:
        assert len(one["motif"]) == 6
        assert all(0 <= height <= 2 for column in one["motif"] for height in column)
    assert component(app, "gallery")["chosen"] == find_model("RBFOX1").experiment


def test_a_search_leaves_what_fits(open_page):
    app = open_page("browse")
    app.text_input(key="q").set_value("snrpa").run()
    assert shown(app) == [m.experiment for m in list_models() if "SNRPA" in m.protein.upper() or "SNRPA" in m.names]
    app.text_input(key="q").set_value("mus musculus").run()
    assert shown(app) == [m.experiment for m in list_models() if m.species == "Mus musculus"]
    app.text_input(key="q").set_value("nobody").run()
    assert not [one for one in app.get("bidi_component") if one.proto.component_name == "gallery"]
    assert "No model fits" in app.info[0].value


def test_models_are_found_by_what_they_look_for(open_page):
    app = open_page("browse")
    app.text_input(key="motif_contains").set_value("tgcatg").run()
    assert find_model("RBFOX1").experiment in shown(app)
    assert find_model("HNRNPC").experiment not in shown(app)
    app.text_input(key="motif_contains").set_value("GCX").run()
    assert "GCX: X is not a nucleotide" in errors(app)[0]
    assert len(shown(app)) == len(list_models())


def test_filters_by_species_quality_input_group_and_gc_bias(open_page):
    app = open_page("browse")
    app.multiselect(key="species").set_value(["Mus musculus"]).run()
    assert app.query_params["species"] in ("Mus musculus (mouse)", ["Mus musculus (mouse)"])
    app.slider(key="least").set_value(0.6).run()
    assert shown(app)
    assert all(find_model(one).species == "Mus musculus" and find_model(one).pearson_test >= 0.6 for one in shown(app))
    app.multiselect(key="species").set_value([]).run()
    app.slider(key="least").set_value(-0.1).run()
    app.selectbox(key="reads").set_value("sequence + structure").run()
    assert all(find_model(one).structure for one in shown(app))
    app.selectbox(key="reads").set_value("all").run()
    overview = load_atlas().overview
    app.slider(key="gc3").set_value((1.5, 2.0)).run()
    assert shown(app)
    assert all(1.5 <= overview.loc[one, "gc_three"] <= 2.0 for one in shown(app))


def test_a_group_of_similar_motifs_can_be_chosen(open_page):
    app = open_page("browse")
    [group] = [g for g in groups(list_models(), load_atlas()) if find_model("RNCMPT00107").experiment in g.experiments]
    app.selectbox(key="group").set_value(group.name).run()
    assert set(shown(app)) == set(group.experiments)
    assert {find_model(one).protein for one in shown(app)} >= {"SRSF1"}


def test_cards_can_be_sorted(open_page):
    app = open_page("browse")
    app.selectbox(key="sort").set_value("test or expected Pearson").run()
    found = [find_model(one) for one in shown(app)]
    assert [m.is_taught for m in found] == sorted(m.is_taught for m in found)
    for taught in (False, True):
        quality = [m.quality for m in found if m.is_taught is taught]
        assert quality == sorted(quality, reverse=True)


def test_an_old_link_keeps_its_meaning(open_page):
    app = AppTest.from_file(str(ROOT / "entry" / "main.py"), default_timeout=60)  # opens here, so that nothing takes the link away
    app.query_params["species"], app.query_params["sort"] = "Mus musculus", "test Pearson"
    app.run()
    assert not app.exception
    assert app.multiselect(key="species").value == ["Mus musculus"]
    assert app.selectbox(key="sort").value == "test or expected Pearson"
    assert {find_model(one).species for one in shown(app)} == {"Mus musculus"}


def test_taught_models_stand_apart(open_page, taught_models):
    app = open_page("browse", rbp=HUR)
    of = {one["id"]: one for one in component(app, "gallery")["cards"]}
    assert (of[HUR]["grade"], of[HUR]["expected"], of[HUR]["pearson"]) == ("grade B", True, 0.6)
    assert "expected Pearson 0.60 (0.31 to 0.82)" in of[HUR]["title"]
    assert "also ELAVL1" in of[HUR]["title"]
    assert (of["RNCMPT00168"]["grade"], of["RNCMPT00168"]["expected"]) == ("", False)
    assert any("6 of 6 models: 4 measured (A), 2 taught (B)" in caption.value for caption in app.caption)
    [metric] = [one for one in app.metric if "Pearson" in one.label]
    assert (metric.label, metric.value, metric.delta) == ("Expected Pearson", "0.60", "0.31 to 0.82")
    assert "N = 49" in metric.help


def test_the_evidence_the_family_and_synonyms_are_filters(open_page, taught_models):
    app = open_page("browse")
    app.selectbox(key="evidence").set_value("taught (B)").run()
    assert set(shown(app)) == {HUR, FLY}
    app.slider(key="least").set_value(0.1).run()
    assert "No model fits" in app.info[0].value  # nothing is measured of taught ones
    app.slider(key="least").set_value(-0.1).run()
    app.selectbox(key="evidence").set_value("all").run()
    app.text_input(key="q").set_value("elavl1").run()
    assert shown(app) == [HUR]
    app.text_input(key="q").set_value("fly").run()
    assert shown(app) == [FLY]
    app.text_input(key="q").set_value("").run()
    app.multiselect(key="family").set_value(["KH"]).run()
    assert shown(app) == [FLY]


def test_the_choice_of_the_protein_names_synonyms_and_grade(open_page, taught_models):
    app = open_page("browse", rbp="ELAVL1")
    choice = app.selectbox(key="rbp")
    assert choice.value == HUR
    assert "HuR · RNCMPT00032 · H. sapiens · grade B (ELAVL1, HuA, ELAV-like 1)" in choice.options
    [line] = [one for one in app.sidebar.caption if "badge[grade" in one.value]
    assert "grade B: taught" in line.value
    assert "expected Pearson 0.60" in line.value
    assert "estimated from 49 measured experiments" in line.help
    choice.set_value("RNCMPT00168").run()
    [line] = [one for one in app.sidebar.caption if "badge[grade" in one.value]
    assert line.value == ":green-badge[grade A]"
    assert line.help == "Trained on measured scores of this experiment."


def test_names_of_users_models_are_shown_as_text(open_page, monkeypatch, tmp_path):
    folder = tmp_path / "models"
    store_model(folder / "EVIL", card() | {"experiment": "EVIL", "protein": "<script>alert(1)</script>"}, random_weights())
    monkeypatch.setenv("RBIND_MODELS_DIR", str(folder))
    app = open_page("browse", rbp="EVIL")
    assert "<script>alert(1)</script>" in [one["protein"] for one in component(app, "gallery")["cards"]]  # set as textContent
    assert "<script>" not in figures(app)[0]


def test_browse_opens_with_rbfox1_already_drawn(open_page):
    app = open_page("browse")
    assert "RBFOX1 (RNCMPT00168)" in figures(app)[0]
    assert not errors(app)


def test_choosing_an_rbp_shows_its_own_numbers(open_page):
    app = open_page("browse")
    snrpa = find_model("SNRPA")
    app.selectbox(key="rbp").set_value(snrpa.experiment).run()
    assert [m.value for m in app.metric][:2] == [f"{snrpa.pearson_test:.3f}", snrpa.top_kmer]
    assert snrpa.label in figures(app)[0]


def test_a_link_may_name_the_protein(open_page):
    app = open_page("browse", rbp="snrpa")
    assert app.selectbox(key="rbp").value == find_model("SNRPA").experiment


def test_a_link_to_an_unknown_rbp_says_so_and_shows_the_default(open_page):
    app = open_page("browse", rbp="NOSUCH1")
    assert "RBFOX1" in figures(app)[0]


def test_a_broken_model_says_why_and_the_others_work(open_page, monkeypatch, broken_copy_of_the_models):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("browse", rbp="RNCMPT00168")
    assert any("weights.safetensors is damaged" in error for error in errors(app))
    app.selectbox(key="rbp").set_value("RNCMPT00071").run()
    assert not errors(app)
    assert "SNRPA" in figures(app)[0]
    app.selectbox(key="rbp").set_value("RNCMPT00168").run()
    for page in ("hypothesis", "sequence"):
        app.switch_page(f"../pages/{page}.py").run()
        assert not app.exception
        assert any("is broken" in error for error in errors(app))
