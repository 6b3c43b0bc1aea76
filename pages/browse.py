"""The browse page: what the chosen RBP's model looks for, and a gallery of all models to search and filter."""

from collections import Counter

import numpy as np
import streamlit as st

from dashboard.state import atlas
from dashboard.state.keys import IN_LINK
from dashboard.state.links import go_to
from dashboard.state.markdown import plain
from dashboard.state.pages import page
from dashboard.widgets import sidebar
from dashboard.widgets.card_motif import show_card_motif
from dashboard.widgets.gallery import show_gallery
from dashboard.widgets.grade import TEST_HELP, show_quality
from dashboard.widgets.sidebar import Settings
from rbind_core.atlas.gallery import GRADE_WORDS, ORDERS, Card, GalleryFilter, grades_text, ordered, species_text
from rbind_core.data.constructs import COMMON_NAMES
from rbind_core.errors import SequenceError
from rbind_core.model.registry import GRADES

LEAST_HELP = f"{TEST_HELP} Taught models have none, so they are left out as soon as a number is asked for."
EVIDENCE_HELP = "\n".join(f"- **{words}**: {GRADES[grade]}." for grade, words in GRADE_WORDS.items())
FAMILY_HELP = "The RNA-binding domain that the protein is classed by."
KMER_HELP = "The 6-mer whose insertion raises predicted binding most, over many background RNAs (profile)."
PUBLISHED_HELP = "Consensus read off the published motif (Ray et al. 2013; VTS1: Aviv et al. 2003)."
READS_HELP = "What the network is given: the sequence alone, or also its structure as predicted by ViennaRNA."
CARD_HELP = (
    "Logo: the ten best 6-mers aligned and weighted by global importance, in bits (0 to 2). Below it the best 6-mer. A full bar is "
    "the test Pearson; a hatched one is what is expected of a taught model (grade B), which nobody has measured."
)
MOTIF_HELP = "IUPAC letters: models whose best ten 6-mers or published consensus hold it, such as GCAUG or UAGGR."
GROUP_HELP = (
    "Models whose importances of all 4,096 6-mers correlate (average linkage, r = 0.6); named by the most typical one's best 6-mer."
)
GC_HELP = "Global importance of the motif with GCGCGC at 35-40, divided by that without. 1: no change."
EVERYTHING = "all"


def show_chosen(settings: Settings) -> None:
    """The model that the sidebar names, at a glance."""
    model = settings.model
    if model.problem:
        st.error(f"{plain(model.label)} is broken: {plain(model.problem)}. The other models work; choose one in the sidebar.")
        return
    if not model.top_kmers:
        st.info(f"The card of {plain(model.label)} names no best 6-mers. The other pages work with it.")
        return
    row = st.container(horizontal=True)
    show_quality(row, model)
    row.metric("Top 6-mer", model.top_kmer, help=KMER_HELP, width="content")
    row.metric("Published", model.published_consensus or "none", help=PUBLISHED_HELP, width="content")
    show_card_motif(model, settings.palette, "browse_motif")
    st.page_link(page("profile"), label=f"Everything about {model.protein}", icon=":material/badge:")
    st.page_link(page("hypothesis"), label=f"Test {model.protein} in Hypothesis", icon=":material/science:")


