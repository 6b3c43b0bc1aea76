"""The command that compares models, 6-mer by 6-mer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import json_option, print_json

if TYPE_CHECKING:
    from rbind_core.atlas.similar import ScanComparison, SpecificKmer


@click.command()
@click.option("--rbp", "rbps", multiple=True, required=True, help="Protein or experiment; give two to five of them.")
@click.option("--top", type=click.IntRange(1, 4096), default=10, show_default=True, help="Specific 6-mers of each to print.")
@click.option("--share", is_flag=True, help="Importances as a share of each model's own best 6-mer, not as z-scores.")
@json_option
def compare(rbps: Sequence[str], top: int, share: bool, as_json: bool) -> None:
    """Compare two to five RBPs: correlations of their scans of all 6-mers, and 6-mers that one prefers over the others."""
    from rbind_core.atlas.files import load_atlas
    from rbind_core.atlas.similar import SHARE, Z_SCORE, compare_scans, specific_kmers
    from rbind_core.model.registry import find_model, list_models

    models = list_models()
    comparison = compare_scans([find_model(rbp, models) for rbp in rbps], load_atlas(), SHARE if share else Z_SCORE)
    specific = {model.experiment: specific_kmers(comparison, of, top) for of, model in enumerate(comparison.models)}
    if as_json:
        print_json(_record(comparison, specific))
        return
    click.echo(f"# {comparison.settings_text}; {comparison.unit}\n# Pearson r over {len(comparison.kmers):,} 6-mers")
    names = [model.experiment for model in comparison.models]
    click.echo("\t".join(["", *names]))
    for name, row in zip(names, comparison.correlations, strict=True):
        click.echo("\t".join([name, *(f"{r:.3f}" for r in row)]))
    for model in comparison.models:
        click.echo(f"# specific to {model.label}: global importance ± standard error\n" + "\t".join(["6-mer", *names, "advantage"]))
        for kmer in specific[model.experiment]:
            values = [f"{mean:.3f} ± {error:.3f}" for mean, error in zip(kmer.importances, kmer.standard_errors, strict=True)]
            click.echo("\t".join([kmer.kmer, *values, f"{kmer.advantage:.3f}"]))


def _record(comparison: ScanComparison, specific: dict[str, list[SpecificKmer]]) -> dict[str, Any]:
    names = [model.experiment for model in comparison.models]
    rows = zip(comparison.models, comparison.samples, comparison.seeds, comparison.best, strict=True)
    return {
        "rbps": [
            {"rbp": model.protein, "experiment": model.experiment, "samples": samples, "seed": seed, "best": best}
            for model, samples, seed, best in rows
        ],
        "scale": comparison.scale,
        "kmers": len(comparison.kmers),
        "correlations": comparison.correlations.tolist(),
        "specific": {
            name: [
                {
                    "kmer": kmer.kmer,
                    "advantage": kmer.advantage,
                    "global_importance": dict(zip(names, kmer.importances, strict=True)),
                    "standard_error": dict(zip(names, kmer.standard_errors, strict=True)),
                }
                for kmer in kmers
            ]
            for name, kmers in specific.items()
        },
    }
