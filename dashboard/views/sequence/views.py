"""Views of the Sequence page, of which one at a time is computed, with the parts beside the figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state import engine
from dashboard.views.sequence import chain as sequence_chain
from dashboard.views.sequence import texts as sequence_texts
from dashboard.views.sequence.pairs import show_pairs
from dashboard.views.sequence.several import show_several
from dashboard.views.sequence.shown import ONE_RNA, SHOW, Shown, choose, choose_heights
from dashboard.widgets.export_row import take_away
from rbind_core.analyses.attribution import BASELINE, CORRECTED, INTEGRATED, METHODS, SALIENCY, attribution
from rbind_core.analyses.mutagenesis import L2
from rbind_core.figures.attribution import attribution_figure
from rbind_core.figures.fold_drawing import fold_drawing
from rbind_core.figures.sequence import mutagenesis_figure
from rbind_core.figures.theme import download_options
from rbind_core.system.quoting import in_shell

COLOUR_NAMES = {"letters": "Nucleotide", L2: "Importance (L2)"}
METHOD_NAMES = {SALIENCY: "Saliency", CORRECTED: "Corrected saliency", INTEGRATED: "Integrated gradients"}
IN_BETWEEN = """Gradients treat letters as continuous, so they describe inputs between RNAs, which the network never saw;
mutagenesis asks it about real RNAs only."""


def choose_view(place: DeltaGenerator) -> str:
    """Draw the choice of the view, one of `VIEWS_OF_THE_PAGE`."""
    return choose("Show", SHOW, {name: view.title for name, view in VIEWS_OF_THE_PAGE.items()}, place)


def _accept_click() -> None:
    points = st.session_state["ism_chart"].selection.points
    if points and (mutation := points[0].get("customdata")):  # nothing at the wild-type letter
        sequence_chain.accept(str(mutation))


def show_mutations(shown: Shown, left: DeltaGenerator, right: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Draw all single mutations: logo, clickable heat map, structure."""
    model, result = shown.model, shown.result
    view = choose_heights(controls)
    with left:
        if shown.structure is None:
            st.info("ViennaRNA is not installed, so the predicted structure is left out.")
        with st.container(key="ism"):
            st.plotly_chart(
                mutagenesis_figure(
                    result, shown.structure, model.label, shown.settings.palette, shown.measured, view, True, model.scale
                ),
                key="ism_chart",
                on_select=_accept_click,
                selection_mode="points",
                config=download_options(f"{model.protein}-mutagenesis"),
                alt=f"Effect of every single mutation of {result.sequence} on {model.label}",
            )
        take_away(
            "ism",
            f"{model.protein}-mutagenesis",
            lambda: sequence_texts.mutagenesis_table(result, shown.structure).to_csv(index=False),
            sequence_texts.ism_command(model, result.sequence, view),
            sequence_texts.ism_python(model, result.sequence, view),
        )
        st.caption(f"Click a cell to accept that mutation. {ONE_RNA}")


def show_gradients(shown: Shown, left: DeltaGenerator, right: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Draw saliency and integrated gradients beside mutagenesis."""
    model, result = shown.model, shown.result
    network = engine.predictor(model).predictor.network
    found = [attribution(network, result.sequence, method) for method in METHODS]
    with left:
        with st.container(key="gradients"):
            st.plotly_chart(
                attribution_figure(result, found, model.label, shown.settings.palette),
                key="gradients_chart",
                config=download_options(f"{model.protein}-gradients"),
                alt=f"Attributions of {result.sequence} by {len(found)} methods beside mutagenesis, for {model.label}",
            )
        take_away(
            "gradients",
            f"{model.protein}-gradients",
            lambda: sequence_texts.attribution_table(result, found).to_csv(index=False),
            f"./rbind ism --rbp {in_shell(model.experiment)} --seq {in_shell(result.sequence)} --method {INTEGRATED} --json",
            sequence_texts.attribution_python(model, result.sequence),
        )
    with right:
        rows = [
            {
                "Method": METHOD_NAMES[one.method],
                "r": one.correlation(result.contributions),
                "Error": one.completeness_error,
            }
            for one in found
        ]
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            placeholder="–",
            column_config={
                "r": st.column_config.NumberColumn(
                    format="%.2f",
                    help=f"Pearson correlation with mutagenesis (signed) over N = {len(result.sequence)} positions; "
                    "neighbours are not independent, so no interval is given",
                ),
                "Error": st.column_config.NumberColumn(
                    format="%.4f", help="Completeness error: the sum minus f(x) − f(baseline), z-score units"
                ),
            },
        )
        path = found[-1]
        st.caption(
            f"Integrated gradients: from {BASELINE} (predicted {path.baseline_score:.2f}) to this RNA ({path.score:.2f}) in "
            f"{path.steps:,} steps. Mean-corrected: minus the mean gradient of the four letters (Majdandzic et al. 2023)."
        )
        if model.structure:
            st.caption("This model also reads structure: gradients are of the four letters, with the structure held fixed.")
        st.caption(IN_BETWEEN)


def show_structure(shown: Shown, left: DeltaGenerator, right: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Draw the minimum free energy structure."""
    if shown.structure is None:
        left.info("ViennaRNA is not installed, so no structure can be predicted.")
        return
    colours = choose("Colour by", "fold_colours", COLOUR_NAMES, controls)
    structure, model = shown.structure, shown.model
    with left:
        with st.container(key="fold"):
            st.plotly_chart(
                fold_drawing(structure, model.label, shown.settings.palette, shown.result.heights if colours == L2 else None),
                key="fold_chart",
                config=download_options(f"{model.protein}-structure"),
                alt=f"Predicted structure {structure.dot_bracket} of {structure.sequence}",
            )
        take_away(
            "fold",
            f"{model.protein}-structure",
            lambda: sequence_texts.mutagenesis_table(shown.result, structure).to_csv(index=False),
            f"./rbind fold --seq {in_shell(structure.sequence)} --json",
            sequence_texts.fold_python(structure.sequence),
        )
        st.code(f"{structure.sequence}\n{structure.dot_bracket}", language=None)
        st.caption(
            "The minimum free energy structure is one of many that the RNA takes; hover for the probability to be paired in all of "
            "them. ViennaRNA predicts it; "
            + (
                "this model reads these probabilities."
                if model.structure
                else "this model reads the letters alone and knows nothing of it."
            )
        )


@dataclass(frozen=True)
class View:
    """One view of the page: its title and the function that draws it."""

    title: str
    show: Callable[[Shown, DeltaGenerator, DeltaGenerator, DeltaGenerator], None]


VIEWS_OF_THE_PAGE = {
    "mutations": View("Single mutations", show_mutations),
    "gradients": View("Gradients", show_gradients),
    "pairs": View("Pairs of mutations", show_pairs),
    "structure": View("Structure", show_structure),
    "several": View("Several sequences", show_several),
}
