"""What the page of long RNAs needs beside its figures: which RNA, which models, the work itself, and how to have it again."""

from __future__ import annotations

import shlex
from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import engine, own, uploads
from dashboard.links import linked
from dashboard.take_away import plain
from rbind_core.designed_rna import DESIGNED_LENGTH, PLANTED_AT, designed_rna
from rbind_core.errors import ModelError, RBindError, SequenceError
from rbind_core.model.registry import Model, find_model
from rbind_core.mutation_map import MutationMap, mutation_map
from rbind_core.pasting import MOST_BYTES, Pasted, Record, read_pasted
from rbind_core.sliding import LONGEST, RecordSites, Site, Track, best_sites, best_sites_of, slide, windows_of

IN_LINK = 2_000  # nt; a longer RNA is kept on this computer, and the link names its digest
SITES = 10
TEXT, FILE, SECOND = "rna", "rnas", "rbp2"  # query parameters; the first and the last are keys of widgets too
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


@dataclass(frozen=True)
class Source:
    """The RNAs in use; `digest` says under which name they are kept, '' where they stand in the link or are the example."""

    pasted: Pasted
    digest: str = ""
    is_example: bool = False


@dataclass(frozen=True)
class Measured:
    """Tracks of one RNA, with what they were made of; the first model decides which sites are best."""

    models: tuple[Model, ...]
    record: Record
    tracks: tuple[Track, ...]
    sites: tuple[Site, ...]
    source: Source

    @property
    def labels(self) -> list[str]:
        """Protein and experiment of each model."""
        return [model.label for model in self.models]


def choose_rna(model: Model) -> Source:
    """Draw the text area and the upload; what is wrong with either is said there, and the last good RNA stays.

    Parameters
    ----------
    model : whose best 6-mer the example holds.

    Returns
    -------
    Source
        The example where nothing is given.
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


@st.cache_data(max_entries=8, show_spinner="Reading the sequences ...")
def _read_text(text: str) -> tuple[Pasted | None, str, str]:
    """What was pasted, the digest under which it is kept, and what is wrong with it."""
    try:
        pasted = _read(text)
        fits = len(pasted.records) == 1 and pasted.length <= IN_LINK
        return pasted, "" if fits else uploads.keep(pasted.fasta.encode()), ""
    except RBindError as error:
        return None, "", str(error)


@st.cache_data(max_entries=8, show_spinner="Reading the sequences ...")
def _read_file(digest: str, _content: bytes) -> Pasted:
    return _read(_content)


def _chosen(text: str, model: Model) -> tuple[Source, str]:
    """The RNAs that the text names, else the file, else the example; and what is wrong."""
    example = Source(Pasted((Record("a designed RNA", designed_rna(_motif(model))),)), is_example=True)
    if text.strip():
        pasted, digest, problem = _read_text(text)
        return (Source(pasted, digest) if pasted else example), problem
    digest = st.session_state[_FILE_IN_USE]
    if not digest:
        return example, ""
    path = uploads.find(digest)
    if path is None:
        return example, "the RNA of this link is not on this computer; paste it or upload its file"
    try:
        return Source(_read_file(digest, path.read_bytes()), digest), ""
    except (OSError, SequenceError) as error:
        return example, f"the kept RNA cannot be read ({error})"


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
    """Draw the choice of a second RBP.

    Parameters
    ----------
    first : of the sidebar.

    Returns
    -------
    Model or None
        None where there is to be none.
    """
    models = {m.experiment: m for m in own.models() if m.experiment != first.experiment and not m.problem}

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
    """Which of several RNAs is drawn: the one that was clicked, here or by whoever made the link.

    Parameters
    ----------
    source : the RNAs in use.

    Returns
    -------
    int
        Its number from 0.
    """
    return _number("record", _identity(source), 1, len(source.pasted.records), 1) - 1


def choose_window(measured: Measured) -> int:
    """Which window is looked at: the one that was clicked, here or by whoever made the link, else the best.

    Parameters
    ----------
    measured : with one site at least.

    Returns
    -------
    int
        Its first position, 1-based.
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
    """A number that was clicked; it is forgotten with what it belongs to, and the first one comes from the link."""
    clicked, before = f"_clicked_{name}", f"_belongs_{name}"
    if before not in st.session_state:
        asked = st.query_params.get(name, "")
        st.session_state.setdefault(clicked, int(asked) if asked.isdecimal() and len(asked) < 9 else default)
    elif st.session_state[before] != belongs_to:
        st.session_state[clicked] = default
    st.session_state[before] = belongs_to
    number = st.session_state.get(clicked, default)
    if not lowest <= number <= highest:
        number = default
    _set_parameter(name, "" if number == default else str(number))
    return number


def _identity(source: Source) -> Hashable:
    return source.digest or source.pasted


def key_of(models: tuple[Model, ...], *more: Hashable) -> Hashable:
    """Everything that a result depends on.

    Parameters
    ----------
    models : asked.
    more : the RNA and the settings.

    Returns
    -------
    Hashable
        For `compute`.
    """
    return (*((m.experiment, m.weights_sha256, str(m.folder), m.problem) for m in models), *more)


