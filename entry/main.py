"""What runs in every session: page settings, navigation, the shared sidebar, the page.

It stands in a folder of its own, since Streamlit reads a folder `pages` beside the main script as a menu of its own.
"""

from pathlib import Path

import streamlit as st

from dashboard.server import packages

packages.load()  # before any other import of a session

from dashboard.state import pages
from dashboard.state.errors import said_on_the_page
from dashboard.state.links import drop_endless_numbers, follow
from dashboard.widgets import sidebar

st.set_page_config(page_title="RBind", page_icon="🧬", layout="wide", initial_sidebar_state=330)
page = st.navigation(pages.menu(), position="top")
st.html(Path(__file__).parents[1] / "dashboard" / "widgets" / "app.css")
with said_on_the_page():
    drop_endless_numbers()
    sidebar.show()
    follow()
    page.run()
