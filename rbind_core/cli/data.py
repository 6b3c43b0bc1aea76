"""Commands for the public data: status, fetch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from rbind_core.cli.shared import json_option, print_json


@click.group()
def data() -> None:
    """The public data: what is here, and fetching of the rest."""


@data.command()
@json_option
def status(as_json: bool) -> None:
    """Say which public files are on this computer."""
    from rbind_core.data import fetch

    found = {name: fetch.is_available(name) for name in fetch.sources()}
    folders = [str(folder) for folder in fetch.data_folders()]
    if as_json:
        print_json({"folders": folders, "files": found})
        return
    click.echo("folders: " + ", ".join(folders))
    for name, here in found.items():
        click.echo(f"{'here   ' if here else 'missing'}  {fetch.sources()[name].size:>9,} bytes  {name}")
    click.echo(f"{sum(found.values())} of {len(found)} files are here")


@data.command(name="fetch")
@click.option("--rbp", "rbps", multiple=True, help="Only what this RBP needs. May be repeated; without it, all files.")
def fetch_command(rbps: Sequence[str]) -> None:
    """Fetch public files into the cache, with pinned addresses and SHA-256."""
    from rbind_core.data import fetch
    from rbind_core.data.library import files_for
    from rbind_core.model.registry import find_model

    names = list(fetch.sources()) if not rbps else []
    for rbp in rbps:
        model = find_model(rbp)
        needed = files_for(model.experiment)
        if not needed:
            raise click.UsageError(f"{model.label}: no public measurements are known for it")
        names += [name for name in needed if name not in names]
    for number, name in enumerate(names, start=1):
        label = f"{number}/{len(names)} {name}"
        fetch.fetch([name], _percentage(label))
        click.echo(f"\r{label}: here    ", err=True)


def _percentage(label: str) -> Callable[[str, int, int], None]:
    def show(_: str, done: int, total: int) -> None:
        click.echo(f"\r{label}: {100 * done // total} %", nl=False, err=True)

    return show
