"""The choice of a background in the sidebar, with the extra control that some need."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.state import uploads
from dashboard.state.keys import IN_LINK
from dashboard.state.last_good import read_or_last
from dashboard.state.links import linked, read_option
from dashboard.state.markdown import plain
from rbind_core.backgrounds import BACKGROUNDS, KINDS, LABELS, MAX_BYTES, MAX_RECORDS, NAMES
from rbind_core.data.library import designed_library
from rbind_core.errors import RBindError
from rbind_core.rna.sequences import check_sequence, decode, reading_notes

BACKGROUND_HELP = """The RNAs that patterns are put into.

""" + "\n".join(f"- **{f'{kind.label} {kind.span()}'.strip()}**: {kind.help}" for kind in KINDS)
CONTEXT_HELP = """Every background RNA is this one, so N = 1: what is found holds for this RNA, without a confidence interval.
What a construct draws at random, such as its position, is averaged out."""
FILE_HELP = f"""FASTA, or one sequence a line, a name beside it or not: at most {MAX_RECORDS:,} sequences and
{MAX_BYTES // 1_000_000} MB. Of one longer than 41 nt a random window is used; those shorter than 11 nt are left out. The file
stays on the computer that runs RBind."""


def choose_background() -> dict[str, Any]:
    """Draw the controls and return the fields of a `BackgroundChoice` that they set."""
    background = linked("background", NAMES, NAMES[0], _draw_background, read_option(NAMES))
    setting = BACKGROUNDS[background].setting
    if setting != "fasta":
        st.query_params.pop("file", None)
    if not setting:
        return {"background": background}
    value = _CONTROLS[setting]()
    return {} if value is None else {"background": background, setting: value}


def _draw_background() -> str:
    return st.selectbox("Background", NAMES, format_func=LABELS.__getitem__, help=BACKGROUND_HELP, key="background")


def _choose_gc() -> float:
    percent = st.slider("GC content (%)", 0, 100, 50, key="gc", **IN_LINK)
    return percent / 100


def _choose_context() -> str:
    default = decode(designed_library().codes[:1])[0]
    text = st.text_input("The RNA, 11-41 nt", default, key="context", help=CONTEXT_HELP, **IN_LINK)
    good, problem = read_or_last("context", lambda: check_sequence(text), lambda: default)
    if problem:
        st.error(f"{plain(problem)}. The figures still show {good}.")
    elif notes := reading_notes(text):
        st.caption(plain(" ".join(notes)))
    return good


def _choose_file() -> str | None:
    """Draw the upload and return the path of the sequences in use, or None."""
    digest = st.session_state.setdefault("_file", st.query_params.get("file", ""))
    uploaded = st.file_uploader("Your sequences", ["fa", "fasta", "txt"], key="upload", max_upload_size=5, help=FILE_HELP)
    if uploaded is not None:
        read, problem = st.session_state.get("_upload_read", ("", ""))
        if read != uploaded.file_id:
            try:
                digest, problem = uploads.store(uploaded.getvalue()), ""
            except RBindError as error:
                problem = plain(str(error))
            st.session_state["_upload_read"] = uploaded.file_id, problem
            st.session_state["_file"] = digest
        if problem:
            st.error(f"{problem}.")
    path = uploads.find(digest)
    if path is None:
        st.query_params.pop("file", None)
        missing = "The sequences of this link are not on this computer: upload their file." if digest else "Choose a file."
        st.warning(f"{missing} Until then the background is the profile.")
        return None
    if st.query_params.get("file") != digest:
        st.query_params["file"] = digest
    st.caption(f"In use: {digest}. The link to this page finds them again on this computer.")
    return str(path)


_CONTROLS = {"gc": _choose_gc, "context": _choose_context, "fasta": _choose_file}
