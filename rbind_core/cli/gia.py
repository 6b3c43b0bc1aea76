"""The command of Global Importance Analysis: what a construct does to the prediction on background RNAs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from rbind_core.cli.background_options import background_options
from rbind_core.cli.networks_option import beside_for, between_line, committee_for, networks_option, say_beside
from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_note

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice
    from rbind_core.analyses.gia import Importance


@click.command()
@rbp_option
@click.option("--pattern", "patterns", multiple=True, required=True, help="UGCAUG@18; join with '+'. May be repeated.")
@background_options
@networks_option
@json_option
def gia(rbp: str, patterns: Sequence[str], choice: BackgroundChoice, networks: str, as_json: bool) -> None:
    """Global importance of one or more constructs, on the same background sequences."""
    from rbind_core.analyses import prepare
    from rbind_core.analyses.in_networks import in_networks
    from rbind_core.constructs import parse_construct
    from rbind_core.experiments.level import COVERS_SAYS, level
    from rbind_core.experiments.records import gia_record
    from rbind_core.statistics import compare_with_first

    constructs = [parse_construct(text) for text in patterns]
    model, predictor = load(rbp)
    for construct in constructs:
        for note in construct.overlap_notes():
            say_note(note)
    analysis = prepare(model, predictor, choice)
    if analysis.sample.caution:
        say_note(analysis.sample.caution)
    results = analysis.importances(constructs)
    committee = committee_for(model, networks)
    others = in_networks(analysis, committee, constructs, **beside_for(model)) if committee else None
    if as_json:
        print_json(gia_record(model, choice, results, others))
        return
    click.echo(f"# {model.label}, {choice.describe(model.measured_in)}")
    click.echo("pattern\tglobal importance\t95 % CI\tstandard error\tN\tabove 0\td")
    for r in results:
        interval, spread = ("none", "none\t1\tnone\tnone") if r.samples < 2 else (_interval(r), _spread(r))
        click.echo(f"{r.construct}\t{r.mean:.4f}\t{interval}\t{spread}")
    for r in results:
        where = level(r, model.measured_scores)
        click.echo(f"{r.construct.label}: {where.text}" + (f"; {r.ci_text}" if r.samples < 2 else "") + ".")
        if where.warning:
            click.echo(where.warning)
    if any(r.samples > 1 for r in results):
        click.echo(COVERS_SAYS)
    for comparison in compare_with_first([c.label for c in constructs], results):
        click.echo(comparison.sentence)
    if others:
        click.echo(f"Between networks, on {others.samples:,} of these background RNAs:")
        for construct, found in zip(constructs, others.all, strict=True):
            click.echo(between_line(construct.label, found))
        say_beside(others)


def _interval(effect: Importance) -> str:
    return f"{effect.ci95[0]:.4f} to {effect.ci95[1]:.4f}"


def _spread(effect: Importance) -> str:
    size = f"{effect.effect_size:.2f}" if effect.standard_deviation > 0 else "none"
    return f"{effect.standard_error:.4f}\t{effect.samples}\t{effect.positive_share:.3f}\t{size}"
