"""Every option and argument of every command, found by walking the command line, so that a new one is tried without a word here."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner

from rbind_core.cli import main
from tests.fuzz.corpus import RNA
from tests.fuzz.ledger import Ledger, is_a_sentence, shown

SECONDS = 6.0  # of the processor for one command in an open process
_CHEAP = {"--samples": "10", "--scan-samples": "10", "--steps": "1", "--top": "2", "-k": "3"}  # where the command has the option
_VALID = {"--rbp": "RBFOX1", "--seq": RNA, "--pattern": "UGCAUG@4"}  # for options that a command cannot do without
_COMPANIONS = {  # options without which another one is not looked at
    "--gc": ["--background", "gc"],
    "--context": ["--background", "context"],
    "--fasta": ["--background", "file"],
    "--name": ["--table", "no-such-table.tsv"],
    "--table": ["--name", "model"],
    "--structure": ["--experiment", "no-such-experiment"],
    "--scheduler": ["--experiment", "no-such-experiment"],
    "--workers": ["--experiment", "no-such-experiment"],
}
_ONE_OF = {  # commands that need one of several options: the first, unless another of them is tried
    ("predict",): ("--seq", "--fasta"),
    ("slide",): ("--seq", "--fasta"),
    ("who",): ("--seq", "--fasta"),
    ("variants",): ("--variant", "--table", "--mutant"),
}
_ALWAYS = {  # one model, without further processes, and not into the bundled atlas
    ("atlas",): {"--rbp": "RBFOX1", "--workers": "0", "--out": "measured.parquet"},
}
_VALID_ONE = {"--seq": RNA, "--variant": "G1A"}


@dataclass(frozen=True)
class Place:
    """An option or argument of a command."""

    command: tuple[str, ...]
    parameter: click.Parameter
    all_parameters: tuple[click.Parameter, ...]

    @property
    def name(self) -> str:
        """As the report names it."""
        return f"rbind {' '.join(self.command)} {self.parameter.opts[0]}"

    @property
    def is_written(self) -> bool:
        """Whether it names what the command writes."""
        return self.parameter.opts[0] == "--out"

    @property
    def is_slow(self) -> bool:
        """Whether the work takes long even where all is small: a model measured for the atlas."""
        return self.command == ("atlas",)

    def arguments(self, value: str) -> list[str]:
        """The command with this value, all else as cheap and as valid as can be."""
        arguments = list(self.command)
        for other in self.all_parameters:
            option = other.opts[0]
            if other is self.parameter:
                continue
            if option in _CHEAP:
                arguments += [option, _CHEAP[option]]
            elif other.required and option in _VALID:
                arguments += [option, _VALID[option]]
        for other, valid in _ALWAYS.get(self.command, {}).items():
            arguments += [other, valid] if other != self.parameter.opts[0] else []
        option, names = self.parameter.opts[0], {other.opts[0] for other in self.all_parameters}
        companions = _COMPANIONS.get(option, [])
        arguments += companions if set(companions) & names else []
        if (choice := _ONE_OF.get(self.command)) and option not in choice:
            arguments += [choice[0], _VALID_ONE[choice[0]]]
        if isinstance(self.parameter, click.Argument):
            return [*arguments, "--", value]
        # The value in the same word, since one that begins with a dash would be an option by itself.
        return [*arguments, f"{option}={value}"] if option.startswith("--") else [*arguments, option, value]


def places() -> Iterator[Place]:
    """All options and arguments that take a value."""
    for command, found in _commands(main, ()):
        for parameter in found.params:
            if not getattr(parameter, "is_flag", False):
                yield Place(command, parameter, tuple(found.params))


def commands() -> list[str]:
    """Names of all commands."""
    return [" ".join(command) for command, _ in _commands(main, ())]


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, (*path, name))
    else:
        yield path, command


def try_value(ledger: Ledger, place: Place, value: str, folder: Path) -> None:
    """Run one command from inside a folder; `folder` is also where absolute paths to write are moved to."""
    value = os.fsdecode(value.replace("\0", "").encode("utf-8", "surrogatepass"))  # what a shell can pass on
    if place.is_written and value.startswith(("/", "~")):
        value = str(folder / value.lstrip("/~"))
    try_arguments(ledger, place.name, place.arguments(value), shown(value), 10 * SECONDS if place.is_slow else SECONDS)


def try_arguments(ledger: Ledger, surface: str, arguments: list[str], given: str, most_seconds: float = SECONDS) -> None:
    """Run one command; an error is one line and status 2."""
    start, problem = time.process_time(), ""
    with _given_up_after(5 * most_seconds):
        outcome = CliRunner().invoke(main, arguments, prog_name="rbind")
    seconds = time.process_time() - start
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        problem = f"{type(outcome.exception).__name__}: {outcome.exception}"
    elif outcome.exit_code not in (0, 2):
        problem = f"status {outcome.exit_code}"
    elif outcome.exit_code == 2 and not _is_one_line(outcome.stderr):
        problem = f"not one line of error: {shown(outcome.stderr)}"
    elif seconds > most_seconds:
        problem = f"takes {seconds:.1f} s"
    ledger.note(surface, given, seconds, problem)


@contextmanager
def _given_up_after(seconds: float) -> Iterator[None]:
    """Break off what uses the processor for too long, such as the reading of a file without end."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"no end after {seconds:g} s")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _is_one_line(stderr: str) -> bool:
    """The error is the last line; notes and progress may stand before it."""
    *before, last = stderr.rstrip("\n").split("\n")
    return last.startswith("rbind: ") and is_a_sentence(last) and not any(line.startswith("rbind: ") for line in before)


def listing(*folders: Path) -> set[tuple[str, int]]:
    """Files with their size, of folders that no command may write to."""
    return {
        (str(path), path.stat().st_size)
        for folder in folders
        for path in folder.rglob("*")
        if not {"__pycache__", ".venv", ".git", ".hypothesis", ".pytest_cache", ".ruff_cache", ".mypy_cache"} & set(path.parts)
        and path.is_file()
    }
