"""Experiments as boxes: local importances of each arm, global importance as a triangle, and any fitted line (Fig. 2b,c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rbind_core.backgrounds import LABELS
from rbind_core.experiments.additivity import Additivity
from rbind_core.experiments.experiment import Arm, Result
from rbind_core.experiments.robustness import Robustness
from rbind_core.experiments.sites import Sites
from rbind_core.figures.importance import axis_label, category_axis, construct_colour, local_trace, quartile_box, triangles
from rbind_core.figures.networks import network_intervals, network_marks
from rbind_core.figures.panels import Panel, grid, horizontal_line
from rbind_core.figures.theme import IMPORTANCE_AXIS, NEUTRAL, faded, legible
from rbind_core.statistics import LinearFit
from rbind_core.statistics.between_networks import BetweenNetworks

PANEL_COLUMNS = 4
SMALL_TITLE_LETTERS = 13
_HEIGHT, _SMALL_HEIGHT = 380, 470
_NEAR = 0.8  # share of the measured range that a box must reach for the range's end to be drawn


def boxes_figure(result: Result, every_point: bool = False, others: Sequence[BetweenNetworks] = ()) -> tuple[go.Figure, int]:
    """Draw a box for each arm other than controls; two fitted motifs have a panel each.

    Parameters
    ----------
    every_point : whether to draw each local importance.
    others : the effect of each arm in several networks.

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
                annotations.append(_fit_text(fit, panel, isinstance(result.experiment, Sites)))
        texts = [f"{one.label}: {one.construct}" for one in arms]
        traces.append(triangles(np.arange(len(arms)), importances, texts, panel))
        if others:
            in_networks = [others[number] for number in numbers]
            traces += [
                network_intervals(np.arange(len(arms)), in_networks, panel),
                network_marks(np.arange(len(arms)), in_networks, panel),
            ]
        layout[panel.x] |= category_axis(names)
        if arms[0].series in result.fits:  # the line starts at no site, with no effect
            layout[panel.x]["range"] = [-1.15, len(arms) - 0.4]
        layout[panel.y] |= {"rangemode": "tozero", "title": {"text": IMPORTANCE_AXIS if panel.number == 0 else ""}}
    if len(panels) > 1:
        reference, text = _one_site_of_the_stronger(result, list(panels.values()), placed.panels)
        traces.append(reference)
        annotations.append(text)
    shapes = [panel.zero_line() for panel in placed.panels]
    if isinstance(result.experiment, Sites):
        for (motif, one), panel in zip(result.experiment.additivity(result).items(), placed.panels, strict=True):
            traces.append(_sum_of_each(one, motif, result.experiment.copies - 1, panel))
        for numbers, panel in zip(panels.values(), placed.panels, strict=True):
            shape, texts_ = _measured_range(result, numbers, panel)
            shapes += shape
            annotations += texts_
    layout |= {"annotations": annotations, "shapes": shapes}
    return go.Figure(traces, layout), _HEIGHT


def _sum_of_each(one: Additivity, motif: str, place: int, panel: Panel) -> dict[str, Any]:
    """The sum of the sites' effects alone, beside that of all sites together."""
    low, high = one.added.ci95
    return {
        "type": "scatter",
        "x": np.array([place + 0.36]),
        "y": np.array([one.added.mean]),
        "error_y": {"type": "data", "array": np.array([high - one.added.mean]), "color": NEUTRAL, "thickness": 1.2},
        "mode": "markers",
        "marker": {"symbol": "diamond-open", "size": 10, "color": NEUTRAL, "line": {"width": 2}},
        "hovertemplate": f"sum of each alone: %{{y:.3f}} (95 % CI {low:.3f} to {high:.3f})<br>{one.verdict}<extra></extra>",
        "showlegend": False,
        "name": f"sum of each {motif} alone",
        **panel.axes,
    }


def _measured_range(result: Result, numbers: Sequence[int], panel: Panel) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A line where the mean score reaches the 99.9th percentile of the measured scores, if a box comes near it."""
    if result.measured is None:
        return [], []
    importances = [result.importances[number] for number in numbers]
    level = result.measured.percentile_99_9 - importances[0].null_mean
    if max(float(np.percentile(one.local, 75)) for one in importances) < _NEAR * level:
        return [], []
    text = {
        "text": "↑ beyond 99.9 %<br>of measured scores",
        "xref": f"{panel.axes['xaxis']} domain",
        "yref": panel.axes["yaxis"],
        "x": 0.01,
        "y": level,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 11},
    }
    return [horizontal_line(level, panel, "dash")], [text]


def _series_in_panels(result: Result) -> dict[str, list[int]]:
    """Numbers of the arms in each panel: one panel per series where all have a line, else one for all."""
    drawn = result.drawn
    names = dict.fromkeys(result.arms[number].series for number in drawn)
    series = {name: [number for number in drawn if result.arms[number].series == name] for name in names}
    return series if len(series) > 1 and set(series) <= set(result.fits) else {"": drawn}


def _fitted_line(arms: Sequence[Arm], series: str, fit: LinearFit, panel: Panel) -> dict[str, Any] | None:
    """The fit over its arms, which stand side by side, starting at no site where there is room."""
    points = [(place, one.x) for place, one in enumerate(arms) if one.series == series and one.x is not None]
    if len(points) < 2:
        return None
    no_site = [(-points[0][1], 0.0)] if points[0][0] == 0 else []
    places, x = map(np.array, zip(*no_site, *points, strict=True))
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


def _fit_text(fit: LinearFit, panel: Panel, has_sum: bool) -> dict[str, Any]:
    """What line and diamond are, in the corner left free by the line."""
    rising = fit.slope >= 0
    return {
        "text": f"- - R² = {fit.r_squared:.3f}<br>{fit.slope:+.2f} a site" + "<br>◇ sum of each alone" * has_sum,
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
    """The median of one site of the stronger motif, with its name, across the weaker motif's panel."""
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
    """Draw a small panel per background, on one scale, with a colour per arm; without a title, with its height in pixels."""
    placed = grid([LABELS[name] for name in robustness.results], PANEL_COLUMNS, gap=0.02, letters=SMALL_TITLE_LETTERS)
    layout = dict(placed.layout)
    traces: list[dict[str, Any]] = []
    for panel, (name, result) in zip(placed.panels, robustness.results.items(), strict=True):
        arms, importances = [result.arms[i] for i in result.drawn], [result.importances[i] for i in result.drawn]
        boxes = quartile_box([importance.local for importance in importances])
        for place, one in enumerate(arms):
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
        texts = [f"{LABELS[name]}, {one.label}" for one in arms]
        traces.append(triangles(np.arange(len(arms)), importances, texts, panel))
        traces[-1]["marker"] = traces[-1]["marker"] | {"size": 8}
        layout[panel.x] |= {"showticklabels": False, "showgrid": False, "range": [-0.7, len(arms) - 0.3]}
        layout[panel.y] |= {"rangemode": "tozero"}
    layout[placed.panels[0].y] |= {"title": {"text": ""}}
    layout["annotations"] = [*layout["annotations"], shared_y_title(IMPORTANCE_AXIS)]
    layout["shapes"] = [panel.zero_line() for panel in placed.panels]
    layout["legend"] = legend_below()
    return go.Figure(traces, layout), _SMALL_HEIGHT


def shared_y_title(text: str) -> dict[str, Any]:
    """One title for the vertical axes of all panels."""
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
    """Layout of a legend at the bottom of the figure, where it covers nothing."""
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
