"""The figure of a design: score by step, and below it the path of sequences with every change marked."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.design import Design
from rbind_core.figures.panels import Panel, horizontal_line
from rbind_core.figures.theme import CONSTRUCT_COLOURS, DEFAULT_PALETTE, FITTING, faded, headed, legible, palette_of
from rbind_core.rna.sequences import ALPHABET, encode

_SCORES, _BETWEEN, _AXIS = 150, 56, 44  # pixels: upper panel, gap, below the lower panel
_ROW, _STRIP = 13, 280  # pixels: one sequence, and all of them at most
_MOST_LETTERED = 24  # most sequences whose letters are shown
_MOST_MARKED = 50  # most steps with marks of full size
_KEPT, _CHANGED_BEFORE, _CHANGED_NOW = 0.16, 0.5, 1.0  # opacity of a letter's colour


def design_figure(
    design: Design,
    labels: tuple[str, ...],
    settings: str,
    palette: str = DEFAULT_PALETTE,
    highest: tuple[float, str] | None = None,
) -> go.Figure:
    """Draw the path of a design.

    Parameters
    ----------
    labels : protein and experiment of the model, and of the model designed against, if any.
    settings : for the subtitle.
    highest : highest predicted score among a library's probes, and the probes' name, for a reference line.
    """
    above, below = Panel(0, 0, 0), Panel(1, 1, 0)
    row = min(_ROW, _STRIP / len(design.steps))
    strip = row * len(design.steps)
    inside = _SCORES + _BETWEEN + strip
    positions = [1, *range(5, len(design.start.sequence) + 1, 5)]
    layout: dict[str, Any] = {
        "xaxis": {"range": [-0.5, len(design.steps) - 0.5], "title": {"text": "step"}, "fixedrange": True}
        | {"anchor": "y", "zeroline": False, "rangemode": "tozero", "tickformat": "d", **FITTING},
        "yaxis": {"domain": [1 - _SCORES / inside, 1], "title": {"text": "predicted binding (z)"}, "fixedrange": True}
        | {"zeroline": False, "range": _score_range(design, highest)},
        "xaxis2": {"range": [0.4, len(design.start.sequence) + 0.6], "tickvals": positions, "anchor": "y2", "fixedrange": True}
        | {"title": {"text": "position (nt)", "standoff": 2}, "showgrid": False, "zeroline": False, "tickangle": 0},
        "yaxis2": {"domain": [0, strip / inside], "range": [len(design.steps) - 0.5, -0.5], "fixedrange": True}
        | _change_ticks(design, row)
        | {"showgrid": False, "zeroline": False},
        "shapes": [above.zero_line()],
        "annotations": _names_of_lines(design, labels) if len(labels) > 1 else [],
    }
    if highest is not None:
        score, called = highest
        layout["shapes"].append(horizontal_line(score, above, "dot"))
        layout["annotations"].append(
            {"text": escape(f"highest of {called}: {score:.1f}", quote=False), "x": 1, "xref": "x domain", "y": score, "yref": "y"}
            | {
                "xanchor": "right",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 10, "color": legible(CONSTRUCT_COLOURS[0])},
            }
        )
    figure = go.Figure([*_score_traces(design, labels, above), *_strip_traces(design, palette, row, below)], layout)
    title = f"{labels[0]}: design" if len(labels) == 1 else f"{labels[0]} against {labels[1]}: design"
    headed(figure, title, settings, int(inside) + _AXIS, above=6)
    figure.layout.margin.b = _AXIS
    return figure


def _score_traces(design: Design, labels: tuple[str, ...], panel: Panel) -> list[dict[str, Any]]:
    """One line per model; hollow marks, since all scores are predicted."""
    numbers = [step.number for step in design.steps]
    changes = [step.change for step in design.steps]
    size = 7 if len(numbers) <= _MOST_MARKED else 4
    scores = [[step.score for step in design.steps], [step.against for step in design.steps]]
    return [
        {
            "type": "scatter",
            "x": numbers,
            "y": values,
            "mode": "lines+markers",
            "line": {"color": CONSTRUCT_COLOURS[number], "width": 1.5, "dash": "dot" if number else "solid"},
            "marker": {"symbol": "square-open" if number else "circle-open", "size": size, "line": {"width": 1.5}},
            "text": changes,
            "hovertemplate": "step %{x}, %{text}: %{y:.3f}<extra>" + escape(label, quote=False) + "</extra>",
            "name": escape(label, quote=False),
            "showlegend": False,
            **panel.axes,
        }
        for number, (label, values) in enumerate(zip(labels, scores, strict=False))
    ]


def _score_range(design: Design, highest: tuple[float, str] | None) -> list[float]:
    """Range that includes all marks and 0, with room for the names of the lines."""
    values = [0.0, *(step.score for step in design.steps), *(step.against or 0.0 for step in design.steps)]
    values += [highest[0]] if highest else []
    room = 0.18 * (max(values) - min(values)) or 1.0
    return [min(values) - room, max(values) + room]


def _names_of_lines(design: Design, labels: tuple[str, ...]) -> list[dict[str, Any]]:
    """Each model's name at the end of its line, the upper one above and the lower one below."""
    ends = [design.final.score, design.final.against or 0.0]
    return [
        {
            "text": escape(label, quote=False),
            "x": design.final.number,
            "y": end,
            "xanchor": "right",
            "yanchor": "bottom" if end == max(ends) else "top",
            "yshift": 5 if end == max(ends) else -5,
            "showarrow": False,
            "font": {"size": 11, "color": legible(CONSTRUCT_COLOURS[number])},
        }
        for number, (label, end) in enumerate(zip(labels, ends, strict=True))
    ]


