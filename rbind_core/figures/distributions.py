"""Histograms over the models of all RBPs, one panel per quantity, all with the same bins."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rbind_core.atlas.distribution import Distribution
from rbind_core.figures.panels import Panel, grid
from rbind_core.figures.theme import CONSTRUCT_COLOURS, NEUTRAL, headed, legible

ABOVE_COLOUR, BELOW_COLOUR, CHOSEN_COLOUR = CONSTRUCT_COLOURS[0], "#adb5bd", CONSTRUCT_COLOURS[1]
HEIGHT = 290  # pixels, all panels together
ON_HOVER = 6  # models listed on hover over a bar
_TICKS = 7  # most ticks that fit on a phone
_HEADROOM = 1.3  # height of the axis in highest bars, with room for the mark of the chosen model
_TITLE_ROOM = 26  # pixels above the first panel
_BETWEEN = 64  # pixels between two panels, for an axis and a title


def histograms(distributions: Sequence[Distribution], title: str, settings: str, chosen: str = "") -> go.Figure:
    """Draw the distributions of quantities over all models, one panel below the other (Fig. 2g, 4d,e).

    Parameters
    ----------
    distributions : at least one, with the same bins.
    settings : backgrounds, N and seed.
    chosen : experiment of the model to mark, where it has a value.

    Returns
    -------
    go.Figure
        Bars above the reference are coloured; those that include values beyond their outer edge are hatched. A bar's custom data
        are its quantity and its number.
    """
    places = grid([_panel_title(one) for one in distributions], 1, row_gap=_BETWEEN / HEIGHT, letters=58)
    top = _HEADROOM * max(int(one.counts.max()) for one in distributions)
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = places.layout | {"shapes": [], "bargap": 0, "showlegend": False, "clickmode": "event+select"}
    layout["hoverlabel"] = {"align": "left"}
    for panel, one in zip(places.panels, distributions, strict=True):
        data.append(_bars(one, panel))
        layout["shapes"].append(_reference_line(one, panel))
        if (place := one.place(chosen)) is not None:
            data.append(_mark(one, place, panel, top))
        layout[panel.x] |= _axis(one)
        layout[panel.y] |= {"range": [0, top], "tickformat": "d", "nticks": 4, "title": {"text": "models", "font": {"size": 11}}}
    layout[places.panels[-1].x]["title"] = {"text": distributions[0].quantity.axis, "font": {"size": 12}}
    # The axis below the panels adds to their height.
    figure = headed(go.Figure(data, layout), title, settings, HEIGHT + 48, _TITLE_ROOM)
    figure.layout.margin.l = 52
    return figure


def _panel_title(one: Distribution) -> str:
    return f"{one.quantity.title}: above {one.quantity.reference:g} in {one.above} of {one.n} models"


def _bars(one: Distribution, panel: Panel) -> dict[str, Any]:
    middles, numbers = (one.edges[:-1] + one.edges[1:]) / 2, range(len(one.edges) - 1)
    beyond = {number for number, holds in zip((0, len(one.edges) - 2), one.holds_beyond, strict=True) if holds}
    return {
        "type": "bar",
        "x": middles,
        "y": one.counts,
        "width": 0.95 * np.diff(one.edges),
        "marker": {
            "color": np.where(middles > one.quantity.reference, ABOVE_COLOUR, BELOW_COLOUR),
            "line": {"width": 0},
            "pattern": {"shape": ["/" if number in beyond else "" for number in numbers], "solidity": 0.25},
        },
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 0.4}},
        "customdata": [[one.quantity.column, number] for number in numbers],
        "hovertext": [_names(one, number) for number in numbers],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": one.quantity.title,
        **panel.axes,
    }


def _names(one: Distribution, number: int) -> str:
    """The models of a bar, the first few with their values."""
    members = one.members(number)
    lines = [f"<b>{one.bin_text(number)}: {len(members)} {'model' if len(members) == 1 else 'models'}</b>"]
    lines += [escape(f"{one.label(place)} {one.value_text(place)}", quote=False) for place in members[:ON_HOVER]]
    if len(members) > ON_HOVER:
        lines.append(f"and {len(members) - ON_HOVER} more; click to list them")
    return "<br>".join(lines)


def _reference_line(one: Distribution, panel: Panel) -> dict[str, Any]:
    x, y, at = panel.axes["xaxis"], panel.axes["yaxis"], one.quantity.reference
    line = {"color": NEUTRAL, "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": x, "x0": at, "x1": at, "yref": f"{y} domain", "y0": 0, "y1": 1, "line": line}


def _mark(one: Distribution, place: int, panel: Panel, top: float) -> dict[str, Any]:
    """A flag above a model's bar, at its value; in the middle of the outermost bar for a value beyond."""
    number, value = int(one.bin_numbers[place]), float(one.values[place])
    low, high = one.edges[number], one.edges[number + 1]
    x = value if low <= value <= high else (low + high) / 2
    across = (x - one.edges[0]) / (one.edges[-1] - one.edges[0])
    to_the_left = across > 0.7 or (across > 0.25 and x < one.quantity.reference)  # away from the reference where there is room
    return {
        "type": "scatter",
        "x": [x, x],
        "y": [one.counts[number] + 0.04 * top, 0.94 * top],
        "mode": "lines+markers+text",
        "line": {"color": CHOSEN_COLOUR, "width": 1},
        "marker": {"symbol": "triangle-down", "size": [11, 1], "color": CHOSEN_COLOUR},
        "text": ["", f" {escape(one.proteins[place], quote=False)} {value:.{one.quantity.decimals}f} "],
        "textposition": "middle left" if to_the_left else "middle right",
        "textfont": {"color": legible(CHOSEN_COLOUR)},
        # a click must not change a bar
        "unselected": {"marker": {"opacity": 1}, "textfont": {"color": legible(CHOSEN_COLOUR)}},
        "cliponaxis": False,
        "hovertemplate": escape(f"{one.label(place)}: {one.value_text(place)}", quote=False) + "<extra></extra>",
        "name": "chosen RBP",
        **panel.axes,
    }


def _axis(one: Distribution) -> dict[str, Any]:
    """Ticks at edges, including the reference; an outermost bin with values beyond says so in its middle."""
    edges, bins = one.edges, len(one.edges) - 1
    reference = int(np.argmin(np.abs(edges - one.quantity.reference)))
    step = max(1, -(-bins // (_TICKS - 1)))
    below, above = one.holds_beyond
    regular = list(range(reference % step, bins + 1, step))
    ends = [end for end in (0, bins) if min(abs(end - i) for i in regular) >= step / 2]
    ticks = {
        float(edges[i]): f"{edges[i]:.10g}"
        for i in [*regular, *ends]
        if i == reference or ((not below or i > step / 2 + 1) and (not above or i < bins - step / 2 - 1))
    }
    half = 0.5 * float(edges[1] - edges[0])
    if below:
        ticks[float(edges[0]) + half] = f"≤ {edges[1]:.10g}"
    if above:
        ticks[float(edges[-1]) - half] = f"> {edges[-2]:.10g}"
    return {
        "range": [float(edges[0]) - half, float(edges[-1]) + half],
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "tickangle": 0,
        "ticks": "outside",
        "showticklabels": True,
    }
