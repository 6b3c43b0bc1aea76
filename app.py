"""The application of a server, started by `./rbind app`, by `streamlit run app.py`, or in this folder by `uvicorn app:app`."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.server import packages
from dashboard.server.middleware import SharedServer

app = st.App(Path(__file__).parent / "entry" / "main.py", middleware=[Middleware(SharedServer)], lifespan=packages.loaded_ahead)
