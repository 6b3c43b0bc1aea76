"""View of pairs of mutations: a map of pairwise epistasis, and the nine double mutants of one pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.waiting import compute
from dashboard.views.sequence import texts as sequence_texts
from dashboard.views.sequence.shown import Shown, choose
from dashboard.widgets.export_row import take_away
from rbind_core.analyses.epistasis import Epistasis, epistasis
from rbind_core.figures.epistasis import NORM, STRONGEST, epistasis_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.system.quoting import in_shell

PAIR = "pair_at"  # query parameter and key of the field
CELL_NAMES = {STRONGEST: "Strongest of nine", NORM: "Norm of nine"}
CELLS_HELP = """A pair of positions has nine double mutants. **Strongest**: the epistasis of the largest magnitude, with its sign.
**Norm**: the Frobenius norm of all nine, which has no sign."""


@dataclass(frozen=True)
class PairsOf(Request[Epistasis]):
    """All pairs of mutations of one RNA."""

    model: Model
    sequence: str

    def compute(self) -> Epistasis:
        """Score the double mutants."""
        return epistasis(engine.predictor(self.model), self.sequence)

    @property
    def _double_mutants(self) -> int:
        length = len(self.sequence)
        return 9 * length * (length - 1) // 2

    @property
    def expected(self) -> int:
        """Double mutants, single mutants and the RNA."""
        return self._double_mutants + 3 * len(self.sequence) + 1

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {self._double_mutants:,} double mutants"


def show_pairs(shown: Shown, left: DeltaGenerator, right: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Draw the pairwise epistasis of the whole RNA, and the nine double mutants of one pair."""
    cells = choose("A cell shows", "cells", CELL_NAMES, controls, CELLS_HELP)
    with left:
        figure, status = st.container(), st.empty()
    answer = compute("sequence_pairs", PairsOf(shown.model, shown.result.sequence), status)
    model, result = answer.request.model, answer.result
    with right:
        pair = _choose_pair(result)
        _show_pair(result, *pair)
    with figure:
        with st.container(key="pairs_map"):
            st.plotly_chart(
                epistasis_figure(result, model.label, cells, pair, shown.settings.palette),
                key="pairs_chart",
                on_select=_pick_pair,
                selection_mode="points",
                config=download_options(f"{model.protein}-epistasis"),
                alt=f"Epistasis of all pairs of positions of {result.sequence} for {model.label}",
            )
        take_away(
            "pairs_map",
            f"{model.protein}-epistasis",
            lambda: pd.DataFrame(result.records).to_csv(index=False),
            f"./rbind epistasis --rbp {in_shell(model.experiment)} --seq {in_shell(result.sequence)} --json",
            sequence_texts.epistasis_python(model, result.sequence),
        )
        st.caption(
            "Click a cell for the nine double mutants of its positions. Red: the prediction for both is higher than their effects "
            "added up; blue: lower. This is on the scale of log intensity and does not show cooperative binding."
        )


def _pick_pair() -> None:
    points = st.session_state["pairs_chart"].selection.points
    if points:
        st.session_state[PAIR] = str(points[0]["customdata"])


def _choose_pair(result: Epistasis) -> tuple[int, int]:
    """The pair in the field, or by default the one with the strongest epistasis."""
    strongest = result.strongest_pair
    text = st.text_input(
        "Pair of positions",
        key=PAIR,
        placeholder=f"the strongest: {strongest[0]}-{strongest[1]}",
        help="Click a cell of the map, or type two positions, such as 16-18.",
        **IN_LINK,
    )
    if not text.strip():
        return strongest
    numbers = text.replace("-", " ").replace(",", " ").split()
    length = len(result.sequence)
    if len(numbers) == 2 and all(n.isascii() and n.isdigit() and 1 <= int(n[:9]) <= length for n in numbers):
        first, second = sorted(int(n[:9]) for n in numbers)
        if first != second:
            return first, second
    st.error(f"{plain(text[:20])}: give two different positions from 1 to {length}, such as 16-18.")
    return strongest


def _show_pair(result: Epistasis, first: int, second: int) -> None:
    """The nine double mutants of two positions in words and as a table."""
    rows, columns, values = result.table(first, second)
    st.markdown(f"**Epistasis of positions {first} and {second}**", help="Rows: the first mutation; columns: the second one.")
    st.dataframe(
        pd.DataFrame(values, rows, columns),
        column_config={name: st.column_config.NumberColumn(format="%+.3f") for name in columns},
    )
    i, j = np.unravel_index(np.abs(values).argmax(), values.shape)
    a, b = ([k for k, letter in enumerate("ACGU") if letter != result.sequence[at - 1]] for at in (first, second))
    alone = result.effects[first - 1, a[i]], result.effects[second - 1, b[j]]
    both = result.both[first - 1, a[i], second - 1, b[j]]
    st.caption(
        f"The strongest: {rows[i]} alone changes the prediction by {alone[0]:+.2f}, {columns[j]} alone by {alone[1]:+.2f}, both by "
        f"{both:+.2f} instead of {alone[0] + alone[1]:+.2f}. All in z-score units; epistasis 0 means that the effects add."
    )
