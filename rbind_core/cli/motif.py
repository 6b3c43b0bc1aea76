"""The command that compares a model's motif with published ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import json_option, print_json, rbp_option
from rbind_core.errors import ModelError

if TYPE_CHECKING:
    from rbind_core.motifs import MatchedMotif

SHOWN = 10


@click.command()
@rbp_option
@click.option("--meme", type=click.Path(path_type=Path), help=f"Also list the {SHOWN} best motifs of this file in MEME format.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the random motifs.")
@json_option
def motif(rbp: str, meme: Path | None, seed: int, as_json: bool) -> None:
    """Compare the model's motif with the published one, and with those of a file."""
    import numpy as np

    from rbind_core.model.registry import find_model
    from rbind_core.motifs import null_columns, published_match, rank_motifs, read_meme_file

    motifs = read_meme_file(meme) if meme else []
    model = find_model(rbp)
    if not model.motif:
        raise ModelError(f"{model.label} is broken: {model.problem}" if model.problem else f"{model.label} has no motif")
    ours = np.array(model.motif)
    published = published_match(ours, model.measured_in, np.random.default_rng(seed))
    matches = rank_motifs(ours, motifs, np.random.default_rng(seed), SHOWN, null_columns(motifs)) if motifs else []
    if as_json:
        print_json(
            {
                "rbp": model.protein,
                "experiment": model.experiment,
                "seed": seed,
                "motif": model.motif,
                "published": _record(published) if published else None,
                "matches": [_record(matched) | {"e_value": matched.e_value} for matched in matches],
            }
        )
        return
    click.echo(f"# {model.label}: the model's motif\npos\tA\tC\tG\tU")
    for position, row in enumerate(model.motif, start=1):
        click.echo(f"{position}\t" + "\t".join(f"{share:.3f}" for share in row))
    click.echo(_described(published) if published else f"# nothing was published about the motif of {model.measured_in}")
    if matches:
        click.echo(f"# the best of {len(motifs):,} motifs in {motifs[0].source}")
        click.echo("motif\toffset\toverlap\tcorrelation\tp\tE\tp (shuffled columns)")
    for matched in matches:
        match = matched.match
        p_values = f"{match.p_value:.2g}\t{matched.e_value:.2g}\t{match.p_shuffled:.2g}"
        click.echo(f"{matched.motif.label}\t{match.offset}\t{match.overlap}\t{match.correlation:.3f}\t{p_values}")


def _record(matched: MatchedMotif) -> dict[str, Any]:
    motif, match = matched.motif, matched.match
    return {
        "name": motif.name,
        "alternative_name": motif.alternative,
        "source": motif.source,
        "offset": match.offset,
        "overlap": match.overlap,
        "correlation": match.correlation,
        "p_value": match.p_value,
        "random_motifs": match.random_motifs,
        "p_shuffled": match.p_shuffled,
        "orders": match.orders,
    }


def _described(matched: MatchedMotif) -> str:
    from rbind_core.motifs.comparison import BOTH_NULLS

    motif, match = matched.motif, matched.match
    return (
        f"# {motif.source}: {motif.label}\n"
        f"offset {match.offset}, overlap {match.overlap}, correlation {match.correlation:.3f}, "
        f"{match.p_text} ({match.random_motifs:,} random motifs), "
        f"{match.shuffled_text} (its own columns in {match.orders:,} orders)\n# {BOTH_NULLS}"
    )
