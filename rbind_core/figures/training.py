"""Figures of a training run: its learning curves, and the scores of its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.figures.panels import Panel
from rbind_core.figures.theme import CONSTRUCT_COLOURS, NEUTRAL, headed
from rbind_core.runs import Epoch

_PANEL, _BETWEEN, _AXIS = 116, 22, 46  # pixels
_FEW = 12  # most epochs with a tick each
_BINS = 60
_SCORES = 150  # pixels


def learning_curves(epochs: Sequence[Epoch], label: str, probes: dict[str, int], total: int) -> go.Figure:
    """Draw training loss and validation Pearson against the epoch.

    Parameters
    ----------
    epochs : finished ones, in order; may be empty.
    probes : numbers of training and validation probes.
    total : most epochs.

    Returns
    -------
    go.Figure
        Two panels, with a mark at the best validation Pearson, whose weights are kept.
    """
    above, below = Panel(0, 0, 0), Panel(1, 1, 0)
    inside = 2 * _PANEL + _BETWEEN
    x = {"range": [0.5, max(total, 2) + 0.5], "fixedrange": True, "zeroline": False, "tickformat": "d"}
    x |= {"dtick": 1} if total <= _FEW else {"nticks": 8}
    numbers = [epoch.epoch for epoch in epochs]
    losses, scores = [epoch.loss for epoch in epochs], [epoch.validation_pearson for epoch in epochs]
    layout: dict[str, Any] = {
        above.x: x | {"anchor": "y", "showticklabels": False},
        below.x: x | {"anchor": "y2", "title": {"text": "epoch (once through all training probes)", "standoff": 4}},
        above.y: _axis("training loss (z²)", [1 - _PANEL / inside, 1], losses),
        below.y: _axis("validation Pearson", [0, _PANEL / inside], scores),
        "showlegend": False,
    }
    traces = [
        _line(numbers, losses, CONSTRUCT_COLOURS[1], "epoch %{x}: loss %{y:.4f}", above),
        _line(numbers, scores, CONSTRUCT_COLOURS[0], "epoch %{x}: validation Pearson %{y:.4f}", below),
    ]
    if epochs:
        best = int(np.argmax(scores))
        traces.append(_best(numbers[best], scores[best], below))
    figure = go.Figure(traces, layout)
    learned, others = f"{probes['training']:,}", f"{probes['validation']:,}"
    settings = f"loss: mean squared error of z-scores, N = {learned} probes; Pearson: N = {others} others"
    headed(figure, f"{label}: learning curves", settings, inside + _AXIS, above=4)
    figure.layout.margin.b = _AXIS
    return figure


def validation_curve(scores: Sequence[float], label: str, settings: str) -> go.Figure:
    """Draw the validation Pearson of each epoch, from a model's card, with a mark where the weights were kept.

    Parameters
    ----------
    scores : one per epoch.
    settings : for the subtitle.
    """
    panel = Panel(0, 0, 0)
    numbers = list(range(1, len(scores) + 1))
    best = int(np.argmax(scores))
    x = {"range": [0.5, len(scores) + 0.5], "fixedrange": True, "zeroline": False, "tickformat": "d"}
    x |= {"dtick": 1} if len(scores) <= _FEW else {"nticks": 8}
    layout = {
        panel.x: x | {"title": {"text": "epoch (once through all training probes)", "standoff": 4}},
        panel.y: _axis("validation Pearson", [0, 1], scores),
        "showlegend": False,
    }
    traces = [
        _line(numbers, scores, CONSTRUCT_COLOURS[0], "epoch %{x}: validation Pearson %{y:.4f}", panel),
        _best(numbers[best], scores[best], panel),
    ]
    figure = headed(go.Figure(traces, layout), f"{label}: learning curve", settings, _PANEL + _AXIS, above=4)
    figure.layout.margin.b = _AXIS
    return figure


def scores_figure(scores: NDArray[np.floating], title: str, settings: str, predicted: bool = False) -> go.Figure:
    """Draw the distribution of a table's scores.

    Parameters
    ----------
    scores : (n,) as in the table.
    predicted : whether they are predictions, drawn as hollow bars.
    """
    counts, edges = np.histogram(scores, bins=_BINS)
    colour = CONSTRUCT_COLOURS[0]
    bars = {
        "type": "bar",
        "x": (edges[:-1] + edges[1:]) / 2,
        "y": counts,
        "width": np.diff(edges),
        "customdata": np.stack([edges[:-1], edges[1:]], axis=1),
        "hovertemplate": "%{customdata[0]:.3g} to %{customdata[1]:.3g}: %{y:,} probes<extra></extra>",
        "marker": {"color": "rgba(0,0,0,0)" if predicted else colour, "line": {"color": colour, "width": 1 if predicted else 0}},
    }
    what = "predicted" if predicted else "as in the table"
    layout = {
        "xaxis": {"title": {"text": f"score, {what}", "standoff": 4}, "fixedrange": True, "zeroline": False},
        "yaxis": {"title": {"text": "probes"}, "fixedrange": True, "nticks": 4, "tickformat": ",d"},
        "bargap": 0,
        "showlegend": False,
    }
    figure = headed(go.Figure([bars], layout), title, settings, _SCORES + _AXIS)
    figure.layout.margin.b = _AXIS
    return figure


def _axis(title: str, domain: list[float], values: Sequence[float]) -> dict[str, Any]:
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = 0.15 * (high - low) or 0.05
    axis: dict[str, Any] = {"title": {"text": title, "font": {"size": 12}}, "domain": domain, "fixedrange": True, "nticks": 5}
    return axis | {"zeroline": False, "range": [low - room, high + room], "tickformat": ".3~f"}


def _line(x: Sequence[int], y: Sequence[float], colour: str, hover: str, panel: Panel) -> dict[str, Any]:
    look = {"mode": "lines+markers", "line": {"color": colour, "width": 2}, "marker": {"size": 6 if len(x) <= _FEW else 4}}
    return {"type": "scatter", "x": list(x), "y": list(y), **look, "hovertemplate": f"{hover}<extra></extra>", **panel.axes}


def _best(x: int, y: float, panel: Panel) -> dict[str, Any]:
    look = {"mode": "markers", "marker": {"symbol": "circle-open", "size": 13, "line": {"width": 2}, "color": NEUTRAL}}
    return {
        "type": "scatter",
        "x": [x],
        "y": [y],
        **look,
        "hovertemplate": "kept: %{y:.4f}<extra></extra>",
        **panel.axes,
    }
