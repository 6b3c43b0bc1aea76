"""Gradient-based attributions beside in silico mutagenesis: one logo per method, on a common axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.analyses.attribution import METHODS, Attribution
from rbind_core.analyses.mutagenesis import Mutagenesis
from rbind_core.figures.logos import letters_of, logo_traces
from rbind_core.figures.sequence import logo_axis, names_of, position_axis
from rbind_core.figures.theme import DEFAULT_PALETTE, TRANSPARENT, headed

_GAP = 0.09  # share of the height between two logos, for the title of the lower one
_LOGO = 96  # pixels


def attribution_figure(
    result: Mutagenesis, attributions: Sequence[Attribution], label: str, palette: str = DEFAULT_PALETTE
) -> go.Figure:
    """Draw the signed logo of in silico mutagenesis above those of the gradient-based methods.

    Parameters
    ----------
    label : protein and experiment.

    Returns
    -------
    go.Figure
        Each title gives the Pearson correlation with mutagenesis over the positions.
    """
    contributions = result.contributions
    rows: list[tuple[str, NDArray[np.floating]]] = [("in silico mutagenesis: minus the mean effect", contributions)]
    rows += [(f"{METHODS[one.method]}; Pearson r {one.correlation(contributions):.2f}", one.values) for one in attributions]
    height = (1 - _GAP * (len(rows) - 1)) / len(rows)
    traces: list[Any] = []
    layout: dict[str, Any] = {"annotations": [], "barmode": "overlay", "bargap": 0.0}
    for number, (title, values) in enumerate(rows):
        axis = f"y{number + 1}" if number else "y"
        low = (len(rows) - 1 - number) * (height + _GAP)
        traces += [trace.to_plotly_json() | {"yaxis": axis} for trace in logo_traces(letters_of(result.sequence, values), palette)]
        traces.append(
            {
                "type": "bar",
                "x": np.arange(1, len(result.sequence) + 1),
                "y": np.asarray(values, np.float64),
                "text": names_of(result.sequence),
                "textposition": "none",
                "marker": {"color": TRANSPARENT},
                "showlegend": False,
                "yaxis": axis,
                "name": title.split(";")[0],
                "hovertemplate": "%{text}: %{y:+.3f}<extra></extra>",
            }
        )
        layout[f"yaxis{number + 1}" if number else "yaxis"] = logo_axis(values) | {
            "domain": [low, low + height],
            "nticks": 3,
            "title": {"text": "z"},
        }
        layout["annotations"].append(
            {
                "text": title,
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "y": low + height,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 12},
            }
        )
    layout["xaxis"] = position_axis(result.sequence, palette) | {"anchor": f"y{len(rows)}"}
    subtitle = f"predicted score {result.wild_type:.2f}; z-score units; r: with mutagenesis, N = {len(result.sequence)} positions"
    figure = headed(go.Figure(traces, layout), f"{label}: gradients", subtitle, 66 + _LOGO * len(rows), above=18)
    figure.layout.margin.b = 66
    return figure
