"""The atlas as pages see it: read once for all users, read anew when its file or the models change."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.state import engine, owner
from dashboard.state.waiting import compute
from dashboard.widgets.export_row import plain
from rbind_core.atlas.build import add_row
from rbind_core.atlas.files import Atlas, is_current
from rbind_core.atlas.gallery import Card
from rbind_core.atlas.gallery import cards as make_cards
from rbind_core.atlas.measure import AtlasSettings, Row, measure
from rbind_core.errors import DataError
from rbind_core.model.registry import Model
from rbind_core.system.paths import atlas_file

_SEQUENCES, _SEQUENCES_FOLDING = 1_100_000, 45_000  # about how many are scored for one model
_SECONDS, _SECONDS_FOLDING = 45, 70


def cards() -> list[Card]:
    """Cards of all models, in the order of the registry."""
    atlas, models = owner.atlas(), owner.models()
    key = tuple((m.experiment, m.weights_sha256, m.problem) for m in models)
    return _cards(key, tuple(atlas.digests.items()), models, atlas)


@st.cache_resource(max_entries=4, show_spinner=False)
def _cards(models_key: Hashable, atlas_key: Hashable, _models: list[Model], _atlas: Atlas) -> list[Card]:
    return make_cards(_models, _atlas)


@dataclass(frozen=True)
class Asked:
    """A model that is to be measured; of the same model in two folders, each is measured and kept for itself."""

    model: Model
    folder: Path
    settings: AtlasSettings


def _measure(asked: Asked) -> Row:
    return measure(asked.model, engine.predictor(asked.model), asked.settings)


def measured_now(model: Model) -> Row:
    """Offer to measure a model that the atlas does not hold; ends the script until it has been measured and kept."""
    seconds = _SECONDS_FOLDING if model.structure else _SECONDS
    st.info(f"The atlas does not hold {plain(model.label)} yet, or the model was trained anew since.")
    wanted = f"_measure_{model.experiment}_{model.weights_sha256}"
    if st.button(f"Measure it now (about {seconds} s on two cores)", icon=":material/play_arrow:", key="measure_now"):
        st.session_state[wanted] = True
    st.caption(f"`./rbind atlas` does the same for every model; `./rbind atlas --rbp {plain(model.experiment)}` for this one.")
    if not st.session_state.get(wanted):
        st.stop()
    answer = compute(
        f"atlas_{model.folder}_{model.weights_sha256}",  # nothing is shown of one model while another one is measured
        Asked(model, model.folder, AtlasSettings()),
        _measure,
        _SEQUENCES_FOLDING if model.structure else _SEQUENCES,
        f"Measuring what {model.protein}'s model has learned",
        st.empty(),
    )
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
    """The row of a model as it is now, or None where the atlas does not hold it."""
    atlas = owner.atlas()
    return _entry(model.experiment, model.weights_sha256, atlas) if is_current(atlas, model) else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _entry(experiment: str, digest: str, _atlas: Atlas) -> Row | None:
    return _atlas.entry(experiment)


def say_problems() -> None:
    """Say which atlas files are damaged, or were and have been set aside; what they held counts as not measured."""
    if aside := st.session_state.pop("_atlas_set_aside", None):
        st.warning(f"The atlas file could not be read. It was set aside as {plain(aside)}, and a new one was begun.")
    for problem in owner.atlas().provenance.get("problems", ()):
        st.warning(f"{plain(problem)}.")
