"""Common parts of the Sequence page's views: the data, and controls whose short values are in the URL."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state.links import linked, read_option
from dashboard.widgets.sidebar import Settings
from rbind_core.analyses.mutagenesis import L2, SIGNED, Mutagenesis
from rbind_core.analyses.mutation_chain import MutationChain
from rbind_core.model.registry import Model
from rbind_core.rna.structure import Fold

SHOW = "show"  # query parameter of the view and key of its control
HEIGHT_NAMES = {L2: "How much (L2)", SIGNED: "Help or hurt (signed)"}
HEIGHTS_HELP = """**L2**: the height is the L2 norm of the effects of the letter's three mutations, so it says how much the letter
matters. **Signed**: minus the mean of these three effects, so letters that help stand up and letters that hurt hang below."""
ONE_RNA = "Effects are those of this one RNA; in another one the same letter may count more or less."


@dataclass(frozen=True)
class Shown:
    """Data of every view: settings, RNA, mutagenesis, structure, and the RNAs to choose from."""

    settings: Settings
    chain: MutationChain
    result: Mutagenesis
    structure: Fold | None
    examples: list[str]
    measured: float | None

    @property
    def model(self) -> Model:
        """The model under study."""
        return self.settings.model


def choose(label: str, key: str, names: dict[str, str], place: DeltaGenerator | None = None, help: str | None = None) -> str:
    """Draw a segmented control whose short value is in the URL.

    Parameters
    ----------
    key : of the widget and the query parameter.
    names : labels by value; the first is the default.
    place : where; here when None.
    """
    options = list(names)

    def draw() -> str:
        control = (place or st).segmented_control(
            label, options, format_func=names.__getitem__, key=key, required=True, persist_state="session", help=help
        )
        return control or options[0]

    return linked(key, options, options[0], draw, read_option(options))


def choose_heights(place: DeltaGenerator) -> str:
    """Draw the choice of the logo's heights: 'l2' or 'signed'."""
    return choose("Height of a letter", "heights", HEIGHT_NAMES, place, HEIGHTS_HELP)
