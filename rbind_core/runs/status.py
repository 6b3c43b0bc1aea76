"""Status of a run, read from its folder: state, curves, time left, and a sentence for the user."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rbind_core.runs.queue import ahead
from rbind_core.runs.run import Run
from rbind_core.system.locks import is_held

WAITING, TRAINING, FINISHED, CANCELLED, FAILED, STOPPED = "waiting", "training", "finished", "cancelled", "failed", "stopped"
ACTIVE = (WAITING, TRAINING)
_CARD = "card.json"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Epoch:
    """Results of an epoch: number (from 1), training loss (mean squared error of z-scores), validation Pearson."""

    epoch: int
    epochs: int
    loss: float
    validation_pearson: float


@dataclass(frozen=True)
class Status:
    """Status of a run.

    `message` is one sentence for the user, '' where the state says it all; `stage` the current task; `ahead` the number
    of runs ahead; `fraction` the share of finished epochs; `seconds` so far and `seconds_left`, None where unknown.
    """

    state: str
    message: str
    stage: str
    ahead: int
    epochs: tuple[Epoch, ...]
    fraction: float
    seconds: float
    seconds_left: float | None

    @property
    def is_active(self) -> bool:
        """Whether its process is alive."""
        return self.state in ACTIVE

    @property
    def can_resume(self) -> bool:
        """Whether it can be resumed."""
        return self.state in (CANCELLED, FAILED, STOPPED)


def boot() -> str:
    """Identify this boot of the computer; '' where the system does not say."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""


def has_stored_its_model(run: Run) -> bool:
    """Tell whether a run's model is stored: whether its card, which is written last, names this run."""
    try:
        card = json.loads((run.request.models / run.request.name / _CARD).read_text())
        return card["training"]["run"] == run.id
    except (OSError, ValueError, KeyError, TypeError):
        return False


def status(run: Run, queue: Path) -> Status:
    """Read the status of a run."""
    lives = is_held(run.lock)  # checked first: a process that ends now has already written its outcome
    outcome, notes = run.outcome(), run.notes()
    epochs = _epochs(notes)
    state, message, place, stage = STOPPED, "", 0, _stage(notes)
    if outcome is not None:
        state, message = outcome["state"], outcome["message"]
    elif lives:
        place = ahead(queue, run.folder)
        state = WAITING if stage == WAITING else TRAINING
    elif has_stored_its_model(run):
        state = FINISHED
    else:
        message = _what_stopped_it(notes, epochs, stage)
    attempt = _attempt(notes)
    fraction = max([note["done"] for note in attempt if "done" in note] + [e.epoch / e.epochs for e in epochs[-1:]], default=0.0)
    seconds = _seconds(notes + ([{"at": outcome["at"]}] if outcome else []))
    return Status(state, message, stage, place, epochs, fraction, seconds, _seconds_left(attempt))


def where(epochs: tuple[Epoch, ...]) -> str:
    """Say how far a run has come, such as 'after epoch 3 of 7'."""
    return f"after epoch {epochs[-1].epoch} of {epochs[-1].epochs}" if epochs else "before the first epoch was done"


def how_to_go_on(epochs: tuple[Epoch, ...]) -> str:
    """Say what Resume does, as a main clause."""
    return "Resume goes on from there" if epochs else "Resume starts again"


def _what_stopped_it(notes: list[dict[str, Any]], epochs: tuple[Epoch, ...], stage: str) -> str:
    place = "while it waited for its turn" if stage == WAITING else where(epochs)
    booted = next((note["boot"] for note in reversed(notes) if "boot" in note), "")
    if booted and boot() and booted != boot():
        return f"The computer was restarted {place}; {how_to_go_on(epochs)}."
    return f"The training process was killed {place}, perhaps because memory ran out; {how_to_go_on(epochs)}."


def _stage(notes: list[dict[str, Any]]) -> str:
    return next((note["stage"] for note in reversed(notes) if "stage" in note), WAITING)


def _epochs(notes: list[dict[str, Any]]) -> tuple[Epoch, ...]:
    """The epochs, of the last attempt if a run had to start again."""
    epochs: list[Epoch] = []
    for note in notes:
        with contextlib.suppress(KeyError, TypeError):
            new = Epoch(note["epoch"], note["epochs"], note["loss"], note["validation_pearson"])
            epochs = [*(epoch for epoch in epochs if epoch.epoch < new.epoch), new]
    return tuple(epochs)


def _attempt(notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The progress since its last turn began."""
    starts = [number for number, note in enumerate(notes) if note.get("stage") == WAITING]
    return notes[starts[-1] if starts else 0 :]


def _seconds(notes: list[dict[str, Any]]) -> float:
    """Time spent on training, in all attempts."""
    total, since = 0.0, None
    for note in notes:
        if note.get("stage") == WAITING:
            since = None
        elif since is not None:
            total += max(0.0, note["at"] - since)
            since = note["at"]
        elif "stage" in note:
            since = note["at"]
    return total


def _seconds_left(attempt: list[dict[str, Any]]) -> float | None:
    """Estimated from the speed of this attempt."""
    known = [note for note in attempt if "done" in note]
    if len(known) < 2 or known[-1]["done"] <= known[0]["done"]:
        return None
    first, last = known[0], known[-1]
    rate = (last["done"] - first["done"]) / max(last["at"] - first["at"], 1e-3)
    return max(0.0, (1 - last["done"]) / rate - (time.time() - last["at"]))
