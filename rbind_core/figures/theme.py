"""One visual language for all figures: nucleotide colours, fonts, margins, the way a title names its model."""

from __future__ import annotations

import re
import textwrap
from html import escape
from typing import Any

import plotly.graph_objects as go

PALETTES: dict[str, dict[str, str]] = {
    "classic": {"A": "#2b8a3e", "C": "#1c5fb8", "G": "#e8890c", "U": "#d6293e"},
    "colour-blind-safe": {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "U": "#CC79A7"},
}
DEFAULT_PALETTE = "classic"
CONSTRUCT_COLOURS = ("#3b5bdb", "#c2410c", "#0f766e", "#7c3aed", "#a16207", "#be185d", "#0277b5", "#4d7c0f")
SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "cross",
    "x",
    "star",
    "hexagon",
    "pentagon",
)  # with a colour each, so neither alone counts
NEUTRAL = "#868e96"  # lines at zero and references: seen on white and on black
TRANSPARENT = "rgba(0,0,0,0)"
GLOBAL_IMPORTANCE_COLOUR = "#2f9e44"  # the green triangle of the paper's figures
IMPORTANCE_AXIS = "change in predicted binding (z-score units)"
EFFECT_SCALE = [[0.0, "#2166ac"], [0.25, "#92c5de"], [0.5, "#f7f7f7"], [0.75, "#f4a582"], [1.0, "#b2182b"]]
FITTING = {"automargin": False, "ticklabeloverflow": "allow"}  # of an axis whose labels fit: measuring them takes half of a drawing
_READ_ON_BOTH = 0.2  # luminance
_NO_BREAK = "\N{NO-BREAK SPACE}"
_PHONE = 358  # pixels of a figure on a phone
_TITLE_LETTERS, _SUBTITLE_LETTERS = 44, 58  # of a line that fits there


def titled(figure: go.Figure, title: str, subtitle: str, height: int) -> go.Figure:
    """Give a figure its title, its subtitle (N, background, seed) and the common layout.

    Parameters
    ----------
    figure : changed in place.
    title : what is shown, with protein and experiment.
    height : pixels.

    Returns
    -------
    go.Figure
        The same figure.
    """
    figure.update_layout(
        overwrite=True,  # four times as fast as merging entry by entry
        title={
            "text": title,
            "font": {"size": 15},
            "subtitle": {"text": subtitle, "font": {"size": 12}},
            "x": 0,
            "xref": "container",
            "y": 0.98,
            "yanchor": "top",
        },
        height=height,
        margin={"l": 64, "r": 16, "t": 72, "b": 48},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        dragmode=False,
        hoverlabel={"namelength": -1},
    )
    return figure


def headed(figure: go.Figure, title: str, subtitle: str, height: int, above: int = 0, width: int = _PHONE) -> go.Figure:
    """Give a figure a title and a subtitle of plain text, in lines that fit on a phone, with room for them above the plot.

    Parameters
    ----------
    figure : changed in place.
    title, subtitle : plain text; what users give is escaped here.
    height : of the plot itself with its axes, in pixels; the room for both texts is added.
    above : pixels between them and the plot, for the titles of panels.
    width : pixels of the narrowest place in which the figure stands.

    Returns
    -------
    go.Figure
        The same figure.
    """
    first, second = broken(title, _TITLE_LETTERS * width // _PHONE), broken(subtitle, _SUBTITLE_LETTERS * width // _PHONE)
    top = 32 + 20 * len(first) + 16 * len(second) + above
    titled(figure, "<br>".join(first), "<br>".join(second), height + top)
    figure.layout.margin.t = top
    figure.layout.title.y = 1 - (10 + 20 * (len(first) - 1)) / (height + top)  # Plotly anchors the last line
    return figure


def broken(text: str, letters: int) -> list[str]:
    """Break a text into lines for Plotly.

    Parameters
    ----------
    text : plain text.
    letters : how many fit into a line.

    Returns
    -------
    list of str
        Lines with <, > and & escaped, since Plotly reads some HTML.
    """
    together = text.replace(" = ", f"{_NO_BREAK}={_NO_BREAK}")
    return [escape(line.replace(_NO_BREAK, " "), quote=False) for line in textwrap.wrap(together, letters)]


def faded(colour: str, opacity: float = 0.18) -> str:
    """Make a colour translucent.

    Parameters
    ----------
    colour : hexadecimal.
    opacity : 0 to 1.
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def legible(colour: str) -> str:
    """The tone of a colour in which text can be read on the white ground and on the dark one.

    Parameters
    ----------
    colour : hexadecimal.

    Returns
    -------
    str
        Hexadecimal, of a luminance that has a contrast of 4 to 1 with both.
    """
    linear = [_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    luminance = sum(share * light for share, light in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    if luminance < _READ_ON_BOTH:
        white = (_READ_ON_BOTH - luminance) / (1 - luminance)
        linear = [light + white * (1 - light) for light in linear]
    else:
        linear = [light * _READ_ON_BOTH / luminance for light in linear]
    return "#" + "".join(f"{round(255 * _displayed(light)):02x}" for light in linear)


def _linear(value: float) -> float:
    """The light of a displayed colour (sRGB), 0 to 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _displayed(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def palette_of(name: str) -> dict[str, str]:
    """Colours of the four letters.

    Parameters
    ----------
    name : one of `PALETTES`; the default where it is unknown.

    Returns
    -------
    dict
        Letter to hexadecimal colour.
    """
    return PALETTES.get(name, PALETTES[DEFAULT_PALETTE])


def file_name(text: str) -> str:
    """Make a file's name of a text that may hold the name of a protein, which may hold anything.

    Parameters
    ----------
    text : without ending.

    Returns
    -------
    str
        Letters and digits of any language, '-', '_', '+' and '.'; not '' and not a hidden file.
    """
    return re.sub(r"[^\w.+-]+", "_", text).strip("._")[:120] or "RBind"


def download_options(filename: str) -> dict[str, Any]:
    """Plotly configuration of the tool bar, with a vector download under a telling name.

    Parameters
    ----------
    filename : without ending.

    Returns
    -------
    dict
        For `config=` of a chart.
    """
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {"format": "svg", "filename": file_name(filename)},
    }
