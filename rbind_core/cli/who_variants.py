"""Answers about variants for all proteins: of one RNA, and of a genome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rbind_core.cli.networks_option import COMMITTEE
from rbind_core.cli.shared import print_json, say_note
from rbind_core.cli.who_many import Progress, open_genome, opened_heads

if TYPE_CHECKING:
    from rbind_core.genomes.genome import Genome
    from rbind_core.genomes.vcf import Site
    from rbind_core.who.heads import Opened
    from rbind_core.who.placing import Placer

Command = TypeVar("Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path)
GENOME_ALONE = ("gtf", "strand", "out", "percentiles")
PROTEINS = 5  # of each change, if the user does not say
_MOST_IN_JSON = 10_000  # alleles
_COLUMNS = ("variant", "protein", "experiment", "grade", "family", "reference", "alternative", "difference", "percentile", "agree")


@dataclass(frozen=True)
class GenomeVariants:
    """What the user gave: variants of a genome, their strand, and what is said of them."""

    vcf: Path | None
    hgvs: Path | None
    genome: Path | None
    gtf: Path | None
    strand: str | None
    out: Sequence[Path]
    top: int
    percentiles: bool
    networks: str
    scheduler: str | None


def genome_options(command: Command) -> Command:
    """Add the options of variants of a genome to a command."""
    options = (
        click.option("--vcf", type=_FILE, help="Variants in VCF, plain or packed, with --genome."),
        click.option("--hgvs", type=_FILE, help="A change on each line, as ENST00000357654.9:c.68_69del, with --genome and --gtf."),
        click.option("--gtf", type=_FILE, help="Genes: each variant is scored on the strands of the genes that it lies in."),
        click.option("--strand", type=click.Choice(["+", "-", "both"]), help="Strand of the RNA, without --gtf [both]."),
        click.option(
            "--out", type=_FILE, multiple=True, help="File of effects: .vcf, .tsv (.gz: bgzip) or .parquet. May be repeated."
        ),
        click.option("--percentiles", is_flag=True, help="Also among all single changes of the 41 nt around: 60 times slower."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def genome_variants(given: Mapping[str, Any], top: int) -> GenomeVariants:
    """The options of a command as what the user gave."""
    names = ("vcf", "hgvs", "genome", "gtf", "strand", "out", "percentiles", "scheduler")
    return GenomeVariants(top=top, networks=given["networks"] or COMMITTEE, **{name: given[name] for name in names})


def answer_changes(seq: str, text: str, top: int, as_json: bool) -> None:
    """Score changes of one RNA, and print the proteins that they touch most."""
    from rbind_core.variants import read_wild_type
    from rbind_core.who.changes import changes_of
    from rbind_core.who.scoring import effects_on
    from rbind_core.who.variants import Wanted, score_changes

    sequence, notes = read_wild_type(seq)
    changes = changes_of(sequence, text)
    for note in (*notes, *changes.notes):
        say_note(note)
    opened = opened_heads(COMMITTEE)
    count = len(opened.networks)
    effects = score_changes(
        (opened.networks, len(opened.proteins), Wanted(top, True), True), [one.change for one in changes.changes]
    )
    rows = [list(effects_on(effects, number, opened.proteins, count)) for number in range(len(changes.changes))]
    if as_json:
        variants = [_record(one, found) for one, found in zip(changes.changes, rows, strict=True)]
        left_out = [{"line": one.line, "reason": one.reason} for one in changes.rejected]
        print_json({"sequence": sequence, "variants": variants, "notes": [*notes, *changes.notes], "left_out": left_out})
        return
    click.echo("# z-score units of log intensity; the best window that covers the change, without and with it")
    click.echo("\t".join(_COLUMNS))
    for one, found in zip(changes.changes, rows, strict=True):
        for row in found:
            click.echo(f"{one.label}\t{_text(row)}")
        if not found:
            say_note(f"{one.label}: no window of known letters covers it")


def _record(one: Any, found: list[dict[str, Any]]) -> dict[str, Any]:
    change = one.change
    about = {"name": one.name, "variant": change.label, "position": change.position}
    return about | {"ref": change.reference, "alt": change.alternative, "proteins": found}


def _text(row: dict[str, Any]) -> str:
    percentile = "" if row["percentile"] is None else f"{row['percentile']:.1f}"
    scores = f"{row['reference']:.4f}\t{row['alternative']:.4f}\t{row['difference']:.4f}\t{percentile}"
    return f"{row['protein']}\t{row['experiment']}\t{row['grade']}\t{row['family']}\t{scores}\t{row['agree']}/{row['networks']}"


def answer_genome(given: GenomeVariants, as_json: bool) -> None:
    """Score the variants of a file; write them to files, or print them."""
    from rbind_core.genomes.vcf import header_of
    from rbind_core.who.scoring import COLUMNS, scored_lines
    from rbind_core.who.variants import Wanted
    from rbind_core.who.writing import Outputs

    _check(given)
    opened, count = opened_heads(given.networks), 0
    kept: list[dict[str, Any]] = []
    with ExitStack() as stack:
        placer, sites = _placed(given, stack)
        header = header_of(given.vcf) if given.vcf is not None else []
        outputs = stack.enter_context(Outputs(given.out, header, given.vcf is not None, opened.proteins, len(opened.networks)))
        progress = Progress("variants")
        wanted = Wanted(given.top, given.percentiles)
        lines = scored_lines(placer.place_all(sites), opened.networks, len(opened.proteins), wanted, given.scheduler)
        for line in lines:
            rows = outputs.add(line)
            progress(1)
            if as_json and not given.out:
                kept += rows
                _check_count(count)
            elif not given.out:
                _print(rows, COLUMNS, with_header=count == 0)
            count += len({entry.allele for entry in line.placed.entries})
        progress.end()
    _finish(given, placer, opened, count, kept, as_json)


def _check(given: GenomeVariants) -> None:
    if (given.vcf is None) == (given.hgvs is None):
        raise click.UsageError("give either --vcf or --hgvs")
    if given.genome is None:
        raise click.UsageError("--vcf and --hgvs need --genome, a FASTA with the chromosomes")
    if given.hgvs is not None and given.gtf is None:
        raise click.UsageError("--hgvs needs --gtf, which says where the exons of the transcripts are")
    if given.gtf is not None and given.strand is not None:
        raise click.UsageError("give either --gtf or --strand: the GTF says on which strand the genes are")


def _check_count(count: int) -> None:
    if count > _MOST_IN_JSON:
        raise click.UsageError(f"more than {_MOST_IN_JSON:,} alleles are too many for one JSON object; give --out with a file")


def _placed(given: GenomeVariants, stack: ExitStack) -> tuple[Placer, Iterator[Site]]:
    from rbind_core.genomes.gtf import read_genes
    from rbind_core.genomes.vcf import sites_of
    from rbind_core.who.placing import BOTH, Placer

    assert given.genome is not None
    genome = open_genome(given.genome, stack)
    if given.hgvs is not None:
        assert given.gtf is not None
        placer = Placer(genome, genes=read_genes(given.gtf), with_singles=given.percentiles)  # for g., which names no strand
        return placer, _sites_of_hgvs(given.hgvs, given.gtf, genome)
    assert given.vcf is not None
    genes = read_genes(given.gtf) if given.gtf is not None else None
    if genes is None and given.strand is None:
        say_note("each variant is scored on both strands; --gtf or --strand says which one is transcribed")
    return Placer(genome, given.strand or BOTH, genes, given.percentiles), sites_of(given.vcf)


def _sites_of_hgvs(path: Path, gtf: Path, genome: Genome) -> Iterator[Site]:
    from rbind_core.genomes.hgvs import sites_of_table

    return sites_of_table(path, gtf, genome)


def _print(rows: Sequence[dict[str, Any]], columns: Sequence[str], with_header: bool) -> None:
    if rows and with_header:  # not before: the first lines say whether this is the right genome
        click.echo("\t".join(columns))
    for row in rows:
        values = (f"{row[name]:.4f}" if isinstance(row[name], float) else row[name] for name in columns)
        click.echo("\t".join("" if value is None else str(value) for value in values))


def _finish(given: GenomeVariants, placer: Placer, opened: Opened, count: int, kept: list[dict[str, Any]], as_json: bool) -> None:
    """Notes, and the JSON object."""
    tally = placer.left_out
    for sentence in tally.sentences():
        say_note(sentence)
    if not as_json:
        if given.out:
            click.echo(f"{count:,} alleles of {placer.sites:,} lines, {len(opened.proteins)} proteins' models: {_names(given.out)}")
        return
    record: dict[str, Any] = {
        "lines": placer.sites,
        "alleles": count,
        "models": len(opened.proteins),
        "networks": len(opened.networks),
    }
    record |= {"left_out": {"counts": dict(tally.counts), "first": tally.lines}}
    print_json(record | ({"files": [str(path) for path in given.out]} if given.out else {"proteins": kept}))


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths)
