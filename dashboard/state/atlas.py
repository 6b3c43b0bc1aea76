"""The atlas for pages: read once for all users, and again when its file or the models change."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from dashboard.state import engine, owner
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from dashboard.state.waiting import compute
from rbind_core.atlas.build import add_row, ingredients_of
from rbind_core.atlas.files import Atlas, is_current
from rbind_core.atlas.gallery import Card
from rbind_core.atlas.gallery import cards as make_cards
from rbind_core.atlas.measure import AtlasSettings, Row, measure
from rbind_core.errors import DataError
from rbind_core.model.registry import Model
from rbind_core.system.paths import atlas_file

_SEQUENCES, _SEQUENCES_FOLDING = 600_000, 45_000  # approximate number of sequences scored for one model
_SECONDS, _SECONDS_FOLDING = 30, 70


def cards() -> list[Card]:
    """Cards of all models, in the order of the registry."""
    atlas = owner.atlas()
    return result_of(Cards(tuple(owner.models()), tuple(atlas.digests.items()), atlas))


@dataclass(frozen=True)
class Cards(Request[list[Card]]):
    """The cards of some models, with their numbers from an atlas."""

    models: tuple[Model, ...]
    digests: tuple[tuple[str, str], ...]
    atlas: Atlas = field(compare=False, repr=False)

    def compute(self) -> list[Card]:
        """Make the cards."""
        return make_cards(list(self.models), self.atlas)


@dataclass(frozen=True)
class AtlasRow(Request[Row]):
    """A model's row of the atlas; models of the same name in two folders are measured separately."""

    model: Model
    folder: Path
    settings: AtlasSettings

    def compute(self) -> Row:
        """Measure the model."""
        return measure(self.model, engine.predictor(self.model), self.settings, ingredients_of(self.model))

    @property
    def expected(self) -> int:
        """As for the bundled models."""
        return _SEQUENCES_FOLDING if self.model.structure else _SEQUENCES

    @property
    def doing(self) -> str:
        """In words."""
        return f"Measuring what {self.model.protein}'s model has learned"


def measured_now(model: Model) -> Row:
    """Offer to measure a model that the atlas lacks; stops the script until it has been measured and stored."""
    seconds = _SECONDS_FOLDING if model.structure else _SECONDS
    st.info(f"The atlas does not hold {plain(model.label)} yet, or the model was trained anew since.")
    wanted = f"_measure_{model.experiment}_{model.weights_sha256}"
    if st.button(f"Measure it now (about {seconds} s on two cores)", icon=":material/play_arrow:", key="measure_now"):
        st.session_state[wanted] = True
    st.caption(f"`./rbind atlas` does the same for every model; `./rbind atlas --rbp {plain(model.experiment)}` for this one.")
    if not st.session_state.get(wanted):
        st.stop()
    # Nothing about one model is shown while another is measured.
    place = f"atlas_{model.folder}_{model.weights_sha256}"
    answer = compute(place, AtlasRow(model, model.folder, AtlasSettings()), st.empty())
    asked, row = answer.request, answer.result
    try:
        aside = add_row(atlas_file(asked.folder.parent), row, asked.settings)
    except DataError as error:
        st.warning(f"{plain(str(error))}. It is shown for now, but will be measured again.")
        return row
    st.session_state.pop(wanted)
    if aside is not None:
        st.session_state["_atlas_set_aside"] = aside.name
    st.rerun()


def entry(model: Model) -> Row | None:
    """The current row of a model, or None if the atlas lacks it."""
    atlas = owner.atlas()
    return result_of(Entry(model.experiment, model.weights_sha256, atlas)) if is_current(atlas, model) else None


@dataclass(frozen=True)
class Entry(Request[Row | None]):
    """The row of a model in an atlas."""

    experiment: str
    weights_sha256: str
    atlas: Atlas = field(compare=False, repr=False)

    def compute(self) -> Row | None:
        """Read the row."""
        return self.atlas.entry(self.experiment)


def say_problems() -> None:
    """Say which atlas files are damaged or have been set aside; their models count as not measured."""
    if aside := st.session_state.pop("_atlas_set_aside", None):
        st.warning(f"The atlas file could not be read. It was set aside as {plain(aside)}, and a new one was begun.")
    for problem in owner.atlas().provenance.get("problems", ()):
        st.warning(f"{plain(problem)}.")
