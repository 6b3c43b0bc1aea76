"""The figure of a model's motif: the motif of its best 6-mers, and the 6-mers by global importance (Fig. 2e, 4b)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from rbind_core.figures.logos import logo_traces
from rbind_core.figures.theme import DEFAULT_PALETTE, FITTING, GLOBAL_IMPORTANCE_COLOUR, headed
from rbind_core.motifs import information

NORMAL_95 = 1.96
LOGO_ROWS = 5.625  # height of the logo, in rows of the ranking


def motif_figure(
    motif: NDArray[np.float64],
    top_kmers: Sequence[dict[str, Any]],
    label: str,
    settings: str,
    palette: str = DEFAULT_PALETTE,
    shown: int = 10,
    height: int = 400,
) -> go.Figure:
    """Draw the motif logo above the ranking of the best k-mers.

    Parameters
    ----------
    motif : (k, 4) letter frequencies.
    top_kmers : `kmer`, `global_importance` and `standard_error` of each, best first.
    label : protein and experiment.
    settings : background, N and seed of the ranking, for the subtitle.
    shown : number of k-mers to draw.
    height : pixels of logo and ranking with their axes.
    """
    figure = make_subplots(rows=2, cols=1, row_heights=[LOGO_ROWS, shown], vertical_spacing=0.1)
    figure.add_traces(logo_traces(information(motif), palette), rows=[1] * 4, cols=[1] * 4)
    figure.update_xaxes(
        range=[0.4, len(motif) + 0.6], tickvals=list(range(1, len(motif) + 1)), showgrid=False, row=1, col=1, zeroline=False
    )
    figure.update_yaxes(title_text="bits", range=[0, 2.05], tickvals=[0, 1, 2], row=1, col=1, **FITTING)
    best = top_kmers[:shown][::-1]
    figure.add_trace(
        go.Scatter(
            x=np.array([k["global_importance"] for k in best]),
            y=[k["kmer"] for k in best],
            error_x={
                "type": "data",
                "array": NORMAL_95 * np.array([k["standard_error"] for k in best]),
                "thickness": 1.5,
                "color": GLOBAL_IMPORTANCE_COLOUR,
            },
            mode="markers",
            marker={"symbol": "triangle-up", "size": 10, "color": GLOBAL_IMPORTANCE_COLOUR},
            hovertemplate="%{y}: %{x:.3f} ± %{error_x.array:.3f} (95 % CI)<extra></extra>",
            showlegend=False,
        ),
        row=2,
        col=1,
    )
    figure.update_xaxes(title_text="global importance (z-score units)", rangemode="tozero", row=2, col=1)
    figure.update_yaxes(tickfont={"family": "monospace", "size": 12}, dtick=1, row=2, col=1)
    figure.update_xaxes(fixedrange=True, **FITTING)
    figure.update_yaxes(fixedrange=True)
    return headed(figure, f"{label}: motif and best {len(top_kmers[0]['kmer'])}-mers", settings, height)
