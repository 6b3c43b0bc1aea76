"""Is N large enough: global importance and its 95 % confidence interval for growing N."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rbind_core.analyses.gia import Importance
from rbind_core.figures.experiment.boxes import legend_below
from rbind_core.figures.experiment.curves import band
from rbind_core.figures.importance import construct_colour
from rbind_core.figures.panels import Panel
from rbind_core.figures.theme import IMPORTANCE_AXIS, broken, headed
from rbind_core.statistics import Convergence, convergence

NAME_LETTERS = 44
_HEIGHT, _LEGEND_LINE = 340, 19
_FEW = 10  # intervals of fewer sequences are so wide that they would flatten the rest


def convergence_figure(importances: Sequence[Importance], label: str, settings: str) -> go.Figure:
    """Draw global importance and its 95 % confidence interval against N, for each construct.

    Parameters
    ----------
    importances : on the same background sequences; those on a single sequence are left out.
    label : protein and experiment id of the model.
    settings : background, N and seed, for the subtitle.

    Returns
    -------
    go.Figure
        With N on a logarithmic axis.
    """
    curves = [(number, one, convergence(one)) for number, one in enumerate(importances) if one.samples > 1]
    traces = []
    for number, one, found in curves:
        colour, name = construct_colour(number), "<br>".join(broken(one.construct.label, NAME_LETTERS))
        text = "<br>".join(broken(str(one.construct), NAME_LETTERS))
        traces.append(band(found.n, found.low, found.high, colour, str(number)))
        traces.append(
            {
                "type": "scatter",
                "x": found.n,
                "y": found.mean,
                "mode": "lines",
                "line": {"color": colour, "width": 2},
                "name": name,
                "legendgroup": str(number),
                "customdata": np.column_stack([found.low, found.high]),
                "hovertemplate": f"{text}<br>N = %{{x:,}}: %{{y:.3f}}"
                "<br>95 % CI %{customdata[0]:.3f} to %{customdata[1]:.3f}<extra></extra>",
                "showlegend": True,
            }
        )
    layout = {
        "xaxis": {
            "title": {"text": "number of background RNAs, N"},
            "type": "log",
            "dtick": 1,
            "tickformat": ",",
            "minor": {"ticks": "outside"},
            "fixedrange": True,
        },
        "yaxis": {
            "title": {"text": IMPORTANCE_AXIS},
            "range": _limits([found for _, _, found in curves]),
            "zeroline": False,
            "fixedrange": True,
        },
        "shapes": [Panel(0, 0, 0).zero_line()],
        "legend": legend_below(),
    }
    if not curves:
        note = "one sequence: there is nothing to average"
        layout["annotations"] = [{"text": note, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False}]
    return headed(go.Figure(traces, layout), f"{label}: does N suffice?", settings, _HEIGHT + _LEGEND_LINE * len(curves))


def _limits(curves: Sequence[Convergence]) -> list[float] | None:
    """Limits that include all intervals but those of the first few sequences; None, for automatic limits, where there are none."""
    if not curves:
        return None
    low = min(float(found.low[found.n >= min(_FEW, found.n[-1])].min()) for found in curves)
    high = max(float(found.high[found.n >= min(_FEW, found.n[-1])].max()) for found in curves)
    margin = 0.05 * (high - low) or 1.0
    return [low - margin, high + margin]
