"""Choose and draw the kind of figure that an experiment has."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from rbind_core.experiments.experiment import Experiment, Result
from rbind_core.experiments.robustness import Robustness
from rbind_core.figures.experiment.affinities import affinities_by_background, affinities_figure
from rbind_core.figures.experiment.boxes import boxes_by_background, boxes_figure
from rbind_core.figures.experiment.curves import curves_by_background, curves_figure
from rbind_core.figures.experiment.heat_map import heat_map_figure, heat_maps_by_background
from rbind_core.figures.theme import DEFAULT_PALETTE, headed
from rbind_core.statistics.between_networks import BetweenNetworks


def experiment_figure(
    result: Result,
    label: str,
    settings: str,
    every_point: bool = False,
    palette: str = DEFAULT_PALETTE,
    others: Sequence[BetweenNetworks] = (),
) -> go.Figure:
    """Draw the result of an experiment like the paper's figure.

    Parameters
    ----------
    label : protein and experiment id of the model.
    settings : background, N and seed, for the subtitle.
    every_point : whether to draw each local importance, where there are boxes.
    others : the effect of each arm in several networks, drawn where there are boxes or curves.
    """
    match result.experiment.drawn_as:
        case "curve":
            figure, height = curves_figure(result, palette, others)
        case "line":
            figure, height = affinities_figure(result)
        case "heat map":
            figure, height = heat_map_figure(result, palette)
        case _:
            figure, height = boxes_figure(result, every_point, others)
    return headed(figure, _title(label, result.experiment), _subtitle(result.experiment, settings), height, _above(figure))


def robustness_figure(robustness: Robustness, label: str, settings: str, palette: str = DEFAULT_PALETTE) -> go.Figure:
    """Draw an experiment under all of the paper's backgrounds side by side.

    Parameters
    ----------
    label : protein and experiment id of the model.
    settings : N and seed, for the subtitle.

    Returns
    -------
    go.Figure
        Small panels on one scale, or one curve per background.
    """
    match robustness.experiment.drawn_as:
        case "curve":
            figure, height = curves_by_background(robustness, palette)
        case "line":
            figure, height = affinities_by_background(robustness)
        case "heat map":
            figure, height = heat_maps_by_background(robustness, palette)
        case _:
            figure, height = boxes_by_background(robustness)
    subtitle = _subtitle(robustness.experiment, settings)
    return headed(figure, _title(label, robustness.experiment), subtitle, height, _above(figure))


def _title(label: str, experiment: Experiment) -> str:
    return f"{label}: {experiment.title}"


def _subtitle(experiment: Experiment, settings: str) -> str:
    motif = str(experiment.settings.get("motif", ""))
    bands = "bands are 95 % CI" if experiment.drawn_as == "curve" else ""
    return "; ".join(filter(None, (motif.upper().replace("T", "U"), bands, settings)))


def _above(figure: go.Figure) -> int:
    """Room for the text above the plot, in pixels."""
    titles = [one.text for one in figure.layout.annotations if one.y == 1 and one.yanchor == "bottom"]
    return 14 * max((title.count("<br>") + 1 for title in titles if title), default=0)
