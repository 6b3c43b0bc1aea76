"""The figure of one sequence: mutagenesis heat map, logo and predicted structure on one axis (Fig. 2a, 3a)."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rbind_core.figures.logos import logo_traces, wild_type_heights
from rbind_core.figures.theme import DEFAULT_PALETTE, EFFECT_SCALE, palette_of, titled
from rbind_core.mutagenesis import Mutagenesis
from rbind_core.sequences import ALPHABET
from rbind_core.structure import Fold


def mutagenesis_figure(
    result: Mutagenesis, structure: Fold | None, label: str, palette: str = DEFAULT_PALETTE, measured: float | None = None
) -> go.Figure:
    """Draw the logo, the heat map of all single mutations and the pairing probability under one another.

    Parameters
    ----------
    result : of in silico mutagenesis.
    structure : of the same sequence, or None where ViennaRNA is not available.
    label : protein and experiment.
    palette : nucleotide colours.
    measured : measured score of the sequence, z-score of log intensity, or None where nobody has measured it.

    Returns
    -------
    go.Figure
        With exact effects on hover.
    """
    length = len(result.sequence)
    rows = 3 if structure else 2
    figure = make_subplots(
        rows=rows,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.05,
        row_heights=[0.36, 0.38, 0.26][:rows],
    )
    figure.add_traces(logo_traces(wild_type_heights(result), palette), rows=[1] * 4, cols=[1] * 4)
    limit = float(np.abs(result.effects).max()) or 1.0
    positions = np.arange(1, length + 1)
    hover = [
        [
            f"wild type {wild} at {position}" if wild == letter else f"{wild}{position}{letter}: {effect:+.3f}"
            for position, wild, effect in zip(positions, result.sequence, result.effects[:, index], strict=True)
        ]
        for index, letter in enumerate(ALPHABET)
    ]
    figure.add_trace(
        go.Heatmap(
            z=result.effects.T,
            x=positions,
            y=list(ALPHABET),
            text=hover,
            hovertemplate="%{text}<extra></extra>",
            colorscale=EFFECT_SCALE,
            zmin=-limit,
            zmax=limit,
            xgap=1,
            ygap=1,
            colorbar={"title": {"text": "effect<br>(z)", "side": "top"}, "len": 0.42, "y": 0.46, "thickness": 10, "x": 1.0},
        ),
        row=2,
        col=1,
    )
    if structure:
        figure.add_trace(
            go.Bar(
                x=positions,
                y=structure.paired,
                marker={"color": "#868e96"},
                width=0.9,
                showlegend=False,
                hovertemplate="position %{x}: paired with probability %{y:.2f}<extra></extra>",
            ),
            row=3,
            col=1,
        )
        figure.update_yaxes(title_text="P(paired)", range=[0, 1], row=3, col=1)
    colours = palette_of(palette)
    dots = structure.dot_bracket if structure else " " * length
    labels = [
        f'<span style="color:{colours[letter]}"><b>{letter}</b></span>'
        + (f"<br>{dot}" if structure else "")
        + (f"<br>{position}" if position % 5 == 0 or position == 1 else "<br> ")
        for position, (letter, dot) in enumerate(zip(result.sequence, dots, strict=True), start=1)
    ]
    figure.update_xaxes(range=[0.4, length + 0.6], showgrid=False, zeroline=False, fixedrange=True)
    figure.update_xaxes(
        tickvals=positions, ticktext=labels, tickangle=0, showticklabels=True, row=rows, col=1, title_text="position (nt)"
    )
    figure.update_yaxes(fixedrange=True)
    figure.update_yaxes(title_text="L2 norm (z)", rangemode="tozero", row=1, col=1)
    figure.update_yaxes(title_text="mutated to", categoryorder="array", categoryarray=list("UGCA"), row=2, col=1)
    subtitle = f"predicted score {result.wild_type:.2f}"
    if measured is not None:
        subtitle += f", measured {measured:.2f}"
    subtitle += " (z-score of log intensity)"
    if structure:
        subtitle += f"<br>minimum free energy {structure.minimum_free_energy:.1f} kcal/mol (ViennaRNA)"
    titled(figure, f"{label}: single mutations", subtitle, 560 if structure else 430)
    return figure
