"""The options of all commands that draw background sequences."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import say_how_read

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice

_NAMES = "profile, shuffle, dinucleotide, quartile1-4, uniform, gc, gcmatched, markov1-3, file or context"
_OPTIONS = (
    click.option("--background", default="profile", show_default=True, help=f"What the patterns are put into: {_NAMES}."),
    click.option("--gc", type=float, help="GC content for --background gc, 0 to 1; 0.5 unless given."),
    click.option("--context", help="The one RNA of 11-41 nt for --background context."),
    click.option("--fasta", help="Sequences for --background file: FASTA, or one a line, a name beside it or not."),
    click.option("--samples", type=int, default=1000, show_default=True, help="Number of background sequences, N."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of everything random."),
    click.option("--library", type=click.Choice(["designed", "measured"]), default="designed", show_default=True),
)


def background_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a background to a command, which is called with `choice`, a `BackgroundChoice`, in their place."""

    @functools.wraps(command)
    def with_choice(
        *args: Any,
        background: str,
        samples: int,
        seed: int,
        library: str,
        gc: float | None,
        context: str | None,
        fasta: str | None,
        **others: Any,
    ) -> Any:
        choice = background_choice(background, samples, seed, library, gc=gc, context=context, fasta=fasta)
        return command(*args, choice=choice, **others)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), with_choice)


def background_choice(
    background: str,
    samples: int,
    seed: int,
    library: str,
    *,
    gc: float | None = None,
    context: str | None = None,
    fasta: str | None = None,
) -> BackgroundChoice:
    """Make the choice that options ask for; an option that would be ignored is refused."""
    from rbind_core.analyses import BackgroundChoice
    from rbind_core.backgrounds import canonical_name, check_samples

    name = canonical_name(background)
    check_samples(samples)
    for option, value, belongs_to in (("gc", gc, "gc"), ("context", context, "context"), ("fasta", fasta, "file")):
        if value is not None and name != belongs_to:
            raise click.UsageError(f"--{option} is read with --background {belongs_to} only, not with {name}")
        if value is None and name == belongs_to and option != "gc":
            raise click.UsageError(f"--background {name} needs --{option}")
    choice = BackgroundChoice(name, samples, seed, library, 0.5 if gc is None else gc, context or "", fasta or "")
    say_how_read(context or "")
    return choice