def measure(models: tuple[Model, ...], record: Record, stride: int, source: Source) -> Measured:
    """Slide the models over one RNA.

    Parameters
    ----------
    models : one or two.
    record : the RNA.
    stride : nt.
    source : where it comes from.

    Returns
    -------
    Measured
        With the best sites by the first model.
    """
    tracks = tuple(slide(engine.predictor(model), record.sequence, stride) for model in models)
    return Measured(models, record, tracks, tuple(best_sites(tracks[0], SITES, others=tracks[1:])), source)


def measure_all(models: tuple[Model, ...], pasted: Pasted, stride: int) -> tuple[RecordSites, ...]:
    """Find the best site of every RNA.

    Parameters
    ----------
    models : one or two.
    pasted : the RNAs.
    stride : nt.

    Returns
    -------
    tuple of RecordSites
        One an RNA.
    """
    predictors = [engine.predictor(model) for model in models]
    return tuple(best_sites_of(predictors, [(r.name, r.sequence) for r in pasted.records], 1, stride))


def map_mutations(model: Model, record: Record) -> tuple[Model, Record, MutationMap]:
    """Score all single mutations of one RNA.

    Parameters
    ----------
    model : asked.
    record : the RNA.

    Returns
    -------
    (Model, Record, MutationMap)
        The result, with what it was made of.
    """
    return model, record, mutation_map(engine.predictor(model), record.sequence)


def count_windows(pasted: Pasted, stride: int) -> int:
    """Windows of all RNAs.

    Parameters
    ----------
    pasted : the RNAs.
    stride : nt.

    Returns
    -------
    int
        How many.
    """
    return sum(len(windows_of(len(record.sequence), stride)) for record in pasted.records)


def score_columns(models: tuple[Model, ...]) -> list[str]:
    """Names of the columns that hold the models' scores.

    Parameters
    ----------
    models : one or two.

    Returns
    -------
    list of str
        Proteins, with the experiment where both are of the same protein.
    """
    proteins = [model.protein for model in models]
    return proteins if len(set(proteins)) == len(proteins) else [model.label for model in models]


def windows_table(measured: Measured) -> pd.DataFrame:
    """All windows with their scores.

    Parameters
    ----------
    measured : of one RNA.

    Returns
    -------
    DataFrame
        One row a window; empty where it was left out.
    """
    first = measured.tracks[0]
    scores = {f"{m.experiment}_score": track.scores for m, track in zip(measured.models, measured.tracks, strict=True)}
    return pd.DataFrame({"start": first.starts, "end": first.ends} | scores)


def sites_table(measured: Measured) -> pd.DataFrame:
    """The best sites as a user sees them.

    Parameters
    ----------
    measured : of one RNA.

    Returns
    -------
    DataFrame
        One row a site, the best first.
    """
    names = score_columns(measured.models)
    rows = [
        {"Site": s.rank, "From": s.start, "To": s.end}
        | dict(zip(names, (s.score, *s.others), strict=True))
        | {"Above": s.percentile, "RNA": s.sequence}
        for s in measured.sites
    ]
    return pd.DataFrame(rows)


def records_table(found: tuple[RecordSites, ...], models: tuple[Model, ...]) -> pd.DataFrame:
    """The best site of every RNA as a user sees it.

    Parameters
    ----------
    found : one an RNA.
    models : that were asked.

    Returns
    -------
    DataFrame
        In the order of the RNAs; empty cells where every window was left out.
    """
    names = score_columns(models)
    rows = []
    for record in found:
        row: dict[str, object] = {"Name": record.name, "nt": record.length}
        for site in record.sites[:1]:
            row |= dict(zip(names, (site.score, *site.others), strict=True))
            row |= {"From": site.start, "To": site.end, "RNA": site.sequence}
        rows.append(row)
    return pd.DataFrame(rows, columns=["Name", "nt", *names, "From", "To", "RNA"])


def command(models: tuple[Model, ...], record: Record, stride: int, digest: str, more: str = "") -> str:
    """The command that gives the same numbers.

    Parameters
    ----------
    models : one or two.
    record : the RNA.
    stride : nt.
    digest : under which the RNAs are kept, or ''.
    more : further options.

    Returns
    -------
    str
        For a shell, in the project's folder.
    """
    rbps = " ".join(f"--rbp {shlex.quote(model.experiment)}" for model in models)
    path = uploads.find(digest) if digest else None
    what = f"--fasta {shlex.quote(str(path))}" if path else f"--seq {record.sequence}"
    return f"./rbind slide {rbps} {what}{f' --stride {stride}' if stride > 1 else ''}{more} --json"


def python(models: tuple[Model, ...], record: Record, stride: int, digest: str) -> str:
    """The Python that gives the same numbers.

    Parameters
    ----------
    models : one or two.
    record : the RNA.
    stride : nt.
    digest : under which the RNAs are kept, or ''.

    Returns
    -------
    str
        A snippet that prints the best sites.
    """
    path = uploads.find(digest) if digest else None
    start, records = "", [(record.name, record.sequence)]
    given = repr(records)
    if path:
        start = "from pathlib import Path\n\nfrom rbind_core.pasting import read_pasted\n"
        given = f"[(r.name, r.sequence) for r in read_pasted(Path({str(path)!r}).read_bytes(), allow_ambiguous=True).records]"
    return f"""{start}from rbind_core.model.registry import find_model, load_predictor
from rbind_core.sliding import best_sites_of

models = [load_predictor(find_model(name)) for name in {[model.experiment for model in models]}]
for found in best_sites_of(models, {given}, n={SITES}, stride={stride}):
    print(found.name, found.sites)
"""
