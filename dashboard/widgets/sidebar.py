"""The sidebar: RBP, background, N, seed, probe library. Every choice is in the URL."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.state import owner
from dashboard.state.last_good import read_or_last
from dashboard.state.links import linked, read_option
from dashboard.state.markdown import plain
from dashboard.widgets.background_controls import choose_background
from dashboard.widgets.background_preview import is_open, preview
from dashboard.widgets.grade import show_grade, show_second_opinion
from rbind_core.analyses import BackgroundChoice
from rbind_core.atlas.gallery import other_names
from rbind_core.backgrounds import check_samples
from rbind_core.data import fetch
from rbind_core.data.library import (
    DESIGNED,
    LIBRARY_LABELS,
    LIBRARY_NAMES,
    MEASURED,
    files_for,
    is_measured_available,
    library_label,
)
from rbind_core.errors import BackgroundError, DataError, ModelError
from rbind_core.figures.theme import DEFAULT_PALETTE, PALETTES
from rbind_core.model.engines import slow_note
from rbind_core.model.registry import Model, find_model

DEFAULT_RBP = "RBFOX1"
PREVIEW_HELP = "What this background keeps and destroys, some of its RNAs, and what they are made of."
LIBRARY_HELP = """Where the probes to browse come from, and the backgrounds made of probes: shuffles, quartiles, GC-matched, Markov.

**Designed probes** are made by RBind: nobody has measured them. **Measured set B** are the 121,031 held-out
RNAcompete probes with the scores that were measured for this protein; they are fetched once to this computer."""


@dataclass(frozen=True)
class Settings:
    """The current choices of the sidebar."""

    model: Model
    choice: BackgroundChoice
    palette: str

    def describe(self) -> str:
        """Background, N and seed, for the subtitle of a figure."""
        return self.choice.describe(self.model.measured_in)


def show() -> None:
    """Draw the sidebar and keep its choices for the page; stops the run if they are invalid."""
    models = owner.models()
    with st.sidebar:
        if not models:
            st.error("No models are installed: the folder pretrained/models is missing or empty. Install RBind anew to have them.")
            st.stop()
        model = _choose_model(models)
        background = choose_background()
        asks_what = st.button("What is in it?", key="preview", icon=":material/info:", type="tertiary", help=PREVIEW_HELP)
        left, right = st.columns(2)
        samples = left.number_input("N", value=1000, step=500, help="Number of background sequences.", key="n", bind="query-params")
        seed = right.number_input(
            "Seed",
            value=0,
            step=1,
            help="Same seed, same background sequences.",
            key="seed",
            bind="query-params",
        )
        samples, seed = _checked(samples, seed)
        library = _choose_library(model)
        palette = st.selectbox("Nucleotide colours", list(PALETTES), key="colours", bind="query-params")
        if note := slow_note():
            st.caption(f":material/hourglass: {plain(note[0].upper() + note[1:])}.")
    settings = Settings(
        model, BackgroundChoice(samples=samples, seed=seed, library=library, **background), palette or DEFAULT_PALETTE
    )
    st.session_state["_settings"] = settings
    if asks_what or is_open():
        preview(settings.model, settings.choice, settings.palette)


def current() -> Settings:
    """The current choices of the sidebar."""
    return st.session_state["_settings"]


def _choose_model(models: list[Model]) -> Model:
    labels = {m.experiment: _model_label(m) for m in models}
    ids = list(labels)
    default = next((m for m in models if m.protein == DEFAULT_RBP), models[0]).experiment

    def draw() -> str:
        return st.selectbox(
            "RNA-binding protein (RBP)",
            ids,
            format_func=labels.__getitem__,
            help="Type to search by protein, synonym, species or experiment.",
            key="rbp",
        )

    def read(asked: str) -> str | None:
        try:
            return find_model(asked, models).experiment
        except ModelError:
            return None

    chosen = linked("rbp", ids, default, draw, read)
    model = next(m for m in models if m.experiment == chosen)
    show_grade(model)
    show_second_opinion(model)
    return model


def _model_label(model: Model) -> str:
    """What the choice shows, which is also what is searched: synonyms last, since the end may be cut off."""
    if model.problem:
        return f"{model.protein} · {model.experiment} · broken"
    genus, _, kind = model.species.partition(" ")
    reads = f" · {model.inputs}" if model.structure else ""
    grade = " · grade B" if model.is_taught else ""
    also = f" ({', '.join(names)})" if (names := other_names(model)) else ""
    return f"{model.protein} · {model.experiment} · {genus[:1]}. {kind}{reads}{grade}{also}"


def _checked(samples: int, seed: int) -> tuple[int, int]:
    """Reject invalid N and seeds beside their control, and continue with the last good ones."""

    def check() -> tuple[int, int]:
        check_samples(int(samples))
        if not 0 <= seed < 2**63:
            raise BackgroundError(f"seed {seed}: use a whole number from 0")
        return int(samples), int(seed)

    good, problem = read_or_last("numbers", check, lambda: (1000, 0))
    if problem:
        st.error(f"{problem}. The figures still show N = {good[0]:,}, seed {good[1]}.")
    return good


def _choose_library(model: Model) -> str:
    def draw() -> str:
        return st.radio("Probe library", LIBRARY_NAMES, format_func=LIBRARY_LABELS.__getitem__, help=LIBRARY_HELP, key="library")

    library = linked("library", LIBRARY_NAMES, DESIGNED, draw, read_option(LIBRARY_NAMES))
    if library == DESIGNED:
        st.caption("Showing :blue-badge[designed probes] — scores are predicted, none is measured.")
        return DESIGNED
    is_here = is_measured_available(model.measured_in)
    if is_here and model.is_taught:
        st.warning(
            f"The imported scores of {plain(model.measured_in)} are on another scale than this model, which was not trained on "
            f"them; `./rbind train --experiment {plain(model.measured_in)}` makes one that is. Showing designed probes."
        )
        return DESIGNED
    if is_here:
        st.caption(f"Showing :green-badge[{library_label(MEASURED, model.measured_in)}]")
        return MEASURED
    _offer_fetch(model)
    return DESIGNED


def _offer_fetch(model: Model) -> None:
    names = [name for name in files_for(model.measured_in) if not fetch.is_available(name)]
    if not names:
        none = "The measurements of {} are not public" if model.is_taught else "No public measurements are known for {}"
        st.warning(f"{none.format(plain(model.protein))}. Showing designed probes.")
        return
    size = sum(fetch.sources()[name].size for name in names) / 1e6
    st.caption(f"The measured test probes are not on this computer yet ({size:.1f} MB). Showing :blue-badge[designed probes].")
    if st.button("Fetch the measured data", icon=":material/download:", width="stretch"):
        bar = st.progress(0.0, "Fetching ...")

        def report(name: str, done: int, total: int) -> None:
            bar.progress(done / total, f"Fetching {name}: {100 * done // total} %")

        try:
            fetch.fetch(names, report)
        except DataError as error:
            bar.empty()
            st.error(str(error))
        else:
            st.rerun()
