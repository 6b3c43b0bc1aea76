"""Experiments as curves: global importance along an axis, with its 95 % confidence interval as a band (Fig. 2d)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.backgrounds import LABELS
from rbind_core.experiments.experiment import Experiment, Result
from rbind_core.experiments.occlusion import WindowOcclusion
from rbind_core.experiments.robustness import Robustness
from rbind_core.experiments.sites import Spacing
from rbind_core.figures.experiment.boxes import legend_below
from rbind_core.figures.importance import construct_colour, effect_hovers, hover_data, means_of
from rbind_core.figures.networks import network_marks
from rbind_core.figures.panels import Panel, horizontal_line
from rbind_core.figures.theme import IMPORTANCE_AXIS, NEUTRAL, SYMBOLS, broken, faded, palette_of
from rbind_core.rna.sequences import check_sequence
from rbind_core.statistics import Effect, contrast
from rbind_core.statistics.between_networks import BetweenNetworks

SUM_OF_EACH = "sum of each alone"
_HEIGHT, _LEGEND_LINE, _AXIS_LETTERS = 380, 20, 42
_PANEL = Panel(0, 0, 0)


def curves_figure(result: Result, palette: str, others: Sequence[BetweenNetworks] = ()) -> tuple[go.Figure, int]:
    """Draw global importances along the axis of an experiment; without a title, with its height in pixels.

    Parameters
    ----------
    others : the effect of each arm in several networks.
    """
    experiment = result.experiment
    traces: list[dict[str, Any]] = []
    layout = _axes(experiment, palette)
    series = _drawn_series(result)
    for number, name in enumerate(series):
        x, effects, texts = _points(result, name)
        traces += curve(x, effects, texts, name, construct_colour(number), SYMBOLS[number % len(SYMBOLS)])
        if others:
            traces.append(network_marks(x, [others[i] for i in _numbers(result, name)], _PANEL, apart=0))
    if isinstance(experiment, Spacing):
        traces += _sum_of_each(result, experiment)
        one = result.by_label["one site"].mean
        layout["shapes"].append(horizontal_line(one, _PANEL, "dot"))
        layout["annotations"] = [_at_the_right(f"one site: {one:.2f}", one)]
    if isinstance(experiment, WindowOcclusion):
        traces.append(_windows(result, experiment))
        shape, text = _deepest_window(result)
        layout["shapes"].append(shape)
        layout["annotations"] = [text]
    named = sum(bool(trace.get("showlegend")) for trace in traces)
    if named < 2:
        layout["showlegend"] = False
    else:
        layout["legend"] = legend_below()
    return go.Figure(traces, layout), _HEIGHT + (_LEGEND_LINE if named > 1 else 0)


def curves_by_background(robustness: Robustness, palette: str) -> tuple[go.Figure, int]:
    """Draw one curve per background; without a title, with its height in pixels."""
    traces: list[dict[str, Any]] = []
    layout = _axes(robustness.experiment, palette)
    series = _drawn_series(robustness.results[next(iter(robustness.results))])
    for number, (background, result) in enumerate(robustness.results.items()):
        for name in series:
            x, effects, texts = _points(result, name)
            known = [f"{LABELS[background]}, {text}" for text in texts]
            traces += curve(x, effects, known, LABELS[background], construct_colour(number), SYMBOLS[number], width=1.6)
    layout["legend"] = legend_below()
    if isinstance(robustness.experiment, WindowOcclusion):
        layout["annotations"] = [_above("the RNA is fixed: a background sets only the draws")]
    return go.Figure(traces, layout), _HEIGHT + 4 * _LEGEND_LINE


def curve(
    x: NDArray[np.float64],
    effects: Sequence[Effect],
    texts: Sequence[str],
    name: str,
    colour: str,
    symbol: str = "circle",
    dash: str = "solid",
    width: float = 2,
) -> list[dict[str, Any]]:
    """Draw means as a line and their 95 % confidence intervals as a band.

    Parameters
    ----------
    x : (m,) places on the axis.
    texts : plain text for the hover.
    name : in the legend; plain text.

    Returns
    -------
    list of dict
        Two traces.
    """
    low, high = np.array([effect.ci95 for effect in effects]).T
    group = escape(name, quote=False)
    line = {
        "type": "scatter",
        "x": x,
        "y": means_of(effects),
        "mode": "lines+markers" if dash == "solid" else "lines",
        "name": group,
        "legendgroup": group,
        "line": {"color": colour, "width": width, "dash": dash},
        "marker": {"color": colour, "size": 6, "symbol": symbol},
        "customdata": hover_data(effects, texts),
        "hovertemplate": effect_hovers(effects),
        "showlegend": True,
    }
    return [band(x, low, high, colour, group), line]


def band(x: NDArray[np.number], low: NDArray[np.float64], high: NDArray[np.float64], colour: str, group: str) -> dict[str, Any]:
    """Draw an interval along an axis.

    Parameters
    ----------
    x : (m,) places on the axis.
    low, high : (m,) ends of the interval.
    colour : hexadecimal.
    group : legend group, with which it is hidden.
    """
    return {
        "type": "scatter",
        "x": np.concatenate([x, x[::-1]]),
        "y": np.concatenate([high, low[::-1]]),
        "mode": "lines",
        "line": {"width": 0, "color": colour},
        "fill": "toself",
        "fillcolor": faded(colour, 0.22),
        "hoverinfo": "skip",
        "legendgroup": group,
        "showlegend": False,
        "name": f"{group}, 95 % CI",
    }


def _drawn_series(result: Result) -> list[str]:
    """Series to draw; the second of two sites alone is part of the sum instead."""
    names = dict.fromkeys(one.series for one in result.arms if one.x is not None)
    return [name for name in names if name != Spacing.SUM]


def _points(result: Result, series: str) -> tuple[NDArray[np.float64], list[Effect], list[str]]:
    """Places, effects and names of a series' arms."""
    chosen = _numbers(result, series)
    x = np.array([result.arms[i].x for i in chosen], dtype=np.float64)
    return x, [result.importances[i] for i in chosen], [_described(result, i) for i in chosen]


