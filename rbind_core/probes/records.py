"""Tables of probes as columns, as a JSON object, and as CSV with a descriptive head."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbind_core.model.registry import Model
from rbind_core.probes.ranking import Ranking
from rbind_core.probes.table import ORDERS, ProbeTable, Rows, motif_background, site_letters
from rbind_core.rna.sequences import decode
from rbind_core.statistics import Correlation

_DECIMALS = 4


def probe_columns(table: ProbeTable, rows: Rows, energies: NDArray[np.floating] | None = None) -> dict[str, Any]:
    """All values of some probes, by column.

    Parameters
    ----------
    table : of n probes.
    rows : (m,) row numbers.
    energies : (m,) minimum free energies, kcal/mol, NaN for probes not folded; None where ViennaRNA is missing.

    Returns
    -------
    dict
        `sequence`, `measured` and `residual` where there are measurements, `predicted`, `match_position` (1-based),
        `match_letters`, `match_score` (bits), `gc` (0 to 1), and `mfe` where there are energies; m values each.
    """
    columns: dict[str, Any] = {"sequence": decode(table.codes[rows]) if len(rows) else []}
    if table.measured is not None:
        columns["measured"] = table.measured[rows]
    columns["predicted"] = table.predicted[rows]
    if table.measured is not None:
        columns["residual"] = table.residual[rows]
    columns |= {
        "match_position": table.sites.start[rows],
        "match_letters": site_letters(table, rows),
        "match_score": table.sites.score[rows],
        "gc": table.gc[rows],
    }
    if energies is not None:
        columns["mfe"] = energies
    return columns


def _correlation_record(found: Correlation) -> dict[str, Any]:
    return {
        "pearson": found.pearson,
        "pearson_ci95": list(found.pearson_ci95),
        "spearman": found.spearman,
        "spearman_ci95": list(found.spearman_ci95),
        "n": found.n,
        "n_rnas": found.units,
    }


def probes_record(
    model: Model, library: str, table: ProbeTable, ranking: Ranking, order: str, part: str, energies: NDArray[np.floating] | None
) -> dict[str, Any]:
    """The listed probes with the settings that reproduce them, for `probes --json`.

    Parameters
    ----------
    library : 'designed' or 'measured'.
    table : of all probes.
    ranking : of those that pass the filter.
    order, part : as for `rank`.
    energies : (m,) of the listed probes, kcal/mol; None where ViennaRNA is missing.
    """
    columns = probe_columns(table, ranking.listed, energies)
    rows = pd.DataFrame(columns).astype(dict.fromkeys(columns.keys() - {"sequence", "match_letters", "match_position"}, np.float64))
    return {
        "rbp": model.protein,
        "experiment": model.experiment,
        "grade": model.grade,
        "library": library,
        "measured_in": None if table.measured is None else model.measured_in,
        "n": len(table),
        "library_size": table.library_size,
        "filter": list(ranking.conditions),
        "passing": len(ranking.rows),
        "sort": order,
        "part": part,
        "predicted_against": "match_score" if table.measured is None else "measured",
        "correlation": _correlation_record(table.correlation()),
        "correlation_of_passing": _correlation_record(ranking.correlation),
        "match_background": motif_background().round(6).tolist(),
        "probes": rows.round(_DECIMALS).to_dict("records"),
    }


def head_lines(model: Model, table: ProbeTable, ranking: Ranking, order: str, part: str) -> list[str]:
    """Describe a table of probes in a few lines of plain text.

    Parameters
    ----------
    table : of all probes.
    ranking : of those that pass the filter.
    order, part : as for `rank`.

    Returns
    -------
    list of str
        Model and library; N, filter and order; the columns, with the background of the motif match.
    """
    measured = table.measured is not None
    first = "lowest" if part == "lowest" else "highest"
    background = ", ".join(f"{letter} {share:.3f}" for letter, share in zip("ACGU", motif_background(), strict=True))
    scores = "measured and predicted: z-scores of log intensity; residual: measured minus predicted"
    return [
        f"{model.label}: {table.counted}; " + (f"measured in {model.measured_in}" if measured else "nobody has measured them"),
        f"N = {len(ranking.rows):,}; filter: {'; '.join(ranking.conditions) or 'none'}; {first} {ORDERS[order]} first",
        f"{scores if measured else f'predicted: z-score of {model.scale}'}; match: best site of the model's motif, log-odds in "
        f"bits against the background {background}; gc: 0 to 1",
    ]


def probes_csv(
    model: Model, table: ProbeTable, ranking: Ranking, order: str, part: str, energies: NDArray[np.floating] | None
) -> str:
    """Write all probes that pass the filter as CSV, below descriptive lines with #.

    Parameters
    ----------
    table : of all probes.
    ranking : of those that pass the filter.
    order, part : as for `rank`.
    energies : (m,) of the listed probes, kcal/mol; None where ViennaRNA is missing. Other probes are not folded.
    """
    lines = head_lines(model, table, ranking, order, part)
    every = None
    if energies is not None:
        of_row = np.full(len(table), np.nan)
        of_row[ranking.listed] = energies
        every = of_row[ranking.rows]
        lines.append(f"mfe: minimum free energy by ViennaRNA at 37 C, kcal/mol, of the {len(energies):,} probes listed on the page")
    text = io.StringIO()
    text.writelines(f"# {line}\n" for line in lines)
    pd.DataFrame(probe_columns(table, ranking.rows, every)).to_csv(text, index=False, float_format=f"%.{_DECIMALS}f")
    return text.getvalue()
