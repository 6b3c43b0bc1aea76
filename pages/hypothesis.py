"""The hypothesis page: place patterns, stems and windows on a strip, watch local and global importance."""

import json
from html import escape

import pandas as pd
import streamlit as st

from dashboard import engine, lab, sidebar
from dashboard.strip import construct_strip
from dashboard.take_away import plain, take_away
from dashboard.waiting import compute
from rbind_core.constructs import parse_constructs
from rbind_core.errors import RBindError
from rbind_core.experiments.records import gia_record, local_table
from rbind_core.figures.convergence import convergence_figure
from rbind_core.figures.importance import SHAPES, importance_figure
from rbind_core.figures.theme import CONSTRUCT_COLOURS, download_options
from rbind_core.gia import Importance
from rbind_core.hairpins import hairpin_formation
from rbind_core.report import importance_report
from rbind_core.reproduce import gia_command, gia_python
from rbind_core.sequences import decode
from rbind_core.statistics import p_value_text

START = "UGCAUG@18"
NAME_STYLE = "padding-left:.5rem;font-family:monospace;font-weight:600;overflow-wrap:anywhere"
CONSTRUCT_HELP = """**UGCAUG@4+UGCAUG@11** two patterns, by the position of their first nucleotide ·
**UGCAUG@\\*** at random positions · **stem:7-16/24-33+GCUGGC@18** a hairpin with a motif in its loop (**:gu** after the stem
allows G-U pairs) · **occlude:18-23** a window of random nucleotides · **context:ACGU…@10** a fixed sequence under the rest ·
IUPAC letters are drawn for each background RNA, N leaves the background. Separate constructs with a semicolon; name one with
**name =** before it."""
GLOBAL_IMPORTANCE_HELP = """Global importance: the average change in predicted binding when the pattern is put into N
background RNAs. Local importance is the change in one of them."""
COMPARED, INTERACTION, CONVERGENCE, HAIRPIN = "Comparisons", "Interaction", "Is N enough?", "Does the stem form?"


def put_text(text: str) -> None:
    st.session_state["c"] = text


def uncertainty(importance: Importance) -> str:
    if importance.samples < 2:
        return "One RNA and nothing random: N = 1, so there is no uncertainty to state."
    low, high = importance.ci95
    null = f" · null: {importance.construct.null_text}" if importance.construct.null else ""
    return f"95 % CI {low:.3f} to {high:.3f} · N = {importance.samples:,} · {importance.p_text}{null}"


def show_comparisons(result: lab.LabResult) -> None:
    if len(result.constructs) < 2:
        st.caption("Add a construct (**+ Construct** under the strip) to compare it with this one on the same background RNAs.")
        return
    which = lab.WITH_FIRST
    if len(result.constructs) > 2:
        which = st.segmented_control(
            "Compare", (lab.WITH_FIRST, lab.EVERY_PAIR), key="pairs", default=lab.WITH_FIRST, required=True, bind="query-params"
        )
    comparisons = lab.comparisons(result, which)
    show_effects(comparisons, "first − second")
    if fit := lab.fit_on_count(result):
        st.markdown(f"Global importance against the number of sites: **{fit.text}**.")
    st.caption(
        "Paired t-tests on the same background RNAs, corrected for the number of comparisons by Holm's method. Cohen's d is the "
        "mean difference over the spread of the differences. A tiny p with a tiny d is a certain but unimportant difference."
    )


def show_effects(comparisons: list, difference: str) -> None:
    for comparison in comparisons[:3]:
        st.markdown(plain(comparison.sentence))
    rows = [
        {
            "First": c.first,
            "Second": c.second,
            difference: c.mean,
            "95 % CI": "{:+.3f} to {:+.3f}".format(*c.ci95),
            "Cohen's d": c.effect_size,
            "p (Holm)": p_value_text(c.holm).removeprefix("p = "),
            "N": c.samples,
        }
        for c in comparisons
    ]
    number = st.column_config.NumberColumn(format="%+.3f", help="z-score units of log intensity")
    effect = st.column_config.NumberColumn(format="%.2f", help="Paired effect size: mean difference / its standard deviation")
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config={difference: number, "Cohen's d": effect})


def show_interaction(result: lab.LabResult) -> None:
    found = lab.interactions(result)
    if not found:
        st.caption(
            "A construct with two patterns or more is needed: this asks whether they do more together than each alone, added up."
        )
        return
    show_effects(found, "together − sum")
    st.caption(
        "Above 0 the patterns help each other, below 0 they stand in each other's way. On the scale of log intensity: adding up "
        "here means multiplying intensities."
    )


def show_convergence(result: lab.LabResult) -> None:
    st.plotly_chart(
        convergence_figure(result.importances, result.model.label, result.choice.describe(result.model.measured_in)),
        key="convergence",
        config=download_options(f"{result.model.protein}-convergence"),
        alt="Global importance and its 95 % confidence interval against the number of background RNAs",
    )
    st.caption("Where the band has become narrower than the differences that you care about, more background RNAs change nothing.")


