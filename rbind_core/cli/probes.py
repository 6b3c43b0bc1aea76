"""The command that lists test probes with their scores, residuals, motif matches, GC content and folding energies."""

from __future__ import annotations

import click

from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_note

_BOUND = "z-score of log intensity."
_ORDERS, _PARTS = ["predicted", "measured", "residual", "error", "match", "gc"], ["highest", "spread", "lowest"]


@click.command()
@rbp_option
@click.option("--library", type=click.Choice(["designed", "measured"]), default="designed", show_default=True, help="Which probes.")
@click.option("--contains", default="", help="IUPAC letters that stand somewhere in the probe, such as UGCAUG.")
@click.option("--min-predicted", type=float, help=_BOUND)
@click.option("--max-predicted", type=float, help=_BOUND)
@click.option("--min-measured", type=float, help=_BOUND)
@click.option("--max-measured", type=float, help=_BOUND)
@click.option("--gc", default="", help="Range of the GC content, such as 0.3-0.6.")
@click.option("--sort", type=click.Choice(_ORDERS), default="predicted", show_default=True, help="error: size of the residual.")
@click.option("--part", type=click.Choice(_PARTS), default="highest", show_default=True, help="spread: evenly through all ranks.")
@click.option("--top", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many to print.")
@json_option
def probes(
    rbp: str,
    library: str,
    contains: str,
    min_predicted: float | None,
    max_predicted: float | None,
    min_measured: float | None,
    max_measured: float | None,
    gc: str,
    sort: str,
    part: str,
    top: int,
    as_json: bool,
) -> None:
    """List test probes: measured and predicted score, residual, best motif match, GC content, folding energy."""
    import numpy as np

    from rbind_core.analyses import probe_library
    from rbind_core.design import read_gc
    from rbind_core.probes import ProbeFilter, probe_table, probes_record, rank, what_to_loosen
    from rbind_core.probes.records import head_lines
    from rbind_core.probes.table import check_order
    from rbind_core.rna.structure import energies_if_possible

    chosen = ProbeFilter(
        contains, (min_predicted, max_predicted), (min_measured, max_measured), read_gc(gc) if gc else (None, None)
    )
    model, predictor = load(rbp)
    opened = probe_library(model, library)
    for order in [sort] + ["measured"] * (chosen.measured != (None, None)):
        check_order(order, opened)
    if model.structure:
        say_note(f"{model.label} folds every probe: this takes a while")
    table = probe_table(model, predictor, opened, np.random.default_rng(0))
    ranking = rank(table, chosen, sort, part, top)
    if not len(ranking.rows):
        say_note(what_to_loosen(table, chosen))
    energies = energies_if_possible(table.codes[ranking.listed])
    record = probes_record(model, library, table, ranking, sort, part, energies)
    if as_json:
        print_json(record)
        return
    for line in head_lines(model, table, ranking, sort, part):
        click.echo(f"# {line}")
    held_against = "best motif match" if table.measured is None else "measured"
    click.echo(f"# predicted and {held_against}, all {len(table):,}: {table.correlation().text}; in brackets: 95 % CI")
    if rows := record["probes"]:
        click.echo("\t".join(rows[0]))
        for row in rows:
            click.echo("\t".join(f"{value:.4f}" if isinstance(value, float) else str(value) for value in row.values()))
