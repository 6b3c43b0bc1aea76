"""Experiments as boxes: local importances of each arm, global importance as a triangle, a line where one was fitted (Fig. 2b,c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rbind_core.backgrounds import LABELS
from rbind_core.experiments.canned import Arm, Result
from rbind_core.experiments.robustness import Robustness
from rbind_core.figures.importance import axis_label, category_axis, construct_colour, local_trace, quartile_box, triangles
from rbind_core.figures.panels import Panel, grid
from rbind_core.figures.theme import IMPORTANCE_AXIS, NEUTRAL, faded, legible
from rbind_core.statistics import LinearFit

PANEL_COLUMNS = 4
SMALL_TITLE_LETTERS = 13
_HEIGHT, _SMALL_HEIGHT = 380, 470


def boxes_figure(result: Result, every_point: bool = False) -> tuple[go.Figure, int]:
    """Draw a box for each arm; two motifs that were fitted each have a panel of their own.

    Parameters
    ----------
    result : of an experiment.
    every_point : whether each local importance is drawn.

    Returns
    -------
    (go.Figure, int)
        Without its title, and its height in pixels.
    """
    panels = _series_in_panels(result)
    placed = grid(list(panels), len(panels), gap=0.14, shared_y=False)
    layout, annotations = dict(placed.layout), list(placed.layout["annotations"])
    traces: list[dict[str, Any]] = []
    for panel, (motif, numbers) in zip(placed.panels, panels.items(), strict=True):
        arms, importances = [result.arms[i] for i in numbers], [result.importances[i] for i in numbers]
        names = [axis_label(one.label.removeprefix(motif).strip()) for one in arms]
        for place, (number, importance) in enumerate(zip(numbers, importances, strict=True)):
            traces.append(local_trace(importance.local, place, names[place], construct_colour(number), panel, "box", every_point))
        for series, fit in result.fits.items():
            line = _fitted_line(arms, series, fit, panel)
            if line:
                traces.append(line)
                annotations.append(_fit_text(fit, panel))
        texts = [f"{one.label}: {one.construct}" for one in arms]
        traces.append(triangles(np.arange(len(arms)), importances, texts, panel))
        layout[panel.x] |= category_axis(names)
        layout[panel.y] |= {"rangemode": "tozero", "title": {"text": IMPORTANCE_AXIS if panel.number == 0 else ""}}
    if len(panels) > 1:
        reference, text = _one_site_of_the_stronger(result, list(panels.values()), placed.panels)
        traces.append(reference)
        annotations.append(text)
    layout |= {"annotations": annotations, "shapes": [panel.zero_line() for panel in placed.panels]}
    return go.Figure(traces, layout), _HEIGHT


def _series_in_panels(result: Result) -> dict[str, list[int]]:
    """Numbers of the arms in each panel: one for each series where all have a line, else one for all."""
    series = {one.series: [n for n, other in enumerate(result.arms) if other.series == one.series] for one in result.arms}
    return series if len(series) > 1 and set(series) <= set(result.fits) else {"": list(range(len(result.arms)))}


def _fitted_line(arms: Sequence[Arm], series: str, fit: LinearFit, panel: Panel) -> dict[str, Any] | None:
    """The fit over the places of its arms, which stand side by side."""
    points = [(place, one.x) for place, one in enumerate(arms) if one.series == series and one.x is not None]
    if len(points) < 2:
        return None
    places, x = map(np.array, zip(*points, strict=True))
    return {
        "type": "scatter",
        "x": places,
        "y": fit.intercept + fit.slope * x,
        "mode": "lines",
        "line": {"color": NEUTRAL, "width": 2, "dash": "dash"},
        "customdata": [fit.text] * len(places),
        "hovertemplate": "least-squares line %{y:.3f}<br>%{customdata}<extra></extra>",
        "showlegend": False,
        "name": "fit",
        **panel.axes,
    }


def _fit_text(fit: LinearFit, panel: Panel) -> dict[str, Any]:
    """R2 in the corner that the line leaves free."""
    rising = fit.slope >= 0
    return {
        "text": f"- - R² = {fit.r_squared:.3f}<br>{fit.slope:+.2f} a site",
        "xref": f"{panel.axes['xaxis']} domain",
        "yref": f"{panel.axes['yaxis']} domain",
        "x": 0.02 if rising else 0.98,
        "y": 0.99,
        "xanchor": "left" if rising else "right",
        "yanchor": "top",
        "align": "left" if rising else "right",
        "showarrow": False,
        "font": {"size": 12},
    }


def _one_site_of_the_stronger(
    result: Result, panels: Sequence[Sequence[int]], places: Sequence[Panel]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The median of one site of the stronger motif across the weaker one's panel, and its name."""
    ones = [numbers[0] for numbers in panels]
    strong = max(ones, key=lambda number: result.importances[number].mean)
    weak = 1 - ones.index(strong)
    median = float(np.median(result.importances[strong].local))
    motif, panel, last = result.arms[strong].series, places[weak], len(panels[weak]) - 0.4
    line = {
        "type": "scatter",
        "x": np.array([-0.6, last]),
        "y": np.array([median, median]),
        "mode": "lines",
        "line": {"color": construct_colour(strong), "width": 1.2},
        "hovertemplate": f"median of one {motif}: %{{y:.3f}}<extra></extra>",
        "showlegend": False,
        "name": f"one {motif}",
        **panel.axes,
    }
    text = {
        "text": f"median of<br>one {motif}",
        "xref": panel.axes["xaxis"],
        "yref": panel.axes["yaxis"],
        "x": -0.55,
        "y": median,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 11, "color": legible(construct_colour(strong))},
    }
    return line, text


