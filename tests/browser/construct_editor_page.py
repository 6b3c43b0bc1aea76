"""The construct strip next to its text, apart from the real page."""

import streamlit as st

from dashboard.widgets.construct_editor import construct_editor
from rbind_core.constructs import parse_constructs
from rbind_core.errors import RBindError

BACKGROUND = "GACUUCGAUCAGGAUCUACGGAUUCAGCAUCGAUUGCAGCA"


def put_text(text: str) -> None:
    st.session_state["c"] = text


st.set_page_config(layout="wide", initial_sidebar_state=330)
st.sidebar.write("As wide as the real one")
text = st.text_input("Construct", "UGCAUG@18", key="c", bind="query-params")
try:
    st.session_state["good"] = constructs = parse_constructs(text)
except RBindError as error:
    st.error(str(error))
    constructs = st.session_state.get("good") or parse_constructs("UGCAUG@18")
construct_editor(constructs, BACKGROUND, put_text, key="strip")
