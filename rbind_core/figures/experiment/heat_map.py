"""Single mutations of a motif: a map of their effects, and a logo of how much each letter matters (Fig. 2e, 3b)."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.backgrounds import LABELS
from rbind_core.experiments.experiment import Result
from rbind_core.experiments.kmer_mutagenesis import KmerMutagenesis
from rbind_core.experiments.robustness import Robustness
from rbind_core.figures.experiment.boxes import PANEL_COLUMNS, SMALL_TITLE_LETTERS
from rbind_core.figures.logos import logo_traces
from rbind_core.figures.panels import Panel, grid
from rbind_core.figures.theme import EFFECT_SCALE, NEUTRAL, palette_of
from rbind_core.motifs import mutation_heights
from rbind_core.rna.sequences import ALPHABET
from rbind_core.statistics import p_value_text

_HEIGHT, _SMALL_HEIGHT = 440, 400
_SCALE_TITLE = "difference to wild type (z)"
_DARK = 0.62  # share of the colour scale from which a cell is too dark for dark letters
_LOGO, _MAP = Panel(0, 0, 0), Panel(1, 1, 0)


def heat_map_figure(result: Result, palette: str) -> tuple[go.Figure, int]:
    """Draw the logo of a motif above the map of its single mutations.

    Parameters
    ----------
    result : of the experiment `kmer-ism`.

    Returns
    -------
    (go.Figure, int)
        Without its title, and its height in pixels.
    """
    experiment, effects = _effects(result)
    kmer, limit = experiment.wild_type, float(np.abs(effects).max()) or 1.0
    heights = mutation_heights(kmer, effects)
    traces: list[Any] = [*logo_traces(heights, palette), _norms(kmer, heights.max(axis=1))]
    traces += [_map(result, effects, limit, _MAP) | {"colorbar": _colour_bar(-0.29)}]
    traces += [_numbers(result, limit), _wild_type(kmer, _MAP, size=11)]
    x = {"range": [0.4, len(kmer) + 0.6], "showgrid": False, "zeroline": False, "fixedrange": True, "tickvals": _places(kmer)}
    layout = {
        _LOGO.x: x | {"domain": [0, 1], "anchor": "y", "showticklabels": False},
        _LOGO.y: {
            "domain": [0.66, 1],
            "title": {"text": "L2 norm (z)"},
            "rangemode": "tozero",
            "zeroline": False,
            "fixedrange": True,
            "nticks": 4,
        },
        _MAP.x: x | {"domain": [0, 1], "anchor": "y2", "ticktext": _letters(kmer, palette), "title": {"text": experiment.x_title}},
        _MAP.y: _mutated_to([0, 0.6]),
    }
    return go.Figure(traces, layout), _HEIGHT


def heat_maps_by_background(robustness: Robustness, palette: str) -> tuple[go.Figure, int]:
    """Draw a small map per background, all on one scale; without a title, with its height in pixels."""
    effects = {name: _effects(result)[1] for name, result in robustness.results.items()}
    limit = max(float(np.abs(one).max()) for one in effects.values()) or 1.0
    kmer = _effects(next(iter(robustness.results.values())))[0].wild_type
    placed = grid([LABELS[name] for name in effects], PANEL_COLUMNS, gap=0.03, row_gap=0.22, letters=SMALL_TITLE_LETTERS)
    layout, traces = dict(placed.layout), []
    for panel, (name, result) in zip(placed.panels, robustness.results.items(), strict=True):
        traces += [_map(result, effects[name], limit, panel, before=f"{LABELS[name]}<br>"), _wild_type(kmer, panel, size=5)]
        layout[panel.x] |= {
            "range": [0.4, len(kmer) + 0.6],
            "showgrid": False,
            "tickvals": _places(kmer),
            "ticktext": [letter.split("<br>")[0] for letter in _letters(kmer, palette)],
            "tickangle": 0,
            "tickfont": {"size": 10},
        }
        layout[panel.y] |= _mutated_to(layout[panel.y]["domain"]) | {"title": {"text": ""}, "showticklabels": panel.column == 0}
        layout[panel.y].pop("matches", None)
    layout[placed.panels[0].y]["title"] = {"text": "mutated to"}
    traces[0]["colorbar"] = _colour_bar(-0.2)
    return go.Figure(traces, layout), _SMALL_HEIGHT


def _effects(result: Result) -> tuple[KmerMutagenesis, NDArray[np.float64]]:
    if not isinstance(result.experiment, KmerMutagenesis):
        raise TypeError(f"{result.experiment.name} has no single mutations to draw")
    return result.experiment, result.experiment.effects(result)


def _map(result: Result, effects: NDArray[np.float64], limit: float, panel: Panel, before: str = "") -> dict[str, Any]:
    """The map of differences, with exact numbers on hover."""
    hover = np.full(effects.shape, "", dtype=object)
    for comparison in result.comparisons:
        position, letter = int(comparison.first[1:-1]) - 1, ALPHABET.index(comparison.first[-1])
        low, high = comparison.ci95
        hover[position, letter] = (
            f"{before}{comparison.first}: {comparison.mean:+.3f}<br>95 % CI {low:+.3f} to {high:+.3f}"
            f"<br>{p_value_text(comparison.holm).replace('<', '&lt;')} (Holm), N = {comparison.samples:,}"
        )
    for number, wild in enumerate(_effects(result)[0].wild_type):
        hover[number, ALPHABET.index(wild)] = f"{before}wild type {wild} at {number + 1}"
    return {
        "type": "heatmap",
        "x": _places(effects),
        "y": list(ALPHABET),
        "z": effects.T,
        "customdata": hover.T,
        "hovertemplate": "%{customdata}<extra></extra>",
        "colorscale": EFFECT_SCALE,
        "zmin": -limit,
        "zmid": 0,
        "zmax": limit,
        "xgap": 1,
        "ygap": 1,
        "showscale": panel in (_MAP, Panel(0, 0, 0)),
        **panel.axes,
    }


def _numbers(result: Result, limit: float) -> dict[str, Any]:
    """The differences as text on the map, in brackets where they are not clear."""
    written = [f"{c.mean:+.1f}" if c.is_significant else f"({c.mean:+.1f})" for c in result.comparisons]
    return {
        "type": "scatter",
        "x": [int(c.first[1:-1]) for c in result.comparisons],
        "y": [c.first[-1] for c in result.comparisons],
        "mode": "text",
        "text": written,
        "textfont": {"size": 12, "color": ["#ffffff" if abs(c.mean) > _DARK * limit else "#343a40" for c in result.comparisons]},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "difference",
        **_MAP.axes,
    }


def _wild_type(kmer: str, panel: Panel, size: int) -> dict[str, Any]:
    """Rings on the wild-type cells."""
    return {
        "type": "scatter",
        "x": _places(kmer),
        "y": list(kmer),
        "mode": "markers",
        "marker": {"symbol": "circle-open", "size": size, "color": "#495057", "line": {"width": 1.5}},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "wild type",
        **panel.axes,
    }


def _norms(kmer: str, norms: NDArray[np.float64]) -> dict[str, Any]:
    """Exact heights of the logo on hover."""
    return {
        "type": "scatter",
        "x": _places(kmer),
        "y": norms,
        "mode": "markers",
        "marker": {"size": 14, "color": NEUTRAL, "opacity": 0},
        "text": list(kmer),
        "hovertemplate": "%{text} at letter %{x}: L2 norm %{y:.3f}<extra></extra>",
        "showlegend": False,
        "name": "L2 norm",
        **_LOGO.axes,
    }


def _places(letters: Any) -> list[int]:
    return list(range(1, len(letters) + 1))


def _letters(kmer: str, palette: str) -> list[str]:
    colours = palette_of(palette)
    return [f'<span style="color:{colours[letter]}"><b>{letter}</b></span><br>{i}' for i, letter in enumerate(kmer, start=1)]


def _mutated_to(domain: list[float]) -> dict[str, Any]:
    return {
        "domain": domain,
        "title": {"text": "mutated to"},
        "categoryorder": "array",
        "categoryarray": list(reversed(ALPHABET)),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "type": "category",
    }


def _colour_bar(y: float) -> dict[str, Any]:
    return {
        "orientation": "h",
        "title": {"text": _SCALE_TITLE, "side": "bottom", "font": {"size": 12}},
        "thickness": 10,
        "len": 0.8,
        "x": 0.5,
        "y": y,
        "yanchor": "top",
    }
