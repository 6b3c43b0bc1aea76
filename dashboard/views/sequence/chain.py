"""The RNA of the Sequence page: the pasted one and the mutations accepted since, kept in the link."""

from __future__ import annotations

import streamlit as st

from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from rbind_core.analyses.mutation_chain import MutationChain, read_chain
from rbind_core.errors import RBindError
from rbind_core.rna.sequences import check_sequence, reading_notes

SEQUENCE, MUTATIONS = "seq", "mut"  # query parameters, and keys of widgets
_START, _TAKEN_BACK, _OF, _GOOD = "_chain_start", "_chain_taken_back", "_chain_of", "_chain_good"
MUTATIONS_HELP = """What has been changed so far, in order: **A5G** is the letter that is there, its position, the new letter. Click
a cell of the map to add one, or type here, separated by commas. Emptied, the RNA is the pasted one again."""


def choose_chain(example: str) -> MutationChain:
    """Draw the fields of the RNA and its mutations; errors are shown there, and the last good RNA stays.

    Parameters
    ----------
    example : shown without an input; '' if there is none yet, which then stops the script.
    """
    left, right = st.columns([5, 2], gap="medium")
    pasted = left.text_input(
        "RNA or DNA, 11-41 nt",
        key=SEQUENCE,
        placeholder="the first example is shown; paste another sequence here",
        **IN_LINK,
    )
    if st.session_state.setdefault(_OF, pasted) != pasted:  # another RNA, from here or from another page
        st.session_state[_OF], st.session_state[MUTATIONS] = pasted, ""
        st.session_state[_TAKEN_BACK] = []
    given = right.text_input(
        "Mutations, in order",
        key=MUTATIONS,
        placeholder="none yet; e.g. A5G, C7U",
        help=MUTATIONS_HELP,
        on_change=_typed,
        **IN_LINK,
    )
    if not example and not pasted.strip() and _GOOD not in st.session_state:
        st.stop()
    good: MutationChain = st.session_state.get(_GOOD) or read_chain(example, "")
    try:
        start = check_sequence(pasted) if pasted.strip() else example or good.start
    except RBindError as error:
        left.error(f"{plain(str(error))}. Below is the last good sequence.")
        return good
    if notes := reading_notes(pasted):
        left.caption(plain(" ".join(notes)))
    try:
        chain = read_chain(start, given)
    except RBindError as error:
        right.error(f"{plain(str(error))}.")
        chain = good if good.start == start else read_chain(start, "")
    st.session_state[_GOOD], st.session_state[_START] = chain, start
    return chain


def steps_back(chain: MutationChain) -> None:
    """Draw the buttons that undo and redo mutations."""
    taken_back = st.session_state.get(_TAKEN_BACK, [])
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Undo",
            key="chain_undo",
            icon=":material/undo:",
            on_click=_undo,
            args=(chain, 1),
            disabled=not chain.mutations,
            help="Take the last mutation back",
        )
        st.button(
            "Redo",
            key="chain_redo",
            icon=":material/redo:",
            on_click=_redo,
            args=(chain,),
            disabled=not taken_back,
            help="Put the mutation taken back last in again",
        )
        st.button(
            "Start",
            key="chain_start",
            icon=":material/first_page:",
            on_click=_undo,
            args=(chain, len(chain.mutations)),
            disabled=not chain.mutations,
            help="Back to the RNA before all mutations",
        )


def accept(mutation: str) -> None:
    """Add a mutation to the shown ones, for callbacks.

    Parameters
    ----------
    mutation : such as 'A5G'.
    """
    chain: MutationChain = st.session_state[_GOOD]
    try:
        read_chain(chain.end, mutation)
    except RBindError:  # a click on a figure that has just been replaced
        return
    _show(chain.start, [*chain.mutations, mutation])
    st.session_state[_TAKEN_BACK] = []


def open_sequence(sequence: str) -> None:
    """Show another RNA, for callbacks.

    Parameters
    ----------
    sequence : RNA letters.
    """
    _show(sequence, [])
    st.session_state[_TAKEN_BACK] = []


def _undo(chain: MutationChain, count: int) -> None:
    kept = len(chain.mutations) - count
    st.session_state[_TAKEN_BACK] = [*st.session_state.get(_TAKEN_BACK, []), *reversed(chain.mutations[kept:])]
    _show(chain.start, chain.mutations[:kept])


def _redo(chain: MutationChain) -> None:
    *left, again = st.session_state[_TAKEN_BACK]
    st.session_state[_TAKEN_BACK] = left
    _show(chain.start, [*chain.mutations, again])


def _typed() -> None:
    """Put the RNA of a chain into the link, so that a mutated example becomes its RNA."""
    st.session_state[_TAKEN_BACK] = []
    if st.session_state[MUTATIONS].strip() and not st.session_state[SEQUENCE].strip() and _START in st.session_state:
        st.session_state[SEQUENCE] = st.session_state[_OF] = st.session_state[_START]


def _show(start: str, mutations: list[str] | tuple[str, ...]) -> None:
    st.session_state[SEQUENCE] = st.session_state[_OF] = start
    st.session_state[MUTATIONS] = ",".join(mutations)
