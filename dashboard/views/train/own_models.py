"""The user's own models on the Train page: renaming, exporting, and deleting after confirmation."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.state import owner
from dashboard.state.errors import said_on_the_page
from dashboard.state.links import go_to
from dashboard.state.markdown import plain
from dashboard.views.train import work as training
from dashboard.views.train.views import pearson_in_words
from rbind_core.errors import RBindError
from rbind_core.model.own_models import delete_model, export_model, rename_model
from rbind_core.model.registry import Model

_PROBLEM, _DONE = "_dialog_problem", "_dialog_done"
EXPORT_HELP = "A zip file with the card, the weights and a text that says how to use it elsewhere."


def show_own_models() -> None:
    """Draw the list, if there are any."""
    models = [model for model in owner.models() if owner.is_own(model)]
    if not models:
        return
    st.header("Your models", help="They are listed everywhere beside the bundled ones, which cannot be changed.")
    for model in models:
        _row(model)


def _row(model: Model) -> None:
    name = model.folder.name  # in the keys, so that a click never hits another row after the list has changed
    with st.container(horizontal=True, vertical_alignment="center", key=f"own_model_{name}"):
        if model.problem:
            st.markdown(f"**{plain(model.experiment)}** :red-badge[broken] {plain(model.problem)}")
        else:
            st.markdown(f"**{plain(model.experiment)}** · {plain(model.top_kmer)} · {pearson_in_words(model)}")
            st.button("Open", key=f"open_own_{name}", type="tertiary", on_click=go_to, args=("browse", model.experiment))
            if st.button("Rename", key=f"rename_{name}", type="tertiary", icon=":material/edit:"):
                _open(_rename, model)
            st.download_button(
                "Export",
                lambda: export_model(model),
                f"{model.experiment}.zip",
                "application/zip",
                key=f"export_{name}",
                icon=":material/download:",
                help=EXPORT_HELP,
                on_click="ignore",
                type="tertiary",
            )
        if st.button("Delete", key=f"delete_own_{name}", type="tertiary", icon=":material/delete:"):
            _open(_delete, model)


def _open(dialog: Callable[[Model], None], model: Model) -> None:
    """Open a dialog, without leftovers of an earlier one."""
    for name in (_PROBLEM, _DONE):
        st.session_state.pop(name, None)
    dialog(model)


@st.dialog("Rename a model")
@said_on_the_page()
def _rename(model: Model) -> None:
    st.text_input("New name", value=model.experiment, key="new_name", max_chars=60)
    st.caption("Links to the old name will not find it any more.")
    _end_of_dialog("Rename", _do_rename, model)


@st.dialog("Delete a model")
@said_on_the_page()
def _delete(model: Model) -> None:
    st.markdown(f"Delete **{plain(model.experiment)}** for good? Export it first if you may want it back.")
    _end_of_dialog("Delete for good", _do_delete, model)


def _end_of_dialog(label: str, act: Callable[[Model], None], model: Model) -> None:
    """The button that acts and closes the dialog, unless there is a problem to show."""
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(plain(problem))
    st.button(label, key="do_it", type="primary", on_click=_try, args=(act, model))
    if st.session_state.pop(_DONE, False):
        st.rerun()


def _try(act: Callable[[Model], None], model: Model) -> None:
    try:
        act(model)
    except RBindError as error:
        st.session_state[_PROBLEM] = f"{error}."
    else:
        st.session_state[_DONE] = True


def _do_rename(model: Model) -> None:
    name = st.session_state["new_name"].strip()
    rename_model(model, name, owner.models(), training.reserved_names())
    if st.session_state.get("rbp") == model.experiment:
        st.session_state["rbp"] = name


def _do_delete(model: Model) -> None:
    delete_model(model)
