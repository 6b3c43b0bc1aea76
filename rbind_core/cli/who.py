"""The command that asks all proteins at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.networks_option import COMMITTEE, SERVED
from rbind_core.cli.shared import json_option, print_json, read_file, say_note
from rbind_core.cli.who_many import PEAKS_ALONE, answer_peaks, is_many, peaks, peaks_options
from rbind_core.cli.who_variants import GENOME_ALONE, PROTEINS, answer_changes, answer_genome, genome_options, genome_variants

if TYPE_CHECKING:
    from rbind_core.rna.pasting import Record
    from rbind_core.who.ranking import Who

_COLUMNS = (
    *("protein", "experiment", "grade", "family", "score", "percentile", "p", "q"),
    *("start", "end", "site", "site start", "networks that agree"),
)


MANY_ALONE = ("genome", "scheduler", "networks")


@click.command()
@click.option("--seq", help="One RNA or DNA sequence of 11 to 100,000 nt.")
@click.option("--fasta", type=click.Path(path_type=Path), help="FASTA: with one RNA as --seq, with more they are peaks.")
@click.option("--variant", "variants", multiple=True, help="A change of --seq: A12G, 12_14del, 12_13insAC. May be repeated.")
@peaks_options
@genome_options
@click.option("--top", type=click.IntRange(1), help="How many proteins to print; all, or 5 for each variant, if not given.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the shuffles.")
@click.option("--networks", type=click.Choice([SERVED, COMMITTEE]), help="For peaks and --vcf: one or all [one for peaks].")
@click.option("--scheduler", metavar="ADDRESS", help="Running Dask scheduler for --vcf, --hgvs and peaks, as tcp://host:8786.")
@json_option
def who(
    seq: str | None, fasta: Path | None, variants: Sequence[str], top: int | None, seed: int, as_json: bool, **more: Any
) -> None:
    """Which proteins bind here, and which does a variant touch? All proteins at once.

    One RNA (--seq, or --fasta with one): each protein's best window, beside dinucleotide shuffles of the same RNA. Many (--fasta,
    or --bed and --genome): which protein's model tells them from a background. --variant, --vcf or --hgvs: what changes do.
    """
    if sum(given is not None for given in (seq, fasta, more["bed"], more["vcf"], more["hgvs"])) != 1:
        raise click.UsageError("give one of --seq, --fasta, --bed, --vcf and --hgvs")
    if more["vcf"] or more["hgvs"]:
        _refuse(PEAKS_ALONE, more, "variants of a genome")
        answer_genome(genome_variants(more, top or PROTEINS), as_json)
    elif variants:
        if seq is None:
            raise click.UsageError("--variant needs --seq, the RNA that it changes; variants of a genome go with --vcf or --hgvs")
        _refuse((*PEAKS_ALONE, *GENOME_ALONE, *MANY_ALONE), more, "changes of one RNA")
        answer_changes(seq, "\n".join(variants), top or PROTEINS, as_json)
    elif more["bed"] or more["against"] or more["shuffles"] or more["complement"] or is_many(fasta):
        if seq is not None:
            raise click.UsageError("--against, --shuffles and --complement are for many sequences (--fasta, --bed), not for --seq")
        _refuse(GENOME_ALONE, more, "peaks")
        answer_peaks(peaks(more, fasta, seed), top, as_json)
    else:
        _refuse((*PEAKS_ALONE, *GENOME_ALONE, *MANY_ALONE), more, "one RNA")
        _answer_one_rna(seq, fasta, top, seed, as_json)


def _refuse(names: Sequence[str], given: dict[str, Any], of: str) -> None:
    """Refuse options that have no meaning for what is asked."""
    for name in names:
        if given[name] and not (name == "stride" and given[name] == 1):
            raise click.UsageError(f"--{name} has no meaning for {of}")


def _answer_one_rna(seq: str | None, fasta: Path | None, top: int | None, seed: int, as_json: bool) -> None:
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
