"""The figure of variants: the effect of each in its own RNA, beside that over background RNAs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rbind_core.figures.importance import LABEL_LETTERS, axis_label, category_axis, triangles
from rbind_core.figures.panels import Panel
from rbind_core.figures.theme import CONSTRUCT_COLOURS, IMPORTANCE_AXIS, NEUTRAL, faded, headed
from rbind_core.variants import VariantEffect

_APART = 0.13  # distance of a variant's two marks from its place
_LEGEND = {"orientation": "h", "x": 0, "y": 1.01, "xanchor": "left", "yanchor": "bottom", "font": {"size": 11}}


def variants_figure(effects: Sequence[VariantEffect], label: str, settings: str) -> go.Figure:
    """Draw the effect of each variant in its own RNA and marginalised, on one axis.

    Parameters
    ----------
    effects : at least one, with the same flank.
    label : protein and experiment.
    settings : background, N and seed, for the subtitle.

    Returns
    -------
    go.Figure
        Diamond: in its own RNA; triangle with its 95 % CI: over the backgrounds; bar: the middle 95 % of these.
    """
    panel = Panel(0, 0, 0)
    places = np.arange(len(effects))
    texts = [f"{effect.variant.label} with {effect.flank} nt on either side" for effect in effects]
    averaged = triangles(places + _APART, [effect.marginalised for effect in effects], texts, panel)
    averaged |= {"name": "context averaged out (95 % CI)", "showlegend": True, "legendrank": 2}
    layout = {
        "xaxis": category_axis([axis_label(effect.variant.label, LABEL_LETTERS) for effect in effects]) | {"fixedrange": True},
        "yaxis": {"title": {"text": IMPORTANCE_AXIS}, "zeroline": False, "range": _range(effects), "fixedrange": True},
        "shapes": [panel.zero_line()],
        "legend": _LEGEND,
    }
    figure = go.Figure([_spread(effects), averaged, _own(effects)], layout)
    flank = effects[0].flank
    return headed(figure, f"{label}: effect of variants", f"{settings}; flank {flank} nt", 330, above=60)


def _range(effects: Sequence[VariantEffect]) -> list[float]:
    """Range that includes all marks and 0, with room for the marks."""
    values = np.array([[0.0, effect.own.mean, effect.marginalised.mean, *effect.usual_range] for effect in effects])
    room = 0.08 * float(np.ptp(values)) or 1.0
    return [float(values.min()) - room, float(values.max()) + room]


def _own(effects: Sequence[VariantEffect]) -> dict[str, Any]:
    """Effects in their own RNAs; hollow, since they are predicted."""
    return {
        "type": "scatter",
        "x": np.arange(len(effects)) - _APART,
        "y": [effect.own.mean for effect in effects],
        "mode": "markers",
        "marker": {"symbol": "diamond-open", "size": 12, "color": CONSTRUCT_COLOURS[0], "line": {"width": 2.5}},
        "customdata": [
            [escape(e.variant.label, quote=False), float(e.own.without[0]), float(e.own.with_[0]), e.context_percentile]
            for e in effects
        ],
        "hovertemplate": "%{customdata[0]} in its own RNA: %{y:+.3f}<br>wild type %{customdata[1]:.3f}, mutant %{customdata[2]:.3f}"
        "<br>percentile %{customdata[3]:.0f} of single background RNAs<extra></extra>",
        "name": "in its own RNA",
        "legendrank": 1,
    }


def _spread(effects: Sequence[VariantEffect]) -> dict[str, Any]:
    """The middle 95 % of the effects in single background RNAs, as bars behind the triangles."""
    ends = np.array([effect.usual_range for effect in effects])
    return {
        "type": "bar",
        "x": np.arange(len(effects)) + _APART,
        "base": ends[:, 0],
        "y": ends[:, 1] - ends[:, 0],
        "width": 0.16,
        "marker": {"color": faded(NEUTRAL, 0.3), "line": {"width": 0}},
        "customdata": ends,
        "hovertemplate": "95 % of single background RNAs: %{customdata[0]:.3f} to %{customdata[1]:.3f}<extra></extra>",
        "name": "95 % of single background RNAs",
        "legendrank": 3,
    }
