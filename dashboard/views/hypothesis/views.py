"""Views below the figure of the Hypothesis page, of which one at a time is computed."""

from __future__ import annotations

from typing import TypeVar

import pandas as pd
import streamlit as st

from dashboard.state import engine
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.waiting import ask, compute
from dashboard.views.hypothesis import requests
from dashboard.views.hypothesis.requests import EVERY_PAIR, WITH_FIRST
from dashboard.widgets import tables
from dashboard.widgets.export_row import take_away
from rbind_core.experiments.records import experiment_record, robustness_table
from rbind_core.figures.convergence import convergence_figure
from rbind_core.figures.experiment import robustness_figure
from rbind_core.figures.theme import download_options
from rbind_core.report import experiment_report
from rbind_core.report.reproduce import experiment_command, experiment_python
from rbind_core.statistics import Comparison
from rbind_core.system.quoting import in_json

T = TypeVar("T")


def _comparisons(result: requests.Measured) -> None:
    """Paired comparisons between the constructs."""
    if len(result.constructs) < 2:
        st.caption("Add a construct (**+ Construct** under the strip) to compare it with this one on the same background RNAs.")
        return
    which = WITH_FIRST
    if len(result.constructs) > 2:
        which = st.segmented_control(
            "Compare",
            (WITH_FIRST, EVERY_PAIR),
            key="pairs",
            default=WITH_FIRST,
            required=True,
            bind="query-params",
        )
    comparisons = requests.comparisons(result, which)
    _show_effects(comparisons, "first − second")
    if fit := requests.fit_on_count(result):
        st.markdown(f"Global importance against the number of sites: **{fit.text}**.")
    st.caption(
        "Paired t-tests on the same background RNAs, corrected for the number of comparisons by Holm's method. Cohen's d is the "
        "mean difference over the spread of the differences. A tiny p with a tiny d is a certain but unimportant difference."
    )


def _show_effects(comparisons: list[Comparison], difference: str) -> None:
    for comparison in comparisons[:3]:
        st.markdown(plain(comparison.sentence))
    tables.show_comparisons(comparisons, difference)


def _interaction(result: requests.Measured) -> None:
    """Patterns together against the sum of each alone."""
    found = _of_this("hypothesis_interaction", requests.Interactions(result.request))
    if not found:
        st.caption(
            "A construct with two patterns or more is needed: this asks whether they do more together than each alone, added up."
        )
        return
    _show_effects(found, "together − sum")
    st.caption(
        "Above 0 the patterns help each other, below 0 they stand in each other's way. Each alone is measured where it stands when "
        "all are there, background RNA by background RNA; p is corrected over all constructs of this page (Holm). On the scale of "
        "log intensity: adding up here means multiplying intensities."
    )


def _of_this(place: str, request: Request[T]) -> T:
    """A result for the constructs of the figure, never for others; stops the script while it is under way or cancelled."""
    answer = ask(place, request, st.empty())
    if answer is None or answer.request != request:
        st.stop()
    return answer.result


def _backgrounds(result: requests.Measured) -> None:
    """The same constructs under all seven backgrounds of the paper."""
    figure, status = st.container(), st.empty()  # progress below the figure does not move it
    trial = engine.Trial(result.model, result.choice, result.as_experiment, all_backgrounds=True)
    answer = compute("hypothesis_backgrounds", trial, status)
    trial, robustness = answer.request, answer.result
    model, choice = trial.model, trial.choice
    (figure.success if robustness.agrees else figure.warning)(plain(robustness.verdict), icon=":material/balance:")
    about = choice.describe_everywhere()
    figure.plotly_chart(
        robustness_figure(robustness, model.label, about),
        key="backgrounds",
        config=download_options(f"{model.protein}-backgrounds"),
        alt="Local and global importance of the constructs under seven backgrounds",
    )
    command = experiment_command(model, choice, trial.experiment, all_backgrounds=True)
    python = experiment_python(model, choice, trial.experiment, all_backgrounds=True)
    take_away(
        "backgrounds",
        f"{model.protein}-backgrounds",
        lambda: pd.DataFrame(robustness_table(robustness)).to_csv(index=False),
        command,
        python,
        lambda: in_json(experiment_record(model, choice, robustness)),
        lambda: experiment_report(model, choice, robustness, model.label, about, command, python),
    )


def _convergence(result: requests.Measured) -> None:
    """Global importance for growing numbers of background RNAs."""
    st.plotly_chart(
        convergence_figure(result.importances, result.model.label, result.choice.describe(result.model.measured_in)),
        key="convergence",
        config=download_options(f"{result.model.protein}-convergence"),
        alt="Global importance and its 95 % confidence interval against the number of background RNAs",
    )
    st.caption("Where the band has become narrower than the differences that you care about, more background RNAs change nothing.")


def _hairpin(result: requests.Measured) -> None:
    """Probability that the designed pairs form."""
    if not any(construct.stems for construct in result.constructs):
        st.caption("No construct has a stem. Add one with **+ Stem-loop** under the strip.")
        return
    try:
        formed = _of_this("hypothesis_hairpins", requests.Hairpins(result.request))
    except ImportError:
        st.info("ViennaRNA is not installed, so the predicted structure is left out.")
        return
    rows = [
        {"Construct": label, "As designed": f.designed, "Stem alone": f.null, "Background": f.unstructured}
        for label, f in formed.items()
    ]
    share = st.column_config.NumberColumn(format="percent", help="Mean probability that the designed pairs form, by ViennaRNA")
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=dict.fromkeys(("As designed", "Stem alone", "Background"), share)
    )
    averaged = next(iter(formed.values())).n
    st.caption(f"Probability that the designed pairs form at 37 °C, averaged over {averaged} of the background RNAs (ViennaRNA).")
    for label, f in formed.items():
        st.caption(f"{plain(label)}: the first RNA, folded ({f.example.minimum_free_energy:.1f} kcal/mol)")
        st.code(f"{f.example.sequence}\n{f.example.dot_bracket}", language=None)


VIEWS = {
    "Comparisons": _comparisons,
    "Interaction": _interaction,
    "Does the background matter?": _backgrounds,
    "Is N enough?": _convergence,
    "Does the stem form?": _hairpin,
}
