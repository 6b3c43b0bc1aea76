"""Limits of the test correlations: the noise ceiling of each experiment, and the start from the trunk."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rbind_core.figures.theme import CONSTRUCT_COLOURS, NEUTRAL, headed, legible
from rbind_core.quality.published_methods import CEILING, LOG, SCRATCH, SHARE, SINGLE_TASK_EXPERIMENTS, TRUNK_START

OUR_COLOUR, CHOSEN_COLOUR = CONSTRUCT_COLOURS[:2]
_HEIGHT = 300  # pixels of the plot itself
_AXIS = 44
_LOW = 0.35  # correlation below which there is no room for a name
_ROW = 26  # pixels per experiment
_LEGEND = 40  # pixels of a legend below the axis, two lines on a phone


def ceiling_figure(table: pd.DataFrame, chosen: str = "") -> go.Figure:
    """Draw the test correlation of each model below the noise ceiling of its experiment, the noisiest first.

    Parameters
    ----------
    table : from `rbind_core.quality.published_methods.benchmark_table`; experiments without a ceiling are left out.
    chosen : experiment to label.

    Returns
    -------
    go.Figure
        A dot for the model and a dash for the ceiling, joined by a line.
    """
    shown = table.dropna(subset=[LOG, CEILING]).sort_values(CEILING, ignore_index=True)
    places, marked = np.arange(1, len(shown) + 1), (shown["experiment"] == chosen).to_numpy()
    hover = [[_label(row), row["replicates_pearson"], row[CEILING], row[SHARE]] for _, row in shown.iterrows()]
    says = (
        "%{customdata[0]}<br>model %{y:.3f}, %{customdata[3]:.0%} of the ceiling %{customdata[2]:.3f}<br>"
        "replicates r = %{customdata[1]:.2f}<extra></extra>"
    )
    gaps = np.column_stack([shown[LOG], shown[CEILING], np.full(len(shown), np.nan)]).ravel()
    dash = {"symbol": "line-ew-open", "size": 11, "color": NEUTRAL, "line": {"width": 2}}
    traces: list[dict[str, Any]] = [
        _points(np.repeat(places, 3), gaps, "gap", mode="lines", line={"color": NEUTRAL, "width": 1}, showlegend=False)
        | {"hoverinfo": "skip"},
        _points(places, shown[CEILING], "noise ceiling", mode="markers", marker=dash, customdata=hover, hovertemplate=says),
        *(
            _points(
                *(places[rows], shown.loc[rows, LOG], name),
                mode="markers",
                marker={"color": colour, "size": size},
                customdata=[note for note, drawn in zip(hover, rows, strict=True) if drawn],
                hovertemplate=says,
                showlegend=name == "model",
            )
            for rows, name, colour, size in ((~marked, "model", OUR_COLOUR, 7), (marked, "chosen", CHOSEN_COLOUR, 12))
        ),
    ]
    low = min(0.0, float(shown[LOG].min())) if len(shown) else 0.0
    layout: dict[str, Any] = {
        "xaxis": {"title": {"text": "experiments, the noisiest first", "standoff": 6}, "showticklabels": False, "showgrid": False},
        "yaxis": {"title": {"text": "test Pearson"}, "range": [low - 0.02, 1.02], "zeroline": False, "fixedrange": True},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 0.02, "yanchor": "bottom"},
    }
    layout["xaxis"] |= {"range": [0, len(shown) + 1], "fixedrange": True, "zeroline": False}
    layout["annotations"] = [_name_of(places[row], shown.loc[row], len(shown)) for row in np.flatnonzero(marked)]
    settings = f"log-transformed scores, held-out probes; N = {len(shown)} experiments; a perfect model would reach the ceiling"
    figure = headed(go.Figure(traces, layout), "Test Pearson and noise ceiling", settings, _HEIGHT + _AXIS)
    figure.layout.margin.b = _AXIS
    return figure


def starts_figure(table: pd.DataFrame) -> go.Figure:
    """Draw the test correlation of networks that start from the trunk and of those trained on one experiment alone.

    Parameters
    ----------
    table : from `rbind_core.quality.published_methods.single_task_table`, with at least one row.

    Returns
    -------
    go.Figure
        Two dots per experiment, joined by a line; the difference on hover.
    """
    names = [_label(row) for _, row in table.iterrows()]
    pairs = np.column_stack([table[SCRATCH], table[TRUNK_START], np.full(len(table), np.nan)]).ravel()
    hover = [[f"{change:+.3f}"] for change in table["difference"]]
    traces = [
        _points(pairs, np.repeat(names, 3), "pair", mode="lines", line={"color": NEUTRAL, "width": 1}, showlegend=False)
        | {"hoverinfo": "skip"}
    ]
    for column, name, colour, symbol in (
        (SCRATCH, "one experiment alone", NEUTRAL, "circle-open"),
        (TRUNK_START, "from the trunk", OUR_COLOUR, "circle"),
    ):
        marker = {"color": colour, "size": 9, "symbol": symbol, "line": {"width": 2, "color": colour}}
        says = f"%{{y}}<br>{name}: %{{x:.3f}}<br>trunk minus alone %{{customdata[0]}}<extra></extra>"
        traces.append(_points(table[column], names, name, mode="markers", marker=marker, customdata=hover, hovertemplate=says))
    layout = {
        "xaxis": {"title": {"text": "test Pearson", "standoff": 6}, "fixedrange": True, "zeroline": False},
        "yaxis": {"fixedrange": True, "automargin": True, "tickfont": {"size": 11}},
        "legend": {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom"},
    }
    done = f"N = {len(table)} experiments"
    if len(table) < SINGLE_TASK_EXPERIMENTS:
        done += f" of {SINGLE_TASK_EXPERIMENTS}, the others are not done yet"
    settings = f"log-transformed scores, set B; the same architecture; {done}"
    below = _AXIS + _LEGEND
    figure = headed(go.Figure(traces, layout), "With and without the trunk", settings, 60 + _ROW * max(len(table), 3) + below)
    figure.layout.margin.b = below
    return figure


def _points(x: Any, y: Any, name: str, **look: Any) -> dict[str, Any]:
    return {"type": "scatter", "x": np.asarray(x), "y": np.asarray(y), "name": name, **look}


def _name_of(place: int, row: pd.Series, n: int) -> dict[str, Any]:
    """The chosen model's name, below its dot where there is room."""
    to_the_right, low = place < n / 2, row[LOG] < _LOW
    return {
        "x": place,
        "y": row[LOG],
        "text": f"{escape(str(row['protein']), quote=False)} {row[LOG]:.3f}",
        "font": {"color": legible(CHOSEN_COLOUR)},
        "arrowcolor": CHOSEN_COLOUR,
        "arrowhead": 0,
        "standoff": 7,
        "ax": (24 if to_the_right else -24) * (3 if low else 1),
        "ay": -24 if low else 58,
    }


def _label(row: pd.Series) -> str:
    return escape(f"{row['protein']} ({row['experiment']})", quote=False)
