"""Motif and best 6-mers of a model as its card has them, without any computation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.widgets.export_row import take_away
from rbind_core.figures.motif import motif_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.report.reproduce import card_command, card_python


def show_card_motif(model: Model, palette: str, key: str) -> None:
    """Draw motif and best 6-mers with their row of exports.

    Parameters
    ----------
    model : not broken, with best 6-mers in its card.
    key : of the chart.
    """
    st.plotly_chart(
        motif_figure(
            np.array(model.motif),
            model.top_kmers,
            model.label,
            f"6-mers at 18-23, profile background, N = {model.summary_samples:,}, seed 0; bars are 95 % CI",
            palette,
        ),
        key=key,
        config=download_options(f"{model.protein}-motif"),
        alt=f"Motif and best 6-mers of {model.label}; the best is {model.top_kmer}",
    )
    take_away(
        key, f"{model.protein}-motif", pd.DataFrame(model.top_kmers).to_csv(index=False), card_command(model), card_python(model)
    )
