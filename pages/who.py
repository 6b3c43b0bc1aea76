"""All proteins at one RNA: which of them would bind it, where, and what two RNAs differ in."""

import pandas as pd
import streamlit as st

from dashboard.state import atlas, owner, uploads
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.waiting import Answer, ask, compute, last_shown
from dashboard.views.who import choices, shown
from dashboard.views.who.choices import FIRST_RNA, SECOND_RNA
from dashboard.views.who.requests import Source, WhoBinds
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from rbind_core.errors import RBindError
from rbind_core.figures.theme import download_options
from rbind_core.figures.who import MOST_BINS, all_proteins_figure, changes_figure
from rbind_core.rna.sequences import LENGTH
from rbind_core.system.quoting import in_json
from rbind_core.who.networks import models_of_heads
from rbind_core.who.ranking import SAYS_NOT, SAYS_NOT_OF_CHANCE, SAYS_NOT_OF_TAUGHT, Folded, Row, Who, compare, fold
from rbind_core.who.records import who_command, who_python, who_record, who_rows

QUESTION_HELP = f"""One network scores all proteins at once, at every window of {LENGTH} nt. A protein's best window is set against
those of dinucleotide shuffles of the same RNA: what composition alone would give."""
BEST, ALL = "the best 40", "all"
DRAWN = 40
ALL_HEIGHT = 720  # pixels of the place in which all proteins are scrolled
PART_HELP = "The map is drawn anew for this part of the RNA, with shorter bins."


def ask_for(source: Source) -> WhoBinds:
    models = tuple(models_of_heads(owner.models()).values())
    return WhoBinds(models, source.record.sequence, settings.choice.seed, source)


def measure(source: Source) -> Answer[WhoBinds]:
    """All proteins at the RNA; what is wrong is said at the top, and the last finished result stays."""
    try:
        return compute("who", ask_for(source), status)
    except RBindError as error:
        problem.error(f"{plain(str(error))}.")
        return last_shown("who")


def show_map(asked: WhoBinds, found: Who, rows: list[Row], chosen: str) -> None:
    """Every protein along the RNA, with what can be taken away."""
    length, name = len(asked.sequence), asked.source.record.name
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.header("Along the RNA")
        how_many = BEST
        if len(rows) > DRAWN:
            how_many = st.segmented_control("Proteins", [BEST, ALL], default=BEST, key="who_drawn", required=True, **IN_LINK)
    part = (1, length)
    if found.track.windows > MOST_BINS:
        part = st.slider("Part of the RNA", 1, length, (1, length), key=f"who_part_{length}", help=PART_HELP)
    drawn = rows if how_many == ALL else rows[:DRAWN]
    with st.container(height=ALL_HEIGHT, border=False) if len(drawn) > DRAWN else st.container():
        st.plotly_chart(
            all_proteins_figure(found, drawn, name, part, chosen),
            key="who_map",
            on_select=shown.pick_site,
            selection_mode="points",
            config=download_options("which-proteins-bind"),
            alt=f"Windows of {name} by {len(drawn)} proteins' models. {found.sentence}",
        )
    path = uploads.find(asked.source.digest) if asked.source.digest else None
    file = str(path or "")
    take_away(
        "who_map",
        "which-proteins-bind",
        lambda: pd.DataFrame(who_rows(found)).to_csv(index=False),
        who_command(asked.sequence, asked.seed, file),
        who_python(asked.sequence, asked.seed, file),
        lambda: in_json(who_record(found, asked.seed)),
    )
    st.caption("Drag to look closer, double-click for the whole RNA; click a diamond to read about that protein.")


def show_two(first: Answer[WhoBinds], other: Source) -> None:
    """The proteins that two RNAs differ in."""
    st.header("Two RNAs", help="The best window of each RNA by each protein, wherever it is.")
    place, waiting = st.container(), st.empty()
    try:
        second = ask("who_second", ask_for(other), waiting)
    except RBindError as error:
        waiting.error(f"The second RNA: {plain(str(error))}.")
        return
    if second is None:
        return
    differences = compare(first.result, second.result)
    names = tuple(f"{number}: {one.request.source.record.name}" for number, one in enumerate((first, second), start=1))
    with place:
        st.markdown(f"**{plain(names[1])}**: {plain(second.result.sentence)}")
        left, right = st.columns([5, 6], gap="medium")
        with left:
            st.plotly_chart(
                changes_figure(differences, (names[0], names[1])),
                key="who_changes",
                config=download_options("two-rnas"),
                alt=f"Best windows of {names[0]} and {names[1]} by the proteins that they differ in most",
            )
        with right:
            shown.show_differences(differences, (names[0], names[1]))
            st.download_button(
                "Table (CSV)",
                pd.DataFrame([one.record for one in differences]).to_csv(index=False),
                "two-rnas.csv",
                "text/csv",
                key="who_differences_csv",
                icon=":material/download:",
                on_click="ignore",
            )


def read_table(found: Who) -> list[Folded]:
    """The rows that the filters leave, similar proteins folded."""
    usable = models_of_heads(owner.models()).values()
    cards = {card.model.measured_in: card for card in atlas.cards() if card.model in usable}
    wanted, is_folded = choices.asked_filter(list(cards.values()))
    rows = [row for row in found.rows if row.experiment in cards and wanted.keeps(cards[row.experiment])]
    return fold(rows, {name: card.group for name, card in cards.items()} if is_folded else {})


settings = sidebar.current()
st.title("Which proteins bind?")
st.markdown("*Which proteins would bind this RNA, and where?*", help=QUESTION_HELP)
controls, answer_place = st.columns([2, 5], gap="medium")
with controls:
    pasted = choices.asked_rna(FIRST_RNA, "RNA or DNA", "Paste your own RNA here: letters, FASTA, GenBank")
    source = pasted or choices.example()
    if source.is_example:
        st.caption(plain(source.notes[0]))
    with st.expander("Compare with a second RNA", expanded=bool(st.query_params.get(SECOND_RNA))):
        second = choices.asked_rna(SECOND_RNA, "Second RNA", "such as the other allele, or the other isoform")
problem = answer_place.container()
body, status = answer_place.container(), answer_place.empty()
answer = measure(source)
asked, found = answer.request, answer.result
with body:
    st.markdown(f"**{plain(asked.source.record.name)}**: {plain(found.sentence)}")
    if found.note:
        st.info(found.note)
    for text in found.problems:
        st.caption(f":orange-badge[:material/warning: a network is left out] {plain(text)}")
    folded = read_table(found)
    if folded:
        shown.show_ranking(folded, f"{hash((asked, tuple(one.best.experiment for one in folded)))}")
    else:
        st.info("No protein fits. Take back a filter, or write fewer letters.")
rows = [one.best for one in folded]
if rows:
    row = shown.chosen_row(rows)
    with body:
        shown.show_one(row, next(one.others for one in folded if one.best.experiment == row.experiment))
    if found.track.windows > 1:
        show_map(asked, found, rows, row.experiment)
if second:
    show_two(answer, second)
st.caption(f"{SAYS_NOT} {SAYS_NOT_OF_TAUGHT} {SAYS_NOT_OF_CHANCE}")
st.caption("Only the seed of the sidebar, that of the shuffles, changes these numbers; its protein, background and N do not.")
