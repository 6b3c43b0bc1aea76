"""The browse page: every model with its motif, and what the chosen one looks for."""

import base64

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import sidebar
from dashboard.take_away import take_away
from rbind_core.figures.logos import motif_svg
from rbind_core.figures.motif import motif_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model, list_models
from rbind_core.motifs import information

PEARSON_HELP = "Correlation of measured and predicted scores over all held-out probes. 1 is perfect, 0 is none."
KMER_HELP = "The 6-mer whose insertion raises predicted binding most, over many background RNAs (profile)."
PUBLISHED_HELP = "Consensus read off the published motif (Ray et al. 2013; VTS1: Aviv et al. 2003)."
READS_HELP = "What the network is given: the sequence alone, or also its structure as predicted by ViennaRNA."
LOGO_HELP = "The ten best 6-mers aligned, weighted by global importance; letter heights in bits."


@st.cache_data(max_entries=256, show_spinner=False)
def logo(digest: str, palette: str, _model: Model) -> str:
    if not _model.motif:
        return ""
    svg = motif_svg(information(np.array(_model.motif)), palette)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def model_table(models: list[Model], palette: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Protein": m.protein,
            "Motif": logo(m.weights_sha256, palette, m),
            "Top 6-mer": m.top_kmer if not m.problem else f"broken: {m.problem}",
            "Test Pearson": m.pearson_test,
            "Species": m.species,
            "Published": m.published_consensus,
            "Experiment": m.experiment,
            "Reads": m.inputs,
        }
        for m in models
    )


def choose_row() -> None:
    rows = st.session_state["model_table"].selection.rows
    if rows:
        st.session_state["rbp"] = models[rows[0]].experiment


settings = sidebar.current()
models = list_models()
model = settings.model

st.title("Browse")
st.markdown("*What does each protein's model look for?*")
profile, table = st.columns([5, 7], gap="medium")

with profile:
    if model.problem:
        st.error(f"{model.label} is broken: {model.problem}. The other models work; choose one in the sidebar.")
    else:
        best = model.top_kmers[0]
        a, b, c = st.columns(3)
        a.metric("Test Pearson", f"{model.pearson_test:.3f}", help=f"{PEARSON_HELP} N = {model.metrics['n_test']:,}.")
        b.metric("Top 6-mer", best["kmer"], help=KMER_HELP)
        c.metric(
            "Published",
            model.published_consensus or "none",
            help=PUBLISHED_HELP,
        )
        st.plotly_chart(
            motif_figure(
                np.array(model.motif),
                model.top_kmers,
                model.label,
                f"6-mers at 18-23, profile background, N = {model.summary_samples:,}, seed 0; bars are 95 % CI",
                settings.palette,
            ),
            key="motif",
            config=download_options(f"{model.protein}-motif"),
            alt=f"Motif and best 6-mers of {model.label}; the best is {best['kmer']}",
        )
        take_away(
            "motif",
            f"{model.protein}-motif",
            pd.DataFrame(model.top_kmers).to_csv(index=False),
            f"./rbind kmers --rbp {model.experiment} --json",
            f"""from rbind_core.model.registry import find_model

print(find_model("{model.experiment}").top_kmers)
""",
        )
        left, right = st.columns(2)
        left.page_link("pages/hypothesis.py", label=f"Test {model.protein} in the lab", icon=":material/science:")
        right.page_link("pages/sequence.py", label="See it on a sequence", icon=":material/border_color:")

with table:
    st.dataframe(
        model_table(models, settings.palette),
        key="model_table",
        on_select=choose_row,
        selection_mode="single-row",
        hide_index=True,
        row_height=46,
        height=min(46 * (len(models) + 1), 640),
        column_config={
            "Motif": st.column_config.ImageColumn(help=LOGO_HELP, width=110),
            "Test Pearson": st.column_config.NumberColumn(format="%.3f", help=PEARSON_HELP),
            "Top 6-mer": st.column_config.TextColumn(help=KMER_HELP),
            "Published": st.column_config.TextColumn(help=PUBLISHED_HELP),
            "Reads": st.column_config.TextColumn(help=READS_HELP),
        },
    )
    st.caption(f"{len(models)} models. Click the box before a row to open it; click a heading to sort; the lens searches.")
