"""The figure of one sequence: mutagenesis logo, heat map and predicted structure on one axis (Fig. 2a, 3a)."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.analyses.mutagenesis import L2, SIGNED, Mutagenesis
from rbind_core.figures.logos import letter_traces, logo_traces, wild_type_heights
from rbind_core.figures.theme import DEFAULT_PALETTE, EFFECT_SCALE, FITTING, TRANSPARENT, palette_of, titled
from rbind_core.rna.sequences import ALPHABET
from rbind_core.rna.structure import Fold

PAIRED_COLOURS = {"P": "#7048e8", "U": "#adb5bd"}  # paired, unpaired; not the colours of nucleotides
HEIGHT_TITLES = {L2: "L2 norm (z)", SIGNED: "− mean effect (z)"}
_WITH_STRUCTURE = ([0.65, 1.0], [0.22, 0.59], [0.0, 0.16])  # places of logo, heat map and structure
_WITHOUT = ([0.56, 1.0], [0.0, 0.48])
_BELOW = 84  # pixels below the panels: letters, brackets, numbers, title
_CELL = 22  # pixels within which a click counts for a cell
_WILD_TYPE = "#495057"  # letters on cells, which are white in either theme


def mutagenesis_figure(
    result: Mutagenesis,
    structure: Fold | None,
    label: str,
    palette: str = DEFAULT_PALETTE,
    measured: float | None = None,
    view: str = L2,
    clickable: bool = False,
    scale: str = "log intensity",
) -> go.Figure:
    """Draw the logo, the heat map of all single mutations and the predicted pairing one below another.

    Parameters
    ----------
    structure : of the same sequence, or None where ViennaRNA is not available.
    label : protein and experiment.
    measured : measured score of the sequence, a z-score, too; None for an unmeasured one.
    view : of the logo: 'l2' for the L2 norm over the three variants, 'signed' for minus their mean effect.
    clickable : add invisible markers over the mutations, with names such as 'A5G' as custom data.
    scale : what the z-scores are of.
    """
    domains: tuple[list[float], ...] = _WITH_STRUCTURE if structure else _WITHOUT
    limit = float(np.abs(result.effects).max()) or 1.0
    traces = [*logo_traces(wild_type_heights(result, view), palette), _columns(result, view)]
    traces += [_heat_map(result, limit, domains[1]), _wild_type_letters(result.sequence)]
    if clickable:
        traces.append(_markers(result))
    layout = {
        "xaxis": position_axis(result.sequence, palette, structure) | {"anchor": "y3" if structure else "y2"},
        "yaxis": logo_axis(result.heights_of(view)) | {"domain": domains[0], "title": {"text": HEIGHT_TITLES[view]}},
        "yaxis2": {
            "domain": domains[1],
            "title": {"text": "mutated to"},
            "tickvals": list(range(4)),
            "ticktext": list(ALPHABET),
            "range": [3.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            **FITTING,
        },
        "bargap": 0.0,
        "barmode": "overlay",
        "clickmode": "event+select",
    }
    if structure:
        traces += pairing_traces(structure, "y3")
        layout["yaxis3"] = pairing_axis() | {"domain": domains[2]}
    figure = go.Figure(traces, layout)
    subtitle = f"predicted score {result.wild_type:.2f}"
    if measured is not None:
        subtitle += f", measured {measured:.2f}"
    subtitle += f" (z-score of {scale})"
    if structure:
        subtitle += f"<br>minimum free energy {structure.minimum_free_energy:.1f} kcal/mol (ViennaRNA)"
    titled(figure, f"{label}: single mutations", subtitle, 510 if structure else 420)
    figure.layout.margin.b = _BELOW
    return figure


def position_axis(sequence: str, palette: str, structure: Fold | None = None) -> dict[str, Any]:
    """Layout of the horizontal axis of positions, with the letters of the sequence.

    Parameters
    ----------
    structure : its dot-bracket goes below the letters.
    """
    colours = palette_of(palette)
    dots = structure.dot_bracket if structure else " " * len(sequence)
    labels = [
        f'<span style="color:{colours[letter]}"><b>{letter}</b></span>'
        + (f"<br>{dot}" if structure else "")
        + (f"<br>{position}" if position % 5 == 0 or position == 1 else "<br> ")
        for position, (letter, dot) in enumerate(zip(sequence, dots, strict=True), start=1)
    ]
    return {
        "range": [0.4, len(sequence) + 0.6],
        "tickvals": np.arange(1, len(sequence) + 1),
        "ticktext": labels,
        "tickangle": 0,
        "title": {"text": "position (nt)"},
        **FITTING,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def logo_axis(heights: NDArray[np.floating]) -> dict[str, Any]:
    """Layout of the vertical axis of a logo, without title and place, with a line at zero where letters hang below it.

    Parameters
    ----------
    heights : (L,) of the letters.
    """
    low, high = min(float(heights.min()), 0.0), max(float(heights.max()), 0.0)
    room = 0.04 * (high - low) or 1.0
    return {
        "range": [low - room * (low < 0), high + room],
        "zeroline": low < 0,
        "zerolinecolor": "#868e96",
        "showgrid": False,
        "nticks": 5,
        "fixedrange": True,
        **FITTING,
    }


def pairing_traces(structure: Fold, axis: str) -> list[Any]:
    """Draw predicted structure as a logo of P and U, as high as the probabilities to be paired and unpaired.

    Parameters
    ----------
    structure : of a single sequence.
    axis : y axis of the panel, such as 'y3'.

    Returns
    -------
    list
        Traces; the last has an invisible bar over each column, for hover.
    """
    logo = letter_traces([(0.0, np.stack([structure.paired, structure.unpaired], axis=1))], PAIRED_COLOURS)
    hover = {
        "type": "bar",
        "x": np.arange(1, len(structure.sequence) + 1),
        "y": np.ones(len(structure.sequence)),
        "customdata": np.stack([structure.paired, structure.unpaired], axis=1),
        "text": names_of(structure.sequence),
        "textposition": "none",
        "marker": {"color": TRANSPARENT},
        "showlegend": False,
        "yaxis": axis,
        "name": "structure",
        "hovertemplate": "%{text}: paired %{customdata[0]:.3f}, unpaired %{customdata[1]:.3f}<extra></extra>",
    }
    return [*(trace.to_plotly_json() | {"yaxis": axis} for trace in logo), hover]


def pairing_axis() -> dict[str, Any]:
    """Layout of the vertical axis of probabilities, without its place."""
    return {
        "range": [0, 1],
        "tickvals": [0, 0.5, 1],
        "title": {"text": "probability"},
        **FITTING,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def names_of(sequence: str) -> list[str]:
    """Name the nucleotides, such as 'A1', since Plotly would show the axis label for a position."""
    return [f"{letter}{position}" for position, letter in enumerate(sequence, start=1)]


def mutation_texts(result: Mutagenesis) -> list[list[str]]:
    """Hover texts of all mutations: one row per letter, one text per position."""
    return [
        [
            f"wild type {wild} at {position}" if wild == letter else f"{wild}{position}{letter}: {effect:+.3f}"
            for position, (wild, effect) in enumerate(zip(result.sequence, result.effects[:, index], strict=True), start=1)
        ]
        for index, letter in enumerate(ALPHABET)
    ]


def _columns(result: Mutagenesis, view: str) -> dict[str, Any]:
    """Invisible bars over the letters of the logo, for hover."""
    return {
        "type": "bar",
        "x": np.arange(1, len(result.sequence) + 1),
        "y": result.heights_of(view),
        "customdata": np.stack([result.heights, result.contributions], axis=1),
        "text": names_of(result.sequence),
        "textposition": "none",
        "marker": {"color": TRANSPARENT},
        "showlegend": False,
        "name": "letters",
        "hovertemplate": "%{text}: L2 norm %{customdata[0]:.3f}, minus mean effect %{customdata[1]:+.3f}<extra></extra>",
    }


def _heat_map(result: Mutagenesis, limit: float, domain: list[float]) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": np.arange(1, len(result.sequence) + 1),
        "y": np.arange(4),
        "z": result.effects.T,
        "text": mutation_texts(result),
        "hovertemplate": "%{text}<extra></extra>",
        "yaxis": "y2",
        "colorscale": EFFECT_SCALE,
        "zmin": -limit,
        "zmax": limit,
        "xgap": 1,
        "ygap": 1,
        "colorbar": {
            "title": {"text": "effect<br>(z)", "side": "top"},
            "len": domain[1] - domain[0] + 0.1,
            "y": sum(domain) / 2 + 0.02,
            "thickness": 10,
            "x": 1.0,
        },
    }


def _wild_type_letters(sequence: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.arange(1, len(sequence) + 1),
        "y": np.array([ALPHABET.index(letter) for letter in sequence]),
        "text": list(sequence),
        "textfont": {"size": 10, "color": _WILD_TYPE},
        "yaxis": "y2",
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "wild type",
    }


def _markers(result: Mutagenesis) -> dict[str, Any]:
    """Invisible squares over the cells: Streamlit hears clicks on points, not on cells of heat maps.

    Wild-type letters have one too, without custom data: otherwise a click there would reach the square beside it.
    """
    texts = mutation_texts(result)
    places = [(at, k) for k in range(4) for at in range(len(result.sequence))]
    mutations = ["" if ALPHABET[k] == (wild := result.sequence[at]) else f"{wild}{at + 1}{ALPHABET[k]}" for at, k in places]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.array([at + 1 for at, _ in places]),
        "y": np.array([k for _, k in places]),
        "customdata": mutations,
        "text": [texts[k][at] + ("<br>click to accept" if new else "") for (at, k), new in zip(places, mutations, strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": "square", "size": _CELL, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "yaxis": "y2",
        "showlegend": False,
        "name": "mutations",
    }
