"""Commands for the data: status, fetch, import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rbind_core.cli.shared import json_option, print_json

if TYPE_CHECKING:
    from rbind_core.data.imported import Import


@click.group()
def data() -> None:
    """The data: what is here, fetching of the public files, import of the paper's own."""


@data.command()
@json_option
def status(as_json: bool) -> None:
    """Say which public files are on this computer, and which experiments were imported."""
    from rbind_core.data import fetch
    from rbind_core.data.imported import imported_experiments, list_imports

    found = {name: fetch.is_available(name) for name in fetch.sources()}
    folders = [str(folder) for folder in fetch.data_folders()]
    if as_json:
        print_json({"folders": folders, "files": found, "imported": list(imported_experiments())})
        return
    click.echo("folders: " + ", ".join(folders))
    for name, here in found.items():
        click.echo(f"{'here   ' if here else 'missing'}  {fetch.sources()[name].size:>9,} bytes  {name}")
    click.echo(f"{sum(found.values())} of {len(found)} files are here")
    for each in list_imports():
        click.echo(_describe(each))
        if each.experiments:
            click.echo("  " + ", ".join(each.experiments))


@data.command(name="fetch")
@click.option("--rbp", "rbps", multiple=True, help="Only what this RBP needs. May be repeated; without it, all of RNAcompete.")
@click.option("--deepbind", is_flag=True, help="DeepBind's published parameters, a second opinion: 244 files, or those of --rbp.")
def fetch_command(rbps: Sequence[str], deepbind: bool) -> None:
    """Fetch public files into the cache, with pinned addresses and SHA-256."""
    from rbind_core.data import fetch
    from rbind_core.data.deepbind_files import deepbind_files
    from rbind_core.data.library import files_for
    from rbind_core.model.registry import find_model

    names = [] if rbps else list(deepbind_files().values() if deepbind else fetch.sources_in(fetch.RNACOMPETE))
    for rbp in rbps:
        model = find_model(rbp)
        needed = [deepbind_files().get(model.measured_in, "")] if deepbind else files_for(model.measured_in)
        needed = [name for name in needed if name]
        if not needed:
            what = "parameters of DeepBind" if deepbind else "measurements"
            raise click.UsageError(f"{model.label}: no public {what} are known for it")
        names += [name for name in needed if name not in names]
    for number, name in enumerate(names, start=1):
        label = f"{number}/{len(names)} {name}"
        click.echo(f"{label} ...", nl=False, err=True)
        try:
            fetch.fetch([name], _percentage(label))
        except BaseException:
            click.echo(err=True)  # the next message starts on a new line
            raise
        click.echo(f"\r{label}: here    ", err=True)


@data.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
def import_command(file: Path) -> None:
    """Import rnacompete2013.h5 or rnacompete2009.h5, the paper's own HDF5 files, to train models of their experiments."""
    from rbind_core.data.imported import import_file, import_of

    found = import_file(file, partial(click.echo, err=True))
    for each in {each.folder: each for each in (import_of(experiment.id) for experiment in found)}.values():
        click.echo(_describe(each))
    click.echo(f"{len(found)} experiments can be used; ./rbind train --experiment {found[0].id} trains one, --all all of them")


def _describe(imported: Import) -> str:
    if imported.problem:
        return f"imported {imported.file}: {imported.problem}"
    training, validation, test = imported.probes
    return (
        f"imported {imported.file} on {imported.date[:10]}: {len(imported.experiments)} experiments, {sum(imported.probes):,} "
        f"probes ({training:,} training, {validation:,} validation, {test:,} test)"
    )


def _percentage(label: str) -> Callable[[str, int, int], None]:
    def show(_: str, done: int, total: int) -> None:
        click.echo(f"\r{label}: {100 * done // total} %", nl=False, err=True)

    return show
