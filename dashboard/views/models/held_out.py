"""The Models page on one model: measured against predicted scores of its held-out probes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from dashboard.state.waiting import compute
from dashboard.views.models.recipe import say_nothing_is_measured, show_recipe
from dashboard.views.models.texts import benchmark_command
from dashboard.widgets.export_row import take_away
from rbind_core.data.library import ProbeLibrary, is_measured_available, measured_probes
from rbind_core.errors import RBindError
from rbind_core.figures.benchmark import density_figure, points_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.quality.score_histogram import read_densities
from rbind_core.rna.iupac import MatchedProbes, matched_probes
from rbind_core.rna.sequences import decode
from rbind_core.system.quoting import in_python, in_shell

PARTS = 24  # parts of the held-out probes, between which a run can be cancelled
_VIEW, _OLD_VIEW = "models_view", "view"  # query parameters; the first is also the key of the widget
VIEWS = {"log scale": "log", "clip scale": "clip", "single points": ""}
DENSITY_HELP = """Each cell counts held-out probes with that measured and that predicted score; the outermost cells also hold
what is beyond. **Log scale** is what the app predicts. **Clip scale** is the same network's, through exp and a soft ceiling, for
the comparison with published methods. **Single points** need the measured data on this computer."""


def show_model(model: Model) -> None:
    """Draw the section on one model.

    Parameters
    ----------
    model : the sidebar's, which may be broken.
    """
    st.header(f"{plain(model.label)}: measured against predicted")
    if model.problem:
        st.error(f"{plain(model.label)} is broken: {plain(model.problem)}. Choose another model in the sidebar.")
        return
    if model.is_taught:
        left, right = st.columns([6, 5], gap="large")
        with left:
            say_nothing_is_measured(model)
        with right:
            show_recipe(model)
        return
    _follow_old_link()
    left, right = st.columns([6, 5], gap="large")
    with left:
        view = st.segmented_control(
            "Held-out probes as",
            list(VIEWS),
            default="log scale",
            key=_VIEW,
            required=True,
            help=DENSITY_HELP,
            **IN_LINK,
        )
        if scale := VIEWS[view or "log scale"]:
            show_density(model, scale, "models_density")
        else:
            _show_points(model)
    with right:
        show_recipe(model)


def _follow_old_link() -> None:
    """Read the view from a link made when its parameter had the name of another page's."""
    asked = st.query_params.get(_OLD_VIEW)
    if asked in VIEWS and _VIEW not in st.query_params:
        del st.query_params[_OLD_VIEW]
        st.query_params[_VIEW] = asked
        st.rerun()  # widgets read the link as it was when the run began


def show_density(model: Model, scale: str, key: str) -> None:
    """Draw the number of held-out probes by measured and predicted score.

    Parameters
    ----------
    model : not broken.
    scale : 'log' or 'clip'.
    """
    if model.learned_predictions:
        st.warning("What is called measured here are predictions of another model: the table of this one was an example.")
    density = read_densities(model.folder).get(scale)
    if density is None:
        advice = "*single points* draws its probes one by one" if _can_draw_points(model) else "training stores it"
        st.info(f"No density on the {scale} scale is stored with this model; {advice}.")
        return
    st.plotly_chart(
        density_figure(density, model.label),
        key=key,
        config=download_options(f"{model.experiment}-{scale}-density"),
        alt=f"Measured and predicted scores of {density.n:,} probes for {model.label}, Pearson {density.pearson:.3f}",
    )
    cells = np.argwhere(density.counts)
    x, y = ((edges[:-1] + edges[1:]) / 2 for edges in (density.measured_edges, density.predicted_edges))
    numbers = pd.DataFrame(
        {"measured": x[cells[:, 0]], "predicted": y[cells[:, 1]], "probes": density.counts[cells[:, 0], cells[:, 1]]}
    )
    python = f"""from rbind_core.quality.score_histogram import read_densities
from rbind_core.model.registry import find_model

print(read_densities(find_model({in_python(model.experiment)}).folder)[{in_python(scale)}])
"""
    command = f"./rbind evaluate --rbp {in_shell(model.experiment)} --json"
    if scale == "clip":
        command = benchmark_command(f'read_densities(find_model({in_python(model.experiment)}).folder)["clip"]')
    take_away(key, f"{model.experiment}-{scale}-density", numbers.round(4).to_csv(index=False), command, python)


