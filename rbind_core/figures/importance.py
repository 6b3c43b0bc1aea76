"""The figure of the Hypothesis page: local importances as boxes, global importance as a triangle with its 95 % CI."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.analyses.gia import Importance
from rbind_core.figures.networks import network_intervals, network_marks
from rbind_core.figures.panels import Panel
from rbind_core.figures.theme import CONSTRUCT_COLOURS, FITTING, GLOBAL_IMPORTANCE_COLOUR, IMPORTANCE_AXIS, broken, faded, headed
from rbind_core.statistics import Effect, PairedEffect
from rbind_core.statistics.between_networks import BetweenNetworks

SHAPES = ("box", "violin")
MOST_POINTS = 5000  # most local importances that are drawn one by one; boxes of more are drawn from their quartiles
LABEL_LETTERS, CONSTRUCT_LETTERS = 10, 15  # letters of a line under a box: for an arm, for a construct
_BOX_WIDTH, _VIOLIN_WIDTH = 0.5, 0.7


def importance_figure(
    results: Sequence[Importance],
    label: str,
    settings: str,
    shape: str = "box",
    every_point: bool = False,
    others: Sequence[BetweenNetworks] = (),
) -> go.Figure:
    """Draw the importances of one or more constructs on the same background sequences.

    Parameters
    ----------
    results : one per construct.
    label : protein and experiment.
    settings : background, N and seed, for the subtitle.
    shape : 'box' or 'violin'.
    every_point : whether to draw each local importance.
    others : the same effects in several networks, to be drawn beside the triangles.
    """
    panel = Panel(0, 0, 0)
    names = [axis_label(result.construct.label, CONSTRUCT_LETTERS) for result in results]
    traces = [
        local_trace(result.local, number, names[number], construct_colour(number), panel, shape, every_point)
        for number, result in enumerate(results)
    ]
    places = np.arange(len(results))
    traces.append(triangles(places, results, [str(result.construct) for result in results], panel))
    if others:
        traces += [network_intervals(places, others, panel), network_marks(places, others, panel)]
    layout = {
        "xaxis": category_axis(names) | {"fixedrange": True},
        "yaxis": {"title": {"text": IMPORTANCE_AXIS}, "zeroline": False, "rangemode": "tozero"} | FITTING,
        "shapes": [panel.zero_line()],
    }
    return headed(go.Figure(traces, layout), f"{label}: importance", settings, 360)


def construct_colour(number: int) -> str:
    """Hexadecimal colour of the construct with a number from 0, the same in all figures and in the strip."""
    return CONSTRUCT_COLOURS[number % len(CONSTRUCT_COLOURS)]


def axis_label(text: str, letters: int = LABEL_LETTERS) -> str:
    """Break the label under a box into short lines, escaped for Plotly.

    Parameters
    ----------
    text : of a construct or an arm, broken before each '+' and where a line is full.
    letters : per line.
    """
    parts = [text] if " " in text else re.split(r"(?=\+)", text)
    return "<br>".join(line for part in parts for line in broken(part, letters))


def category_axis(names: Sequence[str]) -> dict[str, Any]:
    """Layout of an axis with a name under each box; names that would overlap are rotated.

    Parameters
    ----------
    names : already escaped.
    """
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "tickfont": {"size": 11},
        "autotickangles": [0, 90],
        "automargin": True,
        "range": [-0.6, len(names) - 0.4],
        "showgrid": False,
        "zeroline": False,
    }


def local_trace(
    local: NDArray[np.floating], place: float, name: str, colour: str, panel: Panel, shape: str = "box", every_point: bool = False
) -> dict[str, Any]:
    """Draw local importances as a box or a violin.

    Parameters
    ----------
    local : (n,) of one construct.
    place : on the axis.
    name : for the hover, already escaped.
    colour : hexadecimal.
    shape : 'box' or 'violin'.
    every_point : whether to draw each one, up to `MOST_POINTS`.
    """
    common = {
        "name": name,
        "line": {"color": colour, "width": 1.5},
        "fillcolor": faded(colour),
        "marker": {"color": colour, "size": 4, "opacity": 0.5, "symbol": "circle-open"},
        "jitter": 0.6,
        "pointpos": 0,
        "showlegend": False,
        **panel.axes,
    }
    if shape == "violin":
        points = "all" if every_point and len(local) <= MOST_POINTS else False
        violin = {"type": "violin", "points": points, "spanmode": "hard", "box": {"visible": True}, "width": _VIOLIN_WIDTH}
        return common | violin | {"y": local, "x0": place}
    if len(local) > MOST_POINTS:
        return common | {"type": "box", "x": [place], "width": _BOX_WIDTH} | quartile_box([local])
    return common | {
        "type": "box",
        "y": local,
        "x0": place,
        "boxpoints": "all" if every_point else "suspectedoutliers",
        "width": _BOX_WIDTH,
    }


def quartile_box(local: Sequence[NDArray[np.floating]]) -> dict[str, list[float]]:
    """Boxes from their quartiles, so that no single values are sent to the browser.

    Parameters
    ----------
    local : (n,) local importances of each of m constructs.

    Returns
    -------
    dict
        Entries of a box trace, m values each; whiskers reach the last value within 1.5 times the box.
    """
    ordered = [np.sort(one) for one in local]
    first, median, third = np.array([np.percentile(one, [25, 50, 75]) for one in ordered]).T
    reach = 1.5 * (third - first)
    low = [float(one[np.searchsorted(one, end)]) for one, end in zip(ordered, first - reach, strict=True)]
    high = [float(one[np.searchsorted(one, end, "right") - 1]) for one, end in zip(ordered, third + reach, strict=True)]
    return {"q1": first.tolist(), "median": median.tolist(), "q3": third.tolist(), "lowerfence": low, "upperfence": high}


def triangles(places: NDArray[np.number], effects: Sequence[Effect], texts: Sequence[str], panel: Panel) -> dict[str, Any]:
    """Draw global importances as green triangles with their 95 % confidence intervals.

    Parameters
    ----------
    places : (m,) on the axis.
    texts : plain text for the hover.
    """
    return {
        "type": "scatter",
        "x": places,
        "y": means_of(effects),
        "error_y": error_bars(effects, GLOBAL_IMPORTANCE_COLOUR),
        "mode": "markers",
        "marker": {"symbol": "triangle-up", "size": 12, "color": GLOBAL_IMPORTANCE_COLOUR, "line": {"color": "white", "width": 1}},
        "customdata": hover_data(effects, texts),
        "hovertemplate": effect_hovers(effects),
        "showlegend": False,
        "name": "global importance",
        **panel.axes,
    }


_HOVER = (
    "%{customdata[0]}<br>global importance %{y:.3f}<br>95 % CI %{customdata[1]:.3f} to %{customdata[2]:.3f}"
    "<br>N = %{customdata[3]:,}%{customdata[4]}<extra></extra>"
)
_HOVER_OF_ONE_RNA = "%{customdata[0]}<br>global importance %{y:.3f}<br>%{customdata[4]}<extra></extra>"


def effect_hovers(effects: Sequence[Effect]) -> list[str]:
    """Hover templates, one per effect, that read `hover_data`; on one RNA there is no interval."""
    return [_HOVER if effect.samples > 1 else _HOVER_OF_ONE_RNA for effect in effects]


def hover_data(effects: Sequence[Effect], texts: Sequence[str]) -> list[list[Any]]:
    """Data for `effect_hovers`.

    Parameters
    ----------
    texts : plain text.

    Returns
    -------
    list of list
        Text, both ends of the 95 % CI, N, and the share of positive effects where known.
    """
    return [
        [escape(text, quote=False), *effect.ci95, effect.samples, _often(effect)]
        for effect, text in zip(effects, texts, strict=True)
    ]


def _often(effect: Effect) -> str:
    if effect.samples < 2:
        return effect.ci_text
    return f", above 0 in {100 * effect.positive_share:.3g} %" if isinstance(effect, PairedEffect) else ""


def means_of(effects: Sequence[Effect]) -> NDArray[np.float64]:
    """Means of effects, (m,) float64."""
    return np.array([effect.mean for effect in effects])


def error_bars(effects: Sequence[Effect], colour: str) -> dict[str, Any]:
    """95 % confidence intervals as bars.

    Parameters
    ----------
    colour : hexadecimal.

    Returns
    -------
    dict
        For a trace's `error_y`; an effect on a single sequence has no bar.
    """
    margins = np.array([effect.ci95[1] - effect.mean for effect in effects])
    return {"type": "data", "array": np.nan_to_num(margins), "thickness": 2, "width": 6, "color": colour}
