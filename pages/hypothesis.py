"""The hypothesis page: place patterns, stems and windows on a strip, watch local and global importance."""

from html import escape

import pandas as pd
import streamlit as st

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.last_good import read_or_last
from dashboard.state.markdown import plain
from dashboard.state.waiting import compute
from dashboard.views.hypothesis import requests
from dashboard.views.hypothesis.views import VIEWS
from dashboard.widgets import networks, sidebar
from dashboard.widgets.construct_editor import construct_editor
from dashboard.widgets.export_row import take_away
from rbind_core.analyses.gia import Importance
from rbind_core.constructs import parse_constructs
from rbind_core.errors import RBindError
from rbind_core.experiments.level import COVERS_SAYS, level
from rbind_core.experiments.records import gia_record, local_table
from rbind_core.figures.importance import SHAPES, importance_figure
from rbind_core.figures.theme import CONSTRUCT_COLOURS, download_options
from rbind_core.report import importance_report
from rbind_core.report.reproduce import gia_command, gia_python
from rbind_core.rna.sequences import LENGTH
from rbind_core.system.quoting import in_json

START = "UGCAUG@18"
NAME_STYLE = "padding-left:.5rem;font-family:monospace;font-weight:600;overflow-wrap:anywhere"
CONSTRUCT_HELP = """**UGCAUG@4+UGCAUG@11** two patterns, by the position of their first nucleotide ·
**UGCAUG@\\*** at random positions · **stem:7-16/24-33+GCUGGC@18** a hairpin with a motif in its loop (**:gu** after the stem
allows G-U pairs) · **occlude:18-23** a window of random nucleotides · **context:ACGU…@10** a fixed sequence under the rest ·
IUPAC letters are drawn for each background RNA, N leaves the background. Separate constructs with a semicolon; name one with
**name =** before it."""
GLOBAL_IMPORTANCE_HELP = """Global importance: the average change in predicted binding when the pattern is put into N
background RNAs. Local importance is the change in one of them."""

LEVEL_HELP = """The mean predicted score of the background RNAs with the construct, in z-score units, and how many of the measured
probes that the network was trained on score higher."""


def put_text(text: str) -> None:
    st.session_state["c"] = text


def uncertainty(importance: Importance) -> str:
    null = f" · null: {importance.construct.null_text}" if importance.construct.null else ""
    if importance.samples < 2:
        return f"N = 1: {importance.ci_text}{null}"
    low, high = importance.ci95
    size = f" · Cohen's d {importance.effect_size:.2f}" if importance.standard_deviation > 0 else ""
    often = f"above 0 in {100 * importance.positive_share:.3g} % of the background RNAs"
    return f"95 % CI {low:.3f} to {high:.3f} · N = {importance.samples:,} · {often}{size}{null}"


settings = sidebar.current()
st.title("Hypothesis")
st.markdown("*What does a pattern do to predicted binding, wherever it is put?*")

typed, drawn_as, drawn_points, others_too = st.columns([5, 2, 2, 2], vertical_alignment="bottom")
text = typed.text_input("Construct", START, key="c", help=CONSTRUCT_HELP, **IN_LINK)
shape = drawn_as.segmented_control(
    "Local importance as",
    SHAPES,
    default=SHAPES[0],
    key="shape",
    required=True,
    **IN_LINK,
)
every_point = drawn_points.toggle("Every RNA as a point", key="points", **IN_LINK)
with others_too:
    has_others = networks.wanted(settings.model, "networks")

constructs, unreadable = read_or_last("constructs", lambda: parse_constructs(text), lambda: parse_constructs(START))
if unreadable:
    st.error(plain(unreadable))
for construct in constructs:
    for note in construct.overlap_notes():
        st.info(note)
try:
    one_rna = engine.first_rna(settings.model, settings.choice)
    construct_editor(constructs, one_rna or "N" * LENGTH, put_text, key="strip")
    chart, numbers = st.columns([2, 1])
    figure, status, status_of_others = chart.container(), chart.empty(), chart.empty()  # progress does not move the figure
    answer = compute("hypothesis", requests.Importances(settings.model, settings.choice, tuple(constructs)), status)
except RBindError as error:
    st.error(plain(str(error)))
    st.stop()
result = requests.Measured.of(answer.request, answer.result)
model, choice = result.model, result.choice
sample = engine.analysis(model, choice).sample
others = networks.asked("networks", model, choice, result.constructs, status_of_others) if has_others else None

with figure:
    if unreadable:
        st.markdown(
            ":orange-badge[:material/history: last good figure] The construct above cannot be read; this is the one before it."
        )
    st.plotly_chart(
        importance_figure(
            result.importances,
            model.label,
            choice.describe(model.measured_in),
            shape or SHAPES[0],
            every_point,
            others.all if others else (),
        ),
        key="importance",
        config=download_options(f"{model.protein}-global-importance"),
        alt=f"Local and global importance of {'; '.join(result.request.labels)} for {model.label}",
    )
with chart:
    command = gia_command(model, choice, result.constructs, committee=others is not None)
    python = gia_python(model, choice, result.constructs, committee=others is not None)
    take_away(
        "importance",
        f"{model.protein}-global-importance",
        lambda: pd.DataFrame(local_table(result.request.labels, result.importances)).to_csv(index=False),
        command,
        python,
        lambda: in_json(gia_record(model, choice, result.importances, others)),
        lambda: importance_report(
            model,
            choice,
            result.importances,
            requests.comparisons(result, requests.WITH_FIRST),
            model.label,
            choice.describe(model.measured_in),
            command,
            python,
            others=others,
        ),
    )
with numbers:
    st.markdown("Global importance (z-score units)", help=GLOBAL_IMPORTANCE_HELP)
    in_others = others.all if others else [None] * len(result.importances)
    for importance, label, colour, between in zip(
        result.importances, result.request.labels, CONSTRUCT_COLOURS, in_others, strict=False
    ):
        with st.container(border=True, gap="xxsmall"):
            st.html(f'<div style="{NAME_STYLE};border-left:5px solid {colour}">{escape(label)}</div>')
            st.metric("Global importance", f"{importance.mean:+.3f}", label_visibility="collapsed")
            st.caption(uncertainty(importance))
            if between:
                networks.say(between)
            where = level(importance, model.measured_scores)
            st.caption(f"With it: {where.text}.", help=LEVEL_HELP)
            if where.warning:
                st.caption(f":orange-badge[:material/warning: beyond the measured range] {where.warning}")
    if any(importance.samples > 1 for importance in result.importances):
        st.caption(COVERS_SAYS)
    if others:
        networks.say_problems(others)
        networks.say_experiments(model, others, result.request.labels)
    if has_others:
        networks.second_opinion(model, others, result.request.labels, "ask_deepbind")
    st.caption(
        f"Background: {sample.description}. Its mean predicted score is {result.importances[0].null_mean:.2f}. "
        "This is what the network has learned, not a measured affinity."
    )
    if sample.caution:
        st.warning(sample.caution)
view = st.segmented_control(
    "More about these numbers",
    list(VIEWS),
    default=next(iter(VIEWS)),
    key="view",
    required=True,
    **IN_LINK,
)
VIEWS[view or next(iter(VIEWS))](result)
