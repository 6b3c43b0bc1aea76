"""Every widget, upload and query parameter of every page: a figure or a sentence, and nothing hostile that becomes an element."""

import random
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.state.pages import NAMES
from tests.fuzz.corpus import CONTENTS, FILE_NAMES, HOSTILE, HTML_MARK, RNA, SHORT_TEXTS, gzip_bomb
from tests.fuzz.pages import OpenPage, found_marks, link_parameters, uploads_in_source
from tests.fuzz.wandering import STARTS, misuse_everything, misuse_links, press_everything, wander

pytestmark = pytest.mark.usefixtures("pages_of_the_app", "no_data", "no_network")
UPLOADS = [
    ("kmers", {}, "meme"),
    ("long_rna", {}, "rna_upload"),
    ("who", {}, "who_rna_upload"),
    ("train", {}, "table"),
    ("browse", {"background": "file"}, "upload"),
]
MEGABYTES = {"meme": 20, "rna_upload": 5, "who_rna_upload": 5, "table": 10, "upload": 5}


def test_every_parameter_is_found():
    assert {"rbp", "n", "seed", "c", "rna", "lesson", "run", "reveal", "pair", "file", "wt"} <= set(link_parameters())


@pytest.mark.parametrize("page", NAMES)
def test_controls(page, ledger):
    misuse_everything(ledger, page, {"n": "10"})


@pytest.mark.parametrize("page", NAMES)
def test_every_choice_and_every_button(page, ledger):
    press_everything(ledger, page, {"n": "10", "k": "4"})


def test_a_choice_is_known_by_what_it_shows(ledger):
    opened = OpenPage(ledger, "sequence", {"n": "10"}).open()
    opened.choose("show", 1)
    assert "gradients_chart" in [chart.key for chart in opened.app.get("plotly_chart")]


def test_a_pressed_button_does_what_it_says(ledger):
    opened = OpenPage(ledger, "lessons", {"n": "10"}).open()
    opened.press("next_2")
    assert "next_3" in opened.buttons
    assert "next_2" not in opened.buttons


@pytest.mark.parametrize("start", STARTS[1:], ids=lambda start: start["background"])
def test_controls_of_the_sidebar(start, ledger):
    misuse_everything(ledger, "hypothesis", {"n": "10", **start})


@pytest.mark.parametrize("page", NAMES)
def test_links(page, ledger):
    names = list(SHORT_TEXTS)
    number = NAMES.index(page)
    for name in ("everything hostile", names[7 * number % len(names)]):
        misuse_links(ledger, page, name)


@pytest.mark.parametrize("value", ["inf", "1e400", "9" * 400, "-Infinity", "nan", "1e300", "-1e300"])
def test_numbers_of_a_link(value, ledger):
    app = OpenPage(ledger, "design", dict.fromkeys(("n", "seed", "steps", "restarts", "warmth", "gc_range"), value)).open().app
    assert app.number_input(key="n").value == 1000 or app.error


@pytest.mark.parametrize("page", NAMES)
def test_wandering(page, ledger):
    wander(ledger, page, random.Random(page), steps=4)


def test_every_upload_is_known(ledger):
    assert uploads_in_source() == len(UPLOADS)
    for page, start, key in UPLOADS:
        [element] = [one for one in OpenPage(ledger, page, start).open().widgets("file_uploader") if one.key == key]
        assert element.proto.max_upload_size_mb == MEGABYTES[key]


@pytest.mark.parametrize(("page", "start", "key"), UPLOADS, ids=lambda value: value if isinstance(value, str) else "")
def test_uploads(page, start, key, ledger):
    opened = OpenPage(ledger, page, start).open()
    hostile = list(FILE_NAMES.values())
    for number, name in enumerate(
        ["PNG", "UTF-16", "zip", "pickle", "FASTA with a hostile header", "MEME with a hostile name", "table"]
    ):
        opened.upload(key, hostile[number % len(hostile)], CONTENTS[name], name)
    opened.upload(key, "bomb.txt", gzip_bomb(40), "gzip bomb")
    assert opened.app.error, "nothing is said about a gzip bomb"


@pytest.mark.parametrize(("page", "start", "key"), UPLOADS, ids=lambda value: value if isinstance(value, str) else "")
def test_uploads_beyond_their_limit(page, start, key, ledger):
    opened = OpenPage(ledger, page, start).open()
    line = f"{RNA}\t1\n".encode()
    opened.upload(key, "large.txt", (line * (MEGABYTES[key] * 10**6 // len(line) + 2)), "beyond the limit")
    [error] = opened.app.error
    assert re.search(rf"\b{MEGABYTES[key]} MB", error.value), error.value


def test_marks_are_found_where_they_are_elements():
    def page():
        import plotly.graph_objects as go
        import streamlit as st

        from dashboard.state.markdown import plain
        from tests.fuzz.corpus import HOSTILE

        st.session_state.setdefault("shown", "none")
        match st.session_state["shown"]:
            case "html":
                st.html(HOSTILE)
            case "markdown":
                st.markdown(f"A name: {HOSTILE}")
            case "error":
                st.error(HOSTILE)
            case "label":
                st.button(HOSTILE)
            case "figure":
                st.plotly_chart(go.Figure(layout={"title": {"text": HOSTILE}}))
            case "plain":
                st.markdown(plain(HOSTILE))
                st.text(HOSTILE)

    app = AppTest.from_function(page)
    for shown, expected in [("html", 1), ("markdown", 1), ("error", 1), ("label", 1), ("figure", 1), ("plain", 0), ("none", 0)]:
        app.session_state["shown"] = shown
        assert len(list(found_marks(app.run()))) == expected, shown
    assert HTML_MARK in HOSTILE
