"""Composition of background sequences beside the probe library: letters at each position, GC content, dinucleotides."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from rbind_core.backgrounds import Composition
from rbind_core.figures.theme import CONSTRUCT_COLOURS, DEFAULT_PALETTE, palette_of, titled
from rbind_core.rna.sequences import ALPHABET

BACKGROUND_COLOUR, LIBRARY_COLOUR = CONSTRUCT_COLOURS[0], "#868e96"
_BACKGROUND = "background"
_DINUCLEOTIDES = [first + second for first in ALPHABET for second in ALPHABET]


def positions_figure(
    background: Composition, library: Composition, library_name: str, settings: str, palette: str = DEFAULT_PALETTE
) -> go.Figure:
    """Draw the share of each letter at each position, the background above the library.

    Parameters
    ----------
    library_name : such as 'designed probes'.
    settings : background, N and seed, for the subtitle.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14)
    colours = palette_of(palette)
    for row, (name, composition) in enumerate(((_BACKGROUND, background), (library_name, library)), start=1):
        for letter, shares in zip(ALPHABET, composition.positions.T, strict=True):
            bars = go.Bar(
                x=np.arange(1, len(shares) + 1),
                y=100 * shares,
                name=letter,
                legendgroup=letter,
                showlegend=row == 1,
                marker={"color": colours[letter], "line": {"width": 0}},
                hovertemplate=f"{letter} at position %{{x}}: %{{y:.1f}} %<extra>{name}</extra>",
            )
            figure.add_trace(bars, row=row, col=1)
        figure.add_annotation(
            text=name, x=0, y=1.02, xref="x domain", yref="y domain", yanchor="bottom", showarrow=False, row=row, col=1
        )
    figure.update_layout(barmode="stack", bargap=0.08)
    figure.update_xaxes(range=[0.4, len(background.positions) + 0.6], tickvals=[1, *range(5, 42, 5)], fixedrange=True)
    figure.update_xaxes(title_text="position (nt)", row=2, col=1)
    figure.update_yaxes(title_text="share (%)", range=[0, 100], tickvals=[0, 50, 100], fixedrange=True)
    return _with_room(titled(figure, "Nucleotides at each position", settings, 420))


def gc_figure(background: Composition, library: Composition, library_name: str, settings: str) -> go.Figure:
    """Draw the distribution of GC content.

    Parameters
    ----------
    library_name : such as 'designed probes'.
    settings : background, N and seed, for the subtitle.

    Returns
    -------
    go.Figure
        The background as bars, the library as a line; means in the legend.
    """
    edges = np.linspace(0, 100, len(background.gc_histogram) + 1)
    centres, width = (edges[1:] + edges[:-1]) / 2, edges[1]
    bars, line = _bars_and_line(
        centres,
        100 * background.gc_histogram,
        100 * library.gc_histogram,
        f"{library_name}, mean {100 * library.mean_gc:.0f} %",
        "GC content %{x:.1f} ± " + f"{width / 2:g} %: %{{y:.1f}} % of RNAs",
    )
    bars.update(name=f"{_BACKGROUND}, mean {100 * background.mean_gc:.0f} %", width=0.9 * width)
    line.update(mode="lines", line={"shape": "hvh", "color": LIBRARY_COLOUR, "width": 2})
    figure = go.Figure([bars, line])
    figure.update_xaxes(title_text="GC content (%)", range=[0, 100], fixedrange=True)
    figure.update_yaxes(title_text="share of RNAs (%)", rangemode="tozero", fixedrange=True)
    return _with_room(titled(figure, "GC content", settings, 330))


def dinucleotides_figure(background: Composition, library: Composition, library_name: str, settings: str) -> go.Figure:
    """Draw the frequencies of the dinucleotides.

    Parameters
    ----------
    library_name : such as 'designed probes'.
    settings : background, N and seed, for the subtitle.

    Returns
    -------
    go.Figure
        The background as bars, the library as markers.
    """
    bars, markers = _bars_and_line(
        np.array(_DINUCLEOTIDES),
        100 * background.dinucleotides.ravel(),
        100 * library.dinucleotides.ravel(),
        library_name,
        "%{x}: %{y:.2f} % of dinucleotides",
    )
    markers.update(mode="markers", marker={"symbol": "line-ew", "size": 9, "line": {"color": LIBRARY_COLOUR, "width": 3}})
    figure = go.Figure([bars, markers])
    figure.update_xaxes(title_text="dinucleotide", dtick=1, tickfont={"family": "monospace"}, fixedrange=True)
    figure.update_yaxes(title_text="share (%)", rangemode="tozero", fixedrange=True)
    return _with_room(titled(figure, "Dinucleotides", settings, 330))


def _bars_and_line(
    x: NDArray, background: NDArray[np.float64], library: NDArray[np.float64], library_name: str, hover: str
) -> tuple[go.Bar, go.Scatter]:
    bars = go.Bar(x=x, y=background, name=_BACKGROUND, marker={"color": BACKGROUND_COLOUR}, hovertemplate=hover)
    return bars, go.Scatter(x=x, y=library, name=library_name, hovertemplate=hover)


def _with_room(figure: go.Figure) -> go.Figure:
    """Put the legend below the figure, where it does not run into the subtitle on a narrow screen."""
    legend = {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"}
    return figure.update_layout(legend=legend, margin={"t": 84, "b": 96})
