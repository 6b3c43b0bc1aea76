"""The Train page apart from its widgets: an uploaded table, read once, and the runs of the owner."""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dashboard.state import engine, owner
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core import runs
from rbind_core.data.library import designed_library
from rbind_core.data.scores import log_transform
from rbind_core.data.table_layout import Columns
from rbind_core.data.table_split import TableSplit, split_table
from rbind_core.data.tables import Table, look_at_columns, read_table
from rbind_core.errors import DataError
from rbind_core.model.own_models import check_new_name
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import decode
from rbind_core.runs import Run, Status, TrainingRequest
from rbind_core.system.paths import own_runs_folder
from rbind_core.system.quoting import in_python, in_shell

MOST_MEGABYTES = 10  # of an upload, packed or not
LARGEST_TABLE = 20_000_000  # bytes unpacked, so that a packed file cannot block the server
EXAMPLE_PROBES = 2000
TRUNK, SCRATCH = "the trunk", "scratch"
STARTS = {TRUNK: "trunk", SCRATCH: "scratch"}


@dataclass(frozen=True)
class Given:
    """A given table: file, contents as read, split, and source.

    `predicted_by` names the model that predicted the scores, '' for measured ones; `sequence_column` and
    `score_column` are the numbers of the columns, from 1, None if they are detected.
    """

    name: str
    content: bytes
    table: Table
    split: TableSplit
    predicted_by: str = ""
    sequence_column: int | None = None
    score_column: int | None = None

    @property
    def probes(self) -> dict[str, int]:
        """Numbers of probes in each part."""
        return {part: len(getattr(self.split, part)) for part in ("training", "validation", "test")}

    @property
    def source(self) -> str:
        """Description of the table, for the card of its model."""
        count = f"{len(self.table.codes):,}"
        if self.predicted_by:
            what = f"an example: {count} designed probes with the scores that {self.predicted_by} predicts, none is measured"
        else:
            what = f"a table of {count} probes ({self.name})"
        return f"{what}; a tenth held out for the test"


@dataclass(frozen=True)
class ColumnsOf(Request[Columns]):
    """The columns of a file, with only its first lines."""

    name: str
    digest: str
    content: bytes = field(compare=False, repr=False)

    def compute(self) -> Columns:
        """Read the first lines."""
        with _as_file(self.name, self.content) as path:
            return replace(look_at_columns(path, LARGEST_TABLE), body=[])

    def size(self, result: Columns) -> int:
        """Of the result, and of the file that is kept with the request."""
        return super().size(result) + len(self.content)


@dataclass(frozen=True)
class TableOf(Request[Given]):
    """A file read as a table, and split."""

    name: str
    digest: str
    sequence_column: int | None = None
    score_column: int | None = None
    content: bytes = field(default=b"", compare=False, repr=False)

    def compute(self) -> Given:
        """Read the file, whose content is not kept."""
        with _as_file(self.name, self.content) as path:
            table = read_table(path, LARGEST_TABLE, self.sequence_column, self.score_column)
        split = split_table(table.codes)
        return Given(self.name, b"", table, split, sequence_column=self.sequence_column, score_column=self.score_column)

    def size(self, result: Given) -> int:
        """Of the result, and of the file that is kept with the request."""
        return super().size(result) + len(self.content)


@dataclass(frozen=True)
class ExampleTable(Request[Given]):
    """Designed probes with a model's predicted scores."""

    model: Model

    def compute(self) -> Given:
        """Predict the scores and write the table."""
        codes = designed_library().codes[:EXAMPLE_PROBES]
        content = _as_text(decode(codes), engine.predictor(self.model).predict(codes), "predicted_score")
        read = TableOf("example.tsv", _digest(content), content=content).compute()
        return replace(read, content=content, predicted_by=self.model.label)


def look_at_upload(name: str, content: bytes) -> Columns:
    """Find the columns of a table once for all reruns, with only its first lines.

    Raises
    ------
    DataError
        If it is too large or cannot be used.
    """
    name = _checked(name, content)
    return result_of(ColumnsOf(name, _digest(content), content))


