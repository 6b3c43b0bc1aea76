"""What the models of all RBPs have in common: GC-rich ends, how sites add up, what pairing does; all precomputed."""

import streamlit as st

from dashboard.state import atlas, owner
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.views.all_rbps import list_models_of, show_histogram, show_table
from dashboard.widgets import sidebar
from rbind_core.atlas.across import across
from rbind_core.atlas.gallery import grades_text
from rbind_core.atlas.studies import STUDIES, Study
from rbind_core.errors import RBindError
from rbind_core.model.registry import Model

COUNTED_HELP = """One model for each experiment. Models that read predicted structure are left out, so that none counts twice, and
taught models (grade B), since part of what they know they have learned from measurements of the other proteins.

- **Global importance**: the average change in predicted binding when the pattern is put into many background RNAs.
- **95 % CI of a share**: Wilson's interval, as if the models were independent draws.
- **Clearly**: the model's own 95 % CI, which comes from its background RNAs, does not hold the reference.
- **By protein**: experiments of one protein are not independent, so each protein counts once, by the median of its experiments.
- **Sign test**: would as many proteins lie above as below if there were no effect?"""
TITLES = {study.title: study for study in STUDIES.values()}
FIRST = next(iter(TITLES))


def show(study: Study, chosen: Model) -> None:
    """The figures of one study, what they say, and the RBPs of the bar that was clicked."""
    models = owner.models()
    found = across(study.name, models, owner.atlas())
    by_grade = grades_text(m for m in models if m.experiment in found.table.index)
    st.markdown(f"**{plain(found.lead)}** {found.counted}: {by_grade}.", help=COUNTED_HELP)
    columns = st.columns([7, 5] if len(found.figures) > 1 else 1, gap="medium")
    bars = []
    for column, title in zip(columns, found.figures, strict=True):
        with column:
            bars.append(show_histogram(found, title, chosen.experiment))
    clicked = [bar for bar in bars if bar]
    if clicked:
        for column, bar in zip(st.columns(len(clicked), gap="medium"), clicked, strict=True):
            with column:
                list_models_of(bar, found.table)
    else:
        st.caption("Click a bar to list its RBPs; point at it for the first few.")
    if chosen.experiment not in found.table.index:
        why = "taught models are not counted" if chosen.is_taught else "it reads structure, or the atlas does not hold it"
        st.caption(f"{plain(chosen.label)} is not among them: {why}.")
    for note in [*(sentence for sentence in found.sentences if sentence != found.lead), study.says_not]:
        st.caption(plain(note))
    st.caption("All of this was measured before: background, N and seed of the sidebar do not change it.")
    st.header("Every RBP")
    show_table(found.table)


settings = sidebar.current()
st.title("All RBPs")
question = st.empty()
view = st.segmented_control(
    "Look at",
    list(TITLES),
    default=FIRST,
    key="across",
    required=True,
    label_visibility="collapsed",
    **IN_LINK,
)
study = TITLES[view or FIRST]
atlas.say_problems()
question.markdown(f"*{plain(study.question)}* {plain(study.figure)}")
try:
    show(study, settings.model)
except RBindError as error:
    st.info(f"{plain(str(error))}.")
