"""The row under each figure that takes it away: SVG, PNG, CSV, link, command, Python."""

from __future__ import annotations

import re

import streamlit as st

_HTML = """<div class="row" role="group" aria-label="Take this figure away"></div><div class="said" role="status"></div>"""
_CSS = """
.row { display: flex; flex-wrap: wrap; gap: .4rem; }
button { font: inherit; font-size: .82rem; padding: .28rem .7rem; border-radius: .5rem; cursor: pointer;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); color: var(--st-text-color); }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.said { min-height: 1.2rem; font-size: .78rem; color: var(--st-text-color); opacity: .75; padding-top: .15rem;
  overflow-wrap: anywhere; }
"""
# The pictures are made by the chart itself, through the download button of its own tool bar.
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
  const save = (text, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    link.download = name; link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000);
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
    ['CSV', 'Save the numbers as CSV', () => save(data.csv, data.filename + '.csv')],
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


def take_away(chart: str, filename: str, csv: str, command: str, python: str) -> None:
    """Draw the row under a chart.

    Parameters
    ----------
    chart : key of the Plotly chart.
    filename : without ending.
    csv : the numbers behind the figure.
    command : the command line that gives the same numbers.
    python : the snippet that gives the same numbers.
    """
    data = {"chart": chart, "filename": filename, "csv": csv, "command": command, "python": python}
    component = st.components.v2.component("take_away", html=_HTML, css=_CSS, js=_JS)
    component(key=f"take_away_{chart}", data=data)


def plain(text: str) -> str:
    """Escape text for Markdown, so that every sign shows as it is.

    Parameters
    ----------
    text : such as a name that a user gave.

    Returns
    -------
    str
        Markdown.
    """
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:])", r"\\\1", text)


def python_command(expression: str) -> str:
    """Write the command that prints a result of the benchmark.

    Parameters
    ----------
    expression : Python.

    Returns
    -------
    str
        For a shell, in the project's folder.
    """
    imports = "from rbind_core.benchmark import *; from rbind_core.densities import *; from rbind_core.model.registry import *"
    return f".venv/bin/python -c '{imports}; print({expression})'"
