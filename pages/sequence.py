"""The sequence page: predicted score, in silico mutagenesis and predicted structure of one RNA."""

import pandas as pd
import streamlit as st

from dashboard import engine, sidebar
from dashboard.take_away import take_away
from rbind_core.data.library import library_label
from rbind_core.errors import RBindError
from rbind_core.experiments import PARTS
from rbind_core.figures.sequence import mutagenesis_figure
from rbind_core.figures.theme import download_options
from rbind_core.mutagenesis import length_note
from rbind_core.sequences import check_sequence

ISM_HELP = """In silico mutagenesis: every letter is changed to each other one, and the change of predicted binding is
drawn. Red raises it, blue lowers it. The height of a letter in the logo is the L2 norm of its three effects."""


def choose_probe() -> None:
    rows = st.session_state[table_key].selection.rows
    if rows:
        st.session_state["seq"] = probes.sequences[rows[0]]


def score_measured_for(sequence: str) -> float | None:
    if probes.measured is None or sequence not in probes.sequences:
        return None
    return float(probes.measured[probes.sequences.index(sequence)])


settings = sidebar.current()
st.title("Sequence")
st.markdown("*Which letters of this RNA does the model care about?*", help=ISM_HELP)

try:
    figure_column, table_column = st.columns([2, 1], gap="medium")
    with table_column:
        part = st.segmented_control(
            "Scores of the probes",
            PARTS,
            default=PARTS[0],
            required=True,
            key="part",
            bind="query-params",
            persist_state="session",
        )
        table_key = f"probes-{settings.model.experiment}-{settings.choice.library}-{part}"  # another part, another selection
        probes = engine.probes(settings.model, settings.choice.library, part or PARTS[0])
        label = library_label(settings.choice.library, settings.model.measured_in)
        st.caption(f"{len(probes.sequences):,} probes ({label}). Click the box before a row to open that probe.")
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
            height=430,
            column_config={"Predicted": score, "Measured": score},
        )
    with figure_column:
        pasted = st.text_input(
            "RNA or DNA, 11-41 nt",
            key="seq",
            bind="query-params",
            persist_state="session",
            placeholder="the first probe of the table is shown; paste another sequence here",
        )
        try:
            sequence = check_sequence(pasted) if pasted.strip() else probes.sequences[0]
            st.session_state["_good_sequence"] = sequence
        except RBindError as error:
            sequence = st.session_state.get("_good_sequence", probes.sequences[0])
            st.error(f"{error}. Below is the last good sequence.")
        if note := length_note(sequence):
            st.info(note)
        result = engine.mutagenesis_of(settings.model, sequence)
        structure = engine.structure_of(sequence)
        if structure is None:
            st.info("ViennaRNA is not installed, so the predicted structure is left out.")
        st.plotly_chart(
            mutagenesis_figure(result, structure, settings.model.label, settings.palette, score_measured_for(sequence)),
            key="ism",
            config=download_options(f"{settings.model.protein}-mutagenesis"),
            alt=f"Effect of every single mutation of {sequence} on {settings.model.label}",
        )
        effects = pd.DataFrame(result.effects, columns=list("ACGU"))
        effects.insert(0, "position", range(1, len(sequence) + 1))
        effects.insert(1, "wild_type", list(sequence))
        if structure is not None:
            effects["paired_probability"] = structure.paired
        take_away(
            "ism",
            f"{settings.model.protein}-mutagenesis",
            effects.to_csv(index=False),
            f"./rbind ism --rbp {settings.model.experiment} --seq {sequence} --json",
            f"""from rbind_core.model.registry import find_model, load_predictor
from rbind_core.mutagenesis import mutagenesis

result = mutagenesis(load_predictor(find_model("{settings.model.experiment}")), "{sequence}")
print(result.wild_type, result.effects)
""",
        )
except RBindError as error:
    st.error(str(error))
