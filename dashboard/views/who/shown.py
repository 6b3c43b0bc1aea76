"""What the page "Which proteins bind?" shows: tables, one protein with its ways on to other pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.state.links import go_to, open_hypothesis, open_sequence
from dashboard.state.markdown import plain
from dashboard.widgets.grade import BADGES
from rbind_core.atlas.gallery import species_text
from rbind_core.rna.sequences import LENGTH
from rbind_core.who.ranking import AGREES, Difference, Folded, Row

SCORE_HELP = (
    "Predicted binding of the best window, z-score in the protein's own experiment. Scales of two proteins cannot be compared."
)
PERCENTILE_HELP = (
    "Share of the windows of dinucleotide shuffles of the same RNA with a lower score. It can be compared between proteins."
)
Q_HELP = """Of the proteins with this q or a lower one, the share that is expected to be there by chance (Benjamini and Hochberg,
over all proteins): how often the best window of a shuffle as long as this RNA scores as high."""
SITE_HELP = "The stretch of the best window that fits the protein's motif best, and its first position."
WINDOW_HELP = f"First and last position of the {LENGTH} nt with the highest score."
AGREE_HELP = f"""Networks that have this window among the top {100 - AGREES:.0f} % of random windows. They differ in seed, probes
and dilations; they share the data, so agreement is no independent evidence."""
SIMILAR_HELP = "Proteins with a similar motif, folded into this row; see the switch above."
GRADE_HELP = "A: trained on measured scores of the experiment. B: taught by DeepBind's published model of it."


def pick(key: str, experiments: Sequence[str]) -> None:
    """Remember the protein of a clicked row."""
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(experiments):
        st.session_state["_who_chosen"] = experiments[rows[0]]


def pick_site() -> None:
    """Remember the protein of a clicked site on the map."""
    points = st.session_state["who_map"].selection.points
    if points:
        st.session_state["_who_chosen"] = str(points[0]["customdata"][0])


def chosen_row(rows: Sequence[Row]) -> Row:
    """The protein that was clicked, or the first one."""
    wanted = st.session_state.get("_who_chosen")
    return next((row for row in rows if row.experiment == wanted), rows[0])


def names_of(others: Sequence[Row], most: int = 6) -> str:
    """Names of proteins folded into a row."""
    names = list(dict.fromkeys(row.protein for row in others))
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def show_ranking(folded: Sequence[Folded], table: str) -> None:
    """Draw the table of all proteins, best first.

    Parameters
    ----------
    table : what tells this table from others, for its key.
    """
    rows = [one.best for one in folded]
    shown = {
        "Protein": [row.protein for row in rows],
        "Grade": [row.grade for row in rows],
        "Site": [f"{row.place.site} at {row.place.site_start:,}" for row in rows],
        "Score": [row.score for row in rows],
        "Percentile": [row.percentile for row in rows],
        "q": [row.q for row in rows],
        "Networks": [f"{row.agree} of {row.networks}" for row in rows],
        "Similar": [names_of(one.others) for one in folded],
        "Window": [f"{row.place.start:,}-{row.place.end:,}" for row in rows],
        "Family": [row.family for row in rows],
        "Species": [species_text(row.species) for row in rows],
        "Experiment": [row.experiment for row in rows],
    }
    if not any(one.others for one in folded):
        del shown["Similar"]
    if all(row.networks == 1 for row in rows):
        del shown["Networks"]
    key = f"who_rows_{table}"
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    st.dataframe(
        pd.DataFrame(shown),
        key=key,
        on_select=partial(pick, key, [row.experiment for row in rows]),
        selection_mode="single-row",
        hide_index=True,
        height=min(35 * (len(rows) + 1) + 3, 388),
        column_config={
            "Protein": text(width=96, pinned=True),
            "Grade": text(width=54, help=GRADE_HELP),
            "Site": text(width=124, help=SITE_HELP),
            "Score": number(format="%.2f", width=62, help=SCORE_HELP),
            "Percentile": number(format="%.2f %%", width=86, help=PERCENTILE_HELP),
            "q": number(format="%.2g", width=72, help=Q_HELP),
            "Networks": text(width=76, help=AGREE_HELP),
            "Similar": text(width=150, help=SIMILAR_HELP),
            "Window": text(width=100, help=WINDOW_HELP),
        },
    )


def show_one(row: Row, similar: Sequence[Row]) -> None:
    """One protein in words, and the ways on from its site."""
    place, share = row.place, "all" if row.percentile == 100 else f"{row.percentile:.2f} % of"
    with st.container(border=True, key="who_one"):
        st.markdown(
            f"**{plain(row.protein)}** ({row.experiment}) {BADGES[row.grade]} best window {place.start:,}-{place.end:,}, "
            f"score {row.score:.2f}, above {share} random windows, q = {row.q:.2g}. "
            f"Its motif fits best at {place.site_start:,}: **{place.site}**."
        )
        if similar:
            st.caption(f"From an RNA alone it cannot be told apart from {plain(names_of(similar, 20))}: their motifs are similar.")
        with st.container(horizontal=True):
            for label, icon, act, help in _ways_on(row):
                st.button(label, icon=f":material/{icon}:", on_click=act, help=help, key=f"who_{icon}")


def _ways_on(row: Row) -> list[tuple[str, str, Any, str]]:
    def sequence() -> None:
        st.session_state["rbp"] = row.experiment
        open_sequence(row.place.window)

    def hypothesis() -> None:
        st.session_state["rbp"] = row.experiment
        open_hypothesis(row.place.construct)

    return [
        ("Sequence", "grid_on", sequence, "Every letter of the best window changed to each other one, by this protein's model."),
        ("Hypothesis", "science", hypothesis, f"The site as a construct, {row.place.construct}, in random backgrounds."),
        ("Profile", "badge", partial(go_to, "profile", row.experiment), f"Everything about the model of {row.protein}."),
    ]


def show_differences(found: Sequence[Difference], names: tuple[str, str]) -> None:
    """Draw the table of two RNAs, largest difference first."""
    first, second = names
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(
            {
                "Protein": [one.first.protein for one in found],
                "Grade": [one.first.grade for one in found],
                "Difference": [one.change for one in found],
                "Score 1": [one.first.score for one in found],
                "Score 2": [one.second.score for one in found],
                "Percentile 1": [one.first.percentile for one in found],
                "Percentile 2": [one.second.percentile for one in found],
                "q 1": [one.first.q for one in found],
                "q 2": [one.second.q for one in found],
                "Site 1": [f"{one.first.place.site} at {one.first.place.site_start:,}" for one in found],
                "Site 2": [f"{one.second.place.site} at {one.second.place.site_start:,}" for one in found],
                "Experiment": [one.first.experiment for one in found],
            }
        ),
        key="who_differences",
        hide_index=True,
        height=min(35 * (len(found) + 1) + 3, 388),
        column_config={
            "Protein": st.column_config.TextColumn(width=96, pinned=True),
            "Grade": st.column_config.TextColumn(width=54, help=GRADE_HELP),
            "Difference": number(
                format="%+.2f", help=f"Best score in {second} minus that in {first}, z-score units of the experiment."
            ),
            **{f"Score {n}": number(format="%.2f", help=SCORE_HELP) for n in (1, 2)},
            **{f"Percentile {n}": number(format="%.2f %%", help=PERCENTILE_HELP) for n in (1, 2)},
            **{f"q {n}": number(format="%.2g", help=Q_HELP) for n in (1, 2)},
        },
    )
