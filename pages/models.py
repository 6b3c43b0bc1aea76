"""The models page: test correlations beside published ones, measured against predicted, how each model was trained."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.state import owner
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.views.models.expected import show_committee, show_left_out
from dashboard.views.models.held_out import show_model
from dashboard.views.models.quality import CEILING_HELP, show_ceiling, show_starts
from dashboard.views.models.taught import show_taught
from dashboard.views.models.texts import benchmark_command, benchmark_python
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from rbind_core.data.imported import imported_experiments
from rbind_core.figures.benchmark import methods_figure, scales_figure, scatter_figure, structure_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.quality.published_methods import (
    CEILING,
    CLIP,
    CONDITIONS,
    DIFFERENCE,
    LOG,
    METHODS,
    SHARE,
    SOURCE,
    PairedCorrelations,
    benchmark_table,
    compare_scales,
    compare_with,
    low_everywhere,
    published,
    structure_table,
    verdict,
)
from rbind_core.statistics import p_value_text

TERMS = """- **Pearson**: correlation of measured and predicted scores. 1 is perfect, 0 is none.
- **Set B**: the half of the RNAcompete probes that is held out for testing; no network saw it in training.
- **Clip-transformed**: intensities cut off at their 99.9th percentile, then z-scored, as in the published benchmarks.
- **95 % CI**: of the mean difference, paired by experiment or by protein (Student's t).
- **By protein**: experiments of one protein are not independent, so the mean over them is taken first.
- **Wilcoxon**: signed-rank test on the paired differences, two-sided. A small p says that such a difference is unlikely
  if neither method were better."""
METHOD_HELP = f"Published method to compare with. Correlations: {SOURCE}; clip-transformed scores, set B."
CLIP_HELP = """Ours: test Pearson of clip-transformed scores on set B, of the same network, whose output goes through exp and a soft
ceiling at the clip. Compare this one with the published numbers."""
LOG_HELP = "Ours: test Pearson of log-transformed scores, the scale that the app predicts. Not comparable with published ones."
HOW_TO_STRUCTURE = """None of the models here reads structure. With the measured data on this computer, make one:
`./rbind train --experiment RNCMPT00168 --structure PU`"""


def show_benchmark(models: list[Model], table: pd.DataFrame, chosen: str) -> None:
    method = st.segmented_control(
        "Compare with",
        METHODS,
        default=METHODS[0],
        key="method",
        required=True,
        help=METHOD_HELP,
        **IN_LINK,
    )
    comparison, by_protein = (compare_with(models, method or METHODS[0], by) for by in ("experiment", "protein"))
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.plotly_chart(
            methods_figure(table, chosen),
            key="methods",
            config=download_options("models-and-published-methods"),
            alt="Test Pearson correlations of our models and of four published methods",
        )
        take_away(
            "methods",
            "models-and-published-methods",
            table.to_csv(index=False),
            benchmark_command("benchmark_table(list_models()).to_csv()"),
            benchmark_python("benchmark_table"),
        )
    with right:
        if comparison.n:
            st.plotly_chart(
                scatter_figure(table, comparison.method, chosen),
                key="paired",
                config=download_options(f"RBind-and-{comparison.method}"),
                alt=f"Test Pearson of our models against {comparison.method}, experiment by experiment",
            )
            take_away(
                "paired",
                f"RBind-and-{comparison.method}",
                table[["experiment", "protein", CLIP, comparison.method]].dropna().to_csv(index=False),
                benchmark_command(f'compare_with(list_models(), "{comparison.method}")'),
                benchmark_python("compare_with", f', "{comparison.method}"'),
            )
        else:
            st.info(
                "The published correlations are of clip-transformed scores. These models have so far been tested on "
                "log-transformed scores only, so the two stand apart and are not to be compared."
            )
    st.markdown(f"**{verdict(comparison, by_protein)}**", help=TERMS)
    if comparison.n:
        st.markdown(CONDITIONS)
    st.caption(context(models))


def context(models: list[Model]) -> str:
    everywhere = published()
    text = (
        f"Published correlations: {SOURCE}. Over all {len(everywhere)} experiments, most not public, {METHODS[0]}'s mean is "
        f"{everywhere[METHODS[0]].mean():.3f}, and the paper reports 0.690 ± 0.169 for ResidualBind (Koo et al. 2021): other "
        "experiments than ours here."
    )
    if low := low_everywhere(models):
        names = ", ".join(plain(m.label) for m in low)
        text += f" Below 0.2 in every method, ours too: {names}; there {limit_in_words(low)}."
    return text


def limit_in_words(low: list[Model]) -> str:
    """Why no method predicts these experiments, as far as their replicates tell."""
    known = [m.replicates for m in low if m.replicates]
    if len(known) < len(low):
        return "the measurement is the likely limit"
    measured = ", ".join(f"r = {found.pearson:.2f}" for found in known)
    return f"the measurements hardly repeat themselves (replicate probes agree at {measured}), which limits every method"


def show_table(table: pd.DataFrame) -> None:
    columns = {
        "experiment": st.column_config.TextColumn("Experiment", help="Id of the RNAcompete experiment, or of your own model."),
        "protein": st.column_config.TextColumn("Protein", pinned=True),
        "species": st.column_config.TextColumn("Species"),
        CLIP: st.column_config.NumberColumn("RBind, clip", help=CLIP_HELP, format="%.3f"),
        DIFFERENCE: st.column_config.NumberColumn(
            f"RBind - {METHODS[0]}", format="%+.3f", help=f"Difference to {METHODS[0]} on the clip scale; above 0 ours is better."
        ),
        LOG: st.column_config.NumberColumn("RBind, log", help=LOG_HELP, format="%.3f"),
        CEILING: st.column_config.NumberColumn("Ceiling, log", help=CEILING_HELP, format="%.3f"),
        SHARE: st.column_config.NumberColumn(
            "Of ceiling", format="percent", help="Our test Pearson on the log scale divided by its noise ceiling."
        ),
        "n_test": st.column_config.NumberColumn("Test probes", format="localized", help="Number of held-out probes, N."),
    }
    columns |= {
        method: st.column_config.NumberColumn(
            method, help=f"Published test Pearson on the clip scale, set B. {SOURCE}.", format="%.3f"
        )
        for method in METHODS
    }
    st.header("Every experiment")
    order = ["protein", "experiment", CLIP, *METHODS, DIFFERENCE, LOG, CEILING, SHARE, "n_test", "species"]
    st.dataframe(
        table,
        key="benchmark",
        hide_index=True,
        column_order=order,
        column_config=columns,
        height=min(36 * (len(table) + 1), 400),
        placeholder="–",
    )
    said, button = st.columns([3, 1], vertical_alignment="center")
    said.caption(f"N = {len(table)} experiments. Click a heading to sort. A dash: nobody has that number.")
    button.download_button(
        "Table (CSV)",
        table.to_csv(index=False),
        "models.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def scales_sentence(c: PairedCorrelations) -> str:
    text = f"On {c.n} experiments the mean is {c.ours:.3f} on the log scale and {c.theirs:.3f} on the clip scale"
    if c.n > 1:
        text += (
            f": {c.difference:+.3f} (95 % CI {c.ci95[0]:+.3f} to {c.ci95[1]:+.3f}), higher on the log scale in {c.wins} of {c.n}, "
            f"Wilcoxon {p_value_text(c.p_value)}"
        )
    return (
        f"{text}. The two are different questions: the log scale weighs all probes alike, the clip scale mostly the strong "
        "binders. So the difference is not a gain in quality, and only clip is comparable with the published methods."
    )


def show_scales(models: list[Model], table: pd.DataFrame) -> None:
    st.header("Does the scale matter?")
    comparison = compare_scales(models)
    if not comparison.n:
        st.info("No model has been tested on the clip scale yet, so there is nothing to set against the log scale.")
        return
    st.plotly_chart(
        scales_figure(table),
        key="scales",
        config=download_options("clip-and-log"),
        alt="Test Pearson of clip-transformed and of log-transformed scores",
    )
    st.caption(scales_sentence(comparison))
    take_away(
        "scales",
        "clip-and-log",
        table[["experiment", "protein", CLIP, LOG]].dropna().to_csv(index=False),
        benchmark_command("compare_scales(list_models())"),
        benchmark_python("compare_scales"),
    )


def show_structure(models: list[Model]) -> None:
    st.header("Does predicted structure help?")
    pairs = structure_table(models)
    if pairs.empty:
        st.markdown(HOW_TO_STRUCTURE)
        return
    st.plotly_chart(
        structure_figure(pairs),
        key="structure",
        config=download_options("sequence-and-structure"),
        alt="Test Pearson of models of sequence alone and of models that read predicted structure",
    )
    st.caption(
        "PU: probability to be paired or unpaired. PHIME: paired, hairpin, internal, multi-loop or external. Both by ViennaRNA. "
        f"Gain over sequence alone: {gains_in_words(pairs)}. One network each, so a small gain may be chance. "
        "VTS1's model of sequence alone was taught by several models together, so there the three are not like for like."
    )
    take_away(
        "structure",
        "sequence-and-structure",
        pairs.to_csv(index=False),
        benchmark_command("structure_table(list_models())"),
        benchmark_python("structure_table"),
    )


def gains_in_words(pairs: pd.DataFrame) -> str:
    said = [
        f"{plain(str(row['protein']))} {row[f'{structure}_gain']:+.4f} ({structure})"
        for _, row in pairs.iterrows()
        for structure in ("PU", "PHIME")
        if np.isfinite(row[f"{structure}_gain"])
    ]
    return ", ".join(said) or "not known, since no model of sequence alone is here"


def show_imported(models: list[Model]) -> None:
    """Say which imported experiments have no model trained on them yet, and how to make one."""
    modelled = {m.measured_in for m in models if not m.is_taught}
    waiting = [experiment for experiment in imported_experiments() if experiment not in modelled]
    if waiting:
        shown = ", ".join(plain(experiment) for experiment in waiting[:5]) + (" ..." if len(waiting) > 5 else "")
        st.info(
            f"Imported, without a model of these scores yet: {len(waiting):,} experiments ({shown}). `./rbind train --experiment "
            f"{plain(waiting[0])}` trains one, `./rbind train --all --resume` all of them."
        )


settings = sidebar.current()
every_model = owner.models()
numbers = benchmark_table(every_model)
st.title("Models")
st.markdown("*How good are the models, and compared with what?*", help=TERMS)
show_benchmark(every_model, numbers, settings.model.measured_in)
show_model(settings.model)
show_table(numbers)
show_imported(every_model)
noise, trunk = st.columns(2, gap="large")
with noise:
    show_ceiling(numbers, settings.model.measured_in)
with trunk:
    show_starts()
scales, structure = st.columns(2, gap="large")
with scales:
    show_scales(every_model, numbers)
with structure:
    show_structure(every_model)
show_taught(every_model)
if any(model.is_taught for model in every_model):
    show_committee()
    show_left_out()
