"""Commands on models as they are: list and evaluate them, and fold an RNA for those that read structure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_how_read, say_note

if TYPE_CHECKING:
    from rbind_core.model.registry import Model


@click.command(name="list")
@click.option("--structure", is_flag=True, help="Also list models that read predicted structure beside the sequence.")
@click.option(
    "--grade", type=click.Choice(["A", "B", "yours"]), help="A: measured scores; B: taught by DeepBind; yours. [default: all]"
)
@json_option
def list_command(structure: bool, grade: str | None, as_json: bool) -> None:
    """List the models: protein, species, grade, test or expected Pearson, its noise ceiling, top 6-mer."""
    from rbind_core.model.registry import list_models

    installed = list_models()
    models = [m for m in installed if (structure or not m.structure) and grade in (None, m.grade)]
    if not installed:
        say_note("no models are installed: the folder pretrained/models is missing or empty; install RBind again to have them back")
    if as_json:
        print_json(
            [
                {
                    "experiment": m.experiment,
                    "protein": m.protein,
                    "synonyms": list(m.names),
                    "species": m.species,
                    "grade": m.grade,
                    "inputs": m.inputs,
                    **m.metrics,
                    **_expected(m),
                    "replicates": _replicates(m),
                    "top_kmer": m.top_kmer,
                    "published_consensus": m.published_consensus,
                    "deepbind": _deepbind(m),
                    "problem": m.problem,
                }
                for m in models
            ]
        )
        return
    numbers = f"{'grade':<5} {'Pearson':>9} {'ceiling':>7} {'clip scale':>10}"
    click.echo(f"{'experiment':<12} {'protein':<12} {'species':<24} {numbers}  top 6-mer")
    for m in models:
        log, top, clip = (f"{r:.3f}" if r == r else "-" for r in (m.quality, m.ceiling, m.pearson_test_clip))
        state = m.top_kmer if not m.problem else f"BROKEN: {m.problem}"
        shown = f"{log} *" if m.is_taught else log
        click.echo(f"{m.experiment:<12} {m.protein:<12} {m.species:<24} {m.grade:<5} {shown:>9} {top:>7} {clip:>10}  {state}")
    if any(m.is_taught for m in models):
        say_note(
            "* expected, not measured: the scores of these experiments are not public, and DeepBind's model taught the network"
        )


def _expected(model: Model) -> dict[str, Any]:
    """Expected test Pearson of a taught model, with the interval of nine of ten proteins; nothing for others."""
    found = model.expected
    return {"pearson_expected": found.pearson, "pearson_expected_range": [found.low, found.high]} if found else {}


def _deepbind(model: Model) -> dict[str, Any] | None:
    """The second opinion: DeepBind's best 6-mer, and the correlation with it over set B."""
    from rbind_core.quality.deepbind_agreement import agreement_with_deepbind

    found = agreement_with_deepbind(model)
    return asdict(found) if found else None


def _replicates(model: Model) -> dict[str, Any] | None:
    """How reproducible the experiment is, and how near the model comes to that limit."""
    return asdict(model.replicates) | {"share_of_ceiling": model.share_of_ceiling} if model.replicates else None


@click.command()
@click.option("--seq", required=True, help="One RNA or DNA sequence.")
@json_option
def fold(seq: str, as_json: bool) -> None:
    """Predicted structure by ViennaRNA: minimum free energy and pairing probabilities."""
    from rbind_core.rna.sequences import clean_sequence
    from rbind_core.rna.structure import fold as fold_sequence

    result = fold_sequence(clean_sequence(seq, max_length=1000))
    say_how_read(seq)
    if as_json:
        print_json(
            {
                "sequence": result.sequence,
                "structure": result.dot_bracket,
                "mfe": result.minimum_free_energy,
                "paired": result.paired.tolist(),
            }
        )
        return
    click.echo(f"{result.sequence}\n{result.dot_bracket} ({result.minimum_free_energy:.2f} kcal/mol)")


@click.command()
@rbp_option
@click.option(
    "--scale",
    type=click.Choice(["log", "clip"]),
    default="log",
    show_default=True,
    help="Of the scores: log intensity, which models predict, or clipped intensity, as in the published benchmarks.",
)
@json_option
def evaluate(rbp: str, scale: str, as_json: bool) -> None:
    """Correlate predicted with measured scores on all held-out probes (needs the data: ./rbind data fetch)."""
    from rbind_core.data.library import measured_probes
    from rbind_core.quality.evaluation import evaluate as evaluate_model
    from rbind_core.quality.evaluation import evaluate_on_clip_scale

    model, predictor = load(rbp)
    if model.structure:
        say_note(f"{model.label} folds every probe: this takes minutes")
    if scale == "clip":
        result = evaluate_on_clip_scale(predictor, model.measured_in)
    else:
        result = evaluate_model(predictor, measured_probes(model.measured_in, model.normalisation))
    if as_json:
        record = {"pearson": result.pearson, "spearman": result.spearman, "n": result.n, "scale": scale}
        print_json(record | {"replicates": _replicates(model)})
        return
    click.echo(f"{model.label}, {scale} scale: Pearson {result.pearson:.4f}, Spearman {result.spearman:.4f}, n = {result.n:,}")
    if model.replicates:
        click.echo(f"{model.replicates.sentence} (log scale)")
