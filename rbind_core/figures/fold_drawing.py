"""Drawing of the minimum free energy structure: nucleotides, backbone and base pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.figures.theme import DEFAULT_PALETTE, NEUTRAL, headed, palette_of
from rbind_core.rna.structure import Fold, drawing_coordinates

_IMPORTANCE_SCALE = [[0.0, "#f1f3f5"], [0.5, "#ffc078"], [1.0, "#d9480f"]]
_BACKBONE, _PAIR = "#adb5bd", "#7048e8"
_DARK = 0.7  # share of the colour scale from which a nucleotide is too dark for dark letters
_LETTER, _LETTER_ON_DARK = "#212529", "#ffffff"
_AWAY = 14.0  # distance from a nucleotide to the mark of its end, where neighbours are 15 apart
_HEIGHT = 430


def fold_drawing(
    structure: Fold, label: str, palette: str = DEFAULT_PALETTE, importance: NDArray[np.floating] | None = None
) -> go.Figure:
    """Draw a predicted structure, laid out by naview.

    Parameters
    ----------
    structure : of a single sequence.
    label : subject of the figure, such as protein and experiment.
    importance : (L,) L2 norms of the mutations' effects, to colour the nucleotides by instead.

    Returns
    -------
    go.Figure
        With position and pairing probability on hover, and both ends marked.
    """
    xy = drawing_coordinates(structure.dot_bracket)
    figure = go.Figure(
        [_backbone(xy), _pairs(structure, xy), _nucleotides(structure, xy, palette, importance)],
        {
            "xaxis": _hidden(xy[:, 0]),
            "yaxis": _hidden(xy[:, 1]) | {"scaleanchor": "x"},
            "annotations": [_end("5'", xy, 0), _end("3'", xy, len(xy) - 1)],
            "showlegend": False,
        },
    )
    subtitle = (
        f"minimum free energy {structure.minimum_free_energy:.1f} kcal/mol, {len(structure.pairs)} base pairs "
        "(ViennaRNA, 37 °C); coloured by "
        + ("nucleotide" if importance is None else "L2 norm of the three mutations' effects (z-score units)")
    )
    headed(figure, f"{label}: predicted structure", subtitle, _HEIGHT)
    figure.layout.margin.update(l=16, b=16)
    return figure


def _hidden(values: NDArray[np.float64]) -> dict[str, Any]:
    room = 2 * _AWAY
    return {"visible": False, "fixedrange": True, "range": [float(values.min()) - room, float(values.max()) + room]}


def _backbone(xy: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xy[:, 0],
        "y": xy[:, 1],
        "line": {"color": _BACKBONE, "width": 2},
        "hoverinfo": "skip",
        "name": "backbone",
    }


def _pairs(structure: Fold, xy: NDArray[np.float64]) -> dict[str, Any]:
    ends = np.full((len(structure.pairs), 3, 2), np.nan)  # the third value interrupts the line
    for number, (first, second) in enumerate(structure.pairs):
        ends[number, :2] = xy[[first - 1, second - 1]]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": ends[:, :, 0].ravel(),
        "y": ends[:, :, 1].ravel(),
        "line": {"color": _PAIR, "width": 2},
        "hoverinfo": "skip",
        "name": "base pairs",
    }


def _nucleotides(structure: Fold, xy: NDArray[np.float64], palette: str, importance: NDArray[np.floating] | None) -> dict[str, Any]:
    partners = dict(structure.pairs) | {second: first for first, second in structure.pairs}
    hover = [
        f"{letter}{position}: P(paired) {paired:.3f}"
        + (f"<br>pairs with {structure.sequence[partners[position] - 1]}{partners[position]}" if position in partners else "")
        + ("" if importance is None else f"<br>L2 norm {importance[position - 1]:.3f}")
        for position, (letter, paired) in enumerate(zip(structure.sequence, structure.paired, strict=True), start=1)
    ]
    marker: dict[str, Any] = {"size": 17, "line": {"width": 1, "color": NEUTRAL}}
    if importance is None:
        marker["color"] = [palette_of(palette)[letter] for letter in structure.sequence]
        letters: str | list[str] = _LETTER_ON_DARK
    else:
        highest = float(importance.max()) or 1.0
        bar = {"title": {"text": "L2 norm<br>(z)", "side": "top"}, "thickness": 10, "len": 0.6}
        marker |= {"color": importance, "colorscale": _IMPORTANCE_SCALE, "cmin": 0, "cmax": highest, "colorbar": bar}
        letters = [_LETTER_ON_DARK if value > _DARK * highest else _LETTER for value in importance]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": xy[:, 0],
        "y": xy[:, 1],
        "text": [f"<b>{letter}</b>" for letter in structure.sequence],
        "textfont": {"size": 11, "color": letters},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": marker,
        "name": "nucleotides",
    }


def _end(text: str, xy: NDArray[np.float64], at: int) -> dict[str, Any]:
    """The mark of an end, on the side of its nucleotide with most room."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    places = xy[at] + _AWAY * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    room = np.linalg.norm(places[:, None] - np.delete(xy, at, axis=0), axis=2).min(axis=1)
    x, y = places[room.argmax()].tolist()
    return {"text": f"<b>{text}</b>", "x": x, "y": y, "showarrow": False, "font": {"size": 13}}
