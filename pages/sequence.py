"""The sequence page: in silico mutagenesis of one RNA or several, structure, gradients, pairs of mutations."""

import pandas as pd
import streamlit as st

from dashboard import engine, sequence_chain, sidebar
from dashboard.sequence_shown import Shown
from dashboard.sequence_views import VIEWS_OF_THE_PAGE, choose_view
from dashboard.take_away import plain
from rbind_core.data.library import library_label
from rbind_core.errors import RBindError
from rbind_core.experiments import PARTS
from rbind_core.mutagenesis import length_note
from rbind_core.sequences import encode

ISM_HELP = """In silico mutagenesis: every letter is changed to each other one, and the change of predicted binding is drawn. Red
raises it, blue lowers it. Above, the letters of the RNA, as high as they matter; below, whether ViennaRNA expects them to be
paired (P) or unpaired (U)."""
SCORE_HELP = "Predicted binding, z-score of log intensity"
CHANGE_HELP = "Change of the prediction by this mutation, after those before it"


def choose_probe():
    rows = st.session_state[table_key].selection.rows
    if rows:
        sequence_chain.open_sequence(probes.sequences[rows[0]])


def measured_score_of(sequence):
    if probes.measured is None or sequence not in probes.sequences:
        return None
    return float(probes.measured[probes.sequences.index(sequence)])


def show_steps():
    """Predicted score after each accepted mutation."""
    if not chain.mutations:
        return
    scores = engine.predictor(settings.model).predict(encode(chain.sequences))
    st.dataframe(
        pd.DataFrame(
            {
                "Step": range(len(scores)),
                "Mutation": ["start", *chain.mutations],
                "Predicted": scores,
                "Change": [None, *(scores[1:] - scores[:-1])],
            }
        ),
        key="chain_steps",
        hide_index=True,
        height=min(35 * (len(scores) + 1) + 3, 214),
        placeholder="–",
        column_config={
            "Step": st.column_config.NumberColumn(width="small"),
            "Predicted": st.column_config.NumberColumn(format="%.2f", help=SCORE_HELP),
            "Change": st.column_config.NumberColumn(format="%+.2f", help=CHANGE_HELP),
        },
    )


def show_examples():
    st.caption(
        f"{len(probes.sequences):,} examples ({library_label(settings.choice.library, settings.model.measured_in)}). "
        "Click the box before a row to open one."
    )
    columns = {"Predicted": probes.predicted, "Probe": probes.sequences}
    if probes.measured is not None:
        columns = {"Measured": probes.measured} | columns
    score = st.column_config.NumberColumn(format="%.2f", help="z-score of log intensity")
    st.dataframe(
        pd.DataFrame(columns),
        key=table_key,
        on_select=choose_probe,
        selection_mode="single-row",
        hide_index=True,
        height=248,
        column_config={"Predicted": score, "Measured": score},
    )


settings = sidebar.current()
st.title("Sequence")
st.markdown("*Which letters of this RNA does the model care about?*", help=ISM_HELP)
fields = st.container()
switches = st.container(horizontal=True, gap="medium")
left, right = st.columns([5, 2], gap="medium")
with right:
    steps, beside = st.container(), st.container()
    part = st.segmented_control(
        "Scores of the examples",
        PARTS,
        default=PARTS[0],
        required=True,
        key="part",
        bind="query-params",
        persist_state="session",
    )
    examples = st.container()
try:
    table_key = f"probes-{settings.model.experiment}-{settings.choice.library}-{part}"  # another part, another selection
    probes = engine.probes(settings.model, settings.choice.library, part or PARTS[0])
    with fields:
        chain = sequence_chain.choose_chain(probes.sequences[0])
    view = choose_view(switches)
    if note := length_note(chain.end):
        left.info(note)
    with steps:
        sequence_chain.steps_back(chain)
        show_steps()
    with examples:
        show_examples()
    shown = Shown(
        settings,
        chain,
        engine.mutagenesis_of(settings.model, chain.end),
        engine.structure_of(chain.end),
        probes,
        measured_score_of(chain.end),
    )
    VIEWS_OF_THE_PAGE[view].show(shown, left, beside, switches)
except RBindError as error:
    left.error(plain(str(error)))
