"""The Models page on limits of the test correlations: noise of the measurements, and the start from the trunk."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.state.markdown import plain
from dashboard.views.models.texts import benchmark_command
from dashboard.widgets.export_row import take_away
from rbind_core.figures.quality import ceiling_figure, starts_figure
from rbind_core.figures.theme import download_options
from rbind_core.quality.published_methods import (
    CEILING,
    LOG,
    SCRATCH,
    SHARE,
    SINGLE_TASK_EXPERIMENTS,
    TRUNK_START,
    compare_starts,
    difference_text,
    single_task_table,
)
from rbind_core.statistics import p_value_text

CEILING_HELP = """About a tenth of the RNAs of set B were measured twice. **r** is the correlation between the two measurements,
each pair in a random order. Even a model that knew every true score would correlate with single measurements at only the square
root of r: the **noise ceiling**. It holds as far as the RNAs measured twice are like the others."""
ABOUT_CEILING = (
    "Measurements are noisy: where replicate probes agree at r, even a perfect model could reach a test Pearson of only the square "
    "root of r, the noise ceiling."
)


def show_ceiling(table: pd.DataFrame, chosen: str) -> None:
    """Draw every model below the noise ceiling of its experiment, with an explanation.

    Parameters
    ----------
    table : of `benchmark_table`.
    chosen : experiment to label.
    """
    st.header("How much is noise?", help=CEILING_HELP)
    known = table.dropna(subset=[LOG, CEILING])
    if known.empty:
        st.info("No experiment here has RNAs that were measured twice, so how much of the scores is noise is not known.")
        return
    st.plotly_chart(
        ceiling_figure(table, chosen),
        key="ceiling",
        config=download_options("noise-ceiling"),
        alt="Test Pearson of every model and the noise ceiling of its experiment",
    )
    st.caption(f"{ABOUT_CEILING} {ceiling_in_words(known)}")
    numbers = table[["experiment", "protein", LOG, "replicates_pearson", CEILING, SHARE]].dropna()
    take_away("ceiling", "noise-ceiling", numbers.to_csv(index=False), "./rbind list --json", _PYTHON_OF_CEILING)


def ceiling_in_words(known: pd.DataFrame) -> str:
    """Say in plain text how near models come to the ceiling, and how much it explains.

    Parameters
    ----------
    known : rows of `benchmark_table` with a ceiling.
    """
    noisiest = known.sort_values(CEILING).iloc[0]
    text = (
        f"The median model reaches {known[SHARE].median():.0%} of it (N = {len(known)} experiments; median r = "
        f"{known['replicates_pearson'].median():.2f})."
    )
    if len(known) > 2:
        r = np.corrcoef(known["replicates_pearson"], known[LOG])[0, 1]
        text += (
            f" How well replicates agree all but sets the test Pearson: the two correlate at r = {r:.2f} over the experiments."
            if r > 0.9
            else ""
        )
        name, agree = plain(f"{noisiest['protein']} ({noisiest['experiment']})"), noisiest["replicates_pearson"]
        text += f" The noisiest is {name}: r = {agree:.2f}, ceiling {noisiest[CEILING]:.2f}, model {noisiest[LOG]:.2f}."
    return text


def show_starts() -> None:
    """Draw the ablation: the same network with and without the trunk."""
    st.header("What does the trunk bring?")
    table = single_task_table()
    if table.empty:
        st.info("The networks trained on one experiment alone are not here, so there is nothing to compare the trunk with.")
        return
    st.plotly_chart(
        starts_figure(table),
        key="starts",
        config=download_options("with-and-without-trunk"),
        alt="Test Pearson of networks that start from the trunk and of networks trained on one experiment alone",
    )
    st.caption(starts_in_words(table))
    names = {"protein": "Protein", "experiment": "Experiment"}
    shown = {name: st.column_config.NumberColumn(label, format="%.3f") for name, label in _STARTS.items()}
    st.dataframe(
        table,
        key="single_task",
        hide_index=True,
        column_order=[*names, *_STARTS],
        column_config={**shown, **names},
        height=min(36 * (len(table) + 1), 220),
    )
    take_away(
        "starts", "with-and-without-trunk", table.to_csv(index=False), benchmark_command("single_task_table()"), _PYTHON_OF_STARTS
    )


def starts_in_words(table: pd.DataFrame) -> str:
    """Say in plain text what the ablation compares and its result.

    Parameters
    ----------
    table : of `single_task_table`, with at least one row.
    """
    text = (
        "The same network, trained from random weights on the training scores of one experiment alone, beside the bundled one, "
        "which starts from the trunk that has seen 49 experiments. The experiments are spread evenly over the range of test "
        "correlations. "
    )
    c = compare_starts(table)
    if c.n < 2:
        return f"{text}So far one is done: {c.theirs:.3f} alone, {c.ours:.3f} from the trunk."
    still = "" if c.n >= SINGLE_TASK_EXPERIMENTS else f" So far {c.n} of {SINGLE_TASK_EXPERIMENTS} are done."
    return (
        f"{text}Mean {c.theirs:.3f} alone and {c.ours:.3f} from the trunk: the trunk brings {difference_text(c)}, and more than 0 "
        f"in {c.wins} of {c.n}, Wilcoxon {p_value_text(c.p_value)}. One network each; log scale, so not comparable with "
        f"the published numbers.{still}"
    )


_STARTS = {SCRATCH: "Alone", TRUNK_START: "From the trunk", "difference": "Difference"}
_PYTHON_OF_CEILING = """from rbind_core.model.registry import list_models

for model in list_models():
    print(model.label, model.pearson_test, model.ceiling, model.share_of_ceiling)
"""
_PYTHON_OF_STARTS = """from rbind_core.quality.published_methods import compare_starts, single_task_table

table = single_task_table()
print(table, compare_starts(table))
"""
