"""Choices on the Long RNA page: RNA, second model, record, window; all are in the link."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import streamlit as st

from dashboard.state import owner, uploads
from dashboard.state.links import linked
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from dashboard.views.long_rna.requests import Measured, Source
from rbind_core.analyses.sliding import LONGEST
from rbind_core.data.example_rna import DESIGNED_LENGTH, PLANTED_AT, designed_rna
from rbind_core.errors import ModelError, RBindError, SequenceError
from rbind_core.model.registry import Model, find_model
from rbind_core.rna.pasting import MOST_BYTES, Pasted, Record, read_pasted

LONGEST_IN_LINK = 2_000  # nt; a longer RNA is kept on this computer, and the link has its digest
TEXT, FILE, SECOND = "rna", "rnas", "rbp2"  # query parameters; the first and last are also keys of widgets
_TEXT_BEFORE, _FILE_IN_USE, _FILE_PROBLEM, _LAST_GOOD = "_rna_text", "_rna_file", "_rna_problem", "_rna_good"
_UPLOAD, _NO_SECOND = "rna_upload", "none"
_FALLBACK_MOTIF = "UGCAUG"
RNA_HELP = f"""One RNA or several in FASTA, up to {LONGEST:,} nt each. T counts as U; numbers and spaces, as in GenBank, are taken
out; a window that holds N or another ambiguous letter is left out."""
FILE_HELP = (
    f"FASTA, GenBank, EMBL or letters alone, up to {MOST_BYTES // 10**6} MB. The file stays on the computer that runs RBind."
)
SECOND_HELP = """Its model is asked at the same windows. Each z-score is in standard deviations of its own experiment, so a higher
line does not say that this protein binds more tightly."""


def choose_rna(model: Model) -> Source:
    """Draw the text area and the upload; errors are shown there, and the last good RNA stays.

    Parameters
    ----------
    model : the example contains its best 6-mer.

    Returns
    -------
    Source
        The example without an input.
    """
    if TEXT not in st.session_state:
        st.session_state[TEXT] = st.session_state.get(_TEXT_BEFORE, st.query_params.get(TEXT, ""))
    st.session_state.setdefault(_FILE_IN_USE, st.query_params.get(FILE, ""))
    text = st.text_area(
        "RNA or DNA",
        key=TEXT,
        height=118,
        help=RNA_HELP,
        placeholder="Paste your own RNA here: letters, FASTA, GenBank",
        on_change=_use_text,
    )
    st.session_state[_TEXT_BEFORE] = text
    problem_place = st.container()
    buttons = st.container(horizontal=True, gap="small")
    with buttons.popover("From a file", icon=":material/upload_file:", width="stretch"):
        st.file_uploader(
            "Sequences",
            ["fa", "fasta", "fna", "gb", "gbk", "embl", "txt"],
            key=_UPLOAD,
            max_upload_size=MOST_BYTES // 10**6,
            help=FILE_HELP,
            on_change=_use_upload,
        )
    source, problem = _chosen(text, model)
    problem = st.session_state.get(_FILE_PROBLEM) or problem
    if problem:
        source = st.session_state.get(_LAST_GOOD, source)
        shown = "the designed example" if source.is_example else "the last good RNA"
        problem_place.error(f"{plain(problem)}. The figure shows {shown}.")
    st.session_state[_LAST_GOOD] = source
    is_shown = source.is_example and not text
    buttons.button("Example", key="rna_example", on_click=_use_example, disabled=is_shown, width="stretch")
    said = " ".join(source.pasted.notes)
    if source.is_example:
        places = ", ".join(map(str, PLANTED_AT[:-1]))
        said = (
            f"Shown: a designed RNA, {DESIGNED_LENGTH} random letters with {_motif(model)} put in at {places} and {PLANTED_AT[-1]}."
        )
    if said:
        st.caption(plain(said))
    _keep_in_link(source)
    return source


def _use_text() -> None:
    st.session_state[_FILE_PROBLEM] = ""
    if st.session_state[TEXT].strip():
        st.session_state[_FILE_IN_USE] = ""


def _use_upload() -> None:
    uploaded = st.session_state[_UPLOAD]
    st.session_state[_FILE_PROBLEM] = ""
    if uploaded is None:
        return
    try:
        pasted = _read(uploaded.getvalue())
        st.session_state[_FILE_IN_USE] = uploads.keep(pasted.fasta.encode())
        st.session_state[TEXT] = ""
    except RBindError as error:
        st.session_state[_FILE_PROBLEM] = f"{uploaded.name}: {error}"


def _use_example() -> None:
    st.session_state[TEXT] = st.session_state[_FILE_IN_USE] = st.session_state[_FILE_PROBLEM] = ""


def _read(content: str | bytes) -> Pasted:
    return read_pasted(content, allow_ambiguous=True, max_length=LONGEST)


@dataclass(frozen=True)
class PastedText(Request[Pasted]):
    """A pasted text, read."""

    text: str

    def compute(self) -> Pasted:
        """Read the text; faults are errors."""
        return _read(self.text)

    def size(self, result: Pasted) -> int:
        """Of the result, and of the text that is kept with the request."""
        return super().size(result) + len(self.text)


@dataclass(frozen=True)
class KeptFile(Request[Pasted]):
    """A file kept on this computer, read."""

    digest: str
    content: bytes = field(compare=False, repr=False)

    def compute(self) -> Pasted:
        """Read the file."""
        return _read(self.content)

    def size(self, result: Pasted) -> int:
        """Of the result, and of the file that is kept with the request."""
        return super().size(result) + len(self.content)


def _chosen(text: str, model: Model) -> tuple[Source, str]:
    """The RNAs of the text, else of the file, else of the example; and what is wrong."""
    example = Source(Pasted((Record("a designed RNA", designed_rna(_motif(model))),)), is_example=True)
    if text.strip():
        try:
            pasted = result_of(PastedText(text))
        except RBindError as error:
            return example, str(error)
        fits = len(pasted.records) == 1 and pasted.length <= LONGEST_IN_LINK
        digest = "" if fits else uploads.digest_of(pasted.fasta.encode())
        problem = _keep(pasted, digest) if digest else ""
        return (example if problem else Source(pasted, digest)), problem
    digest = st.session_state[_FILE_IN_USE]
    if not digest:
        return example, ""
    last = st.session_state.get(_LAST_GOOD)
    if last is not None and last.digest == digest:
        _keep(last.pasted, digest)
    path = uploads.find(digest)
    if path is None:
        return example, "the RNA of this link is not on this computer; paste it or upload its file"
    try:
        return Source(result_of(KeptFile(digest, path.read_bytes())), digest), ""
    except (OSError, SequenceError) as error:
        return example, f"the kept RNA cannot be read ({error})"


def _keep(pasted: Pasted, digest: str) -> str:
    """Keep what a link names, if it is missing or was dropped for newer files; return what is wrong."""
    if uploads.find(digest):
        return ""
    try:
        uploads.keep(pasted.fasta.encode())
    except RBindError as error:
        return str(error)
    return ""


def _motif(model: Model) -> str:
    return model.top_kmer or _FALLBACK_MOTIF


def _keep_in_link(source: Source) -> None:
    is_short = not source.digest and not source.is_example
    _set_parameter(TEXT, source.pasted.records[0].sequence if is_short else "")
    _set_parameter(FILE, source.digest)


def _set_parameter(name: str, value: str) -> None:
    if not value:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def choose_second(first: Model) -> Model | None:
    """Draw the choice of a second RBP; None for no second RBP."""
    models = {m.experiment: m for m in owner.models() if m.experiment != first.experiment and not m.problem}

    def draw() -> str:
        return st.selectbox(
            "Second RBP",
            [_NO_SECOND, *models],
            format_func=lambda experiment: models[experiment].label if experiment in models else "none",
            key=SECOND,
            help=SECOND_HELP,
            persist_state="session",
        )

    def read(asked: str) -> str | None:
        try:
            return find_model(asked, list(models.values())).experiment
        except ModelError:
            return None

    return models.get(linked(SECOND, [_NO_SECOND, *models], _NO_SECOND, draw, read))


def choose_record(source: Source) -> int:
    """Number, from 0, of the RNA to draw: the one clicked here or by whoever made the link."""
    return _number("record", _identity(source), 1, len(source.pasted.records), 1) - 1


def choose_window(measured: Measured) -> int:
    """Start, 1-based, of the selected window: the one clicked here or by whoever made the link, else the best.

    Parameters
    ----------
    measured : with at least one site.
    """
    best, last = measured.sites[0].start, int(measured.tracks[0].starts[-1])
    start = _number("window", (measured.record, measured.tracks[0].stride), 1, last, best)
    return start if measured.tracks[0].score_at(start) == measured.tracks[0].score_at(start) else best


def remember(name: str, number: int) -> None:
    """Remember a click on a record or a window.

    Parameters
    ----------
    name : 'record' or 'window'.
    number : from 1.
    """
    st.session_state[f"_clicked_{name}"] = number


def _number(name: str, belongs_to: Hashable, lowest: int, highest: int, default: int) -> int:
    """A clicked number, at first from the link; it is forgotten when its RNA changes."""
    clicked, before = f"_clicked_{name}", f"_belongs_{name}"
    if before not in st.session_state:
        asked = st.query_params.get(name, "")
        st.session_state.setdefault(clicked, int(asked) if asked.isdecimal() and len(asked) < 9 else None)
    elif st.session_state[before] != belongs_to:
        st.session_state[clicked] = None
    st.session_state[before] = belongs_to
    number = st.session_state.get(clicked)  # None without a choice: the best then depends on the model
    if number is None or not lowest <= number <= highest:
        number = default
    _set_parameter(name, "" if number == default else str(number))
    return number


def _identity(source: Source) -> Hashable:
    return source.digest or source.pasted
