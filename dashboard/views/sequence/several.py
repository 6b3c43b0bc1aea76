"""View of several RNAs: their maps and logos one below another; a click opens one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.last_good import forget, read_or_last
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from dashboard.state.waiting import compute
from dashboard.views.sequence import chain as sequence_chain
from dashboard.views.sequence import texts as sequence_texts
from dashboard.views.sequence.shown import ONE_RNA, SHOW, Shown, choose_heights
from dashboard.widgets.export_row import take_away
from rbind_core.analyses.mutagenesis import Mutagenesis
from rbind_core.errors import SequenceError
from rbind_core.figures.stacked_sequences import stacked_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.rna.pasting import Pasted, Record, read_pasted
from rbind_core.rna.sequences import LENGTH

PASTED = "seqs"  # query parameter and key of the field
MOST, EXAMPLES = 10, 5


def _open_row(sequences: list[str]) -> None:
    rows = st.session_state["stacked_rows"].selection.rows
    if rows and rows[0] < len(sequences):
        _open(sequences[rows[0]])


def _open_click(sequences: list[str]) -> None:
    points = st.session_state["stacked_chart"].selection.points
    if points:
        _open(sequences[int(np.ravel(points[0]["customdata"])[0])])


@dataclass(frozen=True)
class MutagenesisOfSeveral(Request[list[Mutagenesis]]):
    """All single mutations of several RNAs."""

    model: Model
    records: tuple[Record, ...]

    def compute(self) -> list[Mutagenesis]:
        """Score one RNA after another."""
        return [result_of(engine.MutagenesisOf(self.model, record.sequence)) for record in self.records]

    @property
    def expected(self) -> int:
        """Each RNA, and three letters at each position."""
        return sum(3 * len(record.sequence) + 1 for record in self.records)

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring the mutations of {len(self.records)} RNAs"


def _open(sequence: str) -> None:
    sequence_chain.open_sequence(sequence)
    st.session_state[SHOW] = "mutations"


def show_several(shown: Shown, left: DeltaGenerator, right: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Draw several RNAs one below another."""
    model = shown.model
    view = choose_heights(controls)
    with right:
        chosen = tuple(_choose_several(shown))
    with left:
        figure, status = st.container(), st.empty()
    answer = compute("sequence_several", MutagenesisOfSeveral(model, chosen), status)
    model, records, results = answer.request.model, answer.request.records, answer.result
    names, sequences = [record.name for record in records], [record.sequence for record in records]
    with right:
        st.dataframe(
            pd.DataFrame({"RNA": names, "Predicted": [result.wild_type for result in results], "Sequence": sequences}),
            key="stacked_rows",
            on_select=partial(_open_row, sequences),
            selection_mode="single-row",
            hide_index=True,
            column_config={"Predicted": st.column_config.NumberColumn(format="%.2f", help="z-score of log intensity")},
        )
        st.caption("Click a map, or the box before a row, to open that RNA by itself.")
    with figure:
        with st.container(key="stacked"):
            st.plotly_chart(
                stacked_figure(names, results, model.label, shown.settings.palette, view),
                key="stacked_chart",
                on_select=partial(_open_click, sequences),
                selection_mode="points",
                config=download_options(f"{model.protein}-mutagenesis-of-{len(results)}-RNAs"),
                alt=f"Effects of all single mutations of {len(results)} RNAs on {model.label}",
            )
        take_away(
            "stacked",
            f"{model.protein}-mutagenesis-of-{len(results)}-RNAs",
            lambda: sequence_texts.several_table(names, results).to_csv(index=False),
            " && ".join(sequence_texts.ism_command(model, sequence, view) for sequence in sequences),
            sequence_texts.several_python(model, sequences),
        )
        st.caption(ONE_RNA.replace("this one RNA", "each one RNA"))


def _choose_several(shown: Shown) -> list[Record]:
    """The RNAs in the field, or by default the first examples."""
    examples = [Record(f"example {n}", s) for n, s in enumerate(shown.examples[:EXAMPLES], start=1)]
    text = st.text_area(
        f"Up to {MOST} RNAs, 11-{LENGTH} nt each",
        key=PASTED,
        height=110,
        placeholder=f"the first {EXAMPLES} examples are shown; paste FASTA, or one RNA a line",
        **IN_LINK,
    )
    if not text.strip():
        forget("several")
        return examples

    def read() -> Pasted:
        pasted = read_pasted(text, join_lines=False, max_length=LENGTH)
        if len(pasted.records) > MOST:
            raise SequenceError(f"{len(pasted.records)} RNAs are too many; give at most {MOST}")
        return pasted

    pasted, problem = read_or_last("several", read, lambda: Pasted(tuple(examples)))
    if problem:
        st.error(f"{plain(problem)}.")
    elif pasted.notes:
        st.caption(plain(" ".join(pasted.notes)))
    return list(pasted.records)
