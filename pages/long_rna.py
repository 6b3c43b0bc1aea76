"""The page of long RNAs: the model slid along an RNA, its best sites, and every mutation of one of them or of all."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.pages import page
from dashboard.state.results import result_of
from dashboard.state.waiting import compute, last_shown
from dashboard.views.long_rna import choices as long_rna_choices
from dashboard.views.long_rna import requests
from dashboard.views.long_rna import texts as long_rna_texts
from dashboard.views.long_rna.choices import remember
from dashboard.views.sequence.texts import ism_command
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from rbind_core.analyses.mutation_map import LONGEST_MAP
from rbind_core.errors import RBindError
from rbind_core.figures.sequence import mutagenesis_figure
from rbind_core.figures.theme import download_options
from rbind_core.figures.track import map_figure, track_figure
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import LENGTH

SLIDING_HELP = f"""The model reads {LENGTH} nt at a time. It is asked at every window of the RNA, and each score stands at the
middle of its window. A score is the predicted binding of a probe that is just this window."""
STRIDE_HELP = "From one window to the next, nt. 1 asks at every position; a larger stride is faster and may miss a peak."
ABOVE_HELP = "Share of the RNA's windows with a lower score, in percent."
SCORE_HELP = "Predicted binding, z-score of log intensity in the model's own experiment"
CAUTION = f"""Each window is scored as if it were a probe of its own: the model has not learned what lies further away than {LENGTH}
nt, folding over longer distances, or other proteins. It is what the network learned, not a measured affinity."""
NUMBERED = 5  # sites in the figure; the table has more
WINDOW, ALL = "one window", "the whole RNA"


def pick_point() -> None:
    points = st.session_state["track"].selection.points
    if points:
        remember("window", int(points[0]["customdata"][0]))


def pick_row(key: str, starts: list[int]) -> None:
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(starts):
        remember("window", starts[rows[0]])


def pick_record(key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows:
        remember("record", rows[0] + 1)


def measure_one() -> requests.Measured:
    """Slide over the chosen RNA; what is wrong is said at the top, and the last finished result stays."""
    record = source.pasted.records[long_rna_choices.choose_record(source)]
    try:
        return compute("long_rna", requests.Tracks(models, record, stride, source), status).result
    except RBindError as error:
        problem.error(f"{plain(str(error))}.")
        return last_shown("long_rna").result


def show_track(measured: requests.Measured, chosen: int) -> None:
    record, labels = measured.record, measured.labels
    scales = " or ".join(dict.fromkeys(model.scale for model in measured.models))
    filename = f"{'-and-'.join(m.protein for m in measured.models)}-along-an-RNA"
    with figure:
        st.plotly_chart(
            track_figure(measured.tracks, labels, record.name, measured.sites[:NUMBERED], chosen, scales),
            key="track",
            on_select=pick_point,
            selection_mode="points",
            config=download_options(filename),
            alt=f"Predicted binding of {' and '.join(labels)} along an RNA of {len(record.sequence)} nt",
        )
    digest, stride = measured.source.digest, measured.tracks[0].stride
    with chart:
        take_away(
            "track",
            filename,
            lambda: long_rna_texts.windows_table(measured).to_csv(index=False),
            long_rna_texts.command(measured.models, record, stride, digest),
            long_rna_texts.python(measured.models, record, stride, digest),
        )
        if note := measured.tracks[0].note:
            st.info(note)


def show_sites(measured: requests.Measured) -> None:
    st.markdown("**Best windows that do not overlap**", help="Click a peak, any point of the line, or the box before a row.")
    table = long_rna_texts.sites_table(measured)
    key = f"sites_{measured.models[0].experiment}_{hash((measured.record, measured.tracks[0].stride))}"
    names = long_rna_texts.score_columns(measured.models)
    st.dataframe(
        table,
        key=key,
        on_select=partial(pick_row, key, [site.start for site in measured.sites]),
        selection_mode="single-row",
        hide_index=True,
        height=35 * (len(table) + 1) + 3,
        column_config={
            **{name: st.column_config.NumberColumn(format="%.2f", help=SCORE_HELP) for name in names},
            "Above": st.column_config.NumberColumn(format="%.2f %%", help=ABOVE_HELP),
        },
    )
    st.download_button(
        "Sites (CSV)", table.to_csv(index=False), "best-sites.csv", "text/csv", icon=":material/download:", on_click="ignore"
    )


def show_window(model: Model, measured: requests.Measured, chosen: int) -> None:
    rna = measured.tracks[0].window(chosen)
    left, right = st.columns([2, 1], vertical_alignment="center")
    left.markdown(f"**Window {chosen:,}-{chosen + len(rna) - 1:,}**: every single change of its letters")
    right.page_link(
        page("sequence"), label="Open in Sequence", icon=":material/border_color:", query_params={"seq": rna}, width="content"
    )
    result = result_of(engine.MutagenesisOf(model, rna))
    st.plotly_chart(
        mutagenesis_figure(result, result_of(engine.FoldOf(rna)), model.label, settings.palette, scale=model.scale),
        key="window",
        config=download_options(f"{model.protein}-window-{chosen}"),
        alt=f"Effect of every single mutation of the window from {chosen} on {model.label}",
    )
    effects = pd.DataFrame(result.effects, columns=list("ACGU"))
    effects.insert(0, "position", range(chosen, chosen + len(rna)))
    effects.insert(1, "wild_type", list(rna))
    take_away(
        "window",
        f"{model.protein}-window-{chosen}",
        effects.to_csv(index=False),
        ism_command(model, rna),
        long_rna_texts.window_python(model, rna),
    )


def show_map(model: Model, measured: requests.Measured) -> None:
    place, waiting = st.container(), st.empty()
    answer = compute("long_rna_map", requests.MutationsOf(model, measured.record), waiting)
    model, record, result = answer.request.model, answer.request.record, answer.result
    with place:
        st.plotly_chart(
            map_figure(result, model.label, record.name),
            key="map",
            config=download_options(f"{model.protein}-mutation-map"),
            alt=f"Effects of all single mutations of an RNA of {len(record.sequence)} nt on {model.label}",
        )
        effects = pd.DataFrame(result.effects, columns=list("ACGU"))
        effects.insert(0, "position", range(1, len(effects) + 1))
        effects.insert(1, "wild_type", list(record.sequence))
        take_away(
            "map",
            f"{model.protein}-mutation-map",
            lambda: effects.to_csv(index=False),
            long_rna_texts.command((model,), record, 1, "", " --mutations"),
            long_rna_texts.map_python(model, record),
        )


def show_below(measured: requests.Measured, chosen: int) -> None:
    """One window or the whole RNA, by one of the models."""
    views = [WINDOW, ALL] if LENGTH <= len(measured.record.sequence) <= LONGEST_MAP else [WINDOW]
    choices = st.container(horizontal=True, gap="medium")
    view, model = WINDOW, measured.models[0]
    with choices:
        if len(views) > 1:
            view = st.segmented_control("Mutations of", views, default=WINDOW, key="mutations_of", required=True, **IN_LINK)
        if len(measured.models) > 1:
            names = long_rna_texts.score_columns(measured.models)
            by = st.segmented_control("By the model of", names, default=names[0], key="mutations_by", required=True)
            model = measured.models[names.index(by or names[0])]
    if view == ALL:
        show_map(model, measured)
    else:
        show_window(model, measured, chosen)


def show_records() -> None:
    """The best site of each of several RNAs; a click opens it above."""
    count = len(source.pasted.records)
    heading = st.empty()
    heading.header(f"All {count:,} RNAs")
    place, waiting = st.container(), st.empty()
    try:
        found = compute("long_rna_records", requests.BestSites(models, source, stride), waiting)
    except RBindError as error:
        waiting.error(f"{plain(str(error))}.")
        found = last_shown("long_rna_records")
    asked, of, sites = found.request.models, found.request.source, found.result
    heading.header(f"All {len(sites):,} RNAs")
    table = long_rna_texts.records_table(sites, asked)
    key = f"records_{of.digest}"
    names = long_rna_texts.score_columns(asked)
    with place:
        st.caption("The best window of each. Click the box before a row to see that RNA above.")
        st.dataframe(
            table,
            key=key,
            on_select=partial(pick_record, key) if of == source else "ignore",  # a row opens an RNA of those in use
            selection_mode="single-row",
            hide_index=True,
            height=min(35 * (len(table) + 1) + 3, 290),
            placeholder="–",
            column_config={name: st.column_config.NumberColumn(format="%.2f", help=SCORE_HELP) for name in names},
        )
        st.download_button(
            "Table (CSV)",
            table.to_csv(index=False),
            "best-sites-of-all.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


settings = sidebar.current()
st.title("Long RNA")
st.markdown("*Where along a long RNA would this protein bind?*", help=SLIDING_HELP)
controls, chart = st.columns([2, 5], gap="medium")
with controls:
    source = long_rna_choices.choose_rna(settings.model)
    with st.container(horizontal=True, gap="small"):
        second = long_rna_choices.choose_second(settings.model)
        stride = int(st.number_input("Stride", 1, LENGTH, 1, key="stride", help=STRIDE_HELP, width=110, **IN_LINK))
models = (settings.model, second) if second else (settings.model,)
problem = chart.container()
figure, status = chart.container(), chart.empty()  # progress below the figure does not move it
measured = measure_one()
chosen = long_rna_choices.choose_window(measured) if measured.sites else 1
show_track(measured, chosen)
records_place = st.container()
table, below = st.columns([2, 3], gap="large")
if measured.sites:
    with table:
        show_sites(measured)
        st.caption(CAUTION)
    with below:
        show_below(measured, chosen)
else:
    st.warning("Every window of this RNA holds a letter such as N, so there is nothing to score.")
if len(source.pasted.records) > 1:  # last, since nothing is drawn after it while it is computed for the first time
    with records_place:
        show_records()
