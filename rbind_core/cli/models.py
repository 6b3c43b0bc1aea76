"""Commands that ask a trained model: list, predict, ism, gia, kmers, fold, evaluate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.cli.background_options import background_options
from rbind_core.cli.shared import json_option, load, prepare_scan, print_json, rbp_option, read_file, say_how_read, say_note

if TYPE_CHECKING:
    from rbind_core.analyses import BackgroundChoice
    from rbind_core.analyses.gia import Importance
    from rbind_core.model.registry import Model
    from rbind_core.rna.pasting import Pasted

_LARGEST_FASTA = 50_000_000  # bytes
_LONGEST_NAME = 1000  # letters, of a sequence


@click.command(name="list")
@click.option("--structure", is_flag=True, help="Also list models that read predicted structure beside the sequence.")
@json_option
def list_command(structure: bool, as_json: bool) -> None:
    """List the models: protein, species, test Pearson (log and clip scale), its noise ceiling, top 6-mer."""
    from rbind_core.model.registry import list_models

    models = [m for m in list_models() if structure or not m.structure]
    if not models:
        say_note("no models are installed: the folder pretrained/models is missing or empty; install RBind again to have them back")
    if as_json:
        print_json(
            [
                {
                    "experiment": m.experiment,
                    "protein": m.protein,
                    "species": m.species,
                    "inputs": m.inputs,
                    **m.metrics,
                    "replicates": _replicates(m),
                    "top_kmer": m.top_kmer,
                    "published_consensus": m.published_consensus,
                    "problem": m.problem,
                }
                for m in models
            ]
        )
        return
    click.echo(
        f"{'experiment':<12} {'protein':<10} {'species':<24} {'test Pearson':>12} {'ceiling':>7} {'clip scale':>10}  top 6-mer"
    )
    for m in models:
        log, top, clip = (f"{r:.3f}" if r == r else "-" for r in (m.pearson_test, m.ceiling, m.pearson_test_clip))
        state = m.top_kmer if not m.problem else f"BROKEN: {m.problem}"
        click.echo(f"{m.experiment:<12} {m.protein:<10} {m.species:<24} {log:>12} {top:>7} {clip:>10}  {state}")


def _replicates(model: Model) -> dict[str, Any] | None:
    """How well the experiment repeats itself, and how near the model comes to what that allows."""
    return asdict(model.replicates) | {"share_of_ceiling": model.share_of_ceiling} if model.replicates else None


@click.command()
@rbp_option
@click.option("--seq", help="One RNA or DNA sequence.")
@click.option("--fasta", type=click.Path(path_type=Path), help="FASTA file, or one sequence a line, a name beside it or not.")
@json_option
def predict(rbp: str, seq: str | None, fasta: Path | None, as_json: bool) -> None:
    """Predict binding, as a z-score of log intensity."""
    from rbind_core.analyses.mutagenesis import length_note
    from rbind_core.rna.sequences import encode

    if (seq is None) == (fasta is None):
        raise click.UsageError("give either --seq or --fasta")
    pasted = _one_sequence(seq) if seq is not None else _sequences_of(fasta)
    names, sequences = zip(*((record.name, record.sequence) for record in pasted.records), strict=True)
    model, predictor = load(rbp)
    notes = [*pasted.notes, *sorted({note for s in sequences if (note := length_note(s))})]
    for note in notes:
        say_note(note)
    scores = predictor.predict(encode(sequences)).tolist()
    if as_json:
        left_out = [{"name": name, "reason": reason} for name, reason in pasted.left_out]
        record = {"rbp": model.protein, "experiment": model.experiment, "scores": scores, "names": names, "sequences": sequences}
        print_json(record | {"left_out": left_out, "notes": notes})
        return
    for name, sequence, score in zip(names, sequences, scores, strict=True):
        click.echo("\t".join(filter(None, [name, sequence, f"{score:.4f}"])))


def _one_sequence(text: str) -> Pasted:
    from rbind_core.rna.pasting import Pasted, Record
    from rbind_core.rna.sequences import check_sequence, reading_notes

    return Pasted((Record("", check_sequence(text)),), tuple(reading_notes(text)))


def _sequences_of(path: Path | None) -> Pasted:
    """Sequences of a file that fit into the models' window; others are left out."""
    from rbind_core.rna.pasting import ORDINARY, read_pasted
    from rbind_core.rna.sequences import LENGTH, SHORTEST

    assert path is not None
    content = read_file(path, _LARGEST_FASTA, "sequences")
    pasted = read_pasted(
        content,
        join_lines=False,
        min_length=SHORTEST,
        max_length=LENGTH,
        max_bytes=_LARGEST_FASTA,
        max_records=None,
        leave_out=True,
        name_letters=_LONGEST_NAME,
    )
    return replace(pasted, notes=tuple(note for note in pasted.notes if note not in ORDINARY))


