"""The command that designs an RNA for one protein, or for one against another."""

from __future__ import annotations

import click

from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_how_read, say_note


@click.command()
@rbp_option
@click.option("--against", help="Another protein or experiment, whose score is to stay low: f1 - weight * f2.")
@click.option("--weight", type=click.FloatRange(0, 10), default=1.0, show_default=True, help="Of the other's z-score.")
@click.option("--seq", help="The start, 11-41 nt; a random RNA of 41 nt where it is left out.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of everything random.")
@click.option("--minimise", is_flag=True, help="Make the score as low as possible instead.")
@click.option("--steps", type=click.IntRange(1, 200), default=20, show_default=True, help="Changes to make at most.")
@click.option("--mutations", type=click.IntRange(1, 41), help="Positions that may differ from the start at most.")
@click.option("--gc", default="", help="Range of the GC content, such as 0.3-0.6.")
@click.option("--forbid", multiple=True, help="Motif in IUPAC letters that must not occur. May be repeated.")
@click.option("--keep", default="", help="Positions that stay as they are, such as 1-10,15.")
@click.option("--restarts", type=click.IntRange(0, 50), default=0, show_default=True, help="Further runs; the best is kept.")
@click.option("--temperature", type=click.FloatRange(0, 5), default=0.0, show_default=True, help="Of simulated annealing, in z.")
@click.option("--library", type=click.Choice(["designed", "measured"]), default="designed", help="Probes to compare with.")
@json_option
def design(
    rbp: str,
    against: str | None,
    weight: float,
    seq: str | None,
    seed: int,
    minimise: bool,
    steps: int,
    mutations: int | None,
    gc: str,
    forbid: tuple[str, ...],
    keep: str,
    restarts: int,
    temperature: float,
    library: str,
    as_json: bool,
) -> None:
    """Change an RNA letter by letter until a protein's predicted score is as high as it gets."""
    import numpy as np

    from rbind_core.design import SAYS_NOT, Constraints, Objective, read_gc, read_motifs, read_positions
    from rbind_core.design import design as find_design
    from rbind_core.design.records import design_record, library_scores, standing

    constraints = Constraints(read_gc(gc), read_motifs(",".join(forbid)), read_positions(keep), mutations)
    model, predictor = load(rbp)
    other, other_predictor = load(against) if against else (None, None)
    if other is not None and other.experiment == model.experiment:
        raise click.UsageError(f"--against {against} is the same model as --rbp {rbp}; give another one")
    objective = Objective(predictor, other_predictor, weight, minimise)
    found = find_design(
        objective, seq, constraints, np.random.default_rng(seed), steps=steps, restarts=restarts, temperature=temperature
    )
    if seq is not None:
        say_how_read(seq)
    place = standing(model, library, library_scores(model, predictor, library), found.final.score)
    if as_json:
        print_json(design_record(model, other, weight, minimise, seed, found, place))
        return
    versus = "" if other is None else f" - {weight:g} x {other.label}"
    click.echo(f"# {'lowest' if minimise else 'highest'} {model.label}{versus}; z-score units")
    names = [model.experiment] if other is None else [model.experiment, other.experiment, "objective"]
    click.echo("\t".join(["step", "change", "sequence", *names]))
    for step in found.steps:
        values = [step.score] if step.against is None else [step.score, step.against, step.objective]
        click.echo("\t".join([str(step.number), step.change, step.sequence, *(f"{value:.4f}" for value in values)]))
    say_note(f"ended at {found.stopped_by}")
    say_note(f"{place.sentence} {SAYS_NOT}")
