"""What RBind uses of Streamlit beyond what it documents is there; where an upgrade takes it away, a test says what broke."""

from __future__ import annotations

import importlib
import re
import sys

import pytest
import streamlit as st

from dashboard.server.packages import STREAMLIT_IMPORTS_LATE
from tests.servers import ROOT
from tests.streamlit_interface import TRIED_WITH, front_end, names_in_the_front_end

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SOURCES = [
    path for folder in ("dashboard", "pages") for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".css", ".js")
]
SELECTORS = sorted(
    {
        (name, path.relative_to(ROOT).as_posix())
        for path in SOURCES
        for name in re.findall(r'(?:data-testid="|\.)(st[A-Z]\w+)', path.read_text())
    }
)
MARKS = {
    "data-stale": "app.css no longer dims what is out of date",
    "data-selected": "app.css no longer makes the chosen option readable",
    "data-test-script-state": "the browser tests no longer know when a page has settled",
    "st-key-": "elements can no longer be found by their key",
    "js-plotly-plot": "the buttons under a figure no longer find it",
    "modebar-btn": "the buttons SVG and PNG no longer find the one of Plotly that they press",
}
SETTINGS = [
    f"{section}.{name}"
    for section, options in tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text()).items()
    for name, value in options.items()
    if not isinstance(value, dict)
]


def test_the_pinned_versions_are_those_that_were_tried():
    pinned = set(re.findall(r"^streamlit==(\d+\.\d+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    assert pinned <= TRIED_WITH, (
        "try this file and tests/browser with the new version, then name it where TRIED_WITH or 'Tried with' stands"
    )


@pytest.mark.parametrize(("name", "where"), SELECTORS)
def test_the_style_sheets_find_what_they_dress(name: str, where: str):
    assert name in names_in_the_front_end(), f"Streamlit's pages hold no {name} any more, so a rule of {where} does nothing"


@pytest.mark.parametrize("mark", MARKS)
def test_the_marks_of_elements_are_there(mark: str):
    assert mark in front_end(), f"Streamlit's pages hold no {mark} any more: {MARKS[mark]}"


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_settings_are_known(setting: str):
    try:
        st.get_option(setting)
    except RuntimeError:
        pytest.fail(f"Streamlit knows no setting {setting} any more; what it is for stands in .streamlit/config.toml")


@pytest.mark.parametrize("name", STREAMLIT_IMPORTS_LATE)
def test_what_is_imported_ahead_is_there(name: str):
    try:
        importlib.import_module(name)
    except ImportError:
        pytest.fail(f"Streamlit has no module {name} any more; the first icon of a page may import another one, and take as long")


def test_the_messages_of_the_front_end_are_those_that_a_visitor_without_a_browser_sends_and_reads():
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    asked = BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].message_type.fields_by_name
    told = ForwardMsg.DESCRIPTOR.oneofs_by_name["type"].fields
    missing = {"page_name", "query_string"} - set(asked) | {"script_finished", "page_not_found", "delta"} - {
        one.name for one in told
    }
    assert not missing, f"Streamlit's messages have no {missing} any more: bench/visitor.py cannot open pages"