def _numbers(result: Result, series: str) -> list[int]:
    """Numbers of a series' arms."""
    return [i for i, one in enumerate(result.arms) if one.series == series and one.x is not None]


def _described(result: Result, number: int) -> str:
    one, experiment = result.arms[number], result.experiment
    if isinstance(experiment, WindowOcclusion):
        first, last = _window(one.label)
        return f"{one.label} ({check_sequence(experiment.sequence)[first - 1 : last]}) replaced"
    return f"{one.label}: {one.construct}"


def _sum_of_each(result: Result, experiment: Spacing) -> list[dict[str, Any]]:
    """The sum of both sites' effects alone."""
    by_label = result.by_label
    seconds = [one for one in result.arms if one.series == Spacing.SUM]
    sums = [contrast("", "", [by_label["one site"], by_label[one.label]], [1, 1]) for one in seconds]
    x = np.array([one.x for one in seconds], dtype=np.float64)
    texts = [f"{SUM_OF_EACH}: one at {experiment.start}, one {one.label}" for one in seconds]
    return curve(x, sums, texts, SUM_OF_EACH, NEUTRAL, dash="dash")


def _axes(experiment: Experiment, palette: str) -> dict[str, Any]:
    title = "<br>".join(broken(experiment.x_title, _AXIS_LETTERS))
    x: dict[str, Any] = {"title": {"text": title}, "zeroline": False, "fixedrange": True, "automargin": True}
    if isinstance(experiment, WindowOcclusion):
        x |= sequence_axis(check_sequence(experiment.sequence), palette)
    y = {"title": {"text": IMPORTANCE_AXIS}, "rangemode": "tozero", "zeroline": False, "fixedrange": True}
    return {"xaxis": x, "yaxis": y, "shapes": [_PANEL.zero_line()], "hovermode": "closest"}


def sequence_axis(sequence: str, palette: str) -> dict[str, Any]:
    """Layout of an axis that shows an RNA, with every fifth position numbered."""
    colours = palette_of(palette)
    positions = range(1, len(sequence) + 1)
    return {
        "range": [0.4, len(sequence) + 0.6],
        "showgrid": False,
        "tickvals": list(positions),
        "ticktext": [
            f'<span style="color:{colours[letter]}"><b>{letter}</b></span>' + (f"<br>{i}" if i % 5 == 0 or i == 1 else "")
            for i, letter in zip(positions, sequence, strict=True)
        ],
        "tickangle": 0,
        "tickfont": {"size": 10},
    }


def _window(label: str) -> tuple[int, int]:
    first, last = label.split("-")
    return int(first), int(last)


def _windows(result: Result, experiment: WindowOcclusion) -> dict[str, Any]:
    """Each window as a thin line over the letters that it replaces."""
    ends = np.array([_window(one.label) for one in result.arms], dtype=np.float64)
    gaps = np.full(len(ends), np.nan)
    means = np.array([importance.mean for importance in result.importances])
    return {
        "type": "scatter",
        "x": np.column_stack([ends[:, 0] - 0.5, ends[:, 1] + 0.5, gaps]).ravel(),
        "y": np.column_stack([means, means, gaps]).ravel(),
        "mode": "lines",
        "line": {"color": faded(construct_colour(0), 0.35), "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": f"windows of {experiment.window} nt",
    }


def _deepest_window(result: Result) -> tuple[dict[str, Any], dict[str, Any]]:
    """The window whose replacement costs most, shaded, with its name."""
    worst = int(np.argmin([importance.mean for importance in result.importances]))
    first, last = _window(result.arms[worst].label)
    shape = {
        "type": "rect",
        "xref": "x",
        "x0": first - 0.5,
        "x1": last + 0.5,
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
        "fillcolor": faded(NEUTRAL, 0.16),
        "line": {"width": 0},
        "layer": "below",
    }
    text = {
        "text": f"{first}-{last}",
        "xref": "x",
        "yref": "y domain",
        "x": (first + last) / 2,
        "y": 1,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11},
    }
    return shape, text


def _at_the_right(text: str, y: float) -> dict[str, Any]:
    return {"text": text, "xref": "x domain", "x": 1, "xanchor": "right", "y": y, "yanchor": "bottom", "showarrow": False}


def _above(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "x domain",
        "yref": "y domain",
        "x": 0.5,
        "y": 1,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11},
    }
