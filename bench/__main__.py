"""`./rbind bench`: the command line with one more command, which is not part of the installed package."""

from __future__ import annotations

import click

from bench import run, table
from rbind_core.cli import main
from rbind_core.cli.shared import json_option, print_json


@main.command()
@click.option("--quick", is_flag=True, help="Measure less, with fewer turns.")
@json_option
def bench(quick: bool, as_json: bool) -> None:
    """Measure speed and memory side by side on this computer."""
    results = run(lambda text: click.echo(text, err=True), quick=quick)
    if as_json:
        print_json(results)
    else:
        click.echo(table(results))


if __name__ == "__main__":
    main(prog_name="./rbind")
