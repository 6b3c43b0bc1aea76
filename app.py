"""Entry of the dashboard: page settings, navigation, the shared sidebar."""

import streamlit as st

from dashboard import sidebar

st.set_page_config(page_title="RBind", page_icon="🧬", layout="wide", initial_sidebar_state=330)

pages = [
    st.Page("pages/browse.py", title="Browse", icon=":material/grid_view:", url_path="start", default=True),
    st.Page("pages/browse.py", title="Browse", url_path="browse", visibility="hidden"),  # the default is only at /
    st.Page("pages/sequence.py", title="Sequence", icon=":material/border_color:", url_path="sequence"),
    st.Page("pages/hypothesis.py", title="Hypothesis", icon=":material/science:", url_path="hypothesis"),
    st.Page("pages/experiments.py", title="Experiments", icon=":material/lab_profile:", url_path="experiments"),
    st.Page("pages/lessons.py", title="Lessons", icon=":material/school:", url_path="lessons"),
    st.Page("pages/models.py", title="Models", icon=":material/verified:", url_path="models"),
]
page = st.navigation(pages)
st.html("<style>.stMainBlockContainer { padding-top: 2.2rem; padding-bottom: 2rem; }</style>")
sidebar.show()
page.run()
