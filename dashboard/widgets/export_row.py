"""The export row under each figure: SVG, PNG, link, command, Python, CSV, JSON, report."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rbind_core.figures.theme import file_name

Text = str | Callable[[], str]  # a text, or a function that makes it on demand


_HTML = """<div class="row" role="group" aria-label="Take this figure away"></div><div class="said" role="status"></div>"""
_CSS = """
.row { display: flex; flex-wrap: wrap; gap: .25rem; }
button { font: inherit; font-size: .78rem; padding: 0 .45rem; height: 1.65rem; border-radius: .5rem; cursor: pointer;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); color: var(--st-text-color); }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.said { font-size: .78rem; color: var(--st-text-color); opacity: .75; overflow-wrap: anywhere; }
"""
# The chart makes the pictures itself, through the download button of its tool bar.
_JS = """
export default function({ parentElement, data }) {
  const row = parentElement.querySelector('.row'), said = parentElement.querySelector('.said');
  const say = text => { said.textContent = text; };
  const chart = () => document.querySelector('.st-key-' + data.chart + ' .js-plotly-plot');
  const picture = format => {
    const plot = chart(), button = plot && plot.querySelector('.modebar-btn[data-title*="ownload"]');
    if (!button) { say('The figure is not ready yet.'); return; }
    plot._context.toImageButtonOptions = { format, filename: data.filename, scale: format === 'png' ? 3 : 1 };
    button.click();
  };
  const copy = async (text, what) => {
    try { await navigator.clipboard.writeText(text); }
    catch {
      const area = document.createElement('textarea');
      area.value = text; document.body.appendChild(area); area.select();
      document.execCommand('copy'); area.remove();
    }
    say(what + ' copied: ' + text);
  };
  const actions = [
    ['SVG', 'Save the figure as SVG', () => picture('svg')],
    ['PNG', 'Save the figure as PNG', () => picture('png')],
    ['Link', 'Copy the link to this page', () => copy(window.location.href, 'Link')],
    ['Command', 'Copy the command that gives these numbers', () => copy(data.command, 'Command')],
    ['Python', 'Copy the Python that gives these numbers', () => copy(data.python, 'Python')],
  ];
  row.replaceChildren(...actions.map(([text, title, act]) => {
    const button = document.createElement('button');
    button.type = 'button'; button.textContent = text; button.title = title; button.onclick = act;
    return button;
  }));
}
"""


def take_away(
    chart: str, filename: str, csv: Text, command: str, python: str, json: Text | None = None, report: Text | None = None
) -> None:
    """Draw the row under a chart.

    Parameters
    ----------
    filename : without ending.
    csv : the numbers behind the figure.
    json : the JSON object that the command prints.
    report : a self-contained HTML page.
    """
    filename = file_name(filename)
    component = st.components.v2.component("take_away", html=_HTML, css=_CSS, js=_JS)
    with st.container(key=f"take_away_{chart}", horizontal=True, gap="xsmall"):
        component(
            key=f"row_{chart}",
            data={"chart": chart, "filename": filename, "command": command, "python": python},
            width="content",
        )
        _file(chart, "CSV", "Save the numbers as CSV", csv, f"{filename}.csv", "text/csv")
        if json is not None:
            _file(chart, "JSON", "Save everything as JSON, as the command prints it", json, f"{filename}.json", "application/json")
        if report is not None:
            help = "Save a page with figure, numbers, settings, versions and citations that opens anywhere"
            _file(chart, "Report", help, report, f"{filename}.html", "text/html")


def _file(chart: str, label: str, help: str, text: Text, name: str, mime: str) -> None:
    st.download_button(label, text, name, mime, key=f"file_{label}_{chart}", help=help, on_click="ignore")
