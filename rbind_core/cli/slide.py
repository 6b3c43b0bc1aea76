"""The command that slides models over long RNAs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import json_option, load, print_json, say_note

if TYPE_CHECKING:
    from rbind_core.analyses.sliding import RecordSites
    from rbind_core.rna.pasting import Pasted

_WORTH_A_WORD = 20_000  # windows; fewer take about a second


@click.command()
@click.option("--rbp", "rbps", multiple=True, required=True, help="Protein or experiment; give a second one to compare with.")
@click.option("--seq", help="One RNA or DNA sequence, up to 100,000 nt.")
@click.option("--fasta", type=click.Path(path_type=Path), help="FASTA file, GenBank record, or letters; up to 5 MB.")
@click.option("--stride", type=click.IntRange(1, 41), default=1, show_default=True, help="From one window to the next, nt.")
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help="Best sites of each RNA to print.")
@click.option("--mutations", is_flag=True, help="With --json: effects of all single mutations too, of RNAs of 41-2,000 nt.")
@json_option
def slide(rbps: Sequence[str], seq: str | None, fasta: Path | None, stride: int, top: int, mutations: bool, as_json: bool) -> None:
    """Slide a model over long RNAs: the best windows of 41 nt that do not overlap."""
    from rbind_core.analyses.mutation_map import mutation_map
    from rbind_core.analyses.sliding import best_sites_of, windows_of

    if (seq is None) == (fasta is None):
        raise click.UsageError("give either --seq or --fasta")
    if len(rbps) > 2:
        raise click.UsageError(f"--rbp is given {len(rbps)} times; allowed are one or two")
    if mutations and not as_json:
        raise click.UsageError("--mutations needs --json")
    pasted = _read(seq, fasta)
    models, predictors = zip(*map(load, rbps), strict=True)
    for note in pasted.notes:
        say_note(note)
    windows = len(models) * sum(len(windows_of(len(record.sequence), stride)) for record in pasted.records)
    for model in models:
        if model.structure:
            say_note(f"{model.label} folds every window: this takes about two seconds for a thousand of them")
    records = [(record.name, record.sequence) for record in pasted.records]
    results: list[dict[str, Any]] = []
    with _progress(windows) as report:
        for result in best_sites_of(predictors, records, top, stride, report=report):
            if result.note:
                say_note(f"{result.name}: {result.note}")
            if as_json:
                results.append(_record(result))
            else:
                _print(result, [model.label for model in models])
    if mutations:
        for record, (_, rna) in zip(results, records, strict=True):
            record["mutations"] = mutation_map(predictors[0], rna).effects.tolist()
    if as_json:
        print_json(
            {
                "experiments": [model.experiment for model in models],
                "stride": stride,
                "records": results,
                "notes": list(pasted.notes),
            }
        )


def _read(seq: str | None, fasta: Path | None) -> Pasted:
    from rbind_core.analyses.sliding import LONGEST
    from rbind_core.rna.pasting import MOST_BYTES, read_pasted

    if fasta is None:
        return read_pasted(seq or "", allow_ambiguous=True, max_length=LONGEST)
    try:
        with fasta.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise click.UsageError(f"{fasta} cannot be read ({error.strerror})") from None
    return read_pasted(content, allow_ambiguous=True, max_length=LONGEST)


@contextmanager
def _progress(windows: int) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on standard error for long runs on a terminal."""
    if windows < _WORTH_A_WORD or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=windows, label="Scoring windows", file=sys.stderr) as bar:
        yield bar.update


def _record(result: RecordSites) -> dict[str, Any]:
    best = [
        {
            "start": site.start,
            "end": site.end,
            "sequence": site.sequence,
            "score": site.score,
            "percentile": site.percentile,
            "scores": [site.score, *site.others],
        }
        for site in result.sites
    ]
    return {"name": result.name, "length": result.length, "windows": result.windows, "best": best}


def _print(result: RecordSites, labels: Sequence[str]) -> None:
    click.echo(f"# {result.name}, {result.length:,} nt, {result.windows:,} windows; z-score of log intensity")
    click.echo("\t".join(["rank", "start", "end", "sequence", *labels, "percentile"]))
    for site in result.sites:
        scores = [f"{score:.4f}" for score in (site.score, *site.others)]
        click.echo("\t".join([str(site.rank), str(site.start), str(site.end), site.sequence, *scores, f"{site.percentile:.1f}"]))