def _can_draw_points(model: Model) -> bool:
    return not model.structure and bool(model.top_kmer) and is_measured_available(model.measured_in)


@dataclass(frozen=True)
class HeldOutProbes(Request[ProbeLibrary]):
    """The held-out probes of a model, with their measured scores."""

    model: Model

    def compute(self) -> ProbeLibrary:
        """Read the probes."""
        return measured_probes(self.model.measured_in, self.model.normalisation)


@dataclass(frozen=True)
class PredictedPart(Request[NDArray[np.float32]]):
    """Predicted scores of one part of the held-out probes; a cancelled computation resumes after the kept parts."""

    model: Model
    number: int

    def compute(self) -> NDArray[np.float32]:
        """Score the part."""
        probes = np.array_split(result_of(HeldOutProbes(self.model)).codes, PARTS)[self.number]
        return engine.predictor(self.model).predict(probes)


@dataclass(frozen=True)
class Points(Request[MatchedProbes]):
    """Measured and predicted scores of the held-out probes, by their match to the model's top 6-mer."""

    model: Model

    def compute(self) -> MatchedProbes:
        """Score and match all probes."""
        library = result_of(HeldOutProbes(self.model))
        assert library.measured is not None  # for a tested model all are measured
        predicted = np.concatenate([result_of(PredictedPart(self.model, number)) for number in range(PARTS)])
        return matched_probes(library.codes, library.measured, predicted, self.model.top_kmer, np.random.default_rng(0))

    @property
    def expected(self) -> int:
        """All held-out probes."""
        return int(self.model.metrics.get("n_test", 121_031))

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {self.expected:,} probes"


def _show_points(model: Model) -> None:
    if model.structure:
        st.info("Single points are drawn for models of sequence alone: this one would have to fold every probe first.")
        return
    if not _can_draw_points(model):
        st.info(
            "Single points need the measured data of this experiment, which are not on this computer. "
            "Choose *measured set B* in the sidebar to fetch them."
        )
        return
    figure, status = st.container(), st.empty()
    try:
        answer = compute("models_points", Points(model), status)
    except RBindError as error:
        st.error(plain(str(error)))
        return
    model, probes = answer.request.model, answer.result
    figure.plotly_chart(
        points_figure(probes, model.label),
        key="models_points",
        config=download_options(f"{model.experiment}-points"),
        alt=f"Measured and predicted scores of {len(probes.measured):,} probes for {model.label}, by match to {model.top_kmer}",
    )
    st.caption(
        f"Colour: mismatches of the best match to {probes.motif}, the model's top 6-mer, anywhere in the probe. Drawn are "
        f"{len(probes.measured):,} of {probes.n:,} probes: all of a rare kind, a random sample (seed 0) of the others. "
        "Pearson is of all."
    )
    numbers = pd.DataFrame(
        {
            "probe": decode(probes.codes),
            "measured": probes.measured,
            "predicted": probes.predicted,
            "mismatches_2_is_2_or_more": probes.groups,
        }
    )
    take_away(
        "models_points",
        f"{model.experiment}-points",
        numbers.to_csv(index=False, float_format="%.4f"),
        f"./rbind evaluate --rbp {in_shell(model.experiment)} --json",
        f"""import numpy as np

from rbind_core.data.library import measured_probes
from rbind_core.rna.iupac import matched_probes
from rbind_core.model.registry import find_model, load_predictor

model = find_model({in_python(model.experiment)})
library = measured_probes(model.measured_in, model.normalisation)
predicted = load_predictor(model).predict(library.codes)
print(matched_probes(library.codes, library.measured, predicted, {in_python(model.top_kmer)}, np.random.default_rng(0)))
""",
    )
