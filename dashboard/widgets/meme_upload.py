"""A user's file of published motifs, compared with the motif on the page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.waiting import compute
from dashboard.widgets.export_row import take_away
from rbind_core.errors import RBindError
from rbind_core.figures.motif_comparison import motif_comparison_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.motifs import MatchedMotif, null_columns, rank_motifs, read_meme
from rbind_core.motifs.meme import LARGEST_FILE
from rbind_core.report.reproduce import motif_command, motif_python

SHOWN = 10
SEED = 0
HELP = """A file in MEME (minimal motif) format, RNA or DNA letters, such as those of CISBP-RNA or ATtRACT: up to 20 MB and
20,000 motifs. It is read here and forgotten; nothing in it is run."""
P_HELP = """How often a random motif of the same width, made of columns of published motifs, matches at least as well (like Tomtom;
100,000 random motifs, seed 0). E-value: p times the number of motifs in the file."""
SHUFFLED_HELP = """How often the same motif with its columns in another order matches at least as well: a match by letters alone, in
whatever order, does not pass."""


@dataclass(frozen=True)
class Ranked(Request[tuple[list[MatchedMotif], int]]):
    """The best-matching motifs of a file, and their total number."""

    digest: str
    name: str
    motif_digest: bytes
    content: bytes = field(compare=False, repr=False)
    motif: NDArray[np.float64] = field(compare=False, repr=False)

    def compute(self) -> tuple[list[MatchedMotif], int]:
        """Read the file and compare; faults are errors."""
        motifs = read_meme(self.content.decode("utf-8-sig", "replace"), self.name)
        return rank_motifs(self.motif, motifs, np.random.default_rng(SEED), SHOWN, null_columns(motifs)), len(motifs)

    def size(self, result: tuple[list[MatchedMotif], int]) -> int:
        """Of the result, and of the file that is kept with the request."""
        return super().size(result) + len(self.content)

    @property
    def doing(self) -> str:
        """In words."""
        return "Reading and comparing the motifs"


def compare_with_upload(model: Model, motif: NDArray[np.float64], palette: str) -> None:
    """Draw the upload, and the best-matching motifs of the file.

    Parameters
    ----------
    motif : (k, 4) letter frequencies.
    """
    st.header("Is this motif known?", help=P_HELP)
    uploaded = st.file_uploader(
        "Motifs to compare with", ["meme", "txt"], key="meme", max_upload_size=LARGEST_FILE // 10**6, help=HELP
    )
    if uploaded is None:
        st.caption(
            "Give a file of motifs in MEME format; the ten that match best appear here. The published motif is on *Profile*."
        )
        return
    content = uploaded.getvalue()
    asked = Ranked(hashlib.sha256(content).hexdigest(), uploaded.name, motif.tobytes(), content, motif)
    try:
        matches, count = compute("meme", asked, st.empty()).result
    except RBindError as error:
        st.error(f"{plain(str(error))}.")
        return
    left, right = st.columns([3, 4], gap="medium")
    names = [one.motif.label for one in matches]
    with left:
        st.caption(f"Best {len(matches)} of {count:,} motifs. Choose one to see it under the model's.")
        rows = {
            "Motif": names,
            "p": [one.match.p_value for one in matches],
            "E": [one.e_value for one in matches],
            "p shuffled": [one.match.p_shuffled for one in matches],
            "Correlation": [one.match.correlation for one in matches],
        }
        chosen = st.dataframe(
            pd.DataFrame(rows),
            key="meme_matches",
            on_select="rerun",
            selection_mode="single-row",
            hide_index=True,
            column_config={
                "p": st.column_config.NumberColumn(format="%.1e", help=P_HELP),
                "E": st.column_config.NumberColumn(format="%.1e", help=P_HELP),
                "p shuffled": st.column_config.NumberColumn(format="%.1e", help=SHUFFLED_HELP),
                "Correlation": st.column_config.NumberColumn(format="%.2f", help="Pearson, over the columns that overlap"),
            },
        ).selection.rows
    best = matches[chosen[0] if chosen and chosen[0] < len(matches) else 0]
    with right:
        st.plotly_chart(
            motif_comparison_figure(motif, best, model.label, palette),
            key="meme_match",
            config=download_options(f"{model.protein}-motif-match"),
            alt=f"Motif of {model.label} above the best match of the file",
        )
        take_away(
            "meme_match",
            f"{model.protein}-motif-matches",
            pd.DataFrame(rows).to_csv(index=False),
            f"{motif_command(model).removesuffix(' --json')} --meme FILE --json",
            motif_python(model),
        )