def _change_ticks(design: Design, row: float) -> dict[str, Any]:
    """The change of each step beside its sequence, where there is room."""
    every = max(1, int(np.ceil(_ROW / row)))
    steps = design.steps[::every]
    return {"tickvals": [s.number for s in steps], "ticktext": [s.change for s in steps], "tickfont": {"size": 9}}


def _strip_traces(design: Design, palette: str, row: float, panel: Panel) -> list[dict[str, Any]]:
    """All sequences as cells: pale for a letter of the start, half for an earlier change, full colour for the step's own."""
    length = len(design.start.sequence)
    codes = encode([step.sequence for step in design.steps], length)
    now = np.zeros(codes.shape, np.bool_)
    for step in design.steps[1:]:
        now[step.number, step.position - 1] = True
    kinds = np.where(now, 2, np.where(codes != codes[0], 1, 0))
    colours = palette_of(palette)
    shades = [faded(colours[letter], opacity) for opacity in (_KEPT, _CHANGED_BEFORE, _CHANGED_NOW) for letter in ALPHABET]
    cells = {
        "type": "heatmap",
        "z": kinds * len(ALPHABET) + codes,
        "x": np.arange(1, length + 1),
        "y": np.arange(len(codes)),
        "zmin": -0.5,
        "zmax": len(shades) - 0.5,
        "colorscale": [[(n + end) / len(shades), shade] for n, shade in enumerate(shades) for end in (0, 1)],
        "showscale": False,
        "xgap": 1,
        "ygap": 1 if row > 4 else 0,
        "text": [[_cell_text(design, y, x, now) for x in range(length)] for y in range(len(codes))],
        "hovertemplate": "%{text}<extra></extra>",
        **panel.axes,
    }
    if len(codes) > _MOST_LETTERED:
        return [cells]
    return [cells, _letters(codes, ~now, panel), _letters(codes, now, panel, color="#ffffff")]


def _cell_text(design: Design, row: int, column: int, now: NDArray[np.bool_]) -> str:
    step = design.steps[row]
    what = f"changed: {step.change}" if now[row, column] else step.sequence[column]
    return f"step {row}, position {column + 1}: {what}"


def _letters(codes: NDArray[np.uint8], chosen: NDArray[np.bool_], panel: Panel, **font: str) -> dict[str, Any]:
    rows, columns = np.nonzero(chosen)
    return {
        "type": "scatter",
        "mode": "text",
        "x": columns + 1,
        "y": rows,
        "text": [ALPHABET[codes[row, column]] for row, column in zip(rows, columns, strict=True)],
        "textfont": {"size": 9, "family": "monospace", **font},
        "hoverinfo": "skip",
        "showlegend": False,
        **panel.axes,
    }
