"""The measurements as a table for the terminal."""

from __future__ import annotations

from typing import Any

HEAD = ("what", "measured", "compared with", "ratio")


def table(results: dict[str, Any]) -> str:
    """Format the measurements for the terminal.

    Parameters
    ----------
    results : of `run`.

    Returns
    -------
    str
        A heading and a table, also valid Markdown.
    """
    precisions = " and ".join(results["precisions"])
    about = f"{results['model']}, engine {results['engine']}, {results['cores']} cores ({results['processor']}), {precisions}"
    rows = [HEAD, *(_row(measure) for measure in results["measures"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [f"| {row[0]:<{widths[0]}} | {row[1]:>{widths[1]}} | {row[2]:<{widths[2]}} | {row[3]:>{widths[3]}} |" for row in rows]
    rule = f"|{'-' * (widths[0] + 2)}|{'-' * (widths[1] + 1)}:|{'-' * (widths[2] + 2)}|{'-' * (widths[3] + 1)}:|"
    return "\n".join([about + (" (quick)" if results["quick"] else ""), "", lines[0], rule, *lines[1:]])


def _row(measure: dict[str, Any]) -> tuple[str, str, str, str]:
    value, unit, beside = measure["value"], measure["unit"], measure["beside_value"]
    compared = "" if beside is None else f"{measure['beside']}: {_text(beside, unit)}"
    return measure["what"], _text(value, unit), compared, "" if measure["ratio"] is None else f"{measure['ratio']:.2f}"


def _text(value: float, unit: str) -> str:
    """A value with its unit, in a short form."""
    if unit == "s" and value < 1:
        return f"{1000 * value:.3g} ms"
    if unit == "s":
        return f"{value:.2f} s"
    return f"{value:.1e} {unit}" if unit == "z" else f"{value:,.0f} {unit}".rstrip()
