"""All k-mers of an exhaustive scan by rank (Fig. 2e)."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rbind_core.figures.theme import CONSTRUCT_COLOURS, GLOBAL_IMPORTANCE_COLOUR, NEUTRAL, headed, legible
from rbind_core.motifs import KmerScan
from rbind_core.statistics import ALPHA

LABELLED = 5


def ranks_figure(scan: KmerScan, label: str, settings: str) -> go.Figure:
    """Draw the global importance of every k-mer against its rank.

    Parameters
    ----------
    scan : exhaustive.
    label : protein and experiment.
    settings : background, N and seed, for the subtitle.

    Returns
    -------
    go.Figure
        Clear effects (Holm-corrected p below 0.05) are coloured, the best ones labelled.
    """
    ranks, clear = np.arange(1, len(scan.kmers) + 1), scan.p_holm < ALPHA
    hover = np.array([scan.mean - scan.margin, scan.mean + scan.margin, scan.p_holm]).T
    traces = []
    for name, chosen, colour in (("clear", clear, CONSTRUCT_COLOURS[0]), ("not clear", ~clear, NEUTRAL)):
        traces.append(
            go.Scattergl(
                x=ranks[chosen],
                y=scan.mean[chosen],
                mode="markers",
                marker={"size": 4, "color": colour},
                text=[kmer for kmer, one in zip(scan.kmers, chosen, strict=True) if one],
                customdata=hover[chosen],
                hovertemplate="%{text}: %{y:.3f}<br>95 % CI %{customdata[0]:.3f} to %{customdata[1]:.3f}"
                "<br>Holm-corrected p %{customdata[2]:.2g}<extra></extra>",
                name=f"{name} ({int(chosen.sum()):,})",
            )
        )
    traces.append(
        go.Scatter(
            x=ranks[:LABELLED],
            y=scan.mean[:LABELLED],
            mode="text",
            text=[f"  {kmer}" for kmer in scan.kmers[:LABELLED]],
            textposition="middle right",
            textfont={"size": 11, "color": legible(GLOBAL_IMPORTANCE_COLOUR)},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure = go.Figure(traces)
    figure.update_xaxes(title_text="rank", type="log", fixedrange=True, zeroline=False)
    figure.update_yaxes(title_text="global importance (z-score units)", fixedrange=True)
    figure.update_layout(legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0})
    return headed(figure, f"{label}: all {scan.tested:,} {scan.k}-mers by rank", settings, 320, above=24)
