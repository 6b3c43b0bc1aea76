"""The Models page on taught models: listed apart, since nobody's measurements of their experiments are public."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.widgets.grade import BADGES, EXPECTED_HELP
from rbind_core.data.constructs import constructs
from rbind_core.model.registry import GRADES, TAUGHT_GRADE, Model

NOT_TESTED = (
    "None of these is in the figures and means above: they were not tested, since no scores of their experiments are public. What "
    "they say is a hypothesis to test; their z-scores are those of their teachers' scores, not of measured intensities."
)
_LOW, _HIGH = "expected, from", "expected, to"


def taught_table(models: Sequence[Model]) -> pd.DataFrame:
    """One row per taught model that is not broken: names, and the expected Pearson with its range.

    Returns
    -------
    DataFrame
        `protein`, `experiment`, `symbol`, `species`, `family`, `expected Pearson`, `expected, from`, `expected, to`, `top 6-mer`,
        `published`; NaN or '' where there is none.
    """
    rows = []
    for model in models:
        if not model.is_taught or model.problem:
            continue
        construct, expected = constructs().get(model.measured_in), model.expected
        rows.append(
            {
                "protein": model.protein,
                "experiment": model.experiment,
                "symbol": construct.symbol if construct else "",
                "species": model.species,
                "family": construct.family if construct else "",
                "expected Pearson": expected.pearson if expected else float("nan"),
                _LOW: expected.low if expected else float("nan"),
                _HIGH: expected.high if expected else float("nan"),
                "top 6-mer": model.top_kmer,
                "published": model.published_consensus,
            }
        )
    return pd.DataFrame(rows)


def show_taught(models: Sequence[Model]) -> None:
    """Draw the table of taught models, if there are any."""
    table = taught_table(models)
    if table.empty:
        return
    st.header("Taught models", help=f"{GRADES[TAUGHT_GRADE][0].upper()}{GRADES[TAUGHT_GRADE][1:]}.")
    st.markdown(f"{BADGES[TAUGHT_GRADE]} {NOT_TESTED}")
    number = st.column_config.NumberColumn
    st.dataframe(
        table,
        key="taught",
        hide_index=True,
        height=min(36 * (len(table) + 1), 400),
        placeholder="–",
        column_config={
            "protein": st.column_config.TextColumn("Protein", pinned=True),
            "experiment": "Experiment",
            "symbol": st.column_config.TextColumn("Symbol", help="Official symbol of the gene today."),
            "species": "Species",
            "family": st.column_config.TextColumn("Family", help="The RNA-binding domain that the protein is classed by."),
            "expected Pearson": number("Expected Pearson", format="%.2f", help=EXPECTED_HELP),
            _LOW: number("From", format="%.2f", help="Nine of ten measured proteins lie in this range."),
            _HIGH: number("To", format="%.2f", help="Nine of ten measured proteins lie in this range."),
            "top 6-mer": "Top 6-mer",
            "published": st.column_config.TextColumn("Published", help="Consensus read off the motif of Ray et al. 2013."),
        },
    )
    said, button = st.columns([3, 1], vertical_alignment="center")
    said.caption(f"N = {len(table):,} experiments of {table['protein'].nunique():,} proteins.")
    button.download_button(
        "Table (CSV)",
        table.to_csv(index=False),
        "taught-models.csv",
        "text/csv",
        key="taught_csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
