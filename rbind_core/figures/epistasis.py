"""The map of pairwise epistasis: every pair of positions of one sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from rbind_core.analyses.epistasis import Epistasis
from rbind_core.figures.theme import DEFAULT_PALETTE, EFFECT_SCALE, FITTING, NEUTRAL, headed, palette_of

STRONGEST, NORM = "strongest", "norm"  # what a cell shows for its nine double mutants
_NORM_SCALE = [[0.0, "#f7f7f7"], [0.5, "#f4a582"], [1.0, "#b2182b"]]
_CELL = 12  # pixels within which a click counts for a cell
_HEIGHT = 478


def epistasis_figure(
    result: Epistasis,
    label: str,
    shown: str = STRONGEST,
    pair: tuple[int, int] | None = None,
    palette: str = DEFAULT_PALETTE,
) -> go.Figure:
    """Draw a cell for each pair of positions, symmetric about the diagonal.

    Parameters
    ----------
    label : protein and experiment.
    shown : 'strongest', the value of largest magnitude of the nine, or 'norm', their Frobenius norm.
    pair : 1-based positions to frame.

    Returns
    -------
    go.Figure
        Clickable points have their two positions as custom data, such as '5-9'.
    """
    length = len(result.sequence)
    positions = np.arange(1, length + 1)
    values, letters = result.strongest
    drawn = (values if shown == STRONGEST else result.norms).astype(float)
    np.fill_diagonal(drawn, np.nan)
    limit = float(np.nanmax(np.abs(drawn))) or 1.0
    first, second = np.nonzero(~np.eye(length, dtype=bool))
    lower, upper = np.minimum(first, second).tolist(), np.maximum(first, second).tolist()
    texts = [
        f"{result.mutation(a + 1, letters[a, b, 0])} + {result.mutation(b + 1, letters[a, b, 1])}: {values[a, b]:+.3f}"
        + (f"<br>norm of the nine {drawn[a, b]:.3f}" if shown == NORM else "")
        for a, b in zip(lower, upper, strict=True)
    ]
    heat_map = {
        "type": "heatmap",
        "x": positions,
        "y": positions,
        "z": drawn,
        "hoverinfo": "skip",
        "colorscale": EFFECT_SCALE if shown == STRONGEST else _NORM_SCALE,
        "zmin": -limit if shown == STRONGEST else 0.0,
        "zmax": limit,
        "colorbar": {
            "title": {"text": "z", "side": "top"},
            "thickness": 10,
            "x": 1.0,
        },
    }
    markers = {
        "type": "scatter",
        "mode": "markers",
        "x": second + 1,
        "y": first + 1,
        "customdata": [f"{a + 1}-{b + 1}" for a, b in zip(lower, upper, strict=True)],
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": "square", "size": _CELL, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "showlegend": False,
        "name": "pairs",
    }
    colours = palette_of(palette)
    axis: dict[str, Any] = {
        "tickvals": positions,
        "tickfont": {"size": 9},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        **FITTING,
    }
    figure = go.Figure(
        [heat_map, markers],
        {
            "xaxis": axis
            | {
                "range": [0.5, length + 0.5],
                "tickangle": 0,
                "ticktext": _letters(result.sequence, colours, "<br>"),
                "title": {"text": "position (nt)"},
                "constrain": "domain",
            },
            "yaxis": axis
            | {"range": [length + 0.5, 0.5], "scaleanchor": "x", "constrain": "domain", "title": {"text": "position (nt)"}}
            | {"ticktext": _letters(result.sequence, colours, " ")},
            "shapes": _frames(pair),
            "clickmode": "event+select",
        },
    )
    what = "strongest of nine" if shown == STRONGEST else "Frobenius norm of nine"
    count = 9 * length * (length - 1) // 2
    subtitle = f"f(ab) − f(a) − f(b) + f(wild type), z-score units; {what}; {count:,} double mutants; 0: effects add"
    headed(figure, f"{label}: pairs of mutations", subtitle, _HEIGHT)
    figure.layout.margin.update(l=52, b=68)
    return figure


def _letters(sequence: str, colours: dict[str, str], between: str) -> list[str]:
    """Axis labels: each letter in its colour, and every fifth position."""
    return [
        f'<span style="color:{colours[letter]}">{letter}</span>' + (f"{between}{p}" if p % 5 == 0 or p == 1 else "")
        for p, letter in enumerate(sequence, start=1)
    ]


def _frames(pair: tuple[int, int] | None) -> list[dict[str, Any]]:
    if pair is None:
        return []
    return [
        {
            "type": "rect",
            "x0": x - 0.5,
            "x1": x + 0.5,
            "y0": y - 0.5,
            "y1": y + 0.5,
            "line": {"color": NEUTRAL, "width": 2},
        }
        for x, y in (pair, pair[::-1])
    ]
