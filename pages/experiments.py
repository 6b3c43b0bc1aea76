"""The experiments page: each experiment of the paper in one click, with its settings editable."""

from dataclasses import fields
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.state import engine
from dashboard.state.keys import IN_LINK, setting_key
from dashboard.state.links import linked, read_option
from dashboard.state.markdown import plain
from dashboard.state.waiting import compute, last_shown
from dashboard.widgets import networks, sidebar, tables
from dashboard.widgets.export_row import take_away
from rbind_core.errors import RBindError
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import Experiment, Result
from rbind_core.experiments.records import experiment_record, robustness_table, table
from rbind_core.figures.experiment import experiment_figure, robustness_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.report import experiment_report
from rbind_core.report.reproduce import experiment_command, experiment_python
from rbind_core.system.quoting import in_json

ROBUST_HELP = (
    "Runs the same experiment under the seven backgrounds of the paper and says whether the answer depends on them (Fig. S1-S5)."
)


def choose() -> type[Experiment]:
    names = list(EXPERIMENTS)

    def draw() -> str | None:
        return st.pills("Experiment", names, format_func=lambda name: EXPERIMENTS[name].title, key="experiment", required=True)

    return EXPERIMENTS[linked("experiment", names, names[0], draw, read_option(names))]


def settings_of(kind: type[Experiment], model: Model) -> tuple[dict[str, Any], bool, bool]:
    """Draw a control for each setting; an empty one is filled in from the model."""
    defaults = kind.defaults_for(model)
    given: dict[str, Any] = {}
    columns = st.columns(
        [3 if one.metadata["wide"] else 1 for one in fields(kind)] + [1.2],
        vertical_alignment="bottom",
    )
    for one, column in zip(fields(kind), columns, strict=False):
        about, key = one.metadata, setting_key(kind.name, one.name)
        label, help = about["label"], about["help"]
        if isinstance(one.default, int):
            given[one.name] = column.number_input(label, about["low"], about["high"], one.default, key=key, help=help, **IN_LINK)
        else:
            shown = str(defaults.get(one.name, one.default)) or "none known for this protein; give some"
            given[one.name] = column.text_input(label, one.default, placeholder=shown, key=key, help=help, **IN_LINK)
    with columns[-1]:
        robust = st.toggle("All 7 backgrounds", key="robust", help=ROBUST_HELP, **IN_LINK)
        others = networks.wanted(model, "trial_networks") if not robust else False
    return given, robust, others


def show_numbers(result: Result) -> None:
    st.markdown("**What it says**")
    for sentence in result.sentences[:6]:
        st.markdown(f"- {plain(sentence)}")
    st.markdown("**What it does not say**")
    st.caption(plain(result.experiment.says_not))


settings = sidebar.current()
st.title("Experiments")
question = st.empty()
kind = choose()
question.markdown(f"*{kind.question}*", help=f"{kind.figure}. {kind.__doc__}")
given, robust, has_others = settings_of(kind, settings.model)

problem = st.empty()
chart, words = st.columns([2, 1], gap="medium")
figure, status, status_of_others = chart.container(), chart.empty(), chart.empty()  # progress does not move the figure
slot = f"experiment_{kind.name}_{robust}"
try:
    chosen = kind.for_model(settings.model, **given)
    answer = compute(slot, engine.Trial(settings.model, settings.choice, chosen, robust), status)
except RBindError as error:
    problem.error(plain(str(error)))
    answer = last_shown(slot)
    problem.error(f"{plain(str(error))}. The figure is the last one that was finished.")
model, choice, outcome = answer.request.model, answer.request.choice, answer.result
is_one = isinstance(outcome, Result)
others = None
if is_one and has_others:
    constructs = [arm.construct for arm in outcome.arms]
    others = networks.asked("networks_of_arms", model, choice, constructs, status_of_others)
about = choice.describe(model.measured_in) if is_one else choice.describe_everywhere()

with figure:
    if is_one:
        drawn = experiment_figure(outcome, model.label, about, palette=settings.palette, others=others.all if others else ())
    else:
        drawn = robustness_figure(outcome, model.label, about, palette=settings.palette)
    st.plotly_chart(
        drawn,
        key="experiment_figure",
        config=download_options(f"{model.protein}-{kind.name}"),
        alt=f"{kind.title} for {model.label}",
    )
with chart:
    command = experiment_command(model, choice, outcome.experiment, not is_one, committee=others is not None)
    python = experiment_python(model, choice, outcome.experiment, all_backgrounds=not is_one, committee=others is not None)
    take_away(
        "experiment_figure",
        f"{model.protein}-{kind.name}",
        lambda: pd.DataFrame(table(outcome, others) if is_one else robustness_table(outcome)).to_csv(index=False),
        command,
        python,
        lambda: in_json(experiment_record(model, choice, outcome, others=others)),
        lambda: experiment_report(model, choice, outcome, model.label, about, command, python, others=others),
    )
with words:
    if is_one:
        show_numbers(outcome)
        if others:
            networks.say_all(others, [arm.label for arm in outcome.arms])
            networks.say_experiments(model, others, [arm.label for arm in outcome.arms][:3])
        if has_others:
            networks.second_opinion(model, others, [arm.label for arm in outcome.arms][:6], "ask_deepbind_on_arms")
        if caution := engine.analysis(model, choice).sample.caution:
            st.warning(caution)
    else:
        (st.success if outcome.agrees else st.warning)(plain(outcome.verdict), icon=":material/balance:")
        show_numbers(outcome.results["profile"])
        st.caption("The sentences above are those under the profile background.")
one = outcome if is_one else outcome.results["profile"]
with st.expander("Every number" if is_one else "Every number (profile background; all seven are in the CSV file)"):
    tables.show_arms(one)
    if one.comparisons:
        tables.show_comparisons(one.comparisons)
