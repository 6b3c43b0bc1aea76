"""Models side by side: importance of each 6-mer, correlations of whole scans, and motifs one below another."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.atlas.similar import Z_SCORE, ScanComparison, holding, specific_kmers
from rbind_core.figures.logos import logo_traces
from rbind_core.figures.panels import grid
from rbind_core.figures.theme import CONSTRUCT_COLOURS, DEFAULT_PALETTE, EFFECT_SCALE, NEUTRAL, broken, headed, legible
from rbind_core.model.registry import Model
from rbind_core.motifs import information

SPECIFIC = 10  # coloured k-mers of either model
_LABELLED = 4  # of these, labelled ones
_NAME_WIDTH, _NAME_HEIGHT = 0.17, 0.045  # size of a name, as a share of the axes
_FOUND_COLOUR = CONSTRUCT_COLOURS[5]
_AXIS_LETTERS, _TICK_LETTERS = 42, 16
_SCATTER_HEIGHT, _LOGO_HEIGHT, _BETWEEN_LOGOS = 400, 62, 26
_DARK = 0.62  # share of the colour scale from which a cell is too dark for dark letters


def kmer_scatter_figure(
    pair: ScanComparison,
    colours: tuple[str, str] = CONSTRUCT_COLOURS[:2],
    motif: str = "",
    picked: str = "",
) -> go.Figure:
    """Draw the global importance of every 6-mer in one model against that in another.

    Parameters
    ----------
    colours : of the k-mers specific to each model.
    motif : IUPAC letters; k-mers that contain it get a ring; '' for none.
    picked : k-mer to mark and label; '' for none.

    Returns
    -------
    go.Figure
        WebGL points; the k-mer is the first entry of each point's `customdata`.
    """
    specific = [[pair.column(k.kmer) for k in specific_kmers(pair, number, SPECIFIC)] for number in (0, 1)]
    x, y = _limits(pair.means[0], right=0.24), _limits(pair.means[1])
    plain = np.setdiff1d(np.arange(len(pair.kmers)), np.concatenate([np.asarray(columns, int) for columns in specific]))
    traces: list[Any] = [_identity(x, y), _points(pair, plain, "all other 6-mers", NEUTRAL, 4, opacity=0.45)]
    named = [_spread(pair.means, columns, np.ptp(x), np.ptp(y)) for columns in specific]
    for name, columns, written, colour in zip(pair.names, specific, named, colours, strict=True):
        traces += [_points(pair, columns, f"specific to {name}", colour, 8), _names(pair, written, colour)]
    if motif:
        found = np.flatnonzero(holding(motif))
        traces.append(_points(pair, found, f"holds {motif} ({len(found):,})", _FOUND_COLOUR, 9, symbol="circle-open"))
    if picked:
        column = pair.column(picked)
        traces.append(_points(pair, [column], picked, _FOUND_COLOUR, 15, symbol="diamond-open"))
        if column not in named[0] + named[1]:
            traces.append(_names(pair, [column], _FOUND_COLOUR))
    axis = {"zeroline": True, "zerolinecolor": NEUTRAL, "zerolinewidth": 0.5, "fixedrange": True}
    figure = go.Figure(
        traces, {"xaxis": axis | {"range": x} | _axis_title(pair, 0), "yaxis": axis | {"range": y} | _axis_title(pair, 1)}
    )
    figure.update_layout(
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "itemsizing": "constant"}
    )
    r = pair.correlations[0, 1]
    subtitle = f"Pearson r = {r:.2f} over N = {len(pair.kmers):,} 6-mers, {pair.settings_text}; dashed: equal"
    headed(figure, " against ".join(m.label for m in reversed(pair.models)), subtitle, _SCATTER_HEIGHT)
    figure.layout.margin.b = 64
    return figure


def correlations_figure(comparison: ScanComparison) -> go.Figure:
    """Draw how well the models' scans agree, with the correlation in each cell.

    Parameters
    ----------
    comparison : of any number of models.

    Returns
    -------
    go.Figure
        A map from -1 to 1, centred on zero.
    """
    r = comparison.correlations
    places = list(range(len(r)))
    names = ["<br>".join(broken(name, _TICK_LETTERS)[:2]) for name in comparison.names]
    x, y = np.meshgrid(places, places)
    colours = ["#ffffff" if abs(value) > _DARK else "#343a40" for value in r.ravel()]
    labels = np.array([_escaped(m.label) for m in comparison.models], dtype=object)
    hover = labels[:, None] + " and " + labels[None, :]
    traces = [
        {
            "type": "heatmap",
            "x": places,
            "y": places,
            "z": r,
            "customdata": hover,
            "hovertemplate": "%{customdata}: r = %{z:.3f}<extra></extra>",
            "colorscale": EFFECT_SCALE,
            "zmin": -1,
            "zmid": 0,
            "zmax": 1,
            "xgap": 1,
            "ygap": 1,
            "showscale": False,
        },
        {
            "type": "scatter",
            "x": x.ravel(),
            "y": y.ravel(),
            "mode": "text",
            "text": [f"{value:.2f}" for value in r.ravel()],
            "textfont": {"size": 13, "color": colours},
            "hoverinfo": "skip",
            "showlegend": False,
        },
    ]
    axis = {"tickvals": places, "ticktext": names, "showgrid": False, "zeroline": False, "fixedrange": True}
    axis |= {"tickfont": {"size": 10}, "range": [-0.5, len(r) - 0.5]}
    figure = go.Figure(traces, {"xaxis": axis, "yaxis": axis | {"range": [len(r) - 0.5, -0.5]}})
    subtitle = f"Pearson r over N = {len(comparison.kmers):,} 6-mers, {comparison.settings_text}"
    headed(figure, "How alike are the scans?", subtitle, 110 + 44 * len(r))
    figure.layout.margin.l = 96
    return figure


def logos_figure(models: Sequence[Model], colours: Sequence[str] = CONSTRUCT_COLOURS, palette: str = DEFAULT_PALETTE) -> go.Figure:
    """Draw the models' motifs one below another.

    Parameters
    ----------
    colours : of the models' names.

    Returns
    -------
    go.Figure
        Logos in bits, with the test Pearson of each, or the expected one.
    """
    height = len(models) * (_LOGO_HEIGHT + _BETWEEN_LOGOS)
    placed = grid([f"{m.label}: {m.quality_text}" for m in models], 1, row_gap=_BETWEEN_LOGOS / height, letters=60)
    layout, traces = dict(placed.layout), []
    for panel, model, title, colour in zip(placed.panels, models, layout["annotations"], colours, strict=False):
        motif = np.asarray(model.motif, np.float64).reshape(-1, 4)
        traces += [trace.to_plotly_json() | panel.axes for trace in logo_traces(information(motif), palette)] if len(motif) else []
        letters = max(len(motif), 1)
        is_last = model is models[-1]
        layout[panel.x] |= {"range": [0.4, letters + 0.6], "showgrid": False, "showticklabels": is_last, "dtick": 1}
        layout[panel.y] |= {"range": [0, 2.05], "tickvals": [0, 1, 2], "showticklabels": True, "title": {"text": "bits"}}
        layout[panel.y].pop("matches", None)
        title |= {"font": {"size": 12, "color": legible(colour)}, "x": 0, "xanchor": "left"}
    figure = go.Figure(traces, layout)
    headed(figure, "Motifs", "the ten best 6-mers of each, aligned and weighted by global importance", height, above=24)
    figure.layout.margin.b = 28
    figure.layout.margin.l = 44
    return figure


def _points(
    pair: ScanComparison, columns: Any, name: str, colour: str, size: int, symbol: str = "circle", opacity: float = 0.9
) -> go.Scattergl:
    """Some of the k-mers, which keep their look when one of them is clicked."""
    columns = np.asarray(columns, int)
    data = np.empty((len(columns), 3), dtype=object)  # an array, since Plotly validates lists item by item
    data[:, 0] = [pair.kmers[column] for column in columns]
    data[:, 1:] = pair.margins[:, columns].round(4).T
    first, second = (_escaped(model.label) for model in pair.models)
    return go.Scattergl(
        x=pair.means[0, columns].astype(np.float32),
        y=pair.means[1, columns].astype(np.float32),
        mode="markers",
        name=_escaped(name),
        marker={
            "color": colour,
            "size": size,
            "symbol": symbol,
            "opacity": opacity,
            "line": {"width": 1.5 if "open" in symbol else 0, "color": colour},
        },
        selected={"marker": {"opacity": opacity}},
        unselected={"marker": {"opacity": opacity}},
        customdata=data,
        hovertemplate=(
            f"<b>%{{customdata[0]}}</b><br>{first}: %{{x:.3f}} ± %{{customdata[1]:.3f}}"
            f"<br>{second}: %{{y:.3f}} ± %{{customdata[2]:.3f}}<br>± is the 95 % CI<extra></extra>"
        ),
    )


def _names(pair: ScanComparison, columns: Sequence[int], colour: str) -> go.Scatter:
    rows = list(columns)
    return go.Scatter(
        x=pair.means[0, rows],
        y=pair.means[1, rows],
        mode="text",
        text=[f" <b>{pair.kmers[c]}</b>" for c in rows],
        textposition="middle right",
        textfont={"size": 11, "family": "monospace", "color": legible(colour)},
        hoverinfo="skip",
        showlegend=False,
        name="labels",
    )


def _spread(means: NDArray[np.float64], columns: Sequence[int], width: float, height: float) -> list[int]:
    """The first k-mers whose names do not overlap, on axes of that width and height."""
    room = np.array([_NAME_WIDTH * width, _NAME_HEIGHT * height])
    kept: list[int] = []
    for column in columns:
        if len(kept) < _LABELLED and all((np.abs(means[:, column] - means[:, other]) > room).any() for other in kept):
            kept.append(column)
    return kept


def _limits(values: NDArray[np.float64], right: float = 0.05) -> list[float]:
    """Limits of an axis with room at its end, for names."""
    low, high = float(values.min()), float(values.max())
    return [low - 0.05 * (high - low), high + right * (high - low)]


def _identity(x: list[float], y: list[float]) -> go.Scatter:
    """The diagonal, as far as both axes reach."""
    ends = [max(x[0], y[0]), min(x[1], y[1])]
    line = {"color": NEUTRAL, "width": 1, "dash": "dash"}
    return go.Scatter(x=ends, y=ends, mode="lines", line=line, hoverinfo="skip", showlegend=False, name="equal")


def _axis_title(pair: ScanComparison, number: int) -> dict[str, Any]:
    unit = pair.unit if pair.scale == Z_SCORE else f"{pair.unit}, {pair.best[number]}"
    text = f"global importance in {pair.models[number].label}, {unit}"
    return {"title": {"text": "<br>".join(broken(text, _AXIS_LETTERS)), "font": {"size": 12}}}


def _escaped(text: str) -> str:
    """Plotly reads some HTML."""
    return escape(text, quote=False)
