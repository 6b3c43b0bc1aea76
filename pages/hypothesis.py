"""The hypothesis page: place patterns on a strip, watch local and global importance."""

from html import escape

import pandas as pd
import streamlit as st

from dashboard import engine, sidebar
from dashboard.strip import MOST_CONSTRUCTS, construct_strip
from dashboard.take_away import take_away
from rbind_core.constructs import Construct, parse_construct
from rbind_core.errors import RBindError
from rbind_core.figures.importance import SHAPES, importance_figure
from rbind_core.figures.theme import CONSTRUCT_COLOURS, download_options
from rbind_core.sequences import decode

START = "UGCAUG@18"
NAME_STYLE = "padding-left:.5rem;font-family:monospace;font-weight:600;overflow-wrap:anywhere"
CONSTRUCT_HELP = """Patterns with the position of their first nucleotide, joined with +, as in UGCAUG@4+UGCAUG@11.
IUPAC letters are drawn for each background RNA, N leaves the background. Separate constructs to compare with a semicolon."""
GLOBAL_IMPORTANCE_HELP = """Global importance: the average change in predicted binding when the pattern is put into N
background RNAs. Local importance is the change in one of them."""


def read_constructs(text: str) -> list[Construct]:
    parts = [part for part in text.split(";") if part.strip()]
    if not parts:
        raise RBindError("the construct is empty; give a pattern and its position, as in UGCAUG@18")
    if len(parts) > MOST_CONSTRUCTS:
        raise RBindError(f"{len(parts)} constructs; at most {MOST_CONSTRUCTS} can be compared at once")
    return [parse_construct(part) for part in parts]


def put_text(text: str) -> None:
    st.session_state["c"] = text


settings = sidebar.current()
st.title("Hypothesis")
st.markdown("*What does a pattern do to predicted binding, wherever it is put?*")

typed, drawn_as, drawn_points = st.columns([5, 2, 2], vertical_alignment="bottom")
text = typed.text_input(
    "Construct",
    START,
    key="c",
    bind="query-params",
    persist_state="session",
    help=CONSTRUCT_HELP,
)
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

try:
    constructs = read_constructs(text)
    st.session_state["_good_constructs"] = text
except RBindError as error:
    good = st.session_state.get("_good_constructs", START)
    st.error(f"{error}. Below is the last good construct, {good}.")
    constructs = read_constructs(good)
for construct in constructs:
    for note in construct.overlap_notes():
        st.info(note)

try:
    results = [engine.importance(settings.model, settings.choice, construct) for construct in constructs]
    sample = engine.analysis(settings.model, settings.choice).sample
except RBindError as error:
    st.error(str(error))
    st.stop()

construct_strip(constructs, decode(sample.codes[:1])[0], put_text, key="strip")

chart, numbers = st.columns([2, 1])
with chart:
    figure = importance_figure(results, settings.model.label, settings.describe(), shape or SHAPES[0], every_point)
    st.plotly_chart(
        figure,
        key="importance",
        config=download_options(f"{settings.model.protein}-global-importance"),
        alt=f"Local and global importance of {text} for {settings.model.label}",
    )
with numbers:
    for result, colour in zip(results, CONSTRUCT_COLOURS, strict=False):
        low, high = result.ci95
        with st.container(border=True, gap="xsmall"):
            st.html(f'<div style="{NAME_STYLE};border-left:5px solid {colour}">{escape(str(result.construct))}</div>')
            st.metric("Global importance (z-score units)", f"{result.mean:+.3f}", help=GLOBAL_IMPORTANCE_HELP)
            st.caption(f"95 % CI {low:.3f} to {high:.3f} · N = {result.samples:,} · {result.p_text} (paired t-test)")
    st.caption(
        f"Background: {sample.description}. Its mean predicted score is {results[0].null_mean:.2f}. "
        "This is what the network has learned, not a measured affinity."
    )

table = pd.concat(
    pd.DataFrame(
        {
            "construct": str(result.construct),
            "background_rna": range(1, result.samples + 1),
            "without": result.without,
            "with": result.with_,
            "local_importance": result.local,
        }
    )
    for result in results
)
choice = settings.choice
patterns = " ".join(f"--pattern '{construct}'" for construct in constructs)
take_away(
    "importance",
    f"{settings.model.protein}-global-importance",
    table.to_csv(index=False),
    f"./rbind gia --rbp {settings.model.experiment} {patterns} --background {choice.background} "
    f"--samples {choice.samples} --seed {choice.seed} --library {choice.library} --json",
    f"""from rbind_core.constructs import parse_construct
from rbind_core.experiments import BackgroundChoice, prepare
from rbind_core.model.registry import find_model, load_predictor

model = find_model("{settings.model.experiment}")
predictor = load_predictor(model)
analysis = prepare(model, predictor, BackgroundChoice("{choice.background}", {choice.samples}, {choice.seed}, "{choice.library}"))
for text in {[str(construct) for construct in constructs]}:
    importance = analysis.importance(parse_construct(text))
    print(text, importance.mean, importance.ci95)
""",
)
