"""`./rbind experiment alignment`: the best 6-mers aligned to the very best one, as a motif."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rbind_core.cli.background_options import background_options
from rbind_core.cli.shared import json_option, load, prepare_scan, print_json, rbp_option

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice

K = 6


@click.command()
@rbp_option
@background_options
@json_option
def alignment(rbp: str, choice: BackgroundChoice, as_json: bool) -> None:
    """What do the ten best 6-mers have in common? (Koo et al. 2021, Fig. 4b)"""
    from rbind_core.experiments.records import kmer_record
    from rbind_core.motifs import ALIGNED, alignment_motif, fast_scan, rank_groups

    model, predictor = load(rbp)
    analysis = prepare_scan(model, predictor, choice)
    scan = fast_scan(analysis, K, top=ALIGNED)
    motif = alignment_motif(scan.best(ALIGNED)).tolist()
    record = kmer_record(model, choice, scan, exhaustive=False, top=ALIGNED, groups=rank_groups(analysis, scan))
    if as_json:
        print_json({"name": "alignment", **record, "motif": motif})
        return
    click.echo(
        f"# {model.label}, {ALIGNED} best {K}-mers aligned, {choice.describe(model.measured_in)}\nk-mer\tglobal importance\tranks"
    )
    for row in record["kmers"]:
        click.echo(f"{row['kmer']}\t{row['global_importance']:.4f}\t{row['rank_group']}")
    click.echo("pos\tA\tC\tG\tU")
    for position, row in enumerate(motif, start=1):
        click.echo(f"{position}\t" + "\t".join(f"{share:.3f}" for share in row))
