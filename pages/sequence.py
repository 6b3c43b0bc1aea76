"""The sequence page: in silico mutagenesis of one RNA or several, structure, gradients, pairs of mutations."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.results import result_of
from dashboard.state.waiting import Answer, ask
from dashboard.views.sequence import chain as sequence_chain
from dashboard.views.sequence.shown import Shown
from dashboard.views.sequence.views import VIEWS_OF_THE_PAGE, choose_view
from dashboard.widgets import sidebar
from rbind_core.analyses.mutagenesis import length_note
from rbind_core.data.library import library_label
from rbind_core.errors import RBindError
from rbind_core.probes import PARTS
from rbind_core.rna.sequences import encode

ISM_HELP = """In silico mutagenesis: every letter is changed to each other one, and the change of predicted binding is drawn. Red
raises it, blue lowers it. Above, the letters of the RNA, as high as they matter; below, whether ViennaRNA expects them to be
paired (P) or unpaired (U)."""
SCORE_HELP = "Predicted binding, z-score of log intensity"
CHANGE_HELP = "Change of the prediction by this mutation, after those before it"


def choose_probe(key: str, sequences: list[str]) -> None:
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(sequences):
        sequence_chain.open_sequence(sequences[rows[0]])


def measured_score_of(sequence: str) -> float | None:
    """Its measured score, where it is an example and was measured in the model's own experiment."""
    if found is None or found.request.model != settings.model or found.result.measured is None:
        return None
    probes = found.result
    return float(probes.measured[probes.sequences.index(sequence)]) if sequence in probes.sequences else None


def show_steps() -> None:
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


def show_examples(found: Answer[engine.Examples]) -> None:
    asked, probes = found.request, found.result
    scored = "" if asked.model == settings.model else f", scored by {plain(asked.model.label)}"
    st.caption(
        f"{len(probes.sequences):,} examples ({library_label(asked.library, asked.model.measured_in)}{scored}). "
        "Click the box before a row to open one."
    )
    key = f"probes-{asked.model.experiment}-{asked.library}-{asked.part}"  # another part, another selection
    columns = {"Predicted": probes.predicted, "Probe": probes.sequences}
    if probes.measured is not None:
        columns = {"Measured": probes.measured} | columns
    score = st.column_config.NumberColumn(format="%.2f", help="z-score of log intensity")
    st.dataframe(
        pd.DataFrame(columns),
        key=key,
        on_select=partial(choose_probe, key, probes.sequences),
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
        **IN_LINK,
    )
    examples, waiting = st.container(), st.empty()
try:
    asked = engine.Examples(settings.model, settings.choice.library, part or PARTS[0])
    found = ask("examples", asked, waiting)
    with fields:
        chain = sequence_chain.choose_chain(found.result.sequences[0] if found else "")
    view = choose_view(switches)
    if note := length_note(chain.end):
        left.info(note)
    with steps:
        sequence_chain.steps_back(chain)
        show_steps()
    if found:
        with examples:
            show_examples(found)
    shown = Shown(
        settings,
        chain,
        result_of(engine.MutagenesisOf(settings.model, chain.end)),
        result_of(engine.FoldOf(chain.end)),
        found.result.sequences if found else [chain.start],
        measured_score_of(chain.end),
    )
    VIEWS_OF_THE_PAGE[view].show(shown, left, beside, switches)
except RBindError as error:
    left.error(plain(str(error)))
