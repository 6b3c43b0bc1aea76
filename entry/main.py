"""Entry of the dashboard: page settings, navigation, the shared sidebar."""

from pathlib import Path

import streamlit as st

from dashboard.server import packages

packages.load()  # before any other import of a session

from dashboard.state.links import drop_endless_numbers, follow
from dashboard.widgets import sidebar
from dashboard.widgets.errors import said_on_the_page

st.set_page_config(page_title="RBind", page_icon="🧬", layout="wide", initial_sidebar_state=330)

# What is used most stands in the bar itself, the rest in three menus.
pages = {
    "": [
        st.Page("pages/browse.py", title="Browse", url_path="start", default=True),
        st.Page("pages/browse.py", title="Browse", url_path="browse", visibility="hidden"),  # the default is only at /
        st.Page("pages/profile.py", title="Profile", url_path="profile"),
        st.Page("pages/sequence.py", title="Sequence", url_path="sequence"),
        st.Page("pages/hypothesis.py", title="Hypothesis", url_path="hypothesis"),
        st.Page("pages/experiments.py", title="Experiments", url_path="experiments"),
        st.Page("pages/lessons.py", title="Lessons", url_path="lessons"),
    ],
    "Motifs": [
        st.Page("pages/compare.py", title="Compare", url_path="compare"),
        st.Page("pages/kmers.py", title="K-mers", url_path="kmers"),
        st.Page("pages/all_rbps.py", title="All RBPs", url_path="all-rbps"),
    ],
    "RNAs": [
        st.Page("pages/probes.py", title="Test sequences", url_path="probes"),
        st.Page("pages/long_rna.py", title="Long RNA", url_path="long-rna"),
        st.Page("pages/variants.py", title="Variants", url_path="variants"),
        st.Page("pages/design.py", title="Design", url_path="design"),
    ],
    "Models": [
        st.Page("pages/models.py", title="Quality", url_path="models"),
        st.Page("pages/train.py", title="Train your own", url_path="train"),
    ],
}
page = st.navigation(pages, position="top")
st.html(Path(__file__).with_name("dashboard") / "widgets" / "app.css")
with said_on_the_page():
    drop_endless_numbers()
    sidebar.show()
    follow()
    page.run()
