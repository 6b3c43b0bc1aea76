"""The Compare page apart from its figures: the choice of models, and how to reproduce the results."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from dashboard.state import owner
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.atlas.files import Atlas
from rbind_core.atlas.similar import MOST, Z_SCORE, ScanComparison, comparable, most_similar, why_not
from rbind_core.errors import ModelError
from rbind_core.model.registry import Model, find_model
from rbind_core.system.quoting import in_shell

OTHERS = "with"  # key of the widget and the query parameter
_REMEMBERED, _DEFAULT = "_compared_with", "_compared_with_default"
OTHERS_HELP = """The sidebar's RBP is compared with up to four others. Until you choose, that is the model of another protein whose
importances of all 4,096 6-mers correlate best with its own. Models that fold every sequence have not been scanned."""


def first_model(model: Model) -> tuple[Model | None, str]:
    """The first model, and a note if it is not the sidebar's.

    Returns
    -------
    (Model or None, str)
        If the sidebar's model cannot be compared, the best of the same protein that can, or None.
    """
    models = comparable(owner.models(), owner.atlas())
    if model in models:
        return model, ""
    said = f"{plain(model.label)} cannot be compared: {plain(why_not(model))}."
    instead = next((other for other in models if other.protein.upper() == model.protein.upper()), None)
    return instead, f"{said} Shown is {plain(instead.label)}." if instead else said


def choose_others(first: Model) -> list[Model]:
    """Draw the choice of the other models, which is kept in the URL and across pages.

    Until a visitor chooses, it follows the sidebar: the model of another protein with the most similar scan.

    Returns
    -------
    list of Model
        One to four; empty if the atlas has no other protein.
    """
    models = [model for model in comparable(owner.models(), owner.atlas()) if model.experiment != first.experiment]
    atlas = owner.atlas()
    nearest = result_of(Nearest(first, tuple(models), tuple(atlas.digests.items()), atlas))
    if nearest is None:
        return []
    options, default = {m.experiment: m for m in models}, [nearest]
    st.session_state[OTHERS] = _chosen_so_far(options, default)
    chosen = st.multiselect(
        "Compare with",
        list(options),
        format_func=lambda experiment: options[experiment].label,
        key=OTHERS,
        max_selections=MOST - 1,
        help=OTHERS_HELP,
        select_all=False,
        wrap=True,
        placeholder="Type to search by protein or experiment",
    )
    st.session_state[_REMEMBERED], st.session_state[_DEFAULT] = chosen, default
    if chosen in ([], default):
        st.query_params.pop(OTHERS, None)
    elif st.query_params.get(OTHERS) != (text := ",".join(chosen)):
        st.query_params[OTHERS] = text
    if not chosen:
        st.caption(f"Nothing is chosen, so it is compared with {plain(options[nearest].label)}, the most similar.")
    return [options[experiment] for experiment in chosen or default]


def _chosen_so_far(options: dict[str, Model], default: list[str]) -> list[str]:
    """The widget's value, else the choice before another page was opened, else the link's, else the default."""
    if OTHERS in st.session_state or _REMEMBERED in st.session_state:
        held = st.session_state.get(OTHERS, st.session_state.get(_REMEMBERED, []))
        is_untouched = held == st.session_state.get(_DEFAULT)
        kept = default if is_untouched else [experiment for experiment in held if experiment in options]
        return kept or ([] if not held else default)
    asked = st.query_params.get(OTHERS, "")
    found, unknown = [], []
    for name in filter(None, (part.strip() for part in asked.split(","))):
        try:
            found.append(find_model(name, list(options.values())).experiment)
        except ModelError:
            unknown.append(name)
    if unknown:
        names = plain(", ".join(name[:24] for name in unknown[: MOST - 1]))
        st.warning(f"The link asks to compare with {names}, which cannot be compared with this RBP; it is left out.")
    return list(dict.fromkeys(found))[: MOST - 1] or default


@dataclass(frozen=True)
class Nearest(Request[str | None]):
    """The experiment on another protein whose scan is most similar to a model's."""

    first: Model
    others: tuple[Model, ...]
    digests: tuple[tuple[str, str], ...]
    atlas: Atlas = field(compare=False, repr=False)

    def compute(self) -> str | None:
        """Correlate the scans."""
        nearest = most_similar(self.first, list(self.others), self.atlas)
        return nearest.experiment if nearest else None


def command(comparison: ScanComparison) -> str:
    """Command that compares the same models, for a shell in the project's folder."""
    rbps = " ".join(f"--rbp {in_shell(model.experiment)}" for model in comparison.models)
    return f"./rbind compare {rbps}{'' if comparison.scale == Z_SCORE else ' --share'} --json"


def python(comparison: ScanComparison) -> str:
    """Python that prints the correlations of the same models and the specific k-mers of each."""
    return f"""from rbind_core.atlas.files import load_atlas
from rbind_core.atlas.similar import compare_scans, specific_kmers
from rbind_core.model.registry import find_model

models = [find_model(name) for name in {[model.experiment for model in comparison.models]}]
comparison = compare_scans(models, load_atlas(), {comparison.scale!r})
print(comparison.correlations)
for number, model in enumerate(models):
    print(model.label, specific_kmers(comparison, number))
"""


def motifs_python(comparison: ScanComparison) -> str:
    """Python that prints the motifs of the models."""
    return f"""from rbind_core.model.registry import find_model

for name in {[model.experiment for model in comparison.models]}:
    print(name, find_model(name).motif, find_model(name).pearson_test)
"""
