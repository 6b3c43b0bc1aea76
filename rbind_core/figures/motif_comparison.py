"""A model's motif above a published one, aligned on one axis as in Tomtom's figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.figures.logos import logo_traces
from rbind_core.figures.panels import Panel, grid
from rbind_core.figures.theme import DEFAULT_PALETTE, NEUTRAL, faded, headed
from rbind_core.motifs import MatchedMotif, information

_HEIGHT, _WIDTH = 330, 320  # pixels of both logos with their axes
_NAME_LETTERS = 60  # letters of a published motif's name in the title of its logo
_MOST_TICKS = 12  # columns that can be told apart on a phone


def motif_comparison_figure(
    ours: NDArray[np.float64], published: MatchedMotif, label: str, palette: str = DEFAULT_PALETTE
) -> go.Figure:
    """Draw the logos of two motifs one above the other, as aligned; columns without a counterpart are shaded.

    Parameters
    ----------
    ours : (k, 4) letter frequencies of the model's motif.
    label : protein and experiment of the model.

    Returns
    -------
    go.Figure
        Both in bits; each motif's positions are numbered from 1.
    """
    theirs, match = published.motif.frequencies, published.match
    first = min(0, match.offset)  # leftmost column, counted from our first
    columns = max(len(ours), match.offset + len(theirs)) - first
    overlap = max(0, match.offset) - first, max(0, match.offset) - first + match.overlap
    name = _shortened(published.motif.label)
    layout = grid([f"the model: its best {len(ours)}-mers, aligned", name], 1, row_gap=0.26)
    axes, shapes = dict(layout.layout), []
    traces: list[dict[str, Any]] = []
    for panel, motif, start in zip(layout.panels, (ours, theirs), (-first, match.offset - first), strict=True):
        heights = np.zeros((columns, 4))
        heights[start : start + len(motif)] = information(motif)
        traces += [trace.to_plotly_json() | panel.axes for trace in logo_traces(heights, palette)]
        shapes += [_shade(panel, *span) for span in ((0, overlap[0]), (overlap[1], columns)) if span[0] < span[1]]
        axes[panel.x] |= {"range": [0.4, columns + 0.6], "showgrid": False} | _numbers(start, len(motif), columns)
        axes[panel.y] |= {"title": {"text": "bits"}, "range": [0, 2.05], "tickvals": [0, 1, 2], "showticklabels": True}
    subtitle = (
        f"{published.motif.source or name}: correlation = {match.correlation:.2f} over {match.overlap} positions; "
        f"Tomtom-like {match.p_text}, {match.random_motifs:,} random motifs"
    )
    if match.orders:
        subtitle += f"; columns shuffled: {match.shuffled_text}"
    figure = go.Figure(traces, axes | {"shapes": shapes})
    return headed(figure, f"{label}: motifs compared", subtitle, _HEIGHT, above=18, width=_WIDTH)


def _numbers(start: int, length: int, columns: int) -> dict[str, Any]:
    """Ticks that number the positions of a motif from 1; its first column follows `start` of all `columns`."""
    shown = range(1, length + 1, -(-columns // _MOST_TICKS))
    return {"tickvals": [start + number for number in shown], "ticktext": [str(number) for number in shown], "tickangle": 0}


def _shade(panel: Panel, first: int, end: int) -> dict[str, Any]:
    """A light band behind the columns from `first` up to `end`, counted from 0."""
    x, y = panel.axes["xaxis"], panel.axes["yaxis"]
    where = {"xref": x, "x0": first + 0.5, "x1": end + 0.5, "yref": f"{y} domain", "y0": 0, "y1": 1}
    return {"type": "rect", **where, "fillcolor": faded(NEUTRAL), "line": {"width": 0}, "layer": "below"}


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_LETTERS else name[: _NAME_LETTERS - 1] + "…"
