"""Entry of the dashboard: page settings, navigation, the shared sidebar."""

import streamlit as st

from dashboard import sidebar
from dashboard.links import follow

st.set_page_config(page_title="RBind", page_icon="🧬", layout="wide", initial_sidebar_state=330)

# All pages fit into the bar on a laptop, also while the signs of a running script stand beside them.
STYLE = """<style>.stMainBlockContainer { padding: 3.6rem clamp(1rem, 3vw, 2.6rem) 2rem; }
  [data-testid="stTopNavLink"] { padding: 0 .2rem !important; font-size: .84rem; } </style>"""

pages = [
    st.Page("pages/browse.py", title="Browse", url_path="start", default=True),
    st.Page("pages/browse.py", title="Browse", url_path="browse", visibility="hidden"),  # the default is only at /
    st.Page("pages/profile.py", title="Profile", url_path="profile"),
    st.Page("pages/compare.py", title="Compare", url_path="compare"),
    st.Page("pages/all_rbps.py", title="GC-bias", url_path="all-rbps"),
    st.Page("pages/kmers.py", title="K-mers", url_path="kmers"),
    st.Page("pages/sequence.py", title="Sequence", url_path="sequence"),
    st.Page("pages/long_rna.py", title="Long RNA", url_path="long-rna"),
    st.Page("pages/variants.py", title="Variants", url_path="variants"),
    st.Page("pages/design.py", title="Design", url_path="design"),
    st.Page("pages/hypothesis.py", title="Hypothesis", url_path="hypothesis"),
    st.Page("pages/experiments.py", title="Experiments", url_path="experiments"),
    st.Page("pages/lessons.py", title="Lessons", url_path="lessons"),
    st.Page("pages/models.py", title="Models", url_path="models"),
]
page = st.navigation(pages, position="top")
st.html(STYLE)
sidebar.show()
follow()
page.run()
