"""`./rbind experiment NAME`: the paper's experiments, each with its own settings as options."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli import ism, kmers, models
from rbind_core.cli.across import benchmark, study_command
from rbind_core.cli.alignment import alignment
from rbind_core.cli.background_options import background_options
from rbind_core.cli.networks_option import SERVED, beside_for, between_line, committee_for, networks_option, say_beside
from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_note
from rbind_core.errors import ExperimentError

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice
    from rbind_core.experiments.experiment import Experiment, Result
    from rbind_core.experiments.robustness import Robustness

_all_backgrounds = click.option("--all-backgrounds", is_flag=True, help="Run it under all seven backgrounds of the paper.")
_local = click.option("--local", is_flag=True, help="Print the local importances too, one for each background sequence.")


class Experiments(click.Group):
    """One command per experiment: those of the catalogue, those over all models, and those with their own command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all experiments."""
        from rbind_core.atlas.studies import STUDIES
        from rbind_core.experiments.catalogue import EXPERIMENTS

        return [*EXPERIMENTS, *_others(), *STUDIES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of one experiment, made on demand."""
        from rbind_core.atlas.studies import STUDIES
        from rbind_core.experiments.catalogue import EXPERIMENTS

        name = cmd_name.strip().lower()
        if name in EXPERIMENTS:
            return _command(EXPERIMENTS[name])
        if name in STUDIES:
            return study_command(STUDIES[name])
        if name in _others():
            return _others()[name]
        raise ExperimentError(f"{cmd_name[:40]!r} is not an experiment; use {', '.join(self.list_commands(ctx))}")


def _others() -> dict[str, click.Command]:
    """Experiments of the paper with their own command, by their names among the experiments."""
    from rbind_core.experiments.catalogue import ROBUSTNESS

    return {
        ROBUSTNESS: robustness,
        "scatter": models.evaluate,
        "ism": ism.ism,
        "kmers": kmers.kmers,
        "alignment": alignment,
        "benchmark": benchmark,
    }


@click.command(cls=Experiments)
def experiment() -> None:
    """Run one of the paper's experiments: `./rbind experiment sites --rbp RBFOX1`."""


def option_of(setting: str) -> str:
    """Name the option of a setting: `loop_start` is `--loop-start`."""
    return f"--{setting.replace('_', '-')}"


def _command(kind: type[Experiment]) -> click.Command:
    """Make the command of an experiment, with an option per setting."""

    @rbp_option
    @background_options
    @_all_backgrounds
    @networks_option
    @_local
    @json_option
    def command(
        rbp: str, choice: BackgroundChoice, all_backgrounds: bool, networks: str, local: bool, as_json: bool, **settings: Any
    ) -> None:
        if all_backgrounds and networks != SERVED:
            raise click.UsageError("--networks committee is for one background; leave --all-backgrounds out")
        _run(kind, rbp, choice, all_backgrounds, local, as_json, settings, networks)

    for one in reversed(fields(kind)):
        metadata = one.metadata
        shown = "" if one.default == "" else f" [default: {one.default}]"
        limits = f" {metadata['low']}-{metadata['high']}." if metadata["low"] is not None else ""
        text = f"{metadata['label']}. {metadata['help']}{limits}{shown}"
        command = click.option(option_of(one.name), one.name, type=type(one.default), default=None, help=text)(command)
    return click.command(name=kind.name, help=f"{kind.question} ({kind.figure})")(command)


@click.command()
@rbp_option
@click.option("--of", "name", default="sites", show_default=True, help="Which experiment.")
@background_options
@_local
@json_option
def robustness(rbp: str, name: str, choice: BackgroundChoice, local: bool, as_json: bool) -> None:
    """Does the answer depend on the background? (Koo et al. 2021, Fig. S1-S5)"""
    from rbind_core.experiments.catalogue import find_experiment

    _run(find_experiment(name), rbp, choice, True, local, as_json, {})


def _run(
    kind: type[Experiment],
    rbp: str,
    choice: BackgroundChoice,
    all_backgrounds: bool,
    local: bool,
    as_json: bool,
    settings: dict[str, Any],
    networks: str = SERVED,
) -> None:
    from rbind_core.analyses import prepare
    from rbind_core.analyses.in_networks import in_networks
    from rbind_core.experiments.experiment import Result, run
    from rbind_core.experiments.records import experiment_record
    from rbind_core.experiments.robustness import robustness as under_all_backgrounds

    model, predictor = load(rbp)
    chosen = kind.for_model(model, **settings)
    if model.structure:
        say_note(f"{model.label} folds every sequence: this takes minutes")
    result: Result | Robustness
    others = None
    if all_backgrounds:
        result = under_all_backgrounds(chosen, partial(prepare, model, predictor), choice)
    else:
        analysis = prepare(model, predictor, choice)
        if analysis.sample.caution:
            say_note(analysis.sample.caution)
        result = run(chosen, analysis)
        committee = committee_for(model, networks)
        others = (
            in_networks(analysis, committee, [arm.construct for arm in result.arms], **beside_for(model)) if committee else None
        )
    if as_json:
        print_json(experiment_record(model, choice, result, local, others))
        return
    about = choice.describe_everywhere() if all_backgrounds else choice.describe(model.measured_in)
    for line in _lines(result, f"{model.label}, {about}"):
        click.echo(line)
    if others and isinstance(result, Result):
        click.echo(f"Between networks, on {others.samples:,} of these background RNAs:")
        for arm, found in zip(result.arms, others.all, strict=True):
            click.echo(between_line(arm.label, found))
        say_beside(others)


def _lines(result: Result | Robustness, settings: str) -> list[str]:
    """A result as text: a table of arms, the fits, and the conclusions."""
    from rbind_core.experiments.experiment import Result

    if not isinstance(result, Result):
        parts = [line for name, one in result.results.items() for line in _lines(one, f"background {name}")]
        return [f"# {settings}", *parts, "", result.verdict]
    lines = [f"# {result.experiment.title}: {settings}", "arm\tpattern\tglobal importance\t95 % CI\tstandard error\tN"]
    for arm, importance in zip(result.arms, result.importances, strict=True):
        low, high = importance.ci95
        lines.append(
            f"{arm.label}\t{importance.construct}\t{importance.mean:.4f}\t{low:.4f} to {high:.4f}\t"
            f"{importance.standard_error:.4f}\t{importance.samples}"
        )
    return [*lines, *(f"fit {series}: {fit.text}" for series, fit in result.fits.items()), *result.sentences]
