"""The figure of the hypothesis lab: local importances as boxes, global importance as a triangle with its 95 % CI."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rbind_core.figures.theme import CONSTRUCT_COLOURS, GLOBAL_IMPORTANCE_COLOUR, IMPORTANCE_AXIS, titled
from rbind_core.gia import Importance

SHAPES = ("box", "violin")


def importance_figure(
    results: Sequence[Importance],
    label: str,
    settings: str,
    shape: str = "box",
    every_point: bool = False,
) -> go.Figure:
    """Draw the importances of one or more constructs on the same background sequences.

    Parameters
    ----------
    results : one a construct.
    label : protein and experiment.
    settings : background, N and seed, for the subtitle.
    shape : 'box' or 'violin'.
    every_point : whether each local importance is drawn.

    Returns
    -------
    go.Figure
        Exact values on hover.
    """
    figure = go.Figure()
    names = [_wrapped(str(result.construct)) for result in results]
    for number, result in enumerate(results):
        colour = CONSTRUCT_COLOURS[number % len(CONSTRUCT_COLOURS)]
        common = {
            "y": result.local,
            "x0": number,
            "name": names[number],
            "line": {"color": colour, "width": 1.5},
            "fillcolor": _faded(colour),
            "marker": {"color": colour, "size": 4, "opacity": 0.5, "symbol": "circle-open"},
            "showlegend": False,
        }
        points = "all" if every_point else False
        if shape == "violin":
            figure.add_trace(
                go.Violin(points=points, spanmode="hard", jitter=0.6, pointpos=0, box_visible=True, width=0.7, **common)
            )
        else:
            figure.add_trace(go.Box(boxpoints=points or "suspectedoutliers", jitter=0.6, pointpos=0, width=0.5, **common))
    figure.add_trace(_triangles(results))
    figure.add_hline(y=0, line={"color": "#868e96", "width": 1})
    figure.update_xaxes(tickvals=list(range(len(results))), ticktext=names, range=[-0.6, len(results) - 0.4], fixedrange=True)
    figure.update_yaxes(title_text=IMPORTANCE_AXIS, zeroline=False)
    return titled(figure, f"{label}: importance", settings, 430)


def _triangles(results: Sequence[Importance]) -> go.Scatter:
    means = np.array([r.mean for r in results])
    return go.Scatter(
        x=np.arange(len(results)),
        y=means,
        error_y={
            "type": "data",
            "symmetric": False,
            "array": np.array([r.ci95[1] - r.mean for r in results]),
            "arrayminus": np.array([r.mean - r.ci95[0] for r in results]),
            "thickness": 2,
            "width": 8,
            "color": GLOBAL_IMPORTANCE_COLOUR,
        },
        mode="markers",
        marker={
            "symbol": "triangle-up",
            "size": 13,
            "color": GLOBAL_IMPORTANCE_COLOUR,
            "line": {"color": "white", "width": 1},
        },
        customdata=[[r.ci95[0], r.ci95[1], r.samples, r.p_text] for r in results],
        hovertemplate=(
            "global importance %{y:.3f}<br>95 % CI %{customdata[0]:.3f} to %{customdata[1]:.3f}"
            "<br>N = %{customdata[2]:,}, %{customdata[3]}<extra></extra>"
        ),
        showlegend=False,
        name="global importance",
    )


def _wrapped(name: str) -> str:
    return name.replace("+", "<br>+ ")


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
