"""Sequence logos: as Plotly traces for the screen, and by Logomaker for publication (SVG, PDF, PNG)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rbind_core.analyses.attribution import METHODS, Attribution
from rbind_core.analyses.mutagenesis import L2, SIGNED, Mutagenesis
from rbind_core.errors import RBindError
from rbind_core.figures.theme import DEFAULT_PALETTE, palette_of
from rbind_core.rna.sequences import ALPHABET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LETTER_WIDTH = 0.92


@cache
def _outline(letter: str) -> tuple[NDArray[np.float64], ...]:
    """Polygons of a bold letter in the unit box (x from -1/2 to 1/2, y from 0 to 1)."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    path = TextPath((0, 0), letter, size=100, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    polygons = path.to_polygons()
    low, high = path.get_extents().get_points()
    return tuple((polygon - low) / (high - low) - [0.5, 0.0] for polygon in polygons)


def letter_paths() -> dict[str, str]:
    """Outlines of the four letters as SVG paths in the unit box (x from -1/2 to 1/2, y upwards from 0 to 1).

    Returns
    -------
    dict
        Path data by letter, to be filled by the even-odd rule.
    """
    return {
        letter: "".join("M" + "L".join(f"{x:.3f},{y:.3f}" for x, y in polygon) + "Z" for polygon in _outline(letter))
        for letter in ALPHABET
    }


def logo_traces(heights: NDArray[np.floating], palette: str = DEFAULT_PALETTE) -> list[go.Scatter]:
    """Draw a logo of nucleotides as filled outlines, one trace per letter; see `letter_traces`.

    Parameters
    ----------
    heights : (L, 4) letter heights; position 1 is at x = 1.
    """
    return letter_traces([(0.0, heights)], palette_of(palette))


def letter_traces(logos: Sequence[tuple[float, NDArray[np.floating]]], colours: dict[str, str]) -> list[go.Scatter]:
    """Draw logos as filled outlines, one trace per letter; taller letters stand on smaller ones, negative ones hang upside down.

    Parameters
    ----------
    logos : y of the zero line, and (L, letters) letter heights, of each logo; position 1 is at x = 1.
    colours : by letter, in the order of the columns.
    """
    letters = list(colours)
    xs: dict[str, list[float | None]] = {letter: [] for letter in letters}
    ys: dict[str, list[float | None]] = {letter: [] for letter in letters}
    for zero, heights in logos:
        for position, column in enumerate(heights, start=1):
            ends = {1.0: zero, -1.0: zero}  # heights of the stacks above and below zero
            for index in np.argsort(np.abs(column), kind="stable"):
                height = float(column[index])
                if height == 0:
                    continue
                side = float(np.sign(height))
                for polygon in _outline(letters[index]):
                    xs[letters[index]] += [*(position + LETTER_WIDTH * polygon[:, 0]).tolist(), None]
                    ys[letters[index]] += [*(ends[side] + height * polygon[:, 1]).tolist(), None]
                ends[side] += height
    return [
        go.Scatter(
            x=np.array(xs[letter], dtype=np.float32),
            y=np.array(ys[letter], dtype=np.float32),
            mode="none",  # no outline, which Plotly would draw polygon by polygon
            fill="toself",
            fillcolor=colour,
            hoverinfo="skip",
            showlegend=False,
            name=letter,
        )
        for letter, colour in colours.items()
    ]


def wild_type_heights(result: Mutagenesis, view: str = L2) -> NDArray[np.float64]:
    """Heights of a mutagenesis logo: the wild-type letters, as high as they matter.

    Parameters
    ----------
    view : 'l2' for the L2 norm over the three variants, 'signed' for minus their mean effect.

    Returns
    -------
    NDArray
        (L, 4) float64, one letter per position.
    """
    return letters_of(result.sequence, result.heights_of(view))


def letters_of(sequence: str, heights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give each letter of a sequence its height in a logo.

    Parameters
    ----------
    sequence : of L nt.
    heights : (L,) of the letters; negative ones hang.

    Returns
    -------
    NDArray
        (L, 4) float64, one letter per position.
    """
    drawn = np.zeros((len(sequence), 4))
    drawn[np.arange(len(sequence)), [ALPHABET.index(letter) for letter in sequence]] = heights
    return drawn


def logo_of_mutagenesis(result: Mutagenesis, label: str, palette: str = DEFAULT_PALETTE, view: str = L2) -> Figure:
    """Draw the logo of an in silico mutagenesis with Logomaker, for publication.

    Parameters
    ----------
    label : protein and experiment.
    view : 'l2' or 'signed'; see `wild_type_heights`.

    Returns
    -------
    matplotlib.figure.Figure
        Independent of pyplot, so safe in threads.
    """
    title = f"{label}: in silico mutagenesis, wild-type score {result.wild_type:.2f}"
    what = "minus mean effect" if view == SIGNED else "L2 norm of effects"
    return _publication_logo(wild_type_heights(result, view), title, what, palette)


def logo_of_attribution(found: Attribution, label: str, palette: str = DEFAULT_PALETTE) -> Figure:
    """Draw the logo of a gradient-based attribution with Logomaker, for publication.

    Parameters
    ----------
    label : protein and experiment.

    Returns
    -------
    matplotlib.figure.Figure
        Independent of pyplot, so safe in threads.
    """
    title = f"{label}: {METHODS[found.method]}, score {found.score:.2f}"
    return _publication_logo(letters_of(found.sequence, found.values), title, "attribution", palette)


def _publication_logo(letters: NDArray[np.float64], title: str, what: str, palette: str) -> Figure:
    import logomaker
    import pandas as pd
    from matplotlib.figure import Figure

    heights = pd.DataFrame(letters, columns=list(ALPHABET), index=range(1, len(letters) + 1))
    figure = Figure(figsize=(max(4.0, 0.22 * len(heights)), 2.2), layout="constrained")
    axes = figure.subplots()
    logomaker.Logo(heights, ax=axes, color_scheme=palette_of(palette), flip_below=True)
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_xlabel("position (nt)", fontsize=8)
    axes.set_ylabel(f"{what}\n(z-score units)", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as SVG, PDF or PNG.

    Parameters
    ----------
    path : its ending decides the format.

    Raises
    ------
    RBindError
        If the format is unknown or the file cannot be written.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in ("svg", "pdf", "png"):
        raise RBindError(f"{path.name}: {path.suffix or 'no ending'} is not a known format; use .svg, .pdf or .png")
    try:
        figure.savefig(path, format=kind, dpi=300)
    except OSError as error:
        raise RBindError(f"{path} cannot be written ({error.strerror})") from None
