"""The command that measures variants in their own RNA and with the context averaged out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rbind_core.cli.background_options import background_options
from rbind_core.cli.networks_option import between_line, committee_for, networks_option
from rbind_core.cli.shared import json_option, load, print_json, read_file, say_note

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice

_LARGEST_TABLE = 1_000_000  # bytes
_COLUMNS = (
    *("variant", "wild type", "mutant", "own effect", "marginalised effect", "95 % CI", "d", "positive in"),
    *("context percentile", "context spread", "context matters"),
)


@click.command()
@click.option("--rbp", help="Protein (RBFOX1: its best model) or experiment (RNCMPT00168).")
@click.option("--all", "all_proteins", is_flag=True, help="All proteins instead: those that each change touches most.")
@click.option("--top", type=click.IntRange(1), default=5, show_default=True, help="With --all, proteins for each change.")
@click.option("--seq", required=True, help="The wild type, 11 nt or more; of a longer RNA the 41 nt around each change are used.")
@click.option("--variant", "changes", multiple=True, help="A12G, r.12a>g or NAME,12,A,G. May be repeated.")
@click.option("--table", type=click.Path(path_type=Path), help="File with name, position, ref, alt, one change a line, or VCF.")
@click.option("--mutant", help="The whole mutant RNA instead, as long as the wild type.")
@click.option("--flank", type=click.IntRange(0, 20), default=5, show_default=True, help="nt on either side that are kept.")
@background_options
@networks_option
@json_option
def variants(
    rbp: str | None,
    all_proteins: bool,
    top: int,
    seq: str,
    changes: Sequence[str],
    table: Path | None,
    mutant: str | None,
    flank: int,
    choice: BackgroundChoice,
    networks: str,
    as_json: bool,
) -> None:
    """Effects of substitutions in their own RNA, and averaged over background RNAs that share only the site.

    With --all, effects of substitutions, insertions and deletions on all proteins, in their own RNA.

    The context matters where the effect in the own RNA lies outside the middle 95 % of those in single background RNAs.
    """
    from rbind_core.analyses import prepare
    from rbind_core.variants import read_mutant, read_variants, read_wild_type, variant_effects
    from rbind_core.variants.in_networks import variants_in_networks
    from rbind_core.variants.records import variants_record

    if sum(map(bool, (changes, table, mutant))) != 1:
        raise click.UsageError("give either --variant, --table or --mutant")
    if all_proteins:
        _of_all(rbp, seq, "\n".join(changes) if table is None else _read(table), mutant, top, as_json)
        return
    if rbp is None:
        raise click.UsageError("give --rbp with a protein, or --all for all of them")
    wild_type, notes = read_wild_type(seq)
    text = "\n".join(changes) if table is None else _read(table)
    read = read_mutant(wild_type, mutant) if mutant else read_variants(wild_type, text)
    read = replace(read, remarks=(*notes, *read.remarks))
    for note in read.notes:
        say_note(note)
    model, predictor = load(rbp)
    analysis = prepare(model, predictor, choice)
    if analysis.sample.caution:
        say_note(analysis.sample.caution)
    effects = variant_effects(analysis, read.variants, flank)
    committee = committee_for(model, networks)
    others = variants_in_networks(committee, read.variants) if committee else None
    if as_json:
        left_out = {"networks_left_out": list(committee.problems)} if committee else {}
        print_json(variants_record(model, choice, wild_type, read, effects, others) | left_out)
        return
    click.echo(f"# {model.label}, {choice.describe(model.measured_in)}, {flank} nt on either side; z-score units")
    click.echo("\t".join(_COLUMNS))
    for effect in effects:
        row = effect.record
        scores = f"{row['wild_type']:.4f}\t{row['mutant']:.4f}\t{row['own_effect']:.4f}\t{row['marginalised_effect']:.4f}"
        interval = f"{row['ci95_low']:.4f} to {row['ci95_high']:.4f}" if row["samples"] > 1 else "none for one RNA"
        among = f"{100 * row['positive_share']:.0f} %\t{row['context_percentile']:.0f}\t{row['context_spread']:.4f}"
        click.echo(f"{effect.variant.label}\t{scores}\t{interval}\t{row['effect_size']:.2f}\t{among}\t{effect.verdict}")
    if others:
        click.echo("Effect in its own RNA, between networks:")
        for effect, found in zip(effects, others, strict=True):
            click.echo(between_line(effect.variant.label, found))


def _of_all(rbp: str | None, seq: str, text: str, mutant: str | None, top: int, as_json: bool) -> None:
    """Effects on all proteins, in the RNA itself; insertions and deletions too."""
    from rbind_core.cli.who_variants import answer_changes

    if rbp is not None or mutant is not None:
        raise click.UsageError(f"{'--rbp' if rbp else '--mutant'} has no meaning with --all; give --variant or --table")
    answer_changes(seq, text, top, as_json)


def _read(path: Path) -> str:
    from rbind_core.rna.pasting import text_of

    return text_of(read_file(path, _LARGEST_TABLE, "changes"))
