"""The command that asks all proteins at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import json_option, print_json, read_file, say_note

if TYPE_CHECKING:
    from rbind_core.rna.pasting import Record
    from rbind_core.who.ranking import Who

_COLUMNS = (
    *("protein", "experiment", "grade", "family", "score", "percentile", "p", "q"),
    *("start", "end", "site", "site start", "networks that agree"),
)


@click.command()
@click.option("--seq", help="One RNA or DNA sequence of 11 to 100,000 nt.")
@click.option("--fasta", type=click.Path(path_type=Path), help="FASTA file, GenBank record, or letters, with one RNA.")
@click.option("--top", type=click.IntRange(1), help="How many proteins to print as text; all if not given.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the shuffles.")
@json_option
def who(seq: str | None, fasta: Path | None, top: int | None, seed: int, as_json: bool) -> None:
    """Which proteins bind this RNA? All at once, beside dinucleotide shuffles of the same RNA."""
    if (seq is None) == (fasta is None):
        raise click.UsageError("give either --seq or --fasta")
    record = _one_rna(seq, fasta)
    found = _ask(record, seed)
    for note in (*found.problems, *([found.note] if found.note else [])):
        say_note(note)
    if as_json:
        from rbind_core.who.records import who_record

        print_json(who_record(found, seed))
    else:
        _print(found, record, top)


def _one_rna(seq: str | None, fasta: Path | None) -> Record:
    """The RNA, with notes on how it was read."""
    from rbind_core.analyses.sliding import LONGEST
    from rbind_core.rna.pasting import MOST_BYTES, read_pasted

    content = (seq or "") if fasta is None else read_file(fasta, MOST_BYTES, "sequences")
    pasted = read_pasted(content, allow_ambiguous=True, max_length=LONGEST)
    if len(pasted.records) > 1:
        raise click.UsageError(f"{fasta or '--seq'} holds {len(pasted.records):,} sequences; give one RNA")
    for note in pasted.notes:
        say_note(note)
    return pasted.records[0]


def _ask(record: Record, seed: int) -> Who:
    import numpy as np

    from rbind_core.model.registry import list_models
    from rbind_core.who.networks import open_networks
    from rbind_core.who.ranking import who_binds

    return who_binds(record.sequence, open_networks(list_models()), np.random.default_rng(seed))


def _print(found: Who, record: Record, top: int | None) -> None:
    click.echo(f"# {record.name}, {len(record.sequence):,} nt. {found.sentence}")
    click.echo("\t".join(_COLUMNS))
    for row in found.rows[:top]:
        place = row.place
        values: list[Any] = [row.protein, row.experiment, row.grade, row.family, f"{row.score:.3f}", f"{row.percentile:.2f}"]
        values += [f"{row.p:.2g}", f"{row.q:.2g}", place.start, place.end, place.site, place.site_start]
        click.echo("\t".join(map(str, [*values, f"{row.agree}/{row.networks}"])))
