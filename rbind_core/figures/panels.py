"""Several panels in one figure: places of their axes, their titles and lines at zero, as one plain layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rbind_core.figures.theme import NEUTRAL, broken


@dataclass(frozen=True)
class Panel:
    """One panel of a figure: the names of its axes ('x', 'x2', ...), its number from 0, its row and column."""

    number: int
    row: int
    column: int

    @property
    def axes(self) -> dict[str, str]:
        """The entries `xaxis` and `yaxis` of a trace in this panel."""
        return {"xaxis": f"x{self._suffix}", "yaxis": f"y{self._suffix}"}

    @property
    def x(self) -> str:
        """Name of the horizontal axis in a layout."""
        return f"xaxis{self._suffix}"

    @property
    def y(self) -> str:
        """Name of the vertical axis in a layout."""
        return f"yaxis{self._suffix}"

    @property
    def _suffix(self) -> str:
        return str(self.number + 1) if self.number else ""

    def zero_line(self) -> dict[str, Any]:
        """A line at zero across the panel."""
        return horizontal_line(0, self)


@dataclass(frozen=True)
class Grid:
    """Panels, row by row, and the layout that places them."""

    panels: tuple[Panel, ...]
    layout: dict[str, Any]


def horizontal_line(y: float, panel: Panel, dash: str = "solid") -> dict[str, Any]:
    """A grey line across a panel at a value of its vertical axis."""
    x, axis = panel.axes["xaxis"], panel.axes["yaxis"]
    line = {"color": NEUTRAL, "width": 1, "dash": dash}
    return {"type": "line", "xref": f"{x} domain", "x0": 0, "x1": 1, "yref": axis, "y0": y, "y1": y, "line": line, "layer": "below"}


def grid(
    titles: Sequence[str], columns: int, *, gap: float = 0.04, row_gap: float = 0.16, shared_y: bool = True, letters: int = 40
) -> Grid:
    """Place panels of equal size, row by row.

    Parameters
    ----------
    titles : one per panel, plain text.
    columns : number of panels side by side.
    gap, row_gap : between panels, as a share of the width and the height.
    shared_y : whether all share the vertical axis of the first.
    letters : per line of a title.

    Returns
    -------
    Grid
        The layout holds axes and titles (`annotations`).
    """
    rows = -(-len(titles) // columns)
    width, height = (1 - gap * (columns - 1)) / columns, (1 - row_gap * (rows - 1)) / rows
    panels, layout, annotations = [], {}, []
    for number, title in enumerate(titles):
        panel = Panel(number, number // columns, number % columns)
        left, bottom = panel.column * (width + gap), 1 - panel.row * (height + row_gap) - height
        layout[panel.x] = {"domain": [left, left + width], "anchor": panel.axes["yaxis"], "fixedrange": True, "zeroline": False}
        layout[panel.y] = {
            "domain": [max(bottom, 0), bottom + height],
            "anchor": panel.axes["xaxis"],
            "fixedrange": True,
            "zeroline": False,
        }
        if shared_y and number:
            layout[panel.y] |= {"matches": "y", "showticklabels": panel.column == 0}
        annotations.append(
            {
                "text": "<br>".join(broken(title, letters)),
                "xref": "paper",
                "yref": "paper",
                "x": left + width / 2,
                "y": bottom + height,
                "xanchor": "center",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 11},
            }
        )
        panels.append(panel)
    return Grid(tuple(panels), layout | {"annotations": annotations})
