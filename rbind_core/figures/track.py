"""Figures of a long RNA: the scores of its windows, and the effects of all its single mutations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.analyses.mutation_map import MutationMap
from rbind_core.analyses.sliding import Site, Track
from rbind_core.figures.theme import CONSTRUCT_COLOURS, EFFECT_SCALE, NEUTRAL, TRANSPARENT, faded, headed, legible
from rbind_core.rna.sequences import ALPHABET, LENGTH

DRAWN = 6_000  # windows per line; more could not be told apart and would slow down the page
_HEIGHT, _MAP_HEIGHT = 330, 300  # pixels of the plots
_SLIDER_FROM = 1_000  # nt; a shorter RNA needs no overview


def track_figure(
    tracks: Sequence[Track], labels: Sequence[str], name: str, sites: Sequence[Site], chosen: int, scale: str = "log intensity"
) -> go.Figure:
    """Draw the score of every window along an RNA, with its best sites numbered.

    Parameters
    ----------
    tracks : of one RNA, one per model.
    labels : protein and experiment of each.
    name : of the RNA, plain text.
    sites : the best by the first model, to be numbered.
    chosen : 1-based start of the selected window, which is shaded.
    scale : what the z-scores are of.

    Returns
    -------
    go.Figure
        With clickable points, whose custom data is the start of their window.
    """
    first = tracks[0]
    traces = [
        _line(track, label, CONSTRUCT_COLOURS[number]) for number, (track, label) in enumerate(zip(tracks, labels, strict=True))
    ]
    middle = {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": {"color": NEUTRAL, "width": 1}}
    end = chosen + first.width - 1
    window = {"type": "rect", "yref": "y domain", "x0": chosen - 0.5, "x1": end + 0.5, "y0": 0, "y1": 1}
    colour, edge = faded(CONSTRUCT_COLOURS[0], 0.14), faded(CONSTRUCT_COLOURS[0], 0.5)
    window |= {"fillcolor": colour, "line": {"color": edge, "width": 1}, "layer": "below"}  # only the edge is visible in 100,000 nt
    length = len(first.sequence)
    figure = go.Figure(
        traces,
        {
            "xaxis": {
                "title": {"text": "middle of the window (nt)", "standoff": 6},
                "range": [0.5, length + 0.5],
                "minallowed": 0.5,
                "maxallowed": length + 0.5,
                "zeroline": False,
                "tickformat": ",d",
                "rangeslider": {"visible": length >= _SLIDER_FROM, "thickness": 0.1},
            },
            "yaxis": {"title": {"text": f"predicted binding (z-score of {scale})"}, "fixedrange": True, "zeroline": False},
            "shapes": [middle | {"layer": "below"}, window],
            "annotations": [_number(site, CONSTRUCT_COLOURS[0]) for site in sites],
            "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
            "showlegend": len(tracks) > 1,
            "hovermode": "closest",
            "uirevision": f"{name} {length}",  # another window of the same RNA keeps the zoom
        },
    )
    legend = 24 * len(tracks) if len(tracks) > 1 else 0  # on a phone each name has its own line
    return headed(figure, f"{' and '.join(labels)} along {name}", _said(tracks, sites), _HEIGHT, legend)


def _said(tracks: Sequence[Track], sites: Sequence[Site]) -> str:
    """The settings, as a subtitle."""
    first = tracks[0]
    count = len(first.starts)
    parts = [f"{len(first.sequence):,} nt, {count:,} window{'s' * (count > 1)} of {first.width} nt"]
    if first.stride > 1:
        parts[0] += f", every {first.stride} nt"
    if first.left_out:
        parts.append(f"{first.left_out:,} with ambiguous letters left out")
    if len(sites) > 1:
        by = " of the first RBP" if len(tracks) > 1 else ""
        parts.append(f"1-{len(sites)}: best windows{by} that do not overlap")
    if len(tracks) > 1:
        parts.append("each line in standard deviations of its own experiment")
    if count > DRAWN:
        parts.append(f"drawn: the lowest and the highest of each {_stretch(count)} windows, the CSV has all")
    return "; ".join(parts)


def _stretch(count: int) -> int:
    """Number of windows that are drawn as their lowest and highest."""
    return -(-count // (DRAWN // 2))


def drawn_windows(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Choose the windows to draw: all, or where there are too many the lowest and highest of each short stretch.

    Parameters
    ----------
    scores : (w,) of one track, NaN where a window was left out.

    Returns
    -------
    NDArray
        (m,) window numbers in the order along the RNA; the line keeps every peak.
    """
    if len(scores) <= DRAWN:
        return np.arange(len(scores))
    size = _stretch(len(scores))
    padded = np.full(-(-len(scores) // size) * size, np.nan, np.float32)
    padded[: len(scores)] = scores
    stretches = padded.reshape(-1, size)
    starts = np.arange(len(stretches)) * size
    lowest = starts + np.where(np.isnan(stretches), np.inf, stretches).argmin(axis=1)
    highest = starts + np.where(np.isnan(stretches), -np.inf, stretches).argmax(axis=1)
    return np.unique(np.concatenate([lowest, highest]))


def _line(track: Track, label: str, colour: str) -> go.Scatter:
    drawn = drawn_windows(track.scores)
    starts = track.starts[drawn]
    # Invisible markers, since only markers can be clicked in Plotly.
    unseen = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=track.centres[drawn],
        y=track.scores[drawn],
        customdata=np.stack([starts, starts + track.width - 1], axis=1).tolist(),  # with an array a click would give no row
        name=label,
        mode="lines+markers",
        line={"color": colour, "width": 1.5},
        marker={"size": 9, "opacity": 0, "color": colour},
        selected=unseen,
        unselected=unseen,
        hovertemplate="%{customdata[0]:,}-%{customdata[1]:,}: %{y:.3f}<extra>" + _plain(label) + "</extra>",
    )


def _number(site: Site, colour: str) -> dict[str, Any]:
    """The number of a site above its peak; not a trace, since an overview below the axis would repeat it."""
    return {
        "text": f"<b>{site.rank}</b>",
        "x": (site.start + site.end) // 2,
        "y": site.score,
        "yshift": 11,
        "showarrow": False,
        "font": {"color": legible(colour), "size": 12},
    }


def _plain(text: str) -> str:
    """Text escaped for Plotly, which reads some HTML and fills in %{...}."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "% {")


def map_figure(result: MutationMap, label: str, name: str) -> go.Figure:
    """Draw the effects of all single mutations along an RNA, below their size at each position.

    Parameters
    ----------
    label : protein and experiment.
    name : of the RNA, plain text.

    Returns
    -------
    go.Figure
        With a symmetric scale around zero.
    """
    length = len(result.sequence)
    positions = np.arange(1, length + 1)
    known = result.effects[~np.isnan(result.effects)]
    limit = float(np.abs(known).max(initial=0)) or 1.0
    heat_map = go.Heatmap(
        z=result.effects.T,
        x=positions,
        y=list(ALPHABET),
        yaxis="y2",
        text=_names(result),
        hovertemplate="%{text}: %{z:+.3f}<extra></extra>",
        colorscale=EFFECT_SCALE,
        zmin=-limit,
        zmax=limit,
        colorbar={"title": {"text": "effect<br>(z)", "side": "top"}, "thickness": 10, "len": 0.5, "y": 0.24, "x": 1.0},
    )
    size = go.Scatter(
        x=positions,
        y=result.heights,
        mode="lines",
        line={"color": NEUTRAL, "width": 1, "shape": "hvh"},
        fill="tozeroy",
        text=list(result.sequence),
        hovertemplate="%{text}%{x:,}: L2 norm %{y:.3f}<extra></extra>",
        showlegend=False,
    )
    axis: dict[str, Any] = {"fixedrange": True, "zeroline": False}
    figure = go.Figure(
        [size, heat_map],
        {
            "xaxis": {
                "title": {"text": "position (nt)"},
                "range": [0.5, length + 0.5],
                "minallowed": 0.5,
                "maxallowed": length + 0.5,
                "anchor": "y2",
                "showgrid": False,
                "zeroline": False,
                "tickformat": ",d",
            },
            "yaxis": axis | {"domain": [0.56, 1], "title": {"text": "L2 norm (z)"}, "rangemode": "tozero"},
            "yaxis2": axis
            | {"domain": [0, 0.5], "title": {"text": "mutated to"}, "categoryorder": "array", "categoryarray": list("UGCA")},
        },
    )
    said = f"{length:,} nt; the change of the score of the {LENGTH}-nt window in whose middle the position stands (z-score units)"
    figure = headed(figure, f"{label}: all single mutations of {name}", said, _MAP_HEIGHT)
    figure.update_layout(paper_bgcolor=TRANSPARENT, dragmode="zoom")
    return figure


def _names(result: MutationMap) -> NDArray[np.str_]:
    """(4, L) names of the mutations, such as U101A."""
    places = np.char.add(np.array(list(result.sequence)), np.arange(1, len(result.sequence) + 1).astype(str))
    return np.array([np.char.add(places, letter) for letter in ALPHABET])
