"""The compare page: two to five RBPs side by side, 6-mer against 6-mer, with what each prefers over the others."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state import atlas, owner
from dashboard.state.keys import IN_LINK
from dashboard.state.last_good import read_or_last
from dashboard.state.links import linked, read_option
from dashboard.state.markdown import plain
from dashboard.state.pages import page
from dashboard.views import compare as side_by_side
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from rbind_core.atlas.similar import SCALES, SHARE, Z_SCORE, ScanComparison, SpecificKmer, compare_scans, holding, specific_kmers
from rbind_core.errors import ExperimentError
from rbind_core.figures.comparison import SPECIFIC, correlations_figure, kmer_scatter_figure, logos_figure
from rbind_core.figures.theme import CONSTRUCT_COLOURS, download_options
from rbind_core.report.reproduce import motif_command

GLOBAL_IMPORTANCE_HELP = """Global importance: the average change in predicted binding when the 6-mer is put into N background RNAs.
The same RNAs for every RBP."""
SCALE_HELP = f"""**{Z_SCORE}**: as each model predicts, in standard deviations of its own experiment. **{SHARE}**: all of an RBP's
numbers divided by its highest, so that weak and strong motifs can be laid over one another; a weak one's noise grows with it."""
FIND_HELP = "Up to six IUPAC letters, such as GCAUG or YGCY: rings mark the 6-mers that hold it. T counts as U."
PAIR_HELP = "Which two are drawn against each other; logos, correlations and tables are of all."
ADVANTAGE_HELP = """Global importance in this RBP minus the highest in any other. Below 0 in another counts as 0: a 6-mer that
the others avoid is not yet one that this RBP seeks."""
VALUE_HELP = "Global importance ± standard error, in {unit}."
NOT_COMPARABLE = """Each z-score is in standard deviations of its own experiment, and a strong motif spans more of them. So a
difference says what one network prefers over another; it does not say which protein binds more tightly. *Share of own best 6-mer*
takes the strength out."""


def pick() -> None:
    """Remember the 6-mer that was clicked."""
    points = st.session_state["compare_scatter"].selection.points
    if points:
        st.session_state["picked"] = points[0]["customdata"][0]


def picked_kmer(kmers: Sequence[str]) -> str:
    """The 6-mer that was clicked, here or by whoever made the link."""
    if "picked" not in st.session_state and (asked := st.query_params.get("picked", "").upper().replace("T", "U")) in kmers:
        st.session_state["picked"] = asked
    picked = st.session_state.get("picked", "")
    if picked:
        st.query_params["picked"] = picked
    else:
        st.query_params.pop("picked", None)
    return picked


def find(box: DeltaGenerator) -> str:
    """The motif that is looked for; a new one goes before what was clicked."""
    typed = box.text_input("Find a k-mer", key="find", placeholder="such as GCAUG", help=FIND_HELP, **IN_LINK)
    motif = "".join((typed or "").split()).upper().replace("T", "U")

    def read() -> str:
        if motif:
            holding(motif)
        return motif

    last = st.session_state.get("_last_motif")
    found, problem = read_or_last("motif", read, str)
    if problem:
        box.error(f"{plain(problem)}. {f'Still marked: {found}.' if found else 'Nothing is marked.'}")
    if last is not None and found != last:
        st.session_state["picked"] = ""
    st.session_state["_last_motif"] = found
    return found


def choose_pair(compared: ScanComparison) -> tuple[int, int]:
    """Which two are drawn against each other, by number."""
    pairs = {f"{a.experiment}~{b.experiment}": (a, b) for a, b in combinations(compared.models, 2)}
    if len(pairs) == 1:
        st.query_params.pop("pair", None)
        return 0, 1
    options = list(pairs)
    names = dict(zip((m.experiment for m in compared.models), compared.names, strict=True))

    def name(option: str) -> str:
        return " – ".join(names[m.experiment] for m in pairs[option])

    def draw() -> str | None:
        return st.segmented_control(
            "Draw", options, format_func=name, key="pair", required=True, help=PAIR_HELP, persist_state="session", wrap=True
        )

    chosen = linked("pair", options, options[0], draw, read_option(options))
    first, second = pairs[chosen]
    return compared.models.index(first), compared.models.index(second)


