"""Small figures of an RBP's profile, each drawn from its row of the atlas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rbind_core.atlas.entries import arms_of, effects_of
from rbind_core.atlas.measure import KMERS, REFERENCE, Row
from rbind_core.backgrounds import LABELS, PAPER_NAMES
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.sites import Spacing
from rbind_core.experiments.structure import StemLoop
from rbind_core.figures.experiment.curves import curve
from rbind_core.figures.importance import triangles
from rbind_core.figures.logos import logo_traces
from rbind_core.figures.panels import Panel
from rbind_core.figures.theme import (
    CONSTRUCT_COLOURS,
    DEFAULT_PALETTE,
    EFFECT_SCALE,
    FITTING,
    NEUTRAL,
    broken,
    headed,
)
from rbind_core.motifs import mutation_heights
from rbind_core.rna.sequences import ALPHABET
from rbind_core.statistics import Effect

HEIGHT, WIDTH = 230, 296  # pixels of the plot itself, and of its column
SHOWN_KMERS = 3
_LETTERS = 10  # letters of a line under a category
_ONE, _LOGO, _MAP = Panel(0, 0, 0), Panel(0, 0, 0), Panel(1, 1, 0)
_SUM = "sum of each alone"
_SHORT = {"dinucleotide": "dinucl."} | {f"quartile{i}": f"Q{i}" for i in range(1, 5)}


_BARS = "; 95 % CI"


def _said(entry: Row, what: str, background: str = f"{REFERENCE} background, ", drawn: str = _BARS) -> str:
    return f"{what}; {background}N = {entry['samples']:,}, seed {entry['seed']}{drawn}"


def _label(entry: Row) -> str:
    return f"{entry['protein']} ({entry['experiment']})"


def _finished(
    entry: Row, traces: Sequence[Any], layout: dict[str, Any], title: str, subtitle: str, height: int = HEIGHT
) -> go.Figure:
    y = {
        "title": {"text": "change in binding (z-score units)", "font": {"size": 11}},
        "rangemode": "tozero",
        "zeroline": False,
        "fixedrange": True,
    }
    figure = go.Figure(
        list(traces), {"yaxis": y, "shapes": [_ONE.zero_line()], "hovermode": "closest", "showlegend": False} | layout
    )
    figure.update_xaxes(FITTING)
    figure.update_yaxes(FITTING)
    figure = headed(figure, f"{_label(entry)}: {title}", subtitle, height, width=WIDTH)
    figure.layout.margin.l = 56
    return figure


def sites_figure(entry: Row) -> go.Figure:
    """Draw global importance against the number of sites, with a line through no effect at no site (Fig. 2b).

    Returns
    -------
    go.Figure
        For the top 6-mer, and for the paper's weaker motif where it names one.
    """
    effects, arms = effects_of(entry, "sites"), arms_of(entry, "sites")
    fits = {fit["series"]: fit for fit in entry["fits"] if fit["study"] == "sites" and fit["background"] == REFERENCE}
    traces: list[Any] = []
    for (series, fit), colour in zip(fits.items(), CONSTRUCT_COLOURS, strict=False):
        own = [arm for arm in arms if arm["series"] == series]
        counts = np.array([arm["x"] for arm in own])
        ends = np.array([0, counts.max()])
        line = {"color": colour, "width": 1.5, "dash": "dot"}
        traces.append(
            {
                "type": "scatter",
                "x": ends,
                "y": fit["intercept"] + fit["slope"] * ends,
                "mode": "lines",
                "line": line,
                "hoverinfo": "skip",
                "name": f"line through {series}",
            }
        )
        points = triangles(counts, [effects[arm["label"]] for arm in own], [arm["pattern"] for arm in own], _ONE)
        traces.append(points | {"marker": points["marker"] | {"color": colour}, "name": series})
    layout = {"xaxis": {"title": {"text": "number of sites"}, "tickvals": [0, 1, 2, 3], "range": [-0.2, 3.3], "fixedrange": True}}
    known = [one for one in entry["claims"] if one["study"] == "sites" and one["background"] == REFERENCE]
    said = "; ".join(f"{one['claim']} {one['says']}{_per_cent(one['value'])}" for one in known)
    return _finished(entry, traces, layout, "sites", _said(entry, said))


def _per_cent(deviation: float | None) -> str:
    return f" ({deviation:+.0f} %)" if deviation is not None and np.isfinite(deviation) else ""


def spacing_figure(entry: Row) -> go.Figure:
    """Draw two sites at every gap, and as a dashed line the sum of each alone (Fig. 2d)."""
    effects, arms = effects_of(entry, "spacing"), arms_of(entry, "spacing")
    pairs = sorted((arm for arm in arms if arm["series"] == Spacing.PAIR), key=lambda arm: arm["x"])
    alone = sorted((arm for arm in arms if arm["series"] == Spacing.SUM), key=lambda arm: arm["x"])
    both = curve(
        np.array([arm["x"] for arm in pairs]),
        [effects[arm["label"]] for arm in pairs],
        [arm["pattern"] for arm in pairs],
        Spacing.PAIR,
        CONSTRUCT_COLOURS[0],
    )
    added = {
        "type": "scatter",
        "x": np.array([arm["x"] for arm in alone]),
        "y": effects["one site"].mean + np.array([effects[arm["label"]].mean for arm in alone]),
        "mode": "lines",
        "line": {"color": NEUTRAL, "width": 1.5, "dash": "dash"},
        "name": _SUM,
        "hovertemplate": f"{_SUM}, gap %{{x}}: %{{y:.3f}}<extra></extra>",
    }
    layout = {"xaxis": {"title": {"text": "gap between two sites (nt)"}, "zeroline": False, "fixedrange": True}}
    return _finished(entry, [*both, added], layout, "spacing", _said(entry, f"two {entry['top_kmer']}; dashed: {_SUM}"))


def position_figure(entry: Row) -> go.Figure:
    """Draw the top 6-mer at every start position, with its confidence band."""
    effects, arms = effects_of(entry, "position"), arms_of(entry, "position")
    starts = np.array([arm["x"] for arm in arms])
    own = [effects[arm["label"]] for arm in arms]
    traces = curve(starts, own, [arm["pattern"] for arm in arms], entry["top_kmer"], CONSTRUCT_COLOURS[0])
    layout = {"xaxis": {"title": {"text": "position of the first nucleotide"}, "zeroline": False, "fixedrange": True}}
    return _finished(entry, traces, layout, "position", _said(entry, entry["top_kmer"]))


def gc_figure(entry: Row) -> go.Figure:
    """Draw the top 6-mer with and without GC-rich ends, four global importances (Fig. 4c)."""
    names = {
        GcBias.ALONE: entry["top_kmer"],
        GcBias.FIVE: "GC at 5' end",
        GcBias.THREE: "GC at 3' end",
        GcBias.WITHOUT: "GC at 3' end, no motif",
    }
    said = f"{entry['top_kmer']}; × {entry['gc_five']:.2f} with a GC-rich 5' end, × {entry['gc_three']:.2f} with a 3' one"
    return _categories(entry, "gcbias", names, "GC-bias", said)


def stem_figure(entry: Row) -> go.Figure:
    """Draw the motif in a loop and in a stem, and the same letters without a hairpin: four global importances (Fig. 3c)."""
    names = {
        StemLoop.LOOP: "in the loop",
        StemLoop.OPEN_LOOP: "same place, no hairpin",
        StemLoop.STEM: "in the stem",
        StemLoop.OPEN_STEM: "same letters, no hairpin",
    }
    motif = arms_of(entry, "stemloop")[0]["pattern"].split("+")[1].split("@")[0]
    return _categories(entry, "stemloop", names, "pairing around the motif", f"{motif}; {entry['pairing_verdict']}")


def _categories(entry: Row, study: str, names: dict[str, str], title: str, said: str) -> go.Figure:
    effects = effects_of(entry, study)
    patterns = {arm["label"]: arm["pattern"] for arm in arms_of(entry, study)}
    shown: list[Effect] = [effects[label] for label in names]
    texts = [f"{name}: {patterns[label]}" for label, name in names.items()]
    places = np.arange(len(names))
    layout = {
        "xaxis": {
            "tickvals": places,
            "ticktext": ["<br>".join(broken(name, _LETTERS)) for name in names.values()],
            "tickfont": {"size": 10},
            "tickangle": 0,
            "range": [-0.6, len(names) - 0.4],
            "showgrid": False,
            "fixedrange": True,
        }
    }
    return _finished(entry, [triangles(places, shown, texts, _ONE)], layout, title, _said(entry, said))


def backgrounds_figure(entry: Row) -> go.Figure:
    """Draw the best 6-mers under the paper's seven backgrounds, a line per 6-mer (Fig. S1-S5)."""
    places = np.arange(len(PAPER_NAMES))
    under = [effects_of(entry, KMERS, name) for name in PAPER_NAMES]
    traces = []
    for row, colour in zip(entry["top_kmers"][:SHOWN_KMERS], CONSTRUCT_COLOURS, strict=False):
        kmer = row["kmer"]
        points = triangles(places, [effects[kmer] for effects in under], [f"{kmer}, {LABELS[name]}" for name in PAPER_NAMES], _ONE)
        points |= {"mode": "lines+markers", "line": {"color": colour, "width": 1.2}, "name": kmer, "showlegend": True}
        points["marker"] = points["marker"] | {"color": colour, "size": 8}
        points["error_y"] = points["error_y"] | {"color": colour}
        traces.append(points)
    layout = {
        "xaxis": {
            "tickvals": places,
            "ticktext": [_SHORT.get(name, name) for name in PAPER_NAMES],
            "tickfont": {"size": 10},
            "tickangle": 0,
            "fixedrange": True,
        },
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "font": {"size": 10}},
    }
    figure = _finished(entry, traces, layout, "backgrounds", _said(entry, f"best {SHOWN_KMERS} 6-mers at 18-23", background=""))
    figure.update_layout(margin={"t": figure.layout.margin.t + 22}, height=figure.layout.height + 22)
    return figure


