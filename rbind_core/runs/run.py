"""A training run on disk: a folder with what was asked for, the table, what has been reported, and how it ended."""

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
_RESERVED = 65_536  # bytes, so that an outcome can be written where the disk is full
_ID = re.compile("[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


@dataclass(frozen=True)
class TrainingRequest:
    """What is asked of a run.

    `start` is 'trunk' or 'scratch'; `models` the folder that the model goes to; `source` says what the table is, in words
    for the model's card; `probes` counts the training, validation and test part; `recipe` holds the fields of a training
    recipe, None for the usual one; `predicted` says that nobody has measured the scores; `sequence_column` and `score_column` are
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
    """A run: its folder, what was asked for, and when, in seconds since 1970."""

    folder: Path
    request: TrainingRequest = field(compare=False)
    created: float = field(compare=False)

    @property
    def id(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @property
    def table(self) -> Path:
        """Copy of the table, as it was given; it goes when the model is stored."""
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
        """Add a line to what has been reported.

        Parameters
        ----------
        entries : for JSON; the time is added.
        """
        with (self.folder / PROGRESS).open("a") as file:  # begins anew even where the line before was cut off
            file.write(f"\n{json.dumps({'at': time.time(), **entries})}\n")

    def notes(self) -> list[dict[str, Any]]:
        """Read what has been reported. In order; a line that a kill cut off is left out."""
        lines = []
        with contextlib.suppress(OSError):
            for line in (self.folder / PROGRESS).read_text(errors="replace").splitlines():
                with contextlib.suppress(ValueError):
                    lines.append(json.loads(line))
        return [line for line in lines if isinstance(line, dict) and "at" in line]

    def reserve(self) -> None:
        """Keep some room on the disk for the last words."""
        (self.folder / RESERVE).write_bytes(os.urandom(_RESERVED))

    def end(self, state: str, message: str = "") -> None:
        """Write how it ended, whole or not at all, also where the disk is full.

        Parameters
        ----------
        state : finished, cancelled or failed.
        message : one sentence for the user.
        """
        for name in (RESERVE, CANCEL):
            (self.folder / name).unlink(missing_ok=True)
        write_json(self.folder / OUTCOME, {"state": state, "message": message, "at": time.time()})

    def outcome(self) -> dict[str, Any] | None:
        """How it ended. With `state`, `message` and `at`; None where nothing was written."""
        try:
            outcome = json.loads((self.folder / OUTCOME).read_text())
            return {"state": str(outcome["state"]), "message": str(outcome["message"]), "at": float(outcome["at"])}
        except (OSError, ValueError, KeyError, TypeError):
            return None


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small file whole or not at all, and have it on the disk when it is named.

    Parameters
    ----------
    path : where to.
    """
    part = path.with_suffix(".part")
    with part.open("w") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def write_about(folder: Path, request: TrainingRequest) -> Run:
    """Write what is asked of a run."""
    run = Run(folder, request, time.time())
    write_json(folder / ABOUT, asdict(request) | {"models": str(request.models), "created": run.created})
    return run


def read_run(folder: Path) -> Run | None:
    """Read a run. None where this is not the folder of a run."""
    try:
        about = json.loads((folder / ABOUT).read_text())
        created = float(about.pop("created"))
        return Run(folder, TrainingRequest(**about | {"models": Path(about["models"])}), created)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_run(folder: Path, run_id: str) -> Run | None:
    """Find a run by its id.

    Parameters
    ----------
    folder : of an owner's runs.
    run_id : may come from a link, so anything may stand here.

    Returns
    -------
    Run or None
        None where there is no such run.
    """
    return read_run(folder / run_id) if _ID.fullmatch(run_id) else None
