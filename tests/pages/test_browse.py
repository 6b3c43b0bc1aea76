from rbind_core.model.registry import find_model, list_models
from tests.pages.conftest import errors, figures


def test_browse_lists_every_model_with_its_motif(open_page):
    app = open_page("browse")
    table = app.dataframe[0].value
    assert list(table["Experiment"]) == [m.experiment for m in list_models()]
    assert table["Motif"].str.startswith("data:image/svg+xml").all()
    assert table["Test Pearson"].notna().all()


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
    monkeypatch.setattr("rbind_core.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("browse", rbp="RNCMPT00168")
    assert any("weights.safetensors is damaged" in error for error in errors(app))
    app.selectbox(key="rbp").set_value("RNCMPT00071").run()
    assert not errors(app)
    assert "SNRPA" in figures(app)[0]
    app.selectbox(key="rbp").set_value("RNCMPT00168").run()
    for page in ("hypothesis", "sequence"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert any("is broken" in error for error in errors(app))
