"""The command that trains, on your own table, or the bundled models on the public data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rbind_core.cli.cluster_options import TaskProgress, cluster_options, fail_for
from rbind_core.cli.shared import fail, print_json, say_note
from rbind_core.cli.table import score_column_option, sequence_column_option

if TYPE_CHECKING:
    from rbind_core.training.all_models import TrainingStep
    from rbind_core.training.fitting import EpochReport


@click.command()
@click.option("--table", type=click.Path(path_type=Path), help="Table with a sequence and a score on each line.")
@click.option("--name", help="Name of the model trained on the table.")
@sequence_column_option
@score_column_option
@click.option("--from", "start", type=click.Choice(["trunk", "scratch"]), default="trunk", show_default=True)
@click.option("--trunk", is_flag=True, help="Train the trunk on all public experiments.")
@click.option("--experiment", "names", multiple=True, help="Train a public or an imported experiment. May be repeated.")
@click.option("--structure", type=click.Choice(["PU", "PHIME"]), help="With --experiment: also read predicted structure.")
@click.option("--all", "everything", is_flag=True, help="Train every public and imported experiment that is not there yet.")
@click.option("--resume", is_flag=True, help="With --all: go on where a run was stopped (it always does).")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of models [your own; the bundled one for public experiments].")
@cluster_options
def train(
    table: Path | None,
    name: str | None,
    sequence_column: str | None,
    score_column: str | None,
    start: str,
    trunk: bool,
    names: Sequence[str],
    structure: str | None,
    everything: bool,
    resume: bool,
    out: Path | None,
    scheduler: str | None,
    workers: int | None,
) -> None:
    """Train on your own table, or on the public data; a run that was stopped goes on where it was.

    Several models are trained side by side, each on one core: by as many processes as there are cores, by --workers, or by
    the workers of a running Dask cluster. All ways give the same models.
    """
    if not (table or trunk or names or everything):
        raise click.UsageError("give --table FILE and --name NAME; or --all, --trunk or --experiment to rebuild bundled models")
    if resume and not everything:
        raise click.UsageError("--resume goes with --all; every other run that was stopped goes on by itself")
    if structure and not names:
        raise click.UsageError("--structure goes with --experiment, as in --experiment RNCMPT00168 --structure PU")
    if not (names or everything) and (scheduler is not None or workers is not None):
        raise click.UsageError("--scheduler and --workers go with --all or --experiment")
    if (table is None) != (name is None):
        raise click.UsageError("--table and --name go together")
    if table is None and (sequence_column or score_column) is not None:
        raise click.UsageError("--sequence-column and --score-column go with --table")
    if table is not None and name is not None:
        _train_from_table(table, name, start, out, sequence_column, score_column)
    if trunk:
        from rbind_core.system.paths import TRUNK
        from rbind_core.training.trunk import train_trunk

        train_trunk(TRUNK, report=_report_epoch)
    steps = [step for name in names for step in _steps_of(name, structure)]
    if everything:
        from rbind_core.training.all_models import all_steps

        steps += all_steps()
    if steps:
        _train_steps(steps, out, scheduler, workers)


@click.command("runs")
@click.option("--json", "as_json", is_flag=True)
def list_training_runs(as_json: bool) -> None:
    """List the training runs that were started in the app, the newest first."""
    from rbind_core.runs import QUEUE, list_runs, status
    from rbind_core.system.paths import own_runs_folder

    folder = own_runs_folder()
    found = [(run, status(run, folder / QUEUE)) for run in list_runs(folder)]
    if as_json:
        print_json(
            [{"run": r.id, "name": r.request.name, "state": s.state, "done": s.fraction, "message": s.message} for r, s in found]
        )
        return
    for run, state in found:
        click.echo("\t".join(filter(None, [run.request.name, state.state, f"{state.fraction:.0%}", state.message])))


def _steps_of(name: str, structure: str | None) -> list[TrainingStep]:
    from rbind_core.training.all_models import steps_of

    return steps_of(name, structure or "")


def _train_steps(steps: list[TrainingStep], out: Path | None, scheduler: str | None, workers: int | None) -> None:
    from rbind_core.model.registry import CARD
    from rbind_core.system.paths import is_part_of_installed_package
    from rbind_core.training.all_models import train_steps
    from rbind_core.training.side_by_side import train_side_by_side

    def announce(step: TrainingStep, done: int, total: int) -> None:
        click.echo(f"[{done + 1}/{total}] {step.model}, {step.scale}-transformed scores", err=True)

    already = {step.model for step in steps if step.is_done(step.folder(out))}
    if already:
        shown = ", ".join(sorted(already)[:3]) + (" ..." if len(already) > 3 else "")
        say_note(f"{len(already)} there already ({shown}); delete a model's folder to train it anew")
    if any(is_part_of_installed_package(step.folder(out)) for step in steps if step.model not in already):
        fail("what was installed with RBind stays as it is; name a folder for the models with --out")
    failures: dict[str, str] = {}
    if scheduler is None and (workers == 0 or (workers is None and len({step.model for step in steps}) == 1)):
        train_steps(steps, out, announce, _report_epoch)
    else:
        failures = train_side_by_side(steps, out, scheduler, workers, TaskProgress())
    for model, folder in {step.model: step.folder(out) for step in steps if step.model not in already}.items():
        if model not in failures:
            card = json.loads((folder / model / CARD).read_text())
            click.echo(f"{model}\t{card['protein']}\ttest Pearson {card['metrics']['pearson_test']:.4f}")
    fail_for(failures)


def _report_epoch(epoch: EpochReport) -> None:
    progress = f"loss {epoch.loss:.4f}, validation Pearson {epoch.validation_pearson:.4f}"
    click.echo(f"  epoch {epoch.epoch}/{epoch.epochs}: {progress}", err=True)


def _train_from_table(
    path: Path, name: str, start: str, out: Path | None, sequence_column: str | None, score_column: str | None
) -> None:
    from rbind_core.data.table_split import split_table
    from rbind_core.data.tables import read_table
    from rbind_core.system.paths import own_models_folder
    from rbind_core.training.from_table import check_name, train_from_table

    check_name(name)
    table = read_table(path, sequence_column=sequence_column, score_column=score_column)
    for note in [f"sequences from {table.columns[0]}, scores from {table.columns[1]}", *table.notes]:
        say_note(note)
    split = split_table(table.codes)
    say_note(split.counts)
    if split.caution:
        say_note(split.caution)
    folder = out or own_models_folder()
    click.echo(f"{name}: {len(table.codes):,} probes, from {start}", err=True)
    card = json.loads(train_from_table(table, name, folder, start, report=_report_epoch, split=split).read_text())
    metrics = card["metrics"]
    click.echo(
        f"{name}\ttest Pearson {metrics['pearson_test']:.4f}, Spearman {metrics['spearman_test']:.4f} "
        f"on {metrics['n_test']:,} held-out probes{_interval(metrics['pearson_test'], split.test_units, split.units)}"
    )
    click.echo("top 6-mers: " + ", ".join(f"{k['kmer']} ({k['global_importance']:.2f})" for k in card["top_kmers"][:5]))
    if out is not None:
        say_note(f"set RBIND_MODELS_DIR={out} to use the model")


def _interval(pearson: float, independent: int, units: str) -> str:
    from rbind_core.statistics import pearson_ci95

    low, high = pearson_ci95(pearson, independent)
    if low != low:
        return f"; no 95 % CI, since they come from {independent} {units}"
    return f"; 95 % CI {low:.3f} to {high:.3f}, from {independent:,} {units}"