def show_scatter(compared: ScanComparison, pair: tuple[int, int], motif: str, picked: str) -> None:
    drawn = compared.of(*pair)
    names = "-and-".join(m.experiment for m in drawn.models)
    st.plotly_chart(
        kmer_scatter_figure(drawn, (CONSTRUCT_COLOURS[pair[0]], CONSTRUCT_COLOURS[pair[1]]), motif, picked),
        key="compare_scatter",
        on_select=pick,
        selection_mode="points",
        config=download_options(f"{names}-6-mers"),
        alt=f"All 6-mers: {drawn.models[1].label} against {drawn.models[0].label}, Pearson {drawn.correlations[0, 1]:.2f}",
    )
    take_away(
        "compare_scatter",
        f"{names}-6-mers",
        lambda: pd.DataFrame(compared.table()).to_csv(index=False, float_format="%.6g"),
        side_by_side.command(compared),
        side_by_side.python(compared),
    )


def kmer_in_the_box(drawn: ScanComparison, motif: str, picked: str) -> str:
    """The clicked 6-mer, else the best of those found, else the most specific one of the first RBP."""
    if picked:
        return picked
    if motif:
        columns = np.flatnonzero(holding(motif))
        return drawn.kmers[columns[drawn.means[:, columns].max(axis=0).argmax()]]
    specific = specific_kmers(drawn, 0, 1)
    return specific[0].kmer if specific else drawn.best[0]


def show_kmer(compared: ScanComparison, kmer: str) -> None:
    """One 6-mer in every RBP, and the way to Hypothesis."""
    column = compared.column(kmer)
    values = " · ".join(
        f"{plain(name)} **{mean:.2f}** ± {margin:.2f}"
        for name, mean, margin in zip(compared.names, compared.means[:, column], compared.margins[:, column], strict=True)
    )
    with st.container(border=True, key="picked_kmer"):
        said, button = st.columns([2, 1], vertical_alignment="center")
        said.markdown(f"**{kmer}** — {values} (95 % CI)", help=f"± is the 95 % CI, in {compared.unit}. {GLOBAL_IMPORTANCE_HELP}")
        there = {"c": f"{kmer}@18"}
        button.page_link(page("hypothesis"), label="Test in Hypothesis", icon=":material/science:", query_params=there)


def show_logos(compared: ScanComparison, palette: str) -> None:
    st.plotly_chart(
        logos_figure(compared.models, palette=palette),
        key="compare_logos",
        config=download_options("motifs"),
        alt=f"Motifs of {', '.join(m.label for m in compared.models)}",
    )
    motifs = [
        {"experiment": m.experiment, "protein": m.protein, "position": place, **dict(zip("ACGU", row, strict=True))}
        for m in compared.models
        for place, row in enumerate(m.motif, start=1)
    ]
    take_away(
        "compare_logos",
        "motifs",
        pd.DataFrame(motifs).to_csv(index=False),
        "; ".join(map(motif_command, compared.models)),
        side_by_side.motifs_python(compared),
    )


def show_correlations(compared: ScanComparison) -> None:
    st.plotly_chart(
        correlations_figure(compared),
        key="compare_correlations",
        config=download_options("correlations-of-scans"),
        alt=f"Correlations of the scans of {', '.join(m.label for m in compared.models)}",
    )
    names = [m.experiment for m in compared.models]
    take_away(
        "compare_correlations",
        "correlations-of-scans",
        pd.DataFrame(compared.correlations, names, names).to_csv(index_label="experiment"),
        side_by_side.command(compared),
        side_by_side.python(compared),
    )


