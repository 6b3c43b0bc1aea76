"""What is asked on the page "Which proteins bind?": one RNA or two, kept in the link, and filters of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboard.state import uploads
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.views.who.requests import Source
from rbind_core.analyses.sliding import LONGEST
from rbind_core.atlas.gallery import GRADE_WORDS, Card, GalleryFilter, species_text
from rbind_core.data.example_rna import designed_rna
from rbind_core.errors import RBindError
from rbind_core.model.registry import GRADES
from rbind_core.rna.pasting import MOST_BYTES, Record, read_pasted

FIRST_RNA, SECOND_RNA = "who_rna", "who_second"
LONGEST_IN_LINK = 2_000  # nt; a longer RNA is kept on this computer, and the link has its digest
EXAMPLE_SITE, EXAMPLE_LENGTH, EXAMPLE_AT = "UGUAAAUAUGUAAAU", 300, "101, 251 and 266"
_KEPT = "kept-"  # before a digest in the link
RNA_HELP = f"""One RNA or DNA of 11 to {LONGEST:,} nt: letters, FASTA or GenBank. T counts as U; a window that holds N or another
ambiguous letter is left out."""
FILE_HELP = f"FASTA, GenBank, EMBL or letters, up to {MOST_BYTES // 10**6} MB. The file stays on the computer that runs RBind."
SEARCH_HELP = "Protein, synonym, gene, experiment or species."
EVIDENCE_HELP = "\n".join(f"- **{words}**: {GRADES[grade]}." for grade, words in GRADE_WORDS.items() if grade in ("A", "B"))
FOLD_HELP = """Proteins whose models prefer the same 6-mers (r = 0.6 over all 4,096; the groups of Browse) are one row, that of
the best of them. From an RNA alone they cannot be told apart: which of them binds depends on which is in the cell."""
EVERYTHING = "all"


def example() -> Source:
    """A designed RNA with a site of PUM."""
    rna = designed_rna(EXAMPLE_SITE)[:EXAMPLE_LENGTH]
    said = f"Shown: a designed RNA, {EXAMPLE_LENGTH} random letters with {EXAMPLE_SITE} put in at {EXAMPLE_AT}."
    return Source(Record("a designed RNA", rna), notes=(said,), is_example=True)


def asked_rna(rna: str, label: str, placeholder: str) -> Source | None:
    """Draw the text area and the upload of an RNA; errors are shown there, and the last good RNA stays.

    Parameters
    ----------
    rna : `FIRST_RNA` or `SECOND_RNA`, under which it stands in the link.

    Returns
    -------
    Source or None
        None without an input.
    """
    if rna not in st.session_state:
        in_link = st.query_params.get(rna, "")
        is_kept = in_link.startswith(_KEPT)
        st.session_state[rna] = "" if is_kept else in_link
        st.session_state[f"_{rna}_file"] = in_link.removeprefix(_KEPT) if is_kept else ""
    text = st.text_area(
        label,
        key=rna,
        height=118,
        help=RNA_HELP,
        placeholder=placeholder,
        on_change=_use_text,
        args=(rna,),
        persist_state="session",
    )
    problem_place = st.container()
    buttons = st.container(horizontal=True, gap="small")
    with buttons.popover("From a file", icon=":material/upload_file:", width="stretch"):
        st.file_uploader(
            "An RNA",
            ["fa", "fasta", "fna", "gb", "gbk", "embl", "txt"],
            key=f"{rna}_upload",
            max_upload_size=MOST_BYTES // 10**6,
            help=FILE_HELP,
            on_change=_use_upload,
            args=(rna,),
        )
    file = st.session_state.get(f"_{rna}_file", "")
    buttons.button("Clear", key=f"{rna}_clear", on_click=_clear, args=(rna,), disabled=not (text or file), width="stretch")
    source, problem = _read(text, file)
    problem = st.session_state.get(f"_{rna}_problem") or problem
    if problem:
        source = st.session_state.get(f"_{rna}_good")
        shown = "is of the last good RNA" if source else "is the example" if rna == FIRST_RNA else "is of one RNA"
        problem_place.error(f"{plain(problem)}. What is shown {shown}.")
    st.session_state[f"_{rna}_good"] = source
    if source and source.notes:
        st.caption(plain(" ".join(source.notes)))
    _keep_in_link(rna, source)
    return source


def _use_text(rna: str) -> None:
    st.session_state[f"_{rna}_problem"] = ""
    if st.session_state[rna].strip():
        st.session_state[f"_{rna}_file"] = ""


def _use_upload(rna: str) -> None:
    uploaded = st.session_state[f"{rna}_upload"]
    st.session_state[f"_{rna}_problem"] = ""
    if uploaded is None:
        return
    try:
        record, _ = _one_record(uploaded.getvalue())
        st.session_state[f"_{rna}_file"] = uploads.keep(_fasta(record))
        st.session_state[rna] = ""
    except RBindError as error:
        st.session_state[f"_{rna}_problem"] = f"{uploaded.name}: {error}"


def _clear(rna: str) -> None:
    st.session_state[rna] = st.session_state[f"_{rna}_file"] = st.session_state[f"_{rna}_problem"] = ""


def _read(text: str, file: str) -> tuple[Source | None, str]:
    """The RNA of the text, else of the kept file, else None; and what is wrong."""
    try:
        if text.strip():
            record, notes = _one_record(text)
            digest = uploads.keep(_fasta(record)) if len(record.sequence) > LONGEST_IN_LINK else ""
            return Source(record, digest, notes), ""
        if not file:
            return None, ""
        path = uploads.find(file)
        if path is None:
            return None, "the RNA of this link is not on this computer; paste it or upload its file"
        record, notes = _one_record(path.read_bytes())
        return Source(record, file, notes), ""
    except OSError as error:
        return None, f"the kept RNA cannot be read ({error.strerror or error})"
    except RBindError as error:
        return None, str(error)


def _one_record(content: str | bytes) -> tuple[Record, tuple[str, ...]]:
    pasted = read_pasted(content, allow_ambiguous=True, max_length=LONGEST)
    record, notes = pasted.records[0], pasted.notes
    if (count := len(pasted.records)) > 1:
        notes = (f"Of {count:,} RNAs the first, {record.name}, is used.", *notes)
    return record, notes


def _fasta(record: Record) -> bytes:
    return f">{record.name}\n{record.sequence}\n".encode()


def _keep_in_link(rna: str, source: Source | None) -> None:
    value = "" if source is None else f"{_KEPT}{source.digest}" if source.digest else source.record.sequence
    if not value:
        st.query_params.pop(rna, None)
    elif st.query_params.get(rna) != value:
        st.query_params[rna] = value


def asked_filter(cards: Sequence[Card]) -> tuple[GalleryFilter, bool]:
    """Draw the filters of the table, and the switch that folds similar proteins into one row."""
    search, evidence, family, species = st.columns([3, 2, 2, 3])
    text = search.text_input("Search", key="who_find", placeholder="protein, synonym, gene", help=SEARCH_HELP, live=True, **IN_LINK)
    grades = {words: grade for grade, words in GRADE_WORDS.items() if any(card.model.grade == grade for card in cards)}
    chosen_grade = evidence.selectbox("Evidence", [EVERYTHING, *grades], key="who_grade", help=EVIDENCE_HELP, **IN_LINK)
    kinds, families = (
        [name for name, _ in Counter(sorted(filter(None, names))).most_common()]
        for names in ((card.model.species for card in cards), (card.family for card in cards))
    )
    chosen_families = family.multiselect("Family", families, key="who_family", **IN_LINK)
    chosen_kinds = species.multiselect("Species", kinds, key="who_species", format_func=species_text, **IN_LINK)
    is_folded = st.toggle("Fold similar proteins into one row", True, key="who_fold", help=FOLD_HELP, **IN_LINK)
    wanted = GalleryFilter(text or "", tuple(chosen_kinds), grade=grades.get(chosen_grade, ""), families=tuple(chosen_families))
    return wanted, is_folded