def mutations_figure(entry: Row, palette: str = DEFAULT_PALETTE) -> go.Figure:
    """Draw the logo of the top 6-mer, wild type subtracted, above the map of its single mutations (Fig. 2e, 3b)."""
    kmer, effects = entry["top_kmer"], np.asarray(entry["kmer_effects"], np.float64)
    places, limit = np.arange(1, len(kmer) + 1), float(np.abs(effects).max()) or 1.0
    traces: list[Any] = [*logo_traces(mutation_heights(kmer, effects), palette)]
    traces.append(
        {
            "type": "heatmap",
            "x": places,
            "y": list(ALPHABET),
            "z": effects.T,
            "colorscale": EFFECT_SCALE,
            "zmin": -limit,
            "zmax": limit,
            "xgap": 1,
            "ygap": 1,
            "hovertemplate": "letter %{x} to %{y}: %{z:+.3f}<extra></extra>",
            "colorbar": {"title": {"text": "z", "font": {"size": 11}}, "thickness": 8, "len": 0.6, "y": 0.28},
            **_MAP.axes,
        }
    )
    x = {"range": [0.4, len(kmer) + 0.6], "showgrid": False, "zeroline": False, "fixedrange": True, "tickvals": places}
    layout = {
        _LOGO.x: x | {"domain": [0, 1], "anchor": "y", "showticklabels": False},
        _LOGO.y: {
            "domain": [0.62, 1],
            "title": {"text": "L2 norm (z)", "font": {"size": 11}},
            "zeroline": False,
            "fixedrange": True,
        },
        _MAP.x: x | {"domain": [0, 1], "anchor": "y2", "ticktext": [f"{letter}{i}" for i, letter in enumerate(kmer, 1)]},
        _MAP.y: {
            "domain": [0, 0.55],
            "title": {"text": "mutated to", "font": {"size": 11}},
            "categoryorder": "array",
            "categoryarray": list(reversed(ALPHABET)),
            "fixedrange": True,
            "showgrid": False,
        },
        "shapes": [],
    }
    return _finished(entry, traces, layout, "mutations", _said(entry, f"{kmer}, difference to wild type", drawn=""), 330)


FIGURES: dict[str, Callable[[Row], go.Figure]] = {
    "sites": sites_figure,
    "spacing": spacing_figure,
    "position": position_figure,
    "gcbias": gc_figure,
    "stemloop": stem_figure,
}
"""Name of an experiment to its small figure."""
