"""A training run on disk: a folder with the request, the table, the progress and the outcome."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ABOUT, TABLE, PROGRESS, OUTCOME = "run.json", "table", "progress.jsonl", "outcome.json"
LOCK, CANCEL, LOG, RESERVE = "lock", "cancel", "log.txt", "reserve"
_RESERVED = 65_536  # bytes reserved so that an outcome can be written on a full disk
_ID = re.compile("[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


@dataclass(frozen=True)
class TrainingRequest:
    """Request for a training run.

    `start` is 'trunk' or 'scratch'; `models` the folder for the model; `source` describes the table in words
    for the model's card; `probes` counts the training, validation and test parts; `recipe` holds the fields of a training
    recipe, None for the usual one; `predicted` says that the scores are predictions; `sequence_column` and `score_column` are
    the columns of the table, as `read_table` takes them.
    """

    name: str
    start: str
    models: Path
    source: str
    probes: dict[str, int]
    recipe: dict[str, Any] | None = None
    predicted: bool = False
    sequence_column: str | int | None = None
    score_column: str | int | None = None


@dataclass(frozen=True)
class Run:
    """A run: its folder, its request, and its time in seconds since 1970."""

    folder: Path
    request: TrainingRequest = field(compare=False)
    created: float = field(compare=False)

    @property
    def id(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @property
    def table(self) -> Path:
        """Copy of the table as given; deleted when the model is stored."""
        return self.folder / TABLE

    @property
    def lock(self) -> Path:
        """Lock that the training process holds while it lives."""
        return self.folder / LOCK

    @property
    def wants_to_end(self) -> bool:
        """Whether it was asked to end."""
        return (self.folder / CANCEL).exists()

    def note(self, **entries: Any) -> None:
        """Append a line to the progress.

        Parameters
        ----------
        entries : for JSON; the time is added.
        """
        with (self.folder / PROGRESS).open("a") as file:  # starts on a new line even if the previous one was cut off
            file.write(f"\n{json.dumps({'at': time.time(), **entries})}\n")

    def notes(self) -> list[dict[str, Any]]:
        """Read the progress, in order; a line cut off by a kill is left out."""
        lines = []
        with contextlib.suppress(OSError):
            for line in (self.folder / PROGRESS).read_text(errors="replace").splitlines():
                with contextlib.suppress(ValueError):
                    lines.append(json.loads(line))
        return [line for line in lines if isinstance(line, dict) and "at" in line]

    def reserve(self) -> None:
        """Reserve some room on the disk for the outcome."""
        (self.folder / RESERVE).write_bytes(os.urandom(_RESERVED))

    def end(self, state: str, message: str = "") -> None:
        """Write the outcome atomically, even on a full disk.

        Parameters
        ----------
        state : finished, cancelled or failed.
        message : one sentence for the user.
        """
        for name in (RESERVE, CANCEL):
            (self.folder / name).unlink(missing_ok=True)
        write_json(self.folder / OUTCOME, {"state": state, "message": message, "at": time.time()})

    def outcome(self) -> dict[str, Any] | None:
        """The outcome, with `state`, `message` and `at`; None if there is none."""
        try:
            outcome = json.loads((self.folder / OUTCOME).read_text())
            return {"state": str(outcome["state"]), "message": str(outcome["message"]), "at": float(outcome["at"])}
        except (OSError, ValueError, KeyError, TypeError):
            return None


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small file atomically, so that it is on the disk before it has its name."""
    part = path.with_suffix(".part")
    with part.open("w") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def write_about(folder: Path, request: TrainingRequest) -> Run:
    """Write the request of a run."""
    run = Run(folder, request, time.time())
    write_json(folder / ABOUT, asdict(request) | {"models": str(request.models), "created": run.created})
    return run


def read_run(folder: Path) -> Run | None:
    """Read a run; None if this is not the folder of a run."""
    try:
        about = json.loads((folder / ABOUT).read_text())
        created = float(about.pop("created"))
        return Run(folder, TrainingRequest(**about | {"models": Path(about["models"])}), created)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_run(folder: Path, run_id: str) -> Run | None:
    """Find a run by its id; None if there is none.

    Parameters
    ----------
    folder : of an owner's runs.
    run_id : may come from a link, so may be anything.
    """
    return read_run(folder / run_id) if _ID.fullmatch(run_id) else None