@click.command()
@rbp_option
@click.option("--seq", required=True, help="One RNA or DNA sequence of 11-41 nt.")
@click.option(
    "--view",
    type=click.Choice(["l2", "signed"]),
    default="l2",
    show_default=True,
    help="Height of a letter: L2 norm of its three effects, or minus their mean (letters that hurt hang).",
)
@click.option(
    "--method",
    type=click.Choice(["ism", "saliency", "corrected-saliency", "integrated-gradients"]),
    default="ism",
    show_default=True,
    help="In silico mutagenesis, or a method of gradients to compare with it.",
)
@json_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the logo as SVG, PNG or PDF.")
def ism(rbp: str, seq: str, view: str, method: str, as_json: bool, out: Path | None) -> None:
    """In silico mutagenesis: the effect of every single change of a sequence."""
    from rbind_core.analyses.attribution import attribution
    from rbind_core.analyses.mutagenesis import length_note, mutagenesis
    from rbind_core.rna.sequences import check_sequence

    sequence = check_sequence(seq)
    say_how_read(seq)
    model, predictor = load(rbp)
    if note := length_note(sequence):
        say_note(note)
    result = mutagenesis(predictor, sequence)
    found = attribution(predictor.network, sequence, method) if method != "ism" else None
    if found and model.structure:
        say_note("gradients are of the four letters, with the structure held fixed")
    if out is not None:
        from rbind_core.figures.logos import logo_of_attribution, logo_of_mutagenesis, save_figure

        logo = logo_of_attribution(found, model.label) if found else logo_of_mutagenesis(result, model.label, view=view)
        save_figure(logo, out)
        say_note(f"logo written to {out}")
    if as_json:
        record = {"sequence": sequence, "wild_type": result.wild_type, "scores": result.effects.tolist()}
        record |= {"view": view, "heights": result.heights_of(view).tolist(), "method": method}
        print_json(record | (found.record(result.contributions) if found else {}))
    elif found and out is None:
        correlation = found.correlation(result.contributions)
        click.echo(f"# {model.label}, {method}, z-score units; Pearson with mutagenesis {correlation:.4f}, n = {len(sequence)}")
        if found.completeness_error is not None:
            click.echo(f"# f(x) {found.score:.4f}, f(baseline) {found.baseline_score:.4f}, error {found.completeness_error:.4f}")
        click.echo("pos\twt\tattribution")
        for position, (letter, value) in enumerate(zip(sequence, found.values, strict=True), start=1):
            click.echo(f"{position}\t{letter}\t{value:.4f}")
    elif out is None:
        click.echo(f"# {model.label}, wild type {result.wild_type:.4f}; effects in z-score units\npos\twt\tA\tC\tG\tU")
        for position, (letter, row) in enumerate(zip(sequence, result.effects, strict=True), start=1):
            click.echo(f"{position}\t{letter}\t" + "\t".join(f"{effect:.4f}" for effect in row))


