"""The option `--networks`, and how the spread between networks is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import say_note

if TYPE_CHECKING:
    from rbind_core.analyses.in_networks import InNetworks
    from rbind_core.model.committee import Committee
    from rbind_core.model.registry import Model
    from rbind_core.statistics.between_networks import BetweenNetworks

SERVED, COMMITTEE = "served", "committee"


def networks_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--networks served|committee` to a command."""
    return click.option(
        "--networks",
        type=click.Choice([SERVED, COMMITTEE]),
        default=SERVED,
        show_default=True,
        help="committee: also in the other networks of the protein, with the spread between them.",
    )(command)


def committee_for(model: Model, networks: str) -> Committee | None:
    """The committee if it was asked for; a note says which networks are left out."""
    from rbind_core.model.committee import open_committee

    if networks != COMMITTEE:
        return None
    committee = open_committee(model)
    for problem in committee.problems:
        say_note(problem)
    return committee


def between_line(label: str, found: BetweenNetworks) -> str:
    """One line on an effect in the networks."""
    interval = found.interval95
    text = f"{label}: {found.sentence()}"
    return text if interval is None else f"{text}; 95 % interval for another network {interval[0]:.2f} to {interval[1]:.2f}"


def beside_for(model: Model) -> dict[str, Any]:
    """What stands beside the networks, as arguments of `in_networks`; a note says how to fetch DeepBind's model."""
    from rbind_core.model.committee import other_experiments
    from rbind_core.model.registry import load_predictor
    from rbind_core.model.second_opinion import may_have_second_opinion, second_opinion

    found = second_opinion(model)
    if found is None and may_have_second_opinion(model):
        say_note(f"for DeepBind's opinion: ./rbind data fetch --deepbind --rbp {model.experiment}")
    return {"second": found, "experiments": [(one, load_predictor(one)) for one in other_experiments(model)]}


def say_beside(others: InNetworks) -> None:
    """Effects in other experiments with the protein, and in DeepBind's model with its caveat."""
    from rbind_core.model.second_opinion import CAVEAT

    for one in others.beside.experiments:
        click.echo(f"experiment {one.experiment} (grade {one.grade}): " + ", ".join(f"{effect:+.2f}" for effect in one.effects))
    if others.beside.deepbind:
        click.echo("DeepBind: " + ", ".join(f"{effect:+.2f}" for effect in others.beside.deepbind))
        say_note(CAVEAT)
