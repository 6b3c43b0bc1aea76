"""Test probes: predicted scores against measured ones, or against the motif match for unmeasured probes."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.figures.theme import CONSTRUCT_COLOURS, NEUTRAL, faded, headed
from rbind_core.probes import ProbeTable, Ranking
from rbind_core.probes.table import Rows, site_letters
from rbind_core.quality.score_histogram import bin_scores
from rbind_core.rna.sequences import decode

MOST_POINTS = 5_000  # most probes drawn one by one; the rest of a larger library is counted in cells
MATCH_AXIS = "best motif match (log-odds, bits)"
_POINT_COLOUR, _OTHER_COLOUR, _PICKED_COLOUR = CONSTRUCT_COLOURS[0], "#74a9e6", CONSTRUCT_COLOURS[1]
_COUNTS = [[0.0, faded(NEUTRAL, 0.12)], [1.0, faded(NEUTRAL, 0.95)]]
_HEIGHT = 345


def probes_figure(
    table: ProbeTable, ranking: Ranking, drawn: Rows, picked: Rows, label: str, scale: str = "log intensity"
) -> go.Figure:
    """Draw predicted scores against measured ones (filled), or against the best motif match (hollow) of designed probes.

    Parameters
    ----------
    table : of all probes.
    ranking : of those that pass the filter.
    drawn : (m,) row numbers of the probes drawn one by one, including the listed ones.
    picked : (m,) row numbers of the marked probe, which the library may hold several times.
    label : protein and experiment.
    scale : what the z-scores are of.

    Returns
    -------
    go.Figure
        WebGL points; the sequence is the first entry of each point's `customdata`. Below them all probes, as counts in cells where
        they are many and as faint points where they are few.
    """
    shows = "measured and predicted" if table.measured is not None else "motif match and predicted"
    figure = go.Figure()
    if len(table) > MOST_POINTS:
        figure.add_trace(_cells(table))
    elif len(rest := np.setdiff1d(np.arange(len(table)), ranking.rows)):
        figure.add_trace(_points(table, rest, f"filtered out ({len(rest):,})", NEUTRAL, 0.3))
    others, unlisted = np.setdiff1d(drawn, ranking.listed), len(ranking.rows) - len(ranking.listed)
    if len(others):
        how_many = f"{len(others):,}" if len(others) == unlisted else f"random {len(others):,} of {unlisted:,}"
        what = "others that pass" if ranking.conditions else "others"
        figure.add_trace(_points(table, others, f"{what} ({how_many})", _OTHER_COLOUR, 0.5))
    figure.add_trace(_points(table, ranking.listed, f"listed ({len(ranking.listed):,})", _POINT_COLOUR, 0.75))
    if table.measured is not None:
        figure.add_trace(_diagonal(table))
    if len(picked):
        marker = {"symbol": "circle-open", "size": 17, "line": {"width": 3}}
        figure.add_trace(_points(table, picked, "chosen probe", _PICKED_COLOUR, 1, marker))
    axis = {"zeroline": False, "fixedrange": True}
    x_title = MATCH_AXIS if table.measured is None else f"measured binding (z-score of {scale})"
    figure.update_xaxes(title_text=x_title, range=_limits(table.against), **axis)
    figure.update_yaxes(title_text=f"predicted binding<br>(z-score of {scale})", range=_limits(table.predicted), **axis)
    figure.update_layout(
        legend={"orientation": "h", "yref": "container", "y": 0.01, "yanchor": "bottom", "x": 0, "itemsizing": "constant"}
    )
    sampled = len(table) < table.library_size
    whole = f"N = {len(table):,}, a random sample of {table.library_size:,}" if sampled else f"All N = {len(table):,}"
    said = f"{whole} {table.label}: {table.correlation().text}"
    if ranking.conditions:
        said += f"; N = {len(ranking.rows):,} ({'; '.join(ranking.conditions)}): {ranking.correlation.text}"
    headed(figure, f"{label}: {shows}", f"{said}; in brackets: 95 % CI", _HEIGHT)
    figure.update_layout(margin={"b": 78, "l": 76})
    return figure


def _limits(values: NDArray[np.floating]) -> list[float]:
    """Limits of an axis that includes all probes, so that it is the same under every filter."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    spare = 0.05 * (high - low) or 1.0
    return [low - spare, high + spare]


def _cells(table: ProbeTable) -> go.Heatmap:
    """All probes, counted in a grid; the outermost cells include everything beyond."""
    density = bin_scores(table.against, table.predicted, "log")
    counts = density.counts.T.astype(np.float64)
    counts[counts == 0] = np.nan
    return go.Heatmap(
        x=density.measured_edges,
        y=density.predicted_edges,
        z=np.log10(counts),
        customdata=counts,
        colorscale=_COUNTS,
        zmin=0,
        showscale=False,
        showlegend=True,
        name=f"all {len(table):,}, as counts",
        hoverongaps=False,
        hovertemplate="%{customdata:,} probes about here<extra></extra>",
    )


def _points(
    table: ProbeTable, rows: Rows, name: str, colour: str, opacity: float, marker: dict[str, Any] | None = None
) -> go.Scattergl:
    symbol = "circle-open" if table.measured is None else "circle"
    marker = {"color": colour, "size": 5, "symbol": symbol, "opacity": opacity} | (marker or {})
    sites = [
        f"{site} at {start}, {score:.1f} bits" if start else "none"
        for site, start, score in zip(site_letters(table, rows), table.sites.start[rows], table.sites.score[rows], strict=True)
    ]
    scores = "predicted %{y:.2f}" + ("" if table.measured is None else ", measured %{x:.2f}")
    return go.Scattergl(
        x=table.against[rows],
        y=table.predicted[rows],
        mode="markers",
        name=name,
        marker=marker,
        selected={"marker": {"opacity": opacity}},
        unselected={"marker": {"opacity": opacity}},
        customdata=np.array([decode(table.codes[rows]), sites], dtype=object).T if len(rows) else np.empty((0, 2), object),
        hovertemplate=f"%{{customdata[0]}}<br>{scores}<br>motif match: %{{customdata[1]}}<extra></extra>",
    )


def _diagonal(table: ProbeTable) -> go.Scatter:
    both = (table.against, table.predicted)
    ends = [max(float(v.min()) for v in both), min(float(v.max()) for v in both)]
    line = {"color": NEUTRAL, "width": 1, "dash": "dash"}
    return go.Scatter(x=ends, y=ends, mode="lines", line=line, hoverinfo="skip", showlegend=False, name="equal")