@click.command()
@rbp_option
@click.option("--pattern", "patterns", multiple=True, required=True, help="UGCAUG@18; join with '+'. May be repeated.")
@background_options
@json_option
def gia(rbp: str, patterns: Sequence[str], choice: BackgroundChoice, as_json: bool) -> None:
    """Global importance of one or more constructs, on the same background sequences."""
    from rbind_core.analyses import prepare
    from rbind_core.constructs import parse_construct
    from rbind_core.experiments.level import COVERS_SAYS, level
    from rbind_core.experiments.records import gia_record
    from rbind_core.statistics import compare_with_first

    constructs = [parse_construct(text) for text in patterns]
    model, predictor = load(rbp)
    for construct in constructs:
        for note in construct.overlap_notes():
            say_note(note)
    analysis = prepare(model, predictor, choice)
    if analysis.sample.caution:
        say_note(analysis.sample.caution)
    results = analysis.importances(constructs)
    if as_json:
        print_json(gia_record(model, choice, results))
        return
    click.echo(f"# {model.label}, {choice.describe(model.measured_in)}")
    click.echo("pattern\tglobal importance\t95 % CI\tstandard error\tN\tabove 0\td")
    for r in results:
        interval, spread = ("none", "none\t1\tnone\tnone") if r.samples < 2 else (_interval(r), _spread(r))
        click.echo(f"{r.construct}\t{r.mean:.4f}\t{interval}\t{spread}")
    for r in results:
        where = level(r, model.measured_scores)
        click.echo(f"{r.construct.label}: {where.text}" + (f"; {r.ci_text}" if r.samples < 2 else "") + ".")
        if where.warning:
            click.echo(where.warning)
    if any(r.samples > 1 for r in results):
        click.echo(COVERS_SAYS)
    for comparison in compare_with_first([c.label for c in constructs], results):
        click.echo(comparison.sentence)


def _interval(effect: Importance) -> str:
    return f"{effect.ci95[0]:.4f} to {effect.ci95[1]:.4f}"


def _spread(effect: Importance) -> str:
    size = f"{effect.effect_size:.2f}" if effect.standard_deviation > 0 else "none"
    return f"{effect.standard_error:.4f}\t{effect.samples}\t{effect.positive_share:.3f}\t{size}"


@click.command()
@rbp_option
@click.option("-k", type=click.IntRange(3, 8), default=6, show_default=True, help="Length in nt.")
@click.option("--start", type=int, default=18, show_default=True, help="Position of the k-mer's first nucleotide.")
@click.option("--top", type=click.IntRange(1, 64), default=20, show_default=True, help="How many to print.")
@click.option("--exhaustive", is_flag=True, help="Measure every k-mer on all background RNAs, which takes minutes.")
@click.option(
    "--scan-precision",
    type=click.Choice(["float32", "bfloat16"]),
    default="float32",
    show_default=True,
    help="Of the first round of a fast scan; what is printed is always float32.",
)
@background_options
@json_option
def kmers(
    rbp: str, k: int, start: int, top: int, exhaustive: bool, scan_precision: str, choice: BackgroundChoice, as_json: bool
) -> None:
    """Rank all k-mers by global importance at one place (Fig. 2e)."""
    from rbind_core.experiments.records import kmer_record
    from rbind_core.model.registry import load_predictor
    from rbind_core.motifs import check_place, exhaustive_scan, fast_scan, rank_groups, separation_text

    check_place(k, start)
    is_float32 = scan_precision == "float32"
    if exhaustive and not is_float32:
        raise click.UsageError(f"--scan-precision {scan_precision} is for fast scans; an exhaustive scan is in float32")
    model, predictor = load(rbp)
    scout = None if is_float32 else load_predictor(model, precision=scan_precision)
    analysis = prepare_scan(model, predictor, choice)
    scan = exhaustive_scan(analysis, k, start) if exhaustive else fast_scan(analysis, k, start, top, scout)
    if not is_float32:
        say_note(f"the first round of the scan was in {scan_precision}; all numbers printed are float32")
    groups = rank_groups(analysis, scan, top)
    record = kmer_record(model, choice, scan, exhaustive, top, groups)
    if as_json:
        print_json(record | {"scan_precision": scan_precision})
        return
    click.echo(f"# {model.label}, {k}-mers at {start}-{start + k - 1}, {choice.describe(model.measured_in)}")
    click.echo("ranks\tk-mer\tglobal importance\t95 % CI\tstandard error")
    for row in record["kmers"]:
        low, high = row["ci95"]
        spread = f"{low:.4f} to {high:.4f}\t{row['standard_error']:.4f}" if row["samples"] > 1 else "none\tnone"
        click.echo(f"{row['rank_group']}\t{row['kmer']}\t{row['global_importance']:.4f}\t{spread}")
    say_note(f"the best {len(record['kmers'])} of this draw of background RNAs. {separation_text(groups)}".rstrip())
    say_note(f"{scan.predictions:,} sequences scored for {scan.tested:,} k-mers; best and worst are picked after the fact")


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
