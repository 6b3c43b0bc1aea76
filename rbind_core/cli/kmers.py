"""The command that ranks all k-mers at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rbind_core.cli.background_options import background_options
from rbind_core.cli.networks_option import beside_for, between_line, committee_for, networks_option, say_beside
from rbind_core.cli.shared import json_option, load, prepare_scan, print_json, rbp_option, say_note

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice


@click.command()
@rbp_option
@click.option("-k", type=click.IntRange(3, 8), default=6, show_default=True, help="Length in nt.")
@click.option("--start", type=int, default=18, show_default=True, help="Position of the k-mer's first nucleotide.")
@click.option("--top", type=click.IntRange(1, 64), default=20, show_default=True, help="How many to print.")
@click.option("--exhaustive", is_flag=True, help="Measure every k-mer on all background RNAs, which takes minutes.")
@click.option(
    "--scan-precision",
    type=click.Choice(["float32", "bfloat16"]),
    default="float32",
    show_default=True,
    help="Of the first round of a fast scan; what is printed is always float32.",
)
@background_options
@networks_option
@json_option
def kmers(
    rbp: str,
    k: int,
    start: int,
    top: int,
    exhaustive: bool,
    scan_precision: str,
    choice: BackgroundChoice,
    networks: str,
    as_json: bool,
) -> None:
    """Rank all k-mers by global importance at one place (Fig. 2e)."""
    from rbind_core.analyses.in_networks import in_networks
    from rbind_core.constructs import parse_construct
    from rbind_core.experiments.records import kmer_record
    from rbind_core.model.registry import load_predictor
    from rbind_core.motifs import check_place, exhaustive_scan, fast_scan, rank_groups, separation_text

    check_place(k, start)
    is_float32 = scan_precision == "float32"
    if exhaustive and not is_float32:
        raise click.UsageError(f"--scan-precision {scan_precision} is for fast scans; an exhaustive scan is in float32")
    model, predictor = load(rbp)
    scout = None if is_float32 else load_predictor(model, precision=scan_precision)
    analysis = prepare_scan(model, predictor, choice)
    scan = exhaustive_scan(analysis, k, start) if exhaustive else fast_scan(analysis, k, start, top, scout)
    if not is_float32:
        say_note(f"the first round of the scan was in {scan_precision}; all numbers printed are float32")
    groups = rank_groups(analysis, scan, top)
    committee = committee_for(model, networks)
    constructs = [parse_construct(f"{kmer}@{start}") for kmer in scan.kmers[:top]]
    others = in_networks(analysis, committee, constructs, **beside_for(model)) if committee else None
    record = kmer_record(model, choice, scan, exhaustive, top, groups, others)
    if as_json:
        print_json(record | {"scan_precision": scan_precision})
        return
    click.echo(f"# {model.label}, {k}-mers at {start}-{start + k - 1}, {choice.describe(model.measured_in)}")
    click.echo("ranks\tk-mer\tglobal importance\t95 % CI\tstandard error")
    for row in record["kmers"]:
        low, high = row["ci95"]
        spread = f"{low:.4f} to {high:.4f}\t{row['standard_error']:.4f}" if row["samples"] > 1 else "none\tnone"
        click.echo(f"{row['rank_group']}\t{row['kmer']}\t{row['global_importance']:.4f}\t{spread}")
    if others:
        click.echo(f"Between networks, on {others.samples:,} of these background RNAs:")
        for construct, found in zip(constructs, others.all, strict=True):
            click.echo(between_line(construct.label, found))
        say_beside(others)
    say_note(f"the best {len(record['kmers'])} of this draw of background RNAs. {separation_text(groups)}".rstrip())
    say_note(f"{scan.predictions:,} sequences scored for {scan.tested:,} k-mers; best and worst are picked after the fact")