def ask(cards: list[Card]) -> tuple[GalleryFilter, str]:
    """Draw the search box and the filters."""
    search, motif, evidence, order = st.columns([4, 3, 3, 3])
    text = search.text_input("Search", key="q", placeholder="protein, synonym, species", live=True, **IN_LINK)
    letters = motif.text_input("Motif contains", key="motif_contains", placeholder="such as GCAUG", help=MOTIF_HELP, **IN_LINK)
    grades = {words: grade for grade, words in GRADE_WORDS.items() if any(card.model.grade == grade for card in cards)}
    chosen_grade = evidence.selectbox("Evidence", [EVERYTHING, *grades], key="evidence", help=EVIDENCE_HELP, **IN_LINK)
    by = order.selectbox("Sort by", list(ORDERS), key="sort", **IN_LINK)
    with st.expander("More filters"):
        chosen_kinds, chosen_families = ask_for_the_protein(cards)
        group, reads = st.columns(2)
        groups = sorted({card.group for card in cards if card.group})
        chosen_group = group.selectbox("Similar motifs", [EVERYTHING, *groups], key="group", help=GROUP_HELP, **IN_LINK)
        chosen_reads = reads.selectbox(
            "Reads", [EVERYTHING, "sequence", "sequence + structure"], key="reads", help=READS_HELP, **IN_LINK
        )
        pearson, gc = st.columns(2)
        least = pearson.slider("Test Pearson at least", -0.1, 1.0, -0.1, 0.05, key="least", help=LEAST_HELP, **IN_LINK)
        ends = gc_limits(cards)
        gc_range = gc.slider("Effect of a GC-rich 3' end", *ends, value=ends, step=0.1, key="gc3", help=GC_HELP, **IN_LINK)
    whole = tuple(gc_range) == ends
    return (
        GalleryFilter(
            text or "",
            tuple(chosen_kinds),
            letters or "",
            least if least > -0.1 else -1.0,
            (-np.inf, np.inf) if whole else gc_range,
            "" if chosen_group == EVERYTHING else chosen_group,
            "" if chosen_reads == EVERYTHING else chosen_reads,
            grades.get(chosen_grade, ""),
            tuple(chosen_families),
        ),
        by,
    )


def ask_for_the_protein(cards: list[Card]) -> tuple[list[str], list[str]]:
    """Species and families to show, commonest first."""
    species, family = st.columns(2)
    kinds, families = (
        [name for name, _ in Counter(sorted(filter(None, names))).most_common()]
        for names in ((card.model.species for card in cards), (card.family for card in cards))
    )
    chosen_kinds = species.multiselect("Species", kinds, key="species", format_func=species_text, **IN_LINK)
    chosen_families = family.multiselect("Family", families, key="family", help=FAMILY_HELP, **IN_LINK)
    return chosen_kinds, chosen_families


def follow_old_link() -> None:
    """Read names of options from a link made when they were others."""
    renamed = {
        "species": {species: species_text(species) for species in COMMON_NAMES},
        "sort": {"test Pearson": "test or expected Pearson"},
    }
    for name, now in renamed.items():
        asked = st.query_params.get_all(name)
        if any(one in now for one in asked):
            st.query_params[name] = [now.get(one, one) for one in asked]
            st.rerun()  # widgets read the link as it was when the run began


def gc_limits(cards: list[Card]) -> tuple[float, float]:
    """Ends of the slider: all effects, to the next tenth."""
    known = [card.gc_three for card in cards if np.isfinite(card.gc_three)] or [0.0, 1.0]
    return float(np.floor(min(known) * 10) / 10), float(np.ceil(max(known) * 10) / 10 + 0.1)


def open_profile(experiment: str) -> None:
    go_to("profile", experiment)


settings = sidebar.current()
follow_old_link()
st.title("Browse")
st.markdown("*What does each protein's model look for?*")
chosen, gallery = st.columns([5, 9], gap="medium")
with chosen:
    show_chosen(settings)
with gallery:
    atlas.say_problems()
    cards = atlas.cards()
    wanted, order = ask(cards)
    try:
        shown = ordered([card for card in cards if wanted.keeps(card)], order)
    except SequenceError as error:
        st.error(f"{plain(str(error))}. All other filters are applied.")
        shown = ordered([card for card in cards if GalleryFilter(wanted.text).keeps(card)], order)
    counted = f": {grades_text(card.model for card in shown)}" if shown else ""
    st.caption(f"{len(shown)} of {len(cards)} models{counted}. Click one to open its profile.", help=CARD_HELP)
    if shown:
        show_gallery(shown, settings.model.experiment, settings.palette, open_profile)
    else:
        st.info("No model fits. Take back a filter, or write fewer letters of the motif.")
