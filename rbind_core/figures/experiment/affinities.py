"""Measured affinities against global importance: labelled points and a line (Fig. 2f)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.backgrounds import LABELS
from rbind_core.experiments.experiment import Result
from rbind_core.experiments.robustness import Robustness
from rbind_core.figures.experiment.boxes import legend_below
from rbind_core.figures.importance import construct_colour, effect_hovers, error_bars, hover_data, means_of
from rbind_core.figures.panels import Panel
from rbind_core.figures.theme import GLOBAL_IMPORTANCE_COLOUR, IMPORTANCE_AXIS, NEUTRAL, SYMBOLS
from rbind_core.statistics import LinearFit, p_value_text

_HEIGHT, _LEGEND_LINES = 400, 80
_PANEL = Panel(0, 0, 0)
_PLOT_WIDTH, _PLOT_HEIGHT = 270, 320  # pixels of the plot on a phone, where names are most crowded
_LETTER_WIDTH, _LETTER_HEIGHT = 7.5, 13
_PLACES = {  # offsets of a name's middle from its point, in widths and heights of the name
    "middle right": (0.5, 0),
    "middle left": (-0.5, 0),
    "top center": (0, 1),
    "bottom center": (0, -1),
    "top right": (0.5, 0.9),
    "top left": (-0.5, 0.9),
    "bottom right": (0.5, -0.9),
    "bottom left": (-0.5, -0.9),
}


def affinities_figure(result: Result) -> tuple[go.Figure, int]:
    """Draw global importance against measured ln K_D, with the name of each RNA.

    Parameters
    ----------
    result : of the experiment `kd`.

    Returns
    -------
    (go.Figure, int)
        Without its title, and its height in pixels.
    """
    x, y = _positions(result), means_of(result.importances)
    points = _points(result, "") | {
        "mode": "markers+text",
        "text": [one.label for one in result.arms],
        "textfont": {"size": 11},
        "textposition": name_places(x, y, [one.label for one in result.arms]),
        "error_y": error_bars(result.importances, GLOBAL_IMPORTANCE_COLOUR),
        "marker": {"symbol": "triangle-up", "size": 12, "color": GLOBAL_IMPORTANCE_COLOUR, "line": {"color": "white", "width": 1}},
        "name": "global importance",
    }
    fit = next(iter(result.fits.values()))
    layout = _axes(result, x) | {"annotations": [_fit_text(fit)], "showlegend": False}
    return go.Figure([_line(x, fit, NEUTRAL), points], layout), _HEIGHT


def affinities_by_background(robustness: Robustness) -> tuple[go.Figure, int]:
    """Draw points and line of each background in its own colour, with R2 in the legend.

    Returns
    -------
    (go.Figure, int)
        Without its title, and its height in pixels.
    """
    traces: list[dict[str, Any]] = []
    for number, (name, result) in enumerate(robustness.results.items()):
        x, fit, colour = _positions(result), next(iter(result.fits.values())), construct_colour(number)
        traces.append(_line(x, fit, colour) | {"legendgroup": name})
        traces.append(
            _points(result, f"{LABELS[name]}, ")
            | {
                "mode": "markers",
                "error_y": error_bars(result.importances, colour) | {"thickness": 1, "width": 3},
                "marker": {"symbol": SYMBOLS[number], "size": 8, "color": colour},
                "name": f"{LABELS[name]}: R² = {fit.r_squared:.3f}",
                "legendgroup": name,
                "showlegend": True,
            }
        )
    return go.Figure(traces, _axes(result, x) | {"legend": legend_below()}), _HEIGHT + _LEGEND_LINES


def name_places(x: NDArray[np.float64], y: NDArray[np.float64], names: Sequence[str]) -> list[str]:
    """Choose on which side of its point each name stands, so that names cover neither each other nor points.

    Parameters
    ----------
    x, y : (m,) of the points.
    names : of the points.

    Returns
    -------
    list of str
        Plotly's text positions.
    """
    wide = (x - x.min()) / max(np.ptp(x), 1e-9) * _PLOT_WIDTH * 0.86
    high = (y - y.min()) / max(np.ptp(y), 1e-9) * _PLOT_HEIGHT * 0.86
    taken = [(a, b, 12.0, 24.0) for a, b in zip(wide, high, strict=True)]
    chosen = []
    for a, b, name in zip(wide, high, names, strict=True):
        width = _LETTER_WIDTH * len(name)
        boxes = {
            place: (a + right * (width + 14), b + up * (_LETTER_HEIGHT + 8), width, float(_LETTER_HEIGHT))
            for place, (right, up) in _PLACES.items()
        }
        best = min(boxes, key=lambda place: _crowding(boxes[place], taken))
        chosen.append(best)
        taken.append(boxes[best])
    return chosen


def _crowding(box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]) -> float:
    """How much of a name overlaps something else or leaves the plot; boxes are given as middle, width and height."""
    x, y, width, height = box
    outside = max(width / 2 - x - 0.07 * _PLOT_WIDTH, 0) + max(x + width / 2 - 0.93 * _PLOT_WIDTH, 0)
    overlap = 0.0
    for a, b, w, h in taken:
        across = min(x + width / 2, a + w / 2) - max(x - width / 2, a - w / 2)
        up = min(y + height / 2, b + h / 2) - max(y - height / 2, b - h / 2)
        overlap += max(across, 0) * max(up, 0)
    return overlap + 20 * outside


def _positions(result: Result) -> NDArray[np.float64]:
    return np.array([one.x for one in result.arms], dtype=np.float64)


def _points(result: Result, before: str) -> dict[str, Any]:
    kd = [f"{before}{one.label}: measured K_D {math.exp(one.x or 0):.3g} nM" for one in result.arms]
    return {
        "type": "scatter",
        "x": _positions(result),
        "y": means_of(result.importances),
        "customdata": hover_data(result.importances, kd),
        "hovertemplate": effect_hovers(result.importances),
        "cliponaxis": False,
    }


def _line(x: NDArray[np.float64], fit: LinearFit, colour: str) -> dict[str, Any]:
    ends = np.array([x.min(), x.max()])
    return {
        "type": "scatter",
        "x": ends,
        "y": fit.intercept + fit.slope * ends,
        "mode": "lines",
        "line": {"color": colour, "width": 1.5, "dash": "dash"},
        "customdata": [fit.text.replace("<", "&lt;")] * 2,
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": False,
        "name": "fit",
    }


def _axes(result: Result, x: NDArray[np.float64]) -> dict[str, Any]:
    margin = 0.08 * float(np.ptp(x))
    return {
        "xaxis": {
            "title": {"text": result.experiment.x_title.replace("K_D", "K<sub>D</sub>")},
            "range": [float(x.min()) - margin, float(x.max()) + margin],
            "zeroline": False,
            "fixedrange": True,
        },
        "yaxis": {"title": {"text": IMPORTANCE_AXIS}, "rangemode": "tozero", "zeroline": False, "fixedrange": True},
        "shapes": [_PANEL.zero_line()],
    }


def _fit_text(fit: LinearFit) -> dict[str, Any]:
    falling = fit.slope < 0
    p = "" if math.isnan(fit.p_value) else "<br>" + p_value_text(fit.p_value).replace("<", "&lt;")
    return {
        "text": f"- - R² = {fit.r_squared:.3f}{p}",
        "xref": "x domain",
        "yref": "y domain",
        "x": 0.98 if falling else 0.02,
        "y": 0.99,
        "xanchor": "right" if falling else "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "font": {"size": 12},
    }
