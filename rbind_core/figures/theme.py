"""One visual language for all figures: nucleotide colours, fonts, margins, the way a title names its model."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

PALETTES: dict[str, dict[str, str]] = {
    "classic": {"A": "#2b8a3e", "C": "#1c5fb8", "G": "#e8890c", "U": "#d6293e"},
    "colour-blind-safe": {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "U": "#CC79A7"},
}
DEFAULT_PALETTE = "classic"
CONSTRUCT_COLOURS = ("#3b5bdb", "#c2410c", "#0f766e", "#7c3aed", "#a16207", "#be185d")
GLOBAL_IMPORTANCE_COLOUR = "#2f9e44"  # the green triangle of the paper's figures
IMPORTANCE_AXIS = "change in predicted binding (z-score units)"
EFFECT_SCALE = [[0.0, "#2166ac"], [0.25, "#92c5de"], [0.5, "#f7f7f7"], [0.75, "#f4a582"], [1.0, "#b2182b"]]


def titled(figure: go.Figure, title: str, subtitle: str, height: int) -> go.Figure:
    """Give a figure its title, its subtitle (N, background, seed) and the common layout.

    Parameters
    ----------
    figure : changed in place.
    title : what is shown, with protein and experiment.
    subtitle : under which settings.
    height : pixels.

    Returns
    -------
    go.Figure
        The same figure.
    """
    figure.update_layout(
        title={
            "text": title,
            "font": {"size": 15},
            "subtitle": {"text": subtitle, "font": {"size": 12}},
            "x": 0,
            "xref": "container",
            "y": 0.98,
            "yanchor": "top",
        },
        height=height,
        margin={"l": 64, "r": 16, "t": 72, "b": 48},
        dragmode=False,
        hoverlabel={"namelength": -1},
    )
    return figure


def palette_of(name: str) -> dict[str, str]:
    """Colours of the four letters.

    Parameters
    ----------
    name : one of `PALETTES`; the default where it is unknown.

    Returns
    -------
    dict
        Letter to hexadecimal colour.
    """
    return PALETTES.get(name, PALETTES[DEFAULT_PALETTE])


def download_options(filename: str) -> dict[str, Any]:
    """Plotly configuration of the tool bar, with a vector download under a telling name.

    Parameters
    ----------
    filename : without ending.

    Returns
    -------
    dict
        For `config=` of a chart.
    """
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {"format": "svg", "filename": filename},
    }
