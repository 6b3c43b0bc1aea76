"""The command of pairwise epistasis."""

from __future__ import annotations

import click

from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_how_read, say_note


@click.command()
@rbp_option
@click.option("--seq", required=True, help="One RNA or DNA sequence of 11-41 nt.")
@click.option("--top", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to print, without --json.")
@json_option
def epistasis(rbp: str, seq: str, top: int, as_json: bool) -> None:
    """Pairs of mutations: f(ab) - f(a) - f(b) + f(wild type) of every double mutant; 0 where the effects add."""
    from rbind_core.analyses.epistasis import epistasis as measure
    from rbind_core.analyses.mutagenesis import length_note
    from rbind_core.rna.sequences import check_sequence

    sequence = check_sequence(seq)
    say_how_read(seq)
    model, predictor = load(rbp)
    if note := length_note(sequence):
        say_note(note)
    if model.structure:
        say_note(f"{model.label} folds every double mutant: this takes some seconds")
    result = measure(predictor, sequence)
    if as_json:
        print_json(
            {
                "rbp": model.protein,
                "experiment": model.experiment,
                "sequence": sequence,
                "wild_type": result.wild_type,
                "scores": result.effects.tolist(),
                "pairs": result.records,
            }
        )
        return
    records = sorted(result.records, key=lambda record: -abs(record["epistasis"]))
    click.echo(f"# {model.label}, wild type {result.wild_type:.4f}; the strongest of {len(records):,} pairs, z-score units")
    click.echo("first\tsecond\tfirst alone\tsecond alone\tboth\tepistasis")
    for record in records[:top]:
        numbers = (record[name] for name in ("effect_first", "effect_second", "effect_both", "epistasis"))
        click.echo("\t".join([record["first"], record["second"], *(f"{number:.4f}" for number in numbers)]))
