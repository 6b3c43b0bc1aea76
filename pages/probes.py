"""The page of test sequences: probes of the library, measured and predicted, filtered, ordered, and opened one by one."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.links import AS_CONTEXT, linked, read_option, ways_on
from dashboard.state.markdown import plain
from dashboard.state.results import result_of
from dashboard.state.waiting import compute, shown
from dashboard.views import probes
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from dashboard.widgets.letters import show_letters
from rbind_core.data.library import MEASURED
from rbind_core.errors import RBindError
from rbind_core.figures.probes import probes_figure
from rbind_core.figures.theme import download_options
from rbind_core.probes import LISTED, NEED_MEASURED, ORDERS, PARTS, ProbeFilter, motif_background, probe_columns, what_to_loosen
from rbind_core.probes.ranking import Range
from rbind_core.system.quoting import in_json

QUESTIONS = {
    True: "Which RNAs does the model get right, and which not?",
    False: "Which RNAs does the model score high, and do they hold its motif?",
}
QUESTION_HELP = """**Predicted** scores are the model's, **measured** ones those of the experiment; both are z-scores of log
intensity. Designed probes are made by RBind: nobody has measured them, so their predicted scores are held against the best motif
match.

**Correlations** come with 95 % confidence intervals (Fisher's for Pearson, Bonett and Wright's for Spearman), which take the probes
to be independent. Among filtered probes they are often lower, since a filter leaves a narrower range of scores."""
MATCH_HELP = """The site of the model's own motif (the alignment of its best ten 6-mers) that fits best, anywhere in the probe. Its
score is the sum over its letters of log2(frequency in the motif / frequency in the background), in bits; pseudocount 1. Background:
mean frequencies of A, C, G, U in the test probes, {:.2f}, {:.2f}, {:.2f}, {:.2f}.""".format(*motif_background())
CONTAINS_HELP = (
    "Letters that stand anywhere in the probe. IUPAC letters are welcome: UGCAYG finds UGCACG and UGCAUG. T counts as U."
)
PART_HELP = "By the quantity beside: highest first, evenly spread through all ranks, or lowest first."
ORDER_HELP = """**Residual**: measured minus predicted; above 0 the model is too low. **Size of the residual**: the largest errors
first, of either sign."""
MFE_HELP = "Minimum free energy of the folded probe by ViennaRNA at 37 C, kcal/mol. The lower, the more stable the structure."
SCORE_HELP = "z-score of log intensity"
SCORES = ("measured", "predicted", "residual")  # stand first, so that a phone shows them


def clear_filters() -> None:
    for key in ("contains", *(f"{name}_{end}" for name in ("predicted", "measured") for end in ("from", "to"))):
        st.session_state[key] = "" if key == "contains" else None
    st.session_state["probe_gc"] = (0, 100)


def choose_range(name: str) -> Range:
    """Two bounds of a score, either of which may be empty."""
    low, high = st.columns(2)
    least = low.number_input(f"{name}, from", value=None, step=0.5, key=f"{name.lower()}_from", help=SCORE_HELP, **IN_LINK)
    most = high.number_input(f"{name}, to", value=None, step=0.5, key=f"{name.lower()}_to", help=SCORE_HELP, **IN_LINK)
    return probes.between(least, most)


def read_controls(has_measured: bool) -> probes.ProbesRequest:
    """What is asked for; raises an error that says what is wrong with it."""
    a, b, c, d = st.columns([4, 4, 4, 3], vertical_alignment="bottom")
    contains = a.text_input("Contains", key="contains", placeholder="such as UGCAUG", help=CONTAINS_HELP, **IN_LINK)
    orders = [order for order in ORDERS if has_measured or order not in NEED_MEASURED]
    with b:
        order = linked(
            "order",
            orders,
            orders[0],
            lambda: st.selectbox(
                "Order by", orders, format_func=ORDERS.__getitem__, key="order", help=ORDER_HELP, persist_state="session"
            ),
            read_option(orders),
        )
    part = c.segmented_control("First", PARTS, default=PARTS[0], required=True, key="first", help=PART_HELP, **IN_LINK)
    with d.popover("More filters", icon=":material/filter_alt:", width="stretch", key="probe_filters"):
        predicted = choose_range("Predicted")
        measured = choose_range("Measured") if has_measured else (None, None)
        low, high = st.slider("GC content, %", 0, 100, (0, 100), key="probe_gc", **IN_LINK)
        st.button("Clear all filters", on_click=clear_filters, icon=":material/filter_alt_off:", width="stretch")
    gc = (None, None) if (low, high) == (0, 100) else (low / 100, high / 100)
    return probes.ProbesRequest(
        settings.model, settings.choice.library, ProbeFilter(contains or "", predicted, measured, gc), order, part or PARTS[0]
    )


def last_good_question() -> probes.ProbesRequest:
    """The last one that could be answered of this model and library; all probes where there is none."""
    every = probes.ProbesRequest(settings.model, settings.choice.library, ProbeFilter(), "predicted", PARTS[0])
    last = shown("probes")
    return last.request if last and last.request.table == every.table else every


def answer_to(question: probes.ProbesRequest) -> probes.Answer:
    """The answer, or the last one while it is under way."""
    return compute("probes", question, status).result


def show_probe(answer: probes.Answer, rows: NDArray[np.int64]) -> None:
    """One sequence: its letters, its numbers, and the ways on."""
    table, row = answer.table, rows[:1]
    one = pd.DataFrame(probe_columns(table, row)).iloc[0]
    fold = result_of(engine.FoldOf(one["sequence"]))
    with st.container(border=True, key="one_probe"):
        show_letters(
            one["sequence"],
            one["match_position"],
            len(one["match_letters"]),
            settings.palette,
            "" if fold is None else fold.dot_bracket,
        )
        numbers = {"Predicted": f"○ {one['predicted']:.2f}"}
        if table.measured is not None:
            values = ", ".join(f"{value:.2f}" for value in table.measured[rows])
            numbers = {"Measured": f"● {values}"} | numbers | {"Residual": f"{one['residual']:+.2f}"}
        if one["match_position"]:
            numbers["Motif match"] = f"{one['match_letters']} at {one['match_position']}, {one['match_score']:.1f} bits"
        numbers["GC content"] = f"{one['gc']:.0%}"
        if fold is not None:
            numbers["Folding energy"] = f"{fold.minimum_free_energy:.1f} kcal/mol"
        st.markdown("  \n".join(f"{name}: **{plain(value)}**" for name, value in numbers.items()), help=MATCH_HELP)
        if len(rows) > 1:
            st.caption(f"The library holds this sequence {len(rows)} times; the residual is of the first.")
        ways_on(one["sequence"], f"context:{one['sequence']}@1", AS_CONTEXT)


def show_table(answer: probes.Answer) -> None:
    """The listed probes, a row each."""
    columns = pd.DataFrame(probe_columns(answer.table, answer.ranking.listed, answer.energies))
    columns["gc"] *= 100
    key = f"probe_rows_{hash(answer.request)}"  # other rows, another selection
    number = st.column_config.NumberColumn
    st.dataframe(
        columns,
        key=key,
        on_select=partial(probes.pick_row, key, columns["sequence"].tolist()),
        selection_mode="single-row",
        hide_index=True,
        height=420,
        column_order=[*SCORES, "sequence", *columns.columns.drop([*SCORES, "sequence"], errors="ignore")],
        column_config={
            "sequence": st.column_config.TextColumn("Sequence", width=330),
            "measured": number("● Measured", format="%.2f", help=SCORE_HELP, width=88),
            "predicted": number("○ Predicted", format="%.2f", help=SCORE_HELP, width=88),
            "residual": number("Residual", format="%+.2f", help="Measured minus predicted", width=76),
            "match_position": number("Match at", help="Position of its first nucleotide, from 1", width=76),
            "match_letters": st.column_config.TextColumn("Match", help=MATCH_HELP, width=76),
            "match_score": number("Match, bits", format="%.1f", help=MATCH_HELP, width=86),
            "gc": number("GC, %", format="%.0f", width=58),
            "mfe": number("Fold, kcal", format="%.1f", help=MFE_HELP, width=82),
        },
    )


def listed_text(answer: probes.Answer) -> str:
    """How many probes the table lists, and of how many."""
    table, ranking = answer.table, answer.ranking
    which = "spread evenly over the" if answer.request.part == "spread" else "the first of"
    among = f"{len(ranking.rows):,} probes that pass the filter (of {table.counted})" if ranking.conditions else table.counted
    listed = f"{len(ranking.listed):,}, {which} {among}" if len(ranking.rows) > LISTED else f"all {among}"
    scores = "○ predicted, none is measured" if table.measured is None else "● measured, ○ predicted"
    return f"Listed: {listed}. {scores}. Click a heading to sort the list."


settings = sidebar.current()
st.title("Test sequences")
has_measured = settings.choice.library == MEASURED
st.markdown(f"*{QUESTIONS[has_measured]}*", help=QUESTION_HELP)
controls, problem = st.container(), st.empty()
left, right = st.columns([5, 3], gap="medium")
figure, status = left.container(), left.empty()
is_read = True
try:
    with controls:
        question = read_controls(has_measured)
    answer = answer_to(question)
    if not len(answer.ranking.rows):
        problem.warning(plain(what_to_loosen(answer.table, answer.request.chosen)))
except RBindError as error:
    is_read = False
    problem.error(plain(str(error)))
    try:
        answer = answer_to(last_good_question())
    except RBindError:  # it was the model or the data, not what was asked
        st.stop()
table, ranking, name = answer.table, answer.ranking, f"{answer.request.model.protein}-probes"
picked = probes.picked_rows(answer)
with figure:
    if not is_read:
        st.markdown(":orange-badge[:material/history: last good figure] What is asked above cannot be met.")
    st.plotly_chart(
        probes_figure(table, ranking, answer.drawn, picked, answer.request.model.label, answer.request.model.scale),
        key="probes_figure",
        on_select=partial(probes.pick_point, "probes_figure"),
        selection_mode="points",
        config=download_options(name),
        alt=f"Predicted binding of {table.counted} for {answer.request.model.label}; {table.correlation().text}",
    )
with left:
    take_away("probes_figure", name, lambda: answer.csv, answer.command, answer.python, lambda: in_json(answer.record))
with right:
    if len(picked):
        show_probe(answer, picked)
    st.caption("Click a point, or the box before a row below, to open that probe here.")
if len(ranking.rows):
    said, button = st.columns([4, 1], vertical_alignment="center")
    said.caption(listed_text(answer))
    button.download_button(
        "Table (CSV)",
        lambda: answer.csv,
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        help=f"All {len(ranking.rows):,} probes that pass; the folding energy of those that are listed.",
    )
    show_table(answer)
