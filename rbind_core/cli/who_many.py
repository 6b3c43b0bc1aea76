"""Options and answers of `who` for many sequences."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rbind_core.cli.networks_option import COMMITTEE, SERVED
from rbind_core.cli.shared import print_json, say_note

if TYPE_CHECKING:
    from rbind_core.genomes.genome import Genome
    from rbind_core.genomes.tally import Tally
    from rbind_core.who.explaining import Explained
    from rbind_core.who.heads import Opened

Command = TypeVar("Command", bound=Callable[..., Any])
PEAKS_ALONE = ("against", "shuffles", "complement", "flank", "stride")
_EVERY = 2.0  # seconds between two reports
_FILE = click.Path(path_type=Path)
_COLUMNS = ("protein", "experiment", "grade", "family", "AUROC", "95 % CI", "enrichment", "95 % CI", "q above baseline")


@dataclass(frozen=True)
class Peaks:
    """What the user gave: the sequences, what they are compared with, and how they are scored."""

    fasta: Path | None
    bed: Path | None
    genome: Path | None
    against: Path | None
    shuffles: bool
    complement: bool
    flank: int
    stride: int
    seed: int
    networks: str
    scheduler: str | None

    @property
    def control(self) -> str:
        """What the sequences are compared with."""
        if sum((self.against is not None, self.shuffles, self.complement)) > 1:
            raise click.UsageError("give one of --against, --shuffles and --complement")
        return "file" if self.against is not None else "complement" if self.complement else "shuffles"


def peaks(given: Mapping[str, Any], fasta: Path | None, seed: int) -> Peaks:
    """The options of a command as what the user gave."""
    names = ("bed", "genome", "against", "shuffles", "complement", "flank", "stride", "scheduler")
    return Peaks(fasta, seed=seed, networks=given["networks"] or SERVED, **{name: given[name] for name in names})


def peaks_options(command: Command) -> Command:
    """Add the options of many sequences to a command."""
    options = (
        click.option("--bed", type=_FILE, help="Peaks in BED instead, with --genome; each is read from its own strand."),
        click.option("--genome", type=_FILE, help="Genome in FASTA, for --bed, --vcf and --hgvs."),
        click.option("--against", type=_FILE, help="FASTA of background sequences [shuffles of each sequence]."),
        click.option("--shuffles", is_flag=True, help="Against dinucleotide shuffles of each sequence, as is usual."),
        click.option("--complement", is_flag=True, help="Against the other strand of each sequence."),
        click.option("--flank", type=click.IntRange(0, 10_000), default=0, show_default=True, help="nt on either side of a peak."),
        click.option("--stride", type=click.IntRange(1, 41), default=1, show_default=True, help="nt between windows of a peak."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def is_many(fasta: Path | None) -> bool:
    """Whether a file holds more than one sequence; a file in another format than FASTA is left to the reader of one RNA."""
    from itertools import islice

    from rbind_core.errors import DataError
    from rbind_core.genomes.lines import lines_of

    if fasta is None:
        return False
    headers = (line for _, line in lines_of(fasta) if line.lstrip().startswith(">"))
    try:
        return len(list(islice(headers, 2))) > 1
    except DataError:  # a text in UTF-16, say
        return False


def answer_peaks(given: Peaks, top: int | None, as_json: bool) -> None:
    """Score many sequences, and print which protein's model tells them from the background."""
    found = _explained(given)
    for note in found.notes:
        say_note(note)
    if as_json:
        print_json(found.record())
        return
    click.echo(f"# {found.sentence}")
    click.echo("\t".join(_COLUMNS))
    base = found.baseline
    low, high = base.ci95
    how = "more" if base.more else "less"
    click.echo(f"(baseline: {how} {base.base})\t\t\t\t{base.auroc:.3f}\t{low:.3f} to {high:.3f}\t\t\t")
    for row in found.rows[:top]:
        numbers = f"{row.auroc:.3f}\t{row.ci95[0]:.3f} to {row.ci95[1]:.3f}\t{row.enrichment:.1f}"
        interval = f"{row.enrichment_ci95[0]:.1f} to {row.enrichment_ci95[1]:.1f}"
        click.echo(f"{row.protein}\t{row.experiment}\t{row.grade}\t{row.family}\t{numbers}\t{interval}\t{row.q_above_baseline:.2g}")


def _explained(given: Peaks) -> Explained:
    from rbind_core.genomes.tally import Tally
    from rbind_core.who.explaining import Settings, explaining

    if given.bed is not None and given.genome is None:
        raise click.UsageError("--bed needs --genome, a FASTA with the chromosomes")
    opened, control = opened_heads(given.networks), given.control
    left_out, changed, left_out_there = Tally(), Tally(), Tally()
    with ExitStack() as stack:
        positive = _sequences(given, stack, left_out, changed)
        negative = _of_file(given.against, left_out_there) if given.against is not None else None
        progress = Progress("sequences")
        settings = Settings(control, given.stride, given.seed)
        found = explaining(positive, negative, opened.networks, opened.proteins, settings, given.scheduler, progress)
        progress.end()
    for tally, verb in ((left_out, "left out"), (changed, ""), (left_out_there, "of the background left out")):
        for sentence in tally.sentences(verb):
            say_note(sentence)
    return found


def _sequences(given: Peaks, stack: ExitStack, left_out: Tally, changed: Tally) -> Iterator[str]:
    if given.bed is None:
        assert given.fasta is not None
        return _of_file(given.fasta, left_out)
    from rbind_core.genomes.bed import peaks_of

    assert given.genome is not None
    genome = open_genome(given.genome, stack)
    return (rna for _, rna in peaks_of(given.bed, genome, given.flank, left_out, changed))


def _of_file(path: Path, left_out: Tally) -> Iterator[str]:
    from rbind_core.genomes.fasta import records_of

    return (record.sequence for record in records_of(path, left_out))


def open_genome(path: Path, stack: ExitStack) -> Genome:
    """Open a genome until the end of a stack; notes on it are printed at its end."""
    from rbind_core.genomes.genome import Genome

    genome = stack.enter_context(Genome(path))
    for note in genome.notes:
        say_note(note)
    stack.callback(lambda: say_note(genome.names.note) if genome.names.note else None)
    return genome


def opened_heads(networks: str) -> Opened:
    """The panels that are asked: all with `committee`, else the first."""
    from dataclasses import replace

    from rbind_core.model.registry import list_models
    from rbind_core.who.heads import open_heads

    opened = open_heads(list_models())
    for problem in opened.problems:
        say_note(problem)
    return opened if networks == COMMITTEE else replace(opened, networks=opened.networks[:1])


class Progress:
    """Says on standard error how many of something are done, and how fast; the total of a stream is not known beforehand."""

    def __init__(self, of: str) -> None:
        self._of, self._done = of, 0
        self._start = self._said = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def __call__(self, more: int) -> None:
        """Count some more."""
        self._done += more
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            self._say()

    def _say(self) -> None:
        seconds = time.monotonic() - self._start
        text = f"{self._done:,} {self._of} in {seconds:.0f} s, {self._done / max(seconds, 1e-9):,.0f} a second"
        click.echo(f"\r\x1b[K{text}" if self._terminal else text, err=True, nl=not self._terminal)

    def end(self) -> None:
        """End the line on a terminal, if there is one."""
        if self._terminal and self._said != self._start:
            click.echo("", err=True)
