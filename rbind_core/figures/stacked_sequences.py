"""Several sequences one below another: logo and mutagenesis heat map of each, on one axis and colour scale."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.analyses.mutagenesis import L2, Mutagenesis
from rbind_core.figures.logos import letter_traces, wild_type_heights
from rbind_core.figures.sequence import HEIGHT_TITLES, mutation_texts
from rbind_core.figures.theme import DEFAULT_PALETTE, EFFECT_SCALE, FITTING, headed, palette_of
from rbind_core.rna.sequences import ALPHABET, LENGTH

_NAME, _LOGO, _CELLS, _GAP = 1.3, 3.2, 4.0, 0.5  # heights of the parts of one sequence, in rows of its heat map
_ONE = _NAME + _LOGO + _CELLS + _GAP
_ROW = 12  # pixels
_NAME_LETTERS = 40


def stacked_figure(
    names: Sequence[str], results: Sequence[Mutagenesis], label: str, palette: str = DEFAULT_PALETTE, view: str = L2
) -> go.Figure:
    """Draw logo and heat map of several sequences, the first at the top.

    Parameters
    ----------
    names : one per sequence; escaped here.
    results : in the order of the names.
    label : protein and experiment.
    view : of the logos: 'l2' or 'signed'.

    Returns
    -------
    go.Figure
        Clickable points have the number of their sequence, from 0, as custom data.
    """
    count = len(results)
    limit = max(float(np.abs(result.effects).max()) for result in results) or 1.0
    heights = [wild_type_heights(result, view) for result in results]
    low, high = (side * max(float((side * h).max()) for h in heights) for side in (-1.0, 1.0))
    scale = _LOGO / ((max(high, 0.0) - min(low, 0.0)) or 1.0)
    tops = [number * _ONE + _NAME for number in range(count)]  # y grows downwards, so heights change sign
    zeros = [top + scale * max(high, 0.0) for top in tops]
    traces: list[Any] = letter_traces([(zero, -scale * h) for zero, h in zip(zeros, heights, strict=True)], palette_of(palette))
    traces += [_heat_map(results, limit), *_markers(results, view)]
    rows = [top + _LOGO + 0.5 + k for top in tops for k in range(4)]
    layout = {
        "xaxis": {
            "range": [0.4, LENGTH + 0.6],
            "tickvals": [1, *range(5, LENGTH + 1, 5)],
            "title": {"text": "position (nt)"},
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            **FITTING,
        },
        "yaxis": {
            "range": [count * _ONE, 0],
            "tickvals": rows,
            "ticktext": list(ALPHABET) * count,
            "tickfont": {"size": 9},
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            **FITTING,
        },
        "annotations": [
            {
                "text": f"<b>{number}. {escape(name[:_NAME_LETTERS], quote=False)}</b>  predicted score {result.wild_type:.2f}",
                "x": 0.5,
                "xanchor": "left",
                "y": top - _NAME / 2,
                "showarrow": False,
                "font": {"size": 12},
            }
            for number, (name, result, top) in enumerate(zip(names, results, tops, strict=True), start=1)
        ],
        "clickmode": "event+select",
    }
    what = HEIGHT_TITLES[view].removesuffix(" (z)")
    subtitle = f"logo: {what}; rows: the letter mutated to; all on one scale, z-score units"
    height = round(56 + _ROW * _ONE * count)
    return headed(go.Figure(traces, layout), f"{label}: mutations of {count} RNAs", subtitle, height)


def _heat_map(results: Sequence[Mutagenesis], limit: float) -> dict[str, Any]:
    """One map, with bands without values for names, logos and gaps."""
    edges: list[float] = []
    values: list[NDArray[np.floating]] = []
    texts: list[list[str]] = []
    nothing, no_text = np.full(LENGTH, np.nan), [""] * LENGTH
    for number, result in enumerate(results):
        first = number * _ONE + _NAME + _LOGO
        missing = LENGTH - len(result.sequence)
        edges += [number * _ONE, *(first + k for k in range(5))]
        values += [nothing, *np.pad(result.effects.T.astype(float), ((0, 0), (0, missing)), constant_values=np.nan), nothing]
        texts += [no_text, *(row + [""] * missing for row in mutation_texts(result)), no_text]
    edges.append(len(results) * _ONE)
    return {
        "type": "heatmap",
        "x": np.arange(1, LENGTH + 1),
        "y": np.array(edges),
        "z": np.array(values),
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "hoverongaps": False,
        "colorscale": EFFECT_SCALE,
        "zmin": -limit,
        "zmax": limit,
        "xgap": 1,
        "ygap": 0,
        "colorbar": {"title": {"text": "effect<br>(z)", "side": "top"}, "thickness": 10, "x": 1.0, "len": 200, "lenmode": "pixels"},
    }


def _markers(results: Sequence[Mutagenesis], view: str) -> list[dict[str, Any]]:
    """Invisible squares over logos and maps, for exact numbers on hover and the clicked sequence."""
    marks: list[tuple[float, float, int, str]] = []
    for number, result in enumerate(results):
        top, heights = number * _ONE + _NAME, result.heights_of(view)
        for at, wild in enumerate(result.sequence):
            marks.append((at + 1, top + _LOGO / 2, number, f"{wild}{at + 1}: {HEIGHT_TITLES[view]} {heights[at]:+.3f}"))
        for k, row in enumerate(mutation_texts(result)):
            marks += [(at + 1, top + _LOGO + 0.5 + k, number, text) for at, text in enumerate(row)]
    x, y, numbers, texts = zip(*marks, strict=True)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": np.array(x),
            "y": np.array(y),
            "customdata": np.array(numbers),
            "text": list(texts),
            "hovertemplate": "%{text}<br>click to open this RNA<extra></extra>",
            "marker": {"symbol": "square", "size": 2 * _ROW, "opacity": 0},
            "selected": {"marker": {"opacity": 0}},
            "unselected": {"marker": {"opacity": 0}},
            "showlegend": False,
            "name": "sequences",
        }
    ]
