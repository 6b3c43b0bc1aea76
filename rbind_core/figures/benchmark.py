"""Figures of the models page: our models beside published methods (Fig. 1a,d-f), measured against predicted (Fig. 1b,c)."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rbind_core.figures.theme import CONSTRUCT_COLOURS, titled
from rbind_core.quality.published_methods import CLIP, LOG, METHODS, OURS, STRUCTURES
from rbind_core.quality.score_histogram import Density
from rbind_core.rna.iupac import GROUPS, MatchedProbes
from rbind_core.rna.sequences import decode

OUR_COLOUR, CHOSEN_COLOUR, OTHER_COLOUR = CONSTRUCT_COLOURS[0], CONSTRUCT_COLOURS[1], "#868e96"
STRUCTURE_COLOURS = dict(zip(("sequence", *STRUCTURES), (OTHER_COLOUR, *CONSTRUCT_COLOURS[2:4]), strict=True))
MATCH_COLOURS = ("#c92a2a", "#e8890c", "#adb5bd")  # no mismatch, one, two or more
SCORE_OF_SCALE = {"log": "z-score of log intensity", "clip": "z-score of clipped intensity"}
SCALE_NAMES = {"log": "log-transformed", "clip": "clip-transformed"}
_PEARSON = "test Pearson"


def methods_figure(table: pd.DataFrame, chosen: str = "") -> go.Figure:
    """Draw the test correlations of all methods as violins with their boxes, ours first (Fig. 1a).

    Where no model has a correlation on the clip scale, ours on the log scale are set apart from the others.

    Parameters
    ----------
    table : from `rbind_core.quality.published_methods.benchmark_table`.
    chosen : experiment whose correlations a line joins.

    Returns
    -------
    go.Figure
        One dot per experiment, with protein and id on hover.
    """
    on_clip = bool(table[CLIP].notna().any())
    ours = CLIP if on_clip else LOG
    shown = table[table[ours].notna() & table[METHODS[0]].notna()]
    columns = [ours, *METHODS]
    figure = go.Figure()
    for place, column in enumerate(columns):
        figure.add_trace(_violin(shown, column, place, OUR_COLOUR if place == 0 else OTHER_COLOUR, filled=place == 0 and on_clip))
    if not on_clip:
        figure.add_vline(x=0.5, line={"color": OTHER_COLOUR, "width": 1, "dash": "dot"})
    _join_chosen(figure, shown[shown["experiment"] == chosen], columns if on_clip else columns[1:], 0 if on_clip else 1)
    names = [OURS if on_clip else f"{OURS}<br>log scale", *(method.replace("-", "<br>") for method in METHODS)]
    medians = [shown[column].median() for column in columns]
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=[f"{name}<br><b>{median:.3f}</b>" if len(shown) else name for name, median in zip(names, medians, strict=True)],
        tickfont={"size": 11},
        range=[-0.55, len(columns) - 0.45],
        fixedrange=True,
    )
    figure.update_yaxes(title_text=_PEARSON, range=_from_zero(shown[columns].to_numpy()), fixedrange=True)
    scale = "clip-transformed scores" if on_clip else "published: clip-transformed; ours: log, another scale"
    subtitle = f"{scale}; set B; median under each name"
    if len(label := shown[shown["experiment"] == chosen]):
        subtitle += f"<br>line: {_label(label.iloc[0])}"
    return titled(figure, f"Test Pearson over {len(shown)} experiments", subtitle, 430)


def scatter_figure(table: pd.DataFrame, method: str, chosen: str = "") -> go.Figure:
    """Draw our test correlation against a published one, experiment by experiment; above the diagonal ours is better.

    Parameters
    ----------
    table : from `rbind_core.quality.published_methods.benchmark_table`.
    method : one of `METHODS`.
    chosen : experiment to mark.
    """
    shown = table[table[CLIP].notna() & table[method].notna()]
    limits = _from_zero(shown[[CLIP, method]].to_numpy())
    marked = (shown["experiment"] == chosen).to_numpy()
    wins = int((shown[CLIP] > shown[method]).sum())
    low, high = limits
    figure = go.Figure([_diagonal(low, high)])
    for rows, colour, size in ((~marked, OUR_COLOUR, 8), (marked, CHOSEN_COLOUR, 13)):
        part = shown[rows]
        figure.add_trace(
            go.Scatter(
                x=part[method].to_numpy(),
                y=part[CLIP].to_numpy(),
                mode="markers+text" if size > 8 else "markers",
                text=[escape(str(p), quote=False) for p in part["protein"]] if size > 8 else None,
                textposition=np.where(part[CLIP] > part[method], "middle left", "middle right"),  # away from the diagonal
                marker={"color": colour, "size": size, "opacity": 0.8, "line": {"color": "white", "width": 1}},
                customdata=[[_label(row), row[CLIP] - row[method]] for _, row in part.iterrows()],
                hovertemplate=(
                    "%{customdata[0]}<br>"
                    + f"{OURS} %{{y:.3f}}, {method} %{{x:.3f}}<br>difference %{{customdata[1]:+.3f}}<extra></extra>"
                ),
                showlegend=False,
            )
        )
    figure.update_xaxes(title_text=f"{method}, {_PEARSON}", range=limits, fixedrange=True)
    figure.update_yaxes(title_text=f"{OURS}, {_PEARSON}", range=limits, fixedrange=True)
    subtitle = f"clip-transformed scores; set B<br>above the line ours is better: {wins} of {len(shown)}"
    return titled(figure, f"{OURS} and {method}, {len(shown)} experiments", subtitle, 430)


def density_figure(density: Density, label: str) -> go.Figure:
    """Draw the number of test probes by measured and predicted score (Fig. 1b,c).

    Parameters
    ----------
    density : of all test probes.
    label : protein and experiment.

    Returns
    -------
    go.Figure
        Counts on a logarithmic colour scale; the outermost cells include everything beyond.
    """
    counts = density.counts.T.astype(np.float64)
    counts[counts == 0] = np.nan
    top = int(np.log10(max(density.counts.max(), 1)))
    figure = go.Figure(
        go.Heatmap(
            x=density.measured_edges,
            y=density.predicted_edges,
            z=np.log10(counts),
            customdata=counts,
            colorscale="Viridis",
            zmin=0,
            hoverongaps=False,
            hovertemplate="%{customdata:,} probes<br>measured about %{x:.2f}<br>predicted about %{y:.2f}<extra></extra>",
            colorbar={
                "title": {"text": "probes", "side": "top"},
                "tickvals": list(range(top + 1)),
                "ticktext": [f"{10**power:,}" for power in range(top + 1)],
                "thickness": 10,
                "x": 1.0,
            },
        )
    )
    low = max(density.measured_edges[0], density.predicted_edges[0])
    figure.add_trace(_diagonal(low, min(density.measured_edges[-1], density.predicted_edges[-1]), CHOSEN_COLOUR))
    _score_axes(figure, density.scale)
    return _titled_scores(figure, label, density.scale, density.n, density.pearson)


def points_figure(probes: MatchedProbes, label: str) -> go.Figure:
    """Draw single probes, coloured by the mismatches of their best match to the motif (Fig. 1b, 2a, 3a).

    Parameters
    ----------
    probes : a choice of test probes, on the log scale.
    label : protein and experiment.

    Returns
    -------
    go.Figure
        WebGL points, those with the motif on top.
    """
    figure = go.Figure()
    sequences = np.array(decode(probes.codes))
    for group in reversed(range(len(GROUPS))):
        rows = probes.groups == group
        figure.add_trace(
            go.Scattergl(
                x=probes.measured[rows],
                y=probes.predicted[rows],
                mode="markers",
                name=f"{GROUPS[group]} ({rows.sum():,} of {probes.of_each[group]:,})",
                legendrank=group,
                marker={"color": MATCH_COLOURS[group], "size": 4, "opacity": 0.65},
                customdata=sequences[rows],
                hovertemplate=f"%{{customdata}}<br>measured %{{x:.2f}}, predicted %{{y:.2f}}<extra>{GROUPS[group]}</extra>",
            )
        )
    if len(probes.measured):
        both = (probes.measured, probes.predicted)
        figure.add_trace(_diagonal(max(float(v.min()) for v in both), min(float(v.max()) for v in both)))
    _score_axes(figure, "log")
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0, "itemsizing": "constant"})
    return _titled_scores(figure, label, "log", probes.n, probes.pearson)


def structure_figure(table: pd.DataFrame) -> go.Figure:
    """Draw the test correlations of models with and without predicted structure, by RBP (Fig. 1e,f).

    Parameters
    ----------
    table : from `rbind_core.quality.published_methods.structure_table`.
    """
    figure = go.Figure()
    places = np.arange(len(table))
    for offset, (column, colour) in zip((-0.16, 0.0, 0.16), STRUCTURE_COLOURS.items(), strict=True):
        known = table[table[column].notna()]
        figure.add_trace(
            go.Scatter(
                x=places[table[column].notna()] + offset,
                y=known[column].to_numpy(),
                mode="markers",
                name="sequence alone" if column == "sequence" else f"+ {column}",
                marker={"color": colour, "size": 11, "line": {"color": "white", "width": 1}},
                customdata=[[_label(row), _gain(row.get(f"{column}_gain", np.nan))] for _, row in known.iterrows()],
                hovertemplate="%{customdata[0]}<br>%{fullData.name}: %{y:.4f}%{customdata[1]}<extra></extra>",
            )
        )
    figure.update_xaxes(
        tickvals=places,
        ticktext=[escape(str(protein), quote=False) for protein in table["protein"]],
        range=[-0.6, len(table) - 0.4],
        fixedrange=True,
    )
    figure.update_yaxes(title_text=_PEARSON, fixedrange=True)
    figure.update_layout(legend={"orientation": "h", "y": -0.14, "yanchor": "top", "x": 0})
    return titled(figure, "What predicted structure adds", f"log-transformed scores; held-out probes; N = {len(table)} RBPs", 380)


def scales_figure(table: pd.DataFrame) -> go.Figure:
    """Draw the test correlations on the clip and on the log scale as violins with their boxes (Fig. 1d).

    Parameters
    ----------
    table : from `rbind_core.quality.published_methods.benchmark_table`; experiments that lack either are left out.

    Returns
    -------
    go.Figure
        One dot per experiment, with protein and id on hover.
    """
    shown = table.dropna(subset=[CLIP, LOG])
    figure = go.Figure(
        [_violin(shown, column, place, colour) for place, (column, colour) in enumerate(((CLIP, OTHER_COLOUR), (LOG, OUR_COLOUR)))]
    )
    figure.update_xaxes(
        tickvals=[0, 1],
        ticktext=[
            f"{name}<br>median <b>{shown[column].median():.3f}</b>"
            for name, column in ((SCALE_NAMES["clip"], CLIP), (SCALE_NAMES["log"], LOG))
        ],
        range=[-0.55, 1.55],
        fixedrange=True,
    )
    figure.update_yaxes(title_text=_PEARSON, range=_from_zero(shown[[CLIP, LOG]].to_numpy()), fixedrange=True)
    return titled(
        figure, f"Clip and log transform, {len(shown)} experiments", "each against its own scale of the scores; set B", 380
    )


def _label(row: pd.Series) -> str:
    return escape(f"{row['protein']} ({row['experiment']})", quote=False)


def _gain(gain: float) -> str:
    return f"<br>{gain:+.4f} against sequence alone" if np.isfinite(gain) else ""


def _violin(table: pd.DataFrame, column: str, place: int, colour: str, filled: bool = True) -> go.Violin:
    values = table[column].to_numpy()
    return go.Violin(
        y=values,
        x0=place,
        width=0.8,
        spanmode="hard",
        points="all",
        jitter=0.5,
        pointpos=0,
        box={"visible": True, "width": 0.3},
        line={"color": colour, "width": 1.2},
        fillcolor="rgba(134,142,150,0.12)",
        marker={"color": colour, "size": 5, "opacity": 0.75, "symbol": "circle" if filled else "circle-open"},
        hoveron="points",
        customdata=[_label(row) for _, row in table.iterrows()],
        hovertemplate="%{customdata}: %{y:.3f}<extra></extra>",
        showlegend=False,
        name=column,
    )


def _join_chosen(figure: go.Figure, row: pd.DataFrame, columns: list[str], first: int) -> None:
    if len(row):
        figure.add_trace(
            go.Scatter(
                x=np.arange(first, first + len(columns)),
                y=row[columns].to_numpy()[0],
                mode="lines+markers",
                line={"color": CHOSEN_COLOUR, "width": 1.5},
                marker={"color": CHOSEN_COLOUR, "size": 9, "line": {"color": "white", "width": 1}},
                hovertemplate=f"{_label(row.iloc[0])}: %{{y:.3f}}<extra></extra>",
                showlegend=False,
                name="chosen",
            )
        )


def _from_zero(values: np.ndarray) -> list[float]:
    """Limits that include all correlations and zero, with a margin."""
    known = values[np.isfinite(values)]
    low, high = (min(0.0, float(known.min())), float(known.max())) if len(known) else (0.0, 1.0)
    return [low - 0.02, min(1.0, high + 0.05)]


def _diagonal(low: float, high: float, colour: str = OTHER_COLOUR) -> go.Scatter:
    return go.Scatter(
        x=[low, high],
        y=[low, high],
        mode="lines",
        line={"color": colour, "width": 1, "dash": "dash"},
        hoverinfo="skip",
        showlegend=False,
        name="diagonal",
    )


def _score_axes(figure: go.Figure, scale: str) -> None:
    figure.update_xaxes(title_text=f"measured binding ({SCORE_OF_SCALE[scale]})", zeroline=False, fixedrange=True)
    figure.update_yaxes(title_text=f"predicted binding ({SCORE_OF_SCALE[scale]})", zeroline=False, fixedrange=True)


def _titled_scores(figure: go.Figure, label: str, scale: str, n: int, pearson: float) -> go.Figure:
    subtitle = f"{SCALE_NAMES[scale]} scores; N = {n:,} held-out probes; Pearson {pearson:.3f}"
    return titled(figure, f"{escape(label, quote=False)}: measured and predicted", subtitle, 460)