def show_hairpin(result: lab.LabResult) -> None:
    with_stem = [(label, c) for label, c in zip(result.labels, result.constructs, strict=True) if c.stems]
    if not with_stem:
        st.caption("No construct has a stem. Add one with **+ Stem-loop** under the strip.")
        return
    try:
        analysis = engine.analysis(result.model, result.choice)
        formed = {label: hairpin_formation(analysis, construct) for label, construct in with_stem}
    except ImportError:
        st.info("ViennaRNA is not installed, so the predicted structure is left out.")
        return
    rows = [
        {"Construct": label, "As designed": f.designed, "Stem alone": f.null, "Background": f.unstructured}
        for label, f in formed.items()
    ]
    share = st.column_config.NumberColumn(format="percent", help="Mean probability that the designed pairs form, by ViennaRNA")
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=dict.fromkeys(("As designed", "Stem alone", "Background"), share)
    )
    averaged = next(iter(formed.values())).n
    st.caption(f"Probability that the designed pairs form at 37 °C, averaged over {averaged} of the background RNAs (ViennaRNA).")
    for label, f in formed.items():
        st.caption(f"{plain(label)}: the first RNA, folded ({f.example.minimum_free_energy:.1f} kcal/mol)")
        st.code(f"{f.example.sequence}\n{f.example.dot_bracket}", language=None)


VIEWS = {COMPARED: show_comparisons, INTERACTION: show_interaction, CONVERGENCE: show_convergence, HAIRPIN: show_hairpin}

settings = sidebar.current()
st.title("Hypothesis")
st.markdown("*What does a pattern do to predicted binding, wherever it is put?*")

typed, drawn_as, drawn_points = st.columns([5, 2, 2], vertical_alignment="bottom")
text = typed.text_input("Construct", START, key="c", bind="query-params", persist_state="session", help=CONSTRUCT_HELP)
shape = drawn_as.segmented_control(
    "Local importance as",
    SHAPES,
    default=SHAPES[0],
    key="shape",
    bind="query-params",
    persist_state="session",
    required=True,
)
every_point = drawn_points.toggle("Every RNA as a point", key="points", bind="query-params", persist_state="session")

is_read = True
try:
    constructs = parse_constructs(text)
    st.session_state["_good_constructs"] = text
except RBindError as error:
    is_read = False
    good = st.session_state.get("_good_constructs", START)
    st.error(plain(str(error)))
    constructs = parse_constructs(good)
for construct in constructs:
    for note in construct.overlap_notes():
        st.info(note)
try:
    sample = engine.analysis(settings.model, settings.choice).sample
    construct_strip(constructs, decode(sample.codes[:1])[0], put_text, key="strip")
    chart, numbers = st.columns([2, 1])
    status = chart.empty()
    shown = compute(
        "hypothesis",
        (engine.identity(settings.model, settings.choice), tuple(c.text for c in constructs)),
        lambda: lab.measure(settings.model, settings.choice, constructs),
        len(constructs) * len(sample),
        f"Scoring {len(constructs)} construct{'s' * (len(constructs) > 1)} on {len(sample):,} RNAs",
        status,
    )
except RBindError as error:
    st.error(plain(str(error)))
    st.stop()
result = shown.result
model, choice = result.model, result.choice

with chart:
    if not is_read:
        st.markdown(
            ":orange-badge[:material/history: last good figure] The construct above cannot be read; this is the one before it."
        )
    elif not shown.is_current:
        st.markdown(":orange-badge[:material/history: last finished figure]")
    st.plotly_chart(
        importance_figure(result.importances, model.label, choice.describe(model.measured_in), shape or SHAPES[0], every_point),
        key="importance",
        config=download_options(f"{model.protein}-global-importance"),
        alt=f"Local and global importance of {'; '.join(result.labels)} for {model.label}",
    )
    command = gia_command(model, choice, result.constructs)
    python = gia_python(model, choice, result.constructs)
    take_away(
        "importance",
        f"{model.protein}-global-importance",
        lambda: pd.DataFrame(local_table(result.labels, result.importances)).to_csv(index=False),
        command,
        python,
        lambda: json.dumps(gia_record(model, choice, result.importances)),
        lambda: importance_report(
            model,
            choice,
            result.importances,
            lab.comparisons(result, lab.WITH_FIRST),
            model.label,
            choice.describe(model.measured_in),
            command,
            python,
        ),
    )
with numbers:
    st.markdown("Global importance (z-score units)", help=GLOBAL_IMPORTANCE_HELP)
    for importance, label, colour in zip(result.importances, result.labels, CONSTRUCT_COLOURS, strict=False):
        with st.container(border=True, gap="xxsmall"):
            st.html(f'<div style="{NAME_STYLE};border-left:5px solid {colour}">{escape(label)}</div>')
            st.metric("Global importance", f"{importance.mean:+.3f}", label_visibility="collapsed")
            st.caption(uncertainty(importance))
    st.caption(
        f"Background: {sample.description}. Its mean predicted score is {result.importances[0].null_mean:.2f}. "
        "This is what the network has learned, not a measured affinity."
    )
view = st.segmented_control(
    "More about these numbers",
    list(VIEWS),
    default=COMPARED,
    key="view",
    bind="query-params",
    persist_state="session",
    required=True,
)
VIEWS[view or COMPARED](result)
