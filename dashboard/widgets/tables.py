"""Tables of effects, the same on every page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rbind_core.experiments.experiment import Result
from rbind_core.statistics import Comparison, Effect, p_value_text

_NUMBER = st.column_config.NumberColumn(format="%.3f", help="z-score units of log intensity")
_DIFFERENCE = st.column_config.NumberColumn(format="%+.3f", help="z-score units of log intensity")
_SHARE = st.column_config.NumberColumn(format="percent", help="Share of the background RNAs in which the effect is above 0")
_SAMPLES = st.column_config.NumberColumn(format="localized", help="Number of background RNAs")
_EFFECT_SIZE = st.column_config.NumberColumn(format="%.2f", help="Paired effect size: mean difference / its standard deviation")


def show_comparisons(comparisons: Sequence[Comparison], difference: str = "Difference") -> None:
    """Draw a table of comparisons, one per row.

    Parameters
    ----------
    comparisons : one corrected set.
    difference : title of the column with the mean difference.
    """
    rows = [
        {
            "First": c.first,
            "Second": c.second,
            difference: c.mean,
            "95 % CI": _interval(c, "+.3f"),
            "Cohen's d": c.effect_size,
            "p (Holm)": _p(c.holm),
            "N": c.samples,
        }
        for c in comparisons
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={difference: _DIFFERENCE, "Cohen's d": _EFFECT_SIZE, "N": _SAMPLES},
    )


def show_arms(result: Result) -> None:
    """Draw a table of an experiment's arms, one per row."""
    rows = [
        {
            "Arm": arm.label,
            "Construct": str(importance.construct),
            "Global importance": importance.mean,
            "95 % CI": _interval(importance, ".3f"),
            "Cohen's d": importance.effect_size,
            "Above 0": importance.positive_share,
            "N": importance.samples,
            "Null": importance.construct.null_text,
        }
        for arm, importance in zip(result.arms, result.importances, strict=True)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={"Global importance": _NUMBER, "Cohen's d": _EFFECT_SIZE, "Above 0": _SHARE, "N": _SAMPLES},
    )


def _interval(effect: Effect, digits: str) -> str:
    low, high = effect.ci95
    return f"{low:{digits}} to {high:{digits}}" if effect.samples > 1 else "none for one RNA"


def _p(value: float) -> str:
    return p_value_text(value).removeprefix("p = ")