def boxes_by_background(robustness: Robustness) -> tuple[go.Figure, int]:
    """Draw a small panel for each background, with one scale; a colour is an arm.

    Parameters
    ----------
    robustness : results by background.

    Returns
    -------
    (go.Figure, int)
        Without its title, and its height in pixels.
    """
    placed = grid([LABELS[name] for name in robustness.results], PANEL_COLUMNS, gap=0.02, letters=SMALL_TITLE_LETTERS)
    layout = dict(placed.layout)
    traces: list[dict[str, Any]] = []
    for panel, (name, result) in zip(placed.panels, robustness.results.items(), strict=True):
        boxes = quartile_box([importance.local for importance in result.importances])
        for place, one in enumerate(result.arms):
            colour = construct_colour(place)
            one_box = {entry: [values[place]] for entry, values in boxes.items()}
            traces.append(
                {
                    "type": "box",
                    "x": [place],
                    "name": axis_label(one.label, 60),
                    "line": {"color": colour, "width": 1.2},
                    "fillcolor": faded(colour),
                    "width": 0.7,
                    "legendgroup": str(place),
                    "showlegend": panel.number == 0,
                    "hoverinfo": "y+name",
                    **one_box,
                    **panel.axes,
                }
            )
        texts = [f"{LABELS[name]}, {one.label}" for one in result.arms]
        traces.append(triangles(np.arange(len(result.arms)), result.importances, texts, panel))
        traces[-1]["marker"] = traces[-1]["marker"] | {"size": 8}
        layout[panel.x] |= {"showticklabels": False, "showgrid": False, "range": [-0.7, len(result.arms) - 0.3]}
        layout[panel.y] |= {"rangemode": "tozero"}
    layout[placed.panels[0].y] |= {"title": {"text": ""}}
    layout["annotations"] = [*layout["annotations"], shared_y_title(IMPORTANCE_AXIS)]
    layout["shapes"] = [panel.zero_line() for panel in placed.panels]
    layout["legend"] = legend_below()
    return go.Figure(traces, layout), _SMALL_HEIGHT


def shared_y_title(text: str) -> dict[str, Any]:
    """One title for the vertical axes of all panels.

    Parameters
    ----------
    text : of the title.

    Returns
    -------
    dict
        An annotation of a layout.
    """
    return {
        "text": text,
        "textangle": -90,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xshift": -48,
        "xanchor": "center",
        "y": 0.5,
        "yanchor": "middle",
        "showarrow": False,
    }


def legend_below() -> dict[str, Any]:
    """A legend at the bottom of the figure, where it covers nothing.

    Returns
    -------
    dict
        For a layout.
    """
    return {
        "orientation": "h",
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "font": {"size": 11},
        "itemsizing": "constant",
    }
