"""The training page: a network of one's own, from a table of sequences and scores."""

import streamlit as st

from dashboard.state.markdown import plain
from dashboard.views.train import work as training
from dashboard.views.train.own_models import show_own_models
from dashboard.views.train.views import (
    SCORES_HELP,
    choose_columns,
    offer_log,
    show_counts,
    show_runs,
    show_scores,
    show_worked_example,
)
from dashboard.widgets import sidebar
from rbind_core.data.table_column_choice import UnclearColumnError
from rbind_core.errors import RBindError
from rbind_core.model.registry import Model

QUESTION_HELP = """Give a table with one probe a line: a sequence of 8-41 nt and a score, the higher the stronger the binding. A
network (ResidualBind) learns to predict the score from the sequence. A tenth of the table is held out and looked at once, at the
end: that says how well it predicts what it has not seen, so RNAs that repeat or are near copies of each other stay together. The
model can then be used on every page like the bundled ones."""
TABLE_HELP = """Text with tabs, commas, semicolons or spaces, plain or packed by gzip, with or without a header; DNA or RNA. At
least 500 usable lines; up to 10 MB (20 MB unpacked). It is kept with its run until the model is stored or the run is deleted."""
START_HELP = """**The trunk**: the network begins with features that it has learned from 49 RNAcompete experiments, and learns
yours on top. Best for most tables, and necessary for small ones; one to two minutes for 30,000 lines. If your probes are those of
RNAcompete, the trunk has seen their scores for its 49 proteins, so the test flatters it there.

**Scratch**: it begins with random weights. For large tables (20,000 lines and more) and for measures unlike RNAcompete's; goes
through the table up to 40 times, so about five times slower."""
NAME_HELP = "Letters, digits, '-', '_' and '.'; the model is listed under this name everywhere."
FORMAT = """```
sequence                     score
AGAUUGCAUGCUUUACCGAUUAGGA    2.31
GGAUCUCCAUCACCAUGUAGAUCAC   -0.18
...
```"""


def use_example() -> None:
    st.session_state["_example"] = True


def forget_what_was_chosen() -> None:
    for key in ("_example", "sequence_column", "score_column"):
        st.session_state.pop(key, None)


def choose_table(model: Model) -> training.Given | None:
    """The table that was uploaded or the example; None where there is none, or it cannot be used."""
    uploaded = st.file_uploader(
        "Table of sequences and scores",
        ["tsv", "csv", "txt", "tab", "gz"],
        key="table",
        max_upload_size=training.MOST_MEGABYTES,
        on_change=forget_what_was_chosen,
        help=TABLE_HELP,
    )
    try:
        if st.session_state.get("_example"):
            return training.example(model)
        if uploaded is not None:
            name, content = uploaded.name, uploaded.getvalue()
            with st.spinner("Reading the table ..."):
                columns = training.look_at_upload(name, content)
            chosen = choose_columns(columns)
            with st.spinner("Reading the table ..."):
                return training.read_upload(name, content, *chosen)
    except UnclearColumnError as error:
        st.info(plain(f"{error.question[0].upper()}{error.question[1:]}; choose it above."))
    except RBindError as error:
        st.error(plain(f"{error}."))
    return None


def ask_and_start(given: training.Given) -> None:
    """Name and start of the new model, and the button."""
    suggestion = training.suggest_name(given, training.taken_names())
    with st.form("order", border=False):
        left, right = st.columns(2)
        name = left.text_input("Name of the model", suggestion, key=f"name_{suggestion}", max_chars=60, help=NAME_HELP)
        begin = right.segmented_control(
            "Start from", list(training.STARTS), default=training.TRUNK, key="begin", required=True, help=START_HELP
        )
        wants = st.form_submit_button("Train", type="primary", icon=":material/play_arrow:", key="train")
    if wants:
        try:
            run = training.start(given, name.strip(), training.STARTS[begin or training.TRUNK])
        except RBindError as error:
            st.error(plain(f"{error}."))
            return
        st.query_params["run"] = run.id
        st.rerun()


settings = sidebar.current()
st.title("Train your own")
st.markdown("*Can a network learn what my protein binds, from my own measurements?*", help=QUESTION_HELP)
left, right = st.columns([5, 6], gap="large")
with left:
    chosen = choose_table(settings.model)
    if chosen is None:
        st.markdown("One probe a line, any measure of binding, in any units:", help=SCORES_HELP)
        st.markdown(FORMAT)
        st.button(
            "Try with an example table",
            icon=":material/science:",
            on_click=use_example,
            help=f"{training.EXAMPLE_PROBES:,} probes of RBind's own design with the scores that "
            f"{plain(settings.model.label)} predicts; about a minute.",
        )
    else:
        if st.session_state.get("_example"):
            st.button("Not the example", icon=":material/close:", type="tertiary", on_click=forget_what_was_chosen)
        show_counts(chosen)
        chosen = offer_log(chosen)
        ask_and_start(chosen)
with right:
    has_runs = show_runs()
    if chosen is None and not has_runs:
        show_worked_example(settings.model)
if chosen is not None:
    with left if has_runs else right:
        show_scores(chosen)
show_own_models()
