"""Common look of all figures: nucleotide colours, fonts, margins, titles."""

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
)  # with a colour each, so that colour is not the only sign
NEUTRAL = "#868e96"  # lines at zero and references, visible on white and black
TRANSPARENT = "rgba(0,0,0,0)"
GLOBAL_IMPORTANCE_COLOUR = "#2f9e44"  # the green triangle of the paper's figures
IMPORTANCE_AXIS = "change in predicted binding (z-score units)"
EFFECT_SCALE = [[0.0, "#2166ac"], [0.25, "#92c5de"], [0.5, "#f7f7f7"], [0.75, "#f4a582"], [1.0, "#b2182b"]]
FITTING = {"automargin": False, "ticklabeloverflow": "allow"}  # where labels fit: measuring them is half of the drawing
_READ_ON_BOTH = 0.2  # luminance
_NO_BREAK = "\N{NO-BREAK SPACE}"
_PHONE = 358  # pixels of a figure on a phone
_TITLE_LETTERS, _SUBTITLE_LETTERS = 44, 58  # letters of a line that fits there


def titled(figure: go.Figure, title: str, subtitle: str, height: int) -> go.Figure:
    """Give a figure its title, its subtitle (N, background, seed) and the common layout.

    Parameters
    ----------
    figure : modified in place.
    title : contents, with protein and experiment.
    height : pixels.
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
    """Give a figure a title and a subtitle in lines that fit on a phone, with room for them above the plot.

    Parameters
    ----------
    figure : modified in place.
    title, subtitle : plain text; escaped here.
    height : pixels of the plot with its axes; the room for both texts is added.
    above : pixels between the texts and the plot, for panel titles.
    width : pixels of the narrowest place for the figure.
    """
    first, second = broken(title, _TITLE_LETTERS * width // _PHONE), broken(subtitle, _SUBTITLE_LETTERS * width // _PHONE)
    top = 32 + 20 * len(first) + 16 * len(second) + above
    titled(figure, "<br>".join(first), "<br>".join(second), height + top)
    figure.layout.margin.t = top
    figure.layout.title.y = 1 - (10 + 20 * (len(first) - 1)) / (height + top)  # Plotly anchors the last line
    return figure


def broken(text: str, letters: int) -> list[str]:
    """Break a text into lines for Plotly, with <, > and & escaped, since Plotly reads some HTML.

    Parameters
    ----------
    text : plain text.
    letters : per line.
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
    """A tone of a colour in which text is readable on both the white and the dark background.

    Parameters
    ----------
    colour : hexadecimal.

    Returns
    -------
    str
        Hexadecimal, with a contrast of 4 to 1 with both.
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
    """Linear light of an sRGB value, 0 to 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _displayed(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def palette_of(name: str) -> dict[str, str]:
    """Hexadecimal colours by letter for one of `PALETTES`, or for the default where the name is unknown."""
    return PALETTES.get(name, PALETTES[DEFAULT_PALETTE])


def file_name(text: str) -> str:
    """Turn a text into a safe file name; names of proteins may contain anything.

    Parameters
    ----------
    text : without ending.

    Returns
    -------
    str
        Letters and digits of any language, '-', '_', '+' and '.'; neither '' nor a hidden file.
    """
    return re.sub(r"[^\w.+-]+", "_", text).strip("._")[:120] or "RBind"


def download_options(filename: str) -> dict[str, Any]:
    """Plotly's `config` of a chart, with a vector download of a given name.

    Parameters
    ----------
    filename : without ending.
    """
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {"format": "svg", "filename": file_name(filename)},
    }
