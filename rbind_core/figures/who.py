"""Figures of all proteins at one RNA: a map with a row for each protein, and the proteins that two RNAs differ in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.figures.theme import CONSTRUCT_COLOURS, NEUTRAL, TRANSPARENT, headed
from rbind_core.rna.sequences import LENGTH
from rbind_core.who.ranking import Difference, Row, Who

MOST_BINS = 600  # places along the RNA that are drawn; of more windows the best of each bin is shown
MOST_CHANGES = 20  # proteins of the figure of two RNAs
_ROW, _AXES, _SCALE_HEIGHT = 14, 96, 62  # pixels
# Clear where any random window scores as high, so that it reads on white and on black.
_SCALE = [
    [0.0, "rgba(59,91,219,0)"],
    [0.5, "rgba(59,91,219,0.22)"],
    [0.75, "rgba(112,72,232,0.75)"],
    [1.0, "#e8590c"],
]


def all_proteins_figure(
    found: Who, rows: Sequence[Row], name: str, part: tuple[int, int] | None = None, chosen: str = ""
) -> go.Figure:
    """Draw windows along the RNA, a row for each protein, coloured by how rare such a score is among random windows.

    Parameters
    ----------
    rows : of `found`, at least one, from top to bottom.
    name : of the RNA, plain text.
    part : first and last position that are drawn, 1-based; all when None.
    chosen : experiment of the row whose site is marked most.

    Returns
    -------
    go.Figure
        The best window of each protein is a marker, with its experiment first in the custom data.
    """
    first, last = part or (1, len(found.track.sequence))
    labels = [_label(row) for row in rows]
    columns = [found.heads.index(row.experiment) for row in rows]
    starts, scores = _in_part(found, columns, first, last)
    middles, best = binned(starts, scores)
    rare = found.null.rarity(best, columns)
    top = float(np.log10(len(found.null.windows) + 1))
    ticks = list(range(int(top) + 1))
    heat_map = go.Heatmap(
        z=rare.T,
        x=middles,
        y=labels,
        customdata=best.T,
        zmin=0,
        zmax=top,
        colorscale=_SCALE,
        hoverongaps=False,
        hovertemplate="%{y}<br>window around %{x:,.0f}: score %{customdata:.2f}<extra></extra>",
        colorbar={
            "title": {"text": "as high in 1 of ... random windows", "side": "top"},
            "orientation": "h",
            "thickness": 8,
            "len": 0.9,
            "x": 0.5,
            "xanchor": "center",
            "y": 0,
            "yanchor": "top",
            "ypad": 6,
            "tickvals": ticks,
            "ticktext": [f"{10**power:,}" for power in ticks],
        },
    )
    figure = go.Figure([heat_map, _sites(rows, labels, first, last, chosen)], _axes(labels, first, last))
    size = -(-len(starts) // MOST_BINS)
    said = [f"{found.about}; ◇ best window of each", f"best of each {size} windows drawn" * (size > 1)]
    said += [f"random: {len(found.null.windows):,} windows of dinucleotide shuffles"]
    shown = f"{len(rows)} of {len(found.rows)} proteins" if len(rows) < len(found.rows) else "all proteins"
    headed(figure, f"{name}: {shown}", "; ".join(filter(None, said)), _SCALE_HEIGHT + _ROW * len(rows), 44)
    figure.update_layout(dragmode="zoom", margin={"l": 118, "b": _SCALE_HEIGHT}, paper_bgcolor=TRANSPARENT)
    return figure


def _in_part(found: Who, columns: list[int], first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Windows whose middle is in a part of the RNA, and their scores."""
    middles = found.track.starts + (LENGTH - 1) // 2
    inside = np.flatnonzero((middles >= first) & (middles <= last))
    if not len(inside):  # a part at an end, where no window has its middle
        inside = np.array([int(np.abs(middles - (first + last) // 2).argmin())])
    rows = slice(int(inside[0]), int(inside[-1]) + 1)
    return found.track.starts[rows], found.track.scores[rows][:, columns].astype(np.float32)


def _label(row: Row) -> str:
    """Protein and experiment, escaped for Plotly; a taught one is marked."""
    protein = row.protein if len(row.protein) <= 12 else f"{row.protein[:11]}…"
    taught = " B" if row.grade == "B" else ""
    return f"{escape(protein, quote=False)} {row.experiment.removeprefix('RNCMPT')}{taught}"


def _sites(rows: Sequence[Row], labels: list[str], first: int, last: int, chosen: str) -> go.Scatter:
    """The best window of each protein, which can be clicked."""
    middles = [(row.place.start + row.place.end) // 2 for row in rows]
    drawn = [number for number, middle in enumerate(middles) if first <= middle <= last]
    marker: dict[str, Any] = {
        "symbol": "diamond",
        "size": [12 if rows[n].experiment == chosen else 8 for n in drawn],
        "color": ["#212529" if rows[n].experiment == chosen else "#ffffff" for n in drawn],
        "line": {"width": 1.5, "color": ["#ffffff" if rows[n].experiment == chosen else "#495057" for n in drawn]},
    }
    about = [[rows[n].experiment, rows[n].place.site, rows[n].place.site_start, f"{rows[n].q:.2g}"] for n in drawn]
    return go.Scatter(
        x=[middles[n] for n in drawn],
        y=[labels[n] for n in drawn],
        mode="markers",
        marker=marker,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        customdata=about,
        hovertemplate="%{y}: %{customdata[1]} at %{customdata[2]:,}<br>q = %{customdata[3]}<extra></extra>",
        showlegend=False,
    )


def _axes(labels: list[str], first: int, last: int) -> dict[str, Any]:
    position = {"range": [first - 0.5, last + 0.5], "minallowed": first - 0.5, "maxallowed": last + 0.5, "tickformat": ",d"}
    return {
        "xaxis": position
        | {"side": "top", "title": {"text": "position (nt), middle of the window"}, "showgrid": False, "zeroline": False},
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": labels[::-1],
            "range": [-0.5, len(labels) - 0.5],
            "tickmode": "array",
            "tickvals": labels,
            "tickfont": {"size": 10},
            "fixedrange": True,
            "showgrid": False,
        },
    }


def binned(starts: NDArray[np.int64], scores: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The best window of each of at most 600 bins along the RNA.

    Parameters
    ----------
    starts : (w,) 1-based.
    scores : (w, proteins), NaN where a window has none.

    Returns
    -------
    (NDArray, NDArray)
        (b,) float64 middles of the bins, and (b, proteins) float32, NaN where no window of a bin has a score.
    """
    size = -(-len(starts) // MOST_BINS)
    edges = np.arange(0, len(starts), size)
    filled = np.nan_to_num(scores.astype(np.float32), nan=-np.inf)
    best = np.maximum.reduceat(filled, edges, axis=0)
    middles = np.add.reduceat(starts, edges) / np.diff([*edges, len(starts)]) + (LENGTH - 1) // 2
    return middles, np.where(np.isfinite(best), best, np.nan)


def changes_figure(differences: Sequence[Difference], names: tuple[str, str]) -> go.Figure:
    """Draw the best scores of the proteins that two RNAs differ in most.

    Parameters
    ----------
    differences : largest first; the first 20 are drawn.
    names : of the two RNAs, plain text.
    """
    shown = list(differences)[:MOST_CHANGES]
    labels = [_label(one.first) for one in shown]
    joined: dict[str, Any] = {"mode": "lines", "line": {"color": NEUTRAL, "width": 2}, "hoverinfo": "skip", "showlegend": False}
    between = go.Scatter(
        x=[value for one in shown for value in (one.first.score, one.second.score, None)],
        y=[label for label in labels for _ in range(3)],
        **joined,
    )
    points = [
        go.Scatter(
            x=[(one.first, one.second)[number].score for one in shown],
            y=labels,
            name=escape(name, quote=False),
            mode="markers",
            marker={"size": 10, "color": CONSTRUCT_COLOURS[number], "symbol": ("circle-open", "square-open")[number]},
            customdata=[[(one.first, one.second)[number].place.site, (one.first, one.second)[number].percentile] for one in shown],
            hovertemplate="%{y}: %{x:.2f}<br>%{customdata[0]}, above %{customdata[1]:.1f} % of random windows<extra></extra>",
        )
        for number, name in enumerate(names)
    ]
    layout = {
        "xaxis": {"title": {"text": "score of the best window (z)"}, "fixedrange": True},
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": labels[::-1],
            "tickmode": "array",
            "tickvals": labels,
            "tickfont": {"size": 10},
            "fixedrange": True,
        },
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
    }
    figure = go.Figure([between, *points], layout)
    said = f"the {len(shown)} of {len(differences)} proteins with the largest difference; scales of two proteins cannot be compared"
    headed(figure, "Best windows of two RNAs", said, _AXES + 18 * len(shown), 28)
    figure.update_layout(margin={"l": 118})
    return figure
