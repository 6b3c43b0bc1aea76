"""The options of all commands that draw background sequences."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import say_how_read

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice


class _Background(click.Option):
    """Imports the backgrounds, which its help names, only when needed."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from rbind_core.backgrounds import KINDS

        *names, last = [kind.name + kind.span() for kind in KINDS]
        self.help = f"What the patterns are put into: {', '.join(names)} or {last}."
        return super().get_help_record(ctx)


_OPTIONS = (
    click.option("--background", cls=_Background, default="profile", show_default=True),
    click.option("--gc", type=float, help="GC content for --background gc, 0 to 1; 0.5 unless given."),
    click.option("--context", help="The one RNA of 11-41 nt for --background context."),
    click.option("--fasta", help="Sequences for --background file: FASTA, or one a line, a name beside it or not."),
    click.option("--samples", type=int, default=1000, show_default=True, help="Number of background sequences, N."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of everything random."),
    click.option("--library", type=click.Choice(["designed", "measured"]), default="designed", show_default=True),
)


def background_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a background to a command, which receives `choice`, a `BackgroundChoice`, in their place."""

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
    """Make the choice from options, refusing any that would be ignored."""
    from rbind_core.analyses import BackgroundChoice
    from rbind_core.backgrounds import BACKGROUNDS, canonical_name, check_samples

    name = canonical_name(background)
    check_samples(samples)
    given: dict[str, Any] = {"gc": gc, "context": context, "fasta": fasta}
    for option, value in given.items():
        is_its_own = option == BACKGROUNDS[name].setting
        if value is not None and not is_its_own:
            belongs_to = " or ".join(other for other, kind in BACKGROUNDS.items() if kind.setting == option)
            raise click.UsageError(f"--{option} is read with --background {belongs_to} only, not with {name}")
        if value is None and is_its_own and not getattr(BackgroundChoice, option):  # so it has no default
            raise click.UsageError(f"--background {name} needs --{option}")
    choice = BackgroundChoice(name, samples, seed, library, **{o: value for o, value in given.items() if value is not None})
    say_how_read(context or "")
    return choice
