"""The HTML of a report: sections, figures, tables, and the self-contained document around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.offline import get_plotlyjs

_HEADINGS = {
    "label": "arm",
    "null_mean": "mean score of the null",
    "ci95": "95 % CI",
    "p_value": "p",
    "positive_share": "share of RNAs with an effect above 0",
    "mean_score": "mean predicted score",
    "known_probes_above": "share of measured probes above that score",
    "beyond_measured": "beyond the measured range",
    "p_holm": "p (Holm)",
    "effect_size": "effect size (d)",
    "samples": "N",
    "r_squared": "R²",
}
_SMALLEST_P = "&lt; 1e-300"
_FIGURE_TEMPLATE, _FIGURE_FONT = "plotly_white", "system-ui, sans-serif"
_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #212529; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.question { font-style: italic; } .settings, .caution, .units { color: #495057; font-size: .9rem; }
.caution { border-left: 3px solid #868e96; padding-left: .75rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .8rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #dee2e6; }
td { font-variant-numeric: tabular-nums; } td:has(data) { white-space: nowrap; } .facts td { overflow-wrap: anywhere; }
pre { background: #f1f3f5; padding: .75rem; overflow-x: auto; font-size: .8rem; }
footer { margin-top: 2rem; font-size: .8rem; color: #495057; }
@page { margin: 12mm; }
@media print {
  main { padding: 0; } .modebar { display: none; } .figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  .wide { overflow: visible; } .wide table { font-size: .6rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
"""


@dataclass(frozen=True)
class Section:
    """A part of a report: text, a figure, a table, and caveats.

    `rows` are rows of a table, all with the same keys; `caution` is one paragraph.
    """

    heading: str
    figure: go.Figure | None = None
    rows: Sequence[Mapping[str, Any]] | None = None
    sentences: Sequence[str] = ()
    caution: str = ""


def document(title: str, parts: Sequence[str], with_figures: bool) -> str:
    """Assemble the parts of a report into an HTML document that loads nothing.

    Parameters
    ----------
    title : plain text.
    parts : HTML.
    """
    library = f"<script>{get_plotlyjs()}</script>\n" if with_figures else ""
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n{library}"
    )
    body = "\n".join(part for part in parts if part)
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n'


def section_markup(section: Section, number: int) -> str:
    """Markup of a section with its figure and table.

    Parameters
    ----------
    number : of the section and its figure, from 1.
    """
    parts = [f"<h2>{escape(section.heading)}</h2>", *(paragraph(sentence) for sentence in section.sentences)]
    if section.figure is not None:
        parts.append(_figure(section.figure, number))
    if section.rows:
        parts.append(table_markup(section.rows))
    if section.caution:
        parts.append(paragraph(f"What it does not say. {section.caution}", "caution"))
    return "\n".join(parts)


def _figure(figure: go.Figure, number: int) -> str:
    drawn = figure.to_dict()
    drawn["layout"] |= {"template": pio.templates[_FIGURE_TEMPLATE].to_plotly_json(), "font": {"family": _FIGURE_FONT}}
    config = {"displaylogo": False, "responsive": True, "toImageButtonOptions": {"format": "svg", "filename": f"figure-{number}"}}
    height = f"{figure.layout.height or 450}px"
    markup = pio.to_html(
        drawn, config, full_html=False, include_plotlyjs=False, div_id=f"figure-{number}", default_height=height, validate=False
    )
    return f'<div class="figure">{markup}</div>'


def table_markup(rows: Sequence[Mapping[str, Any]]) -> str:
    """Markup of a table of records.

    Parameters
    ----------
    rows : at least one, all with the same keys.

    Returns
    -------
    str
        Numbers are rounded to four digits for reading and kept in full for machines.
    """
    columns = list(rows[0])
    head = "".join(f"<th>{escape(_HEADINGS.get(column, column.replace('_', ' ')))}</th>" for column in columns)
    body = "\n".join("<tr>" + "".join(f"<td>{_cell(column, row[column])}</td>" for column in columns) + "</tr>" for row in rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _cell(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value != value:
        return "not defined"
    if isinstance(value, float):
        shown = _SMALLEST_P if value == 0 and column.startswith("p_") else f"{value:.4g}"
        return f'<data value="{value!r}">{shown}</data>'
    if isinstance(value, list | tuple):
        return " to ".join(_cell(column, end) for end in value)
    return f"{value:,}" if isinstance(value, int) else escape(str(value)).replace("+", "+<wbr>")


def facts_markup(facts: Mapping[str, Any]) -> str:
    """Markup of a table of names and values.

    Parameters
    ----------
    facts : plain text.
    """
    rows = "\n".join(f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in facts.items())
    return f'<table class="facts">\n<tbody>\n{rows}\n</tbody>\n</table>'


def citations_markup(citations: Mapping[str, str]) -> str:
    """Markup of a list of citations with links to their DOIs.

    Parameters
    ----------
    citations : DOIs by text.
    """
    items = "\n".join(
        f'<li>{escape(text)} <a href="https://doi.org/{escape(doi)}">doi:{escape(doi)}</a></li>' for text, doi in citations.items()
    )
    return f"<ul>\n{items}\n</ul>"


def paragraph(text: str, kind: str = "") -> str:
    """Markup of a paragraph, '' for an empty text.

    Parameters
    ----------
    text : plain text.
    kind : its class in the style sheet.
    """
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{escape(text)}</p>" if text else ""
