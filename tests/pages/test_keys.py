"""No page shares a name in the link or in the session with another page, and the register of these names is true."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.state.keys import EVERYWHERE, KEYS
from tests.pages.conftest import ROOT
from tests.pages.names_of_keys import names_by_room

RNA = "ACGUACGUUGCAUGACGUACGUACGUACGU"
VIEWS = ("Comparisons", "Interaction", "Does the background matter?", "Is N enough?", "Does the stem form?")
OPENED = [
    *(("hypothesis", {"n": "20", "view": view, "c": "UGCAUG@18; UGCAUG@4,18; UGCAUG@4"}) for view in VIEWS),
    *(("experiments", {"n": "20", "experiment": name}) for name in ("sites", "stemloop", "gcbias", "own")),
    ("kmers", {"n": "20", "k": "3"}),
    ("kmers", {"n": "20", "k": "3", "mode": "exhaustive"}),
    ("variants", {"n": "20"}),
    ("design", {"steps": "1"}),
    ("probes", {}),
    *(("sequence", {"seq": RNA[:14], "show": show}) for show in ("mutations", "gradients", "pairs", "structure", "several")),
    ("long_rna", {"stride": "20", "rbp2": "RNCMPT00076"}),
    ("long_rna", {"rna": RNA * 2, "mutations_of": "the whole RNA"}),
    ("lessons", {"n": "20", "lesson": "2", "run": "1", "reveal": "1"}),
    ("who", {"who_second": RNA * 2}),
    ("compare", {}),
    ("compare", {"with": "RNCMPT00076,RNCMPT00176"}),
    ("profile", {}),
    ("browse", {}),
    ("all_rbps", {}),
    *(("models", {"models_view": view}) for view in ("log scale", "clip scale", "single points")),
    ("train", {}),
]


def keys_of(app: AppTest) -> set[str]:
    """Keys that were given to what stands outside the sidebar: widgets, charts, tables, components."""
    found = set()
    for element in app.main:
        found |= _keys_within(element)
    return found


def _keys_within(node) -> set[str]:
    children = getattr(node, "children", None)
    if children is not None:
        return set().union(*map(_keys_within, children.values())) if children else set()
    given = getattr(node, "key", None)
    identity = getattr(getattr(node, "proto", None), "id", "") or ""
    if not given and identity.startswith("$$ID-"):
        given = identity.split("-", 2)[-1]
    return {given} if given and given != "None" else set()


@pytest.fixture(scope="module")
def pages_of_keys() -> dict[str, set[str]]:
    return defaultdict(set)


@pytest.mark.parametrize(("page", "parameters"), OPENED)
def test_a_key_is_used_on_one_page_only(open_page, pages_of_keys, monkeypatch, page, parameters):
    monkeypatch.setattr("dashboard.views.models.held_out._can_draw_points", lambda model: False)
    app = open_page(page, **parameters)
    assert set(app.query_params) <= set(KEYS[page].link | KEYS[EVERYWHERE].link)
    for key in keys_of(app):
        pages_of_keys[key].add(page)
    shared = {key: pages for key, pages in pages_of_keys.items() if len(pages) > 1}
    assert not shared


def test_keys_are_found(open_page):
    assert {"c", "shape", "points", "view", "importance", "strip", "file_CSV_importance"} <= keys_of(
        open_page("hypothesis", n="20")
    )


def test_every_page_is_opened_here():
    assert {page for page, _ in OPENED} == {path.stem for path in (ROOT / "pages").glob("*.py")}


ON_TWO_PAGES = {"run", "view"}  # `run` is of no widget, so it leaves the link with its page; `view` of Models is of old links


def registered(page: str) -> set[str]:
    """What the register says of a page, as `names_of_keys` writes it."""
    return {re.sub(r"{\w+}", "{}", name) for name in KEYS[page].link | KEYS[page].session}


@pytest.mark.parametrize("page", KEYS)
def test_what_a_page_keeps_is_in_the_register(page):
    found = names_by_room()
    from_elsewhere = set().union(*map(registered, KEYS)) if page == EVERYWHERE else registered(EVERYWHERE)
    assert found[page] - from_elsewhere <= registered(page)
    assert registered(page) <= found[page]


def test_the_register_holds_every_page_and_no_name_of_two():
    assert set(KEYS) == {EVERYWHERE} | {path.stem for path in (ROOT / "pages").glob("*.py")}
    shared = set().union(*(registered(a) & registered(b) for a, b in combinations(KEYS, 2)))
    assert shared == ON_TWO_PAGES


def test_a_name_is_in_the_link_or_in_the_session_alone():
    for kept in KEYS.values():
        assert not kept.link.keys() & kept.session.keys()
        assert all(text and not text.endswith(".") for text in (kept.link | kept.session).values())


def test_an_old_link_to_a_view_of_the_models_page_still_opens_it(open_page):
    app = open_page("models", view="clip scale")
    assert app.query_params["models_view"] in ("clip scale", ["clip scale"])
    assert "view" not in app.query_params


def test_the_view_of_one_page_is_left_alone_by_another(open_page):
    app = open_page("hypothesis", n="20", view="Is N enough?")
    app.switch_page("../pages/models.py").run()
    app.switch_page("../pages/hypothesis.py").run()
    [view] = [one for one in app.button_group if one.key == "view"]
    assert view.value in ("Is N enough?", ["Is N enough?"])