def show_specific(compared: ScanComparison) -> None:
    """A table for each RBP of what it prefers over all others here."""
    st.header("6-mers that each prefers over all others", help=ADVANTAGE_HELP)
    tables: list[dict[str, Any]] = []
    places = st.columns(2, gap="medium")
    for number, model in enumerate(compared.models):
        if number and number % 2 == 0:
            places = st.columns(2, gap="medium")
        kmers = specific_kmers(compared, number, SPECIFIC)
        tables += [
            {"specific_to": model.experiment, "kmer": k.kmer, "advantage": k.advantage}
            | {f"{m.experiment}_global_importance": v for m, v in zip(compared.models, k.importances, strict=True)}
            | {f"{m.experiment}_standard_error": v for m, v in zip(compared.models, k.standard_errors, strict=True)}
            for k in kmers
        ]
        with places[number % 2]:
            st.markdown(f"**{plain(model.label)}**")
            if kmers:
                show_one_table(compared, number, kmers)
            else:
                st.caption("No 6-mer counts for more here than in the others. On the other scale there may be some.")
    said, button = st.columns([3, 1], vertical_alignment="center")
    counts = " and ".join(f"{n:,}" for n in dict.fromkeys(compared.samples))
    said.caption(
        f"± is the standard error, N = {counts} background RNAs. The largest differences of 4,096 are listed, so they are somewhat "
        "too large; Hypothesis measures one anew with another seed."
    )
    button.download_button(
        "Tables (CSV)",
        pd.DataFrame(tables).to_csv(index=False),
        "specific-6-mers.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def show_one_table(compared: ScanComparison, number: int, kmers: list[SpecificKmer]) -> None:
    order = [number, *(other for other in range(len(compared.models)) if other != number)]
    names = [compared.names[n] for n in order]
    values = {
        name: [f"{k.importances[n]:.2f} ± {k.standard_errors[n]:.2f}" for k in kmers] for name, n in zip(names, order, strict=True)
    }
    text = st.column_config.TextColumn(help=VALUE_HELP.format(unit=compared.unit))
    st.dataframe(
        pd.DataFrame({"6-mer": [k.kmer for k in kmers], "Advantage": [k.advantage for k in kmers]} | values),
        key=f"specific_{number}",
        hide_index=True,
        column_config={"Advantage": st.column_config.NumberColumn(format="%.2f", help=ADVANTAGE_HELP)} | dict.fromkeys(names, text),
    )


settings = sidebar.current()
st.title("Compare")
st.markdown("*Which k-mers does one protein prefer over another?*", help=GLOBAL_IMPORTANCE_HELP)
atlas.say_problems()
first, said = side_by_side.first_model(settings.model)
if said:
    st.info(said)
if first is None:
    st.stop()
who, how, where = st.columns([5, 4, 3])
with who:
    others = side_by_side.choose_others(first)
if not others:
    st.info("The atlas holds no other protein to compare with. `./rbind atlas` measures the models.")
    st.stop()
scale = how.segmented_control("Scale", SCALES, default=Z_SCORE, key="kmer_scale", required=True, help=SCALE_HELP, **IN_LINK)
motif = find(where)
try:
    compared = compare_scans([first, *others], owner.atlas(), scale or Z_SCORE)
except ExperimentError as error:
    how.error(plain(str(error)))
    compared = compare_scans([first, *others], owner.atlas())
picked = picked_kmer(compared.kmers)
with st.container():  # its place is kept where there is nothing to choose, so that the figures below are not drawn anew
    pair = choose_pair(compared)
left, right = st.columns([7, 5], gap="medium")
with left:
    show_scatter(compared, pair, motif, picked)
    show_kmer(compared, kmer_in_the_box(compared.of(*pair), motif, picked))
    st.caption(NOT_COMPARABLE)
with right:
    show_logos(compared, settings.palette)
    if len(compared.models) > 2:
        show_correlations(compared)
show_specific(compared)
learned = "measurements" + (" or, where grade B, of DeepBind's model" if any(m.is_taught for m in compared.models) else "")
st.caption(
    "All numbers are from the atlas, so background, N and seed of the sidebar do not change them. They are what networks learned "
    f"of {learned}, not measured affinity."
)
