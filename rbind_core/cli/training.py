"""The command that trains: on a table of your own, or the bundled models on the public data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rbind_core.cli.shared import say_note

if TYPE_CHECKING:
    from rbind_core.training.fitting import EpochReport


@click.command()
@click.option("--table", type=click.Path(path_type=Path), help="Table with a sequence and a score on each line.")
@click.option("--name", help="Name of the model trained on the table.")
@click.option("--from", "start", type=click.Choice(["trunk", "scratch"]), default="trunk", show_default=True)
@click.option("--trunk", is_flag=True, help="Train the trunk on all public experiments.")
@click.option("--experiment", "names", multiple=True, help="Fine-tune this public experiment from the trunk. May be repeated.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of models [your own; the bundled one for --experiment].")
def train(table: Path | None, name: str | None, start: str, trunk: bool, names: Sequence[str], out: Path | None) -> None:
    """Train on your own table, or on the public data; a run that was stopped goes on where it was."""
    if not (table or trunk or names):
        raise click.UsageError("give --table FILE and --name NAME; or --trunk or --experiment to rebuild bundled models")
    if (table is None) != (name is None):
        raise click.UsageError("--table and --name go together")
    if table is not None and name is not None:
        _train_from_table(table, name, start, out)
    if trunk:
        from rbind_core.paths import TRUNK
        from rbind_core.training.trunk import train_trunk

        train_trunk(TRUNK, report=_report_epoch)
    if names:
        _fine_tune(names, out)


def _report_epoch(epoch: EpochReport) -> None:
    progress = f"loss {epoch.loss:.4f}, validation Pearson {epoch.validation_pearson:.4f}"
    click.echo(f"  epoch {epoch.epoch}/{epoch.epochs}: {progress}", err=True)


def _train_from_table(path: Path, name: str, start: str, out: Path | None) -> None:
    from rbind_core.data.tables import read_table
    from rbind_core.paths import own_models_folder
    from rbind_core.training.from_table import check_name, train_from_table

    check_name(name)
    table = read_table(path)
    for note in table.notes:
        say_note(note)
    folder = out or own_models_folder()
    click.echo(f"{name}: {len(table.codes):,} probes, from {start}", err=True)
    card = json.loads(train_from_table(table, name, folder, start, report=_report_epoch).read_text())
    metrics = card["metrics"]
    click.echo(
        f"{name}\ttest Pearson {metrics['pearson_test']:.4f}, Spearman {metrics['spearman_test']:.4f} "
        f"on {metrics['n_test']:,} held-out probes"
    )
    click.echo("top 6-mers: " + ", ".join(f"{k['kmer']} ({k['global_importance']:.2f})" for k in card["top_kmers"][:5]))
    if out is not None:
        say_note(f"set RBIND_MODELS_DIR={out} to use the model")


def _fine_tune(names: Sequence[str], out: Path | None) -> None:
    from rbind_core.data.rnacompete import experiments
    from rbind_core.model.registry import CARD
    from rbind_core.paths import BUNDLED_MODELS, TRUNK
    from rbind_core.training.per_rbp import fine_tune

    unknown = [name for name in names if name not in experiments()]
    if unknown:
        raise click.UsageError(f"{unknown[0]}: no public intensities are known for this experiment")
    folder = out or BUNDLED_MODELS
    for name in names:
        if (folder / name / CARD).exists():
            say_note(f"{name} is there already; delete its folder to train it anew")
            continue
        click.echo(name, err=True)
        card = json.loads(fine_tune(name, TRUNK, folder, report=_report_epoch).read_text())
        click.echo(f"{name}\t{card['protein']}\ttest Pearson {card['metrics']['pearson_test']:.4f}")
