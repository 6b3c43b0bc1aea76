"""Marks of other networks beside a global importance: one small mark each, and the interval for another network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.figures.panels import Panel
from rbind_core.statistics.between_networks import BetweenNetworks

COLOUR = "#7a7a7a"  # read on white and on near-black alike
APART = 0.33  # beside the triangle, in places of the axis
_SYMBOLS = {"fine-tuned": "circle-open", "panel head": "diamond-open"}


def network_marks(
    places: NDArray[np.number], found: Sequence[BetweenNetworks], panel: Panel, apart: float = APART
) -> dict[str, Any]:
    """Draw the effect in each network as a small open mark, a circle where it is fine-tuned and a diamond for a panel's head.

    Parameters
    ----------
    places : (m,) of the effects on the axis.
    found : m effects in the same networks.
    apart : how far to the right of the place.
    """
    marks = [(place + apart, network) for place, one in zip(places, found, strict=True) for network in one.networks]
    return {
        "type": "scatter",
        "x": [x for x, _ in marks],
        "y": [network.value for _, network in marks],
        "mode": "markers",
        "marker": {
            "symbol": [_SYMBOLS.get(network.kind, "square-open") for _, network in marks],
            "size": 7,
            "color": COLOUR,
            "line": {"width": 1.5},
        },
        "customdata": [[escape(network.name, quote=False), escape(network.kind, quote=False)] for _, network in marks],
        "hovertemplate": "%{customdata[0]} (%{customdata[1]})<br>global importance %{y:.3f}<extra></extra>",
        "showlegend": False,
        "name": "other networks",
        **panel.axes,
    }


def network_intervals(
    places: NDArray[np.number], found: Sequence[BetweenNetworks], panel: Panel, apart: float = APART
) -> dict[str, Any]:
    """Draw the 95 % intervals for another network as thin lines under its marks; without one where networks are too few.

    Parameters
    ----------
    places : (m,) of the effects on the axis.
    """
    intervals = [one.interval95 or (one.mean, one.mean) for one in found]
    return {
        "type": "scatter",
        "x": [value for place in places for value in (place + apart, place + apart, None)],
        "y": [value for low, high in intervals for value in (low, high, None)],
        "mode": "lines",
        "line": {"color": COLOUR, "width": 1},
        "hovertemplate": "95 % interval for another network: to %{y:.3f}<extra></extra>",
        "showlegend": False,
        "name": "another network",
        **panel.axes,
    }