def read_upload(name: str, content: bytes, sequence_column: int | None = None, score_column: int | None = None) -> Given:
    """Read a table once for all reruns.

    Parameters
    ----------
    sequence_column, score_column : numbers from 1; detected when None.

    Raises
    ------
    UnclearColumnError
        If several columns could be meant.
    DataError
        If it is too large or cannot be used.
    """
    name = _checked(name, content)
    read = result_of(TableOf(name, _digest(content), sequence_column, score_column, content))
    return replace(read, content=content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _checked(name: str, content: bytes) -> str:
    """A safe file name; a file that is too large is refused."""
    if len(content) > MOST_MEGABYTES * 10**6:
        size = len(content) / 1e6
        raise DataError(f"{name}: {size:.1f} MB; at most {MOST_MEGABYTES} MB, so pack it by gzip or leave lines out")
    return re.sub(r"[^A-Za-z0-9 ._-]", "_", Path(name).name)[-60:].lstrip(". ") or "table"


def example(model: Model) -> Given:
    """Make a table of designed probes with a model's predicted scores."""
    return result_of(ExampleTable(model))


def with_log_scores(given: Given) -> Given:
    """The same table with log-transformed scores."""
    name = f"{given.name}, log-transformed"
    scores = log_transform(given.table.scores)
    content = _as_text(decode(given.table.codes), scores, "log_score")
    table = replace(given.table, scores=scores)
    return replace(given, name=name, content=content, table=table, sequence_column=None, score_column=None)


def _as_text(sequences: Iterable[str], scores: NDArray[np.floating], column: str) -> bytes:
    lines = (f"{sequence}\t{score:.6g}" for sequence, score in zip(sequences, scores, strict=True))
    return "\n".join([f"sequence\t{column}", *lines]).encode()


@contextlib.contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rbind-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


def suggest_name(given: Given, taken: Iterable[str]) -> str:
    """Suggest an unused name for a model."""
    stem = f"example-{given.predicted_by.split(' ')[0]}" if given.predicted_by else given.name.split(".")[0].split(",")[0]
    stem = re.sub("[^A-Za-z0-9_-]+", "-", stem).strip("-_")[:40] or "my-model"
    used = {name.upper() for name in taken}
    free = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(name for name in free if name.upper() not in used)


def taken_names() -> list[str]:
    """Ids and proteins of all models, and names of unfinished runs."""
    return [name for model in owner.models() for name in (model.experiment, model.protein, model.folder.name)] + reserved_names()


def reserved_names() -> list[str]:
    """Names of unfinished runs, whose models do not exist yet."""
    return [run.request.name for run, found in all_runs() if found.state != runs.FINISHED]


def queue() -> Path:
    """Folder of the server's queue, the same for all owners."""
    return own_runs_folder() / runs.QUEUE


def all_runs() -> list[tuple[Run, Status]]:
    """The owner's runs with their status, newest first."""
    return [(run, runs.status(run, queue())) for run in runs.list_runs(owner.current().runs)]


def start(given: Given, name: str, begin: str) -> Run:
    """Start a run, or queue it.

    Parameters
    ----------
    begin : 'trunk' or 'scratch'.

    Raises
    ------
    RBindError
        If the name is not allowed or taken, or the run cannot be started.
    """
    check_new_name(name, owner.models(), reserved_names())
    order = TrainingRequest(
        name,
        begin,
        owner.current().models,
        given.source,
        given.probes,
        predicted=bool(given.predicted_by),
        sequence_column=given.sequence_column,
        score_column=given.score_column,
    )
    return runs.submit(given.content, order, owner.current().runs, queue())


def model_of(run: Run, models: Iterable[Model]) -> Model | None:
    """The model made by a run, whatever its present name; None if it was deleted."""
    return next((model for model in models if model.training.get("run") == run.id), None)


def duration(seconds: float) -> str:
    """Write a duration for people."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def ago(when: float) -> str:
    """Write how long ago something was."""
    days = (time.time() - when) / 86400
    return f"{duration(max(days * 86400, 0))} ago" if days < 2 else f"{days:.0f} days ago"


def command(run: Run) -> str:
    """Command for the same training, for a shell in the project's folder."""
    chosen = [("sequence", run.request.sequence_column), ("score", run.request.score_column)]
    columns = "".join(f" --{what}-column {in_shell(str(column))}" for what, column in chosen if column is not None)
    return f"./rbind train --table FILE{columns} --name {in_shell(run.request.name)} --from {in_shell(run.request.start)}"


def python(run: Run) -> str:
    """Python for the same training."""
    name, start = in_python(run.request.name), in_python(run.request.start)
    chosen = [("sequence", run.request.sequence_column), ("score", run.request.score_column)]
    columns = "".join(f", {what}_column={column!r}" for what, column in chosen if column is not None)
    return f"""from pathlib import Path

from rbind_core.data.tables import read_table
from rbind_core.system.paths import own_models_folder
from rbind_core.training.from_table import train_from_table

train_from_table(read_table(Path("FILE"){columns}), {name}, own_models_folder(), {start}, report=print)
"""
