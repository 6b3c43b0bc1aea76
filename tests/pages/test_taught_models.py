"""Every page with a taught model: it opens, marks it, and claims no measurement that nobody has made."""

import re

import pytest

from tests.pages.conftest import ROOT, errors, figures
from tests.taught import HUR

RNA = "ACGUACGUUGCAUGACGUACGUACGUACGU"
OPENED = [
    ("hypothesis", {"n": "20", "c": "UGCAUG@18; two = UGCAUG@4,18"}),
    *(("experiments", {"n": "20", "experiment": name}) for name in ("sites", "gcbias", "stemloop")),
    ("kmers", {"n": "20", "k": "3"}),
    ("variants", {"n": "20"}),
    ("design", {"steps": "1"}),
    ("design", {"steps": "1", "against": "RNCMPT00168"}),
    ("probes", {}),
    ("probes", {"library": "measured"}),
    *(("sequence", {"seq": RNA[:14], "show": show}) for show in ("mutations", "gradients", "structure", "several")),
    ("long_rna", {"stride": "20"}),
    ("long_rna", {"stride": "20", "rbp2": "RNCMPT00168"}),
    ("lessons", {"n": "20", "lesson": "2", "run": "1", "reveal": "1"}),
    ("who", {"who_second": RNA * 2}),
    ("compare", {}),
    ("profile", {}),
    ("browse", {}),
    ("all_rbps", {}),
    *(("models", {"models_view": view}) for view in ("log scale", "single points")),
    ("train", {}),
]
KINDS = ("markdown", "caption", "info", "warning", "html", "header", "title", "subheader", "metric", "success")


def said(app) -> str:
    """All that the page says, with the titles of its figures and its tables."""
    texts = []
    for kind in KINDS:
        for element in app.get(kind):
            shown = [getattr(element, name, "") or "" for name in ("label", "value", "help", "delta")]
            texts.append(" ".join(map(str, shown)))
    titles = [title for figure in figures(app) for title in re.findall(r'"text":"([^"]*)"', figure)]
    return "\n".join([*texts, *titles])


@pytest.mark.parametrize(("page", "parameters"), OPENED)
def test_a_page_opens_with_a_taught_model_and_claims_nothing_false(open_page, taught_models, page, parameters):
    app = open_page(page, rbp=HUR, **parameters)
    assert not errors(app)
    text = said(app)
    assert not re.search(r"\bnan\b", text, re.IGNORECASE), text
    assert not re.search(r"no test Pearson", text), text
    assert "grade B: taught" in text
    if "rbp2" not in parameters:  # the other one was measured
        assert not any("log intensity" in figure for figure in figures(app))


def test_every_page_is_opened_here():
    assert {page for page, _ in OPENED} == {path.stem for path in (ROOT / "pages").glob("*.py")}


def test_the_worked_example_of_training_is_one_that_was_trained_on_measurements(open_page, taught_models):
    text = said(open_page("train", rbp=HUR))
    assert "a model like this one, MSI1" in text  # the first of the measured ones


def test_all_rbps_counts_by_grade_and_says_that_taught_ones_are_not_counted(open_page, taught_models):
    text = said(open_page("all_rbps", rbp=HUR)).replace("\\", "")
    assert "4 experiments of 4 proteins: 4 measured (A)" in text
    assert "is not among them: taught models are not counted" in text


def test_imported_scores_are_not_set_against_a_taught_model(open_page, taught_models, monkeypatch):
    monkeypatch.setattr("dashboard.widgets.sidebar.is_measured_available", lambda experiment: True)
    text = said(open_page("probes", rbp=HUR, library="measured"))
    assert "on another scale than this model" in text
    assert "designed probes" in text


def test_measurements_of_a_taught_model_cannot_be_fetched(open_page, taught_models, no_data):
    assert "The measurements of HuR are not public. Showing designed probes." in said(
        open_page("probes", rbp=HUR, library="measured")
    )


def test_other_networks_are_said_until_they_are_switched_off(open_page, taught_models):
    app = open_page("hypothesis", rbp=HUR, n="60", networks="true")
    assert any("of 5 networks" in c.value for c in app.caption)
    app.toggle(key="networks").set_value(False).run()
    assert not any("of 5 networks" in c.value for c in app.caption)
