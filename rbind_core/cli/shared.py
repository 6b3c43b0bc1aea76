"""What all commands share: options, JSON output, errors as one line."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

import click

from rbind_core.errors import RBindError

if TYPE_CHECKING:
    from rbind_core.model.predictor import ResidualBindPredictor
    from rbind_core.model.registry import Model

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
rbp_option = click.option("--rbp", required=True, help="Protein (RBFOX1: its best model) or experiment (RNCMPT00168).")


class OneLineErrors(click.Group):
    """Shows a user's error as one line without usage text."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and turn errors into one line and an exit status."""
        kwargs["standalone_mode"] = False
        try:
            status = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            fail(error.format_message())
        except RBindError as error:
            fail(str(error))
        except (KeyboardInterrupt, click.Abort):
            click.echo("stopped", err=True)
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(141)
        sys.exit(status if isinstance(status, int) else 0)


def fail(message: str) -> None:
    """End with one line on standard error and exit status 2."""
    click.echo("rbind: " + " ".join(message.split()), err=True)
    sys.exit(2)


def say_note(message: str) -> None:
    """Say something beside the result, on standard error."""
    click.echo(f"note: {message}", err=True)


def print_json(value: Any) -> None:
    """Print one JSON object to standard output."""
    click.echo(json.dumps(_finite(value), ensure_ascii=False))


def _finite(value: Any) -> Any:
    """Replace NaN and infinity, which JSON does not know, by null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def load(rbp: str) -> tuple[Model, ResidualBindPredictor]:
    """Find a model by name and load its predictor."""
    from rbind_core.model.registry import find_model, load_predictor

    model = find_model(rbp)
    return model, load_predictor(model)
