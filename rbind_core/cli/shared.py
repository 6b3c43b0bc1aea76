"""Common parts of all commands: options, JSON output, one-line errors."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.system.error_messages import in_one_sentence
from rbind_core.system.quoting import in_json

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice
    from rbind_core.analyses.gia import GlobalImportanceAnalysis
    from rbind_core.model.predictor import ResidualBindPredictor
    from rbind_core.model.registry import Model

_LONGEST_LINE = 500  # letters of an error
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
rbp_option = click.option("--rbp", required=True, help="Protein (RBFOX1: its best model) or experiment (RNCMPT00168).")


class OneLineErrors(click.Group):
    """Shows users' errors as one line without usage text."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and turn errors into one line and an exit status."""
        kwargs["standalone_mode"] = False
        _open_missing_streams()
        try:
            status = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            fail(error.format_message())
        except (KeyboardInterrupt, click.Abort):
            click.echo("stopped", err=True)
            sys.exit(130)
        except Exception as error:
            sentence = in_one_sentence(error)
            if sentence is None:
                raise
            if isinstance(error, OSError):
                _give_up_output()
            fail(sentence)
        sys.exit(status if isinstance(status, int) else 0)


def _open_missing_streams() -> None:
    """Replace closed streams, so that nothing written to them ends up in a file opened later."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115


def _give_up_output() -> None:
    """Drop output that cannot be written, as on a full disk, about which Python would complain at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str) -> None:
    """End with one line on standard error and exit status 2."""
    line = "".join(sign if sign.isprintable() else "?" for sign in " ".join(message.split()))
    if len(line) > _LONGEST_LINE:  # it quotes the input
        line = f"{line[: _LONGEST_LINE // 2]} ... {line[-_LONGEST_LINE // 4 :]}"
    with contextlib.suppress(OSError):  # standard error may be unwritable too
        click.echo(f"rbind: {line}", err=True)
    sys.exit(2)


def say_note(message: str) -> None:
    """Print a note on standard error, apart from the result."""
    click.echo(f"note: {message}", err=True)


def say_how_read(sequence: str) -> None:
    """Say what was removed from between the letters of a sequence."""
    from rbind_core.rna.sequences import reading_notes

    for note in reading_notes(sequence):
        say_note(note)


def print_json(value: Any) -> None:
    """Print one JSON object to standard output."""
    click.echo(in_json(value))


def load(rbp: str) -> tuple[Model, ResidualBindPredictor]:
    """Find a model by name and load its predictor."""
    from rbind_core.model.registry import find_model, load_predictor

    model = find_model(rbp)
    return model, load_predictor(model)


def prepare_scan(model: Model, predictor: ResidualBindPredictor, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of a scan of all k-mers, and print the notes beforehand."""
    from rbind_core.analyses import prepare

    if model.structure:
        say_note(f"{model.label} folds every sequence: ranking all k-mers takes minutes to hours")
    analysis = prepare(model, predictor, choice)
    if analysis.sample.caution:
        say_note(analysis.sample.caution)
    return analysis


def read_file(path: Path, most: int, of: str) -> bytes:
    """Read a file named by the user.

    Parameters
    ----------
    most : limit in bytes.
    of : its contents, in the plural.

    Raises
    ------
    UsageError
        If it cannot be read or is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise click.UsageError(f"{path} is larger than {most // 1_000_000} MB; give fewer {of} at a time")
    return content
