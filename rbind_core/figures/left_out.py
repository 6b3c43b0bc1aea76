"""What is to be expected of taught models: test Pearson of proteins that were left out, against that of measured heads."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rbind_core.figures.theme import CONSTRUCT_COLOURS, titled
from rbind_core.quality.left_out import HEAD, TAUGHT, TEACHER

_COLOURS = {TAUGHT: CONSTRUCT_COLOURS[0], TEACHER: "#868e96"}
_NAMES = {TAUGHT: "taught, protein left out", TEACHER: "DeepBind as published"}


def left_out_figure(table: pd.DataFrame) -> go.Figure:
    """Draw each experiment's taught head and its teacher against the head trained on measured scores, with the line of equality.

    Parameters
    ----------
    table : from `rbind_core.quality.left_out.left_out_table`.
    """
    figure = go.Figure()
    top = float(np.nanmax(table[[HEAD, TAUGHT, TEACHER]].to_numpy())) + 0.04
    figure.add_shape(type="line", x0=0, y0=0, x1=top, y1=top, line={"color": "#868e96", "width": 1, "dash": "dot"})
    for column in (TEACHER, TAUGHT):
        figure.add_scatter(
            x=table[HEAD],
            y=table[column],
            mode="markers",
            name=_NAMES[column],
            marker={"size": 8, "color": _COLOURS[column], "symbol": "circle" if column == TAUGHT else "x-thin-open"},
            customdata=[[escape(str(p), quote=False), e] for p, e in zip(table["protein"], table["experiment"], strict=True)],
            hovertemplate="%{customdata[0]} (%{customdata[1]})<br>measured %{x:.3f}<br>here %{y:.3f}<extra></extra>",
        )
    figure.update_xaxes(title_text="test Pearson of the head trained on measured scores", range=[-0.02, top], fixedrange=True)
    figure.update_yaxes(title_text="test Pearson, scores not used", range=[-0.1, top], fixedrange=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return titled(
        figure, "Taught models: what to expect", f"{len(table)} experiments, each protein left out with its paralogues; set B", 420
    )
