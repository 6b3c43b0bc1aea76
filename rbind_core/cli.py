"""The command line, `./rbind`: every number of the dashboard, as text or as JSON.

Results go to standard output, progress and warnings to standard error; a user's error is one line and exit status 2.
Modules are imported by the command that needs them, so that the others start at once.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rbind_core.errors import RBindError

if TYPE_CHECKING:
    from rbind_core.model.predictor import ResidualBindPredictor
    from rbind_core.model.registry import Model

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
rbp_option = click.option("--rbp", required=True, help="Protein (RBFOX1: its best model) or experiment (RNCMPT00168).")


class _OneLineErrors(click.Group):
    """Shows a user's error as one line without usage text."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        try:
            status = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            _fail(error.format_message())
        except RBindError as error:
            _fail(str(error))
        except (KeyboardInterrupt, click.Abort):
            click.echo("stopped", err=True)
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(141)
        sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> None:
    click.echo("rbind: " + " ".join(message.split()), err=True)
    sys.exit(2)


def _note(message: str) -> None:
    click.echo(f"note: {message}", err=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(_finite(value), ensure_ascii=False))


def _finite(value: Any) -> Any:
    """Replace NaN and infinity, which JSON does not know, by null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def _load(rbp: str) -> tuple[Model, ResidualBindPredictor]:
    from rbind_core.model.registry import find_model, load_predictor

    model = find_model(rbp)
    return model, load_predictor(model)


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("rbind_core").__version__, prog_name="rbind")
def main() -> None:
    """RBind: test hypotheses on neural networks that predict how strongly a protein binds an RNA.

    Two more commands: `./rbind app [--port P] [--headless]` opens the dashboard, `./rbind test` runs the tests.
    """


@main.command(name="list")
@json_option
def list_command(as_json: bool) -> None:
    """List the models: protein, species, test Pearson, top 6-mer."""
    from rbind_core.model.registry import list_models

    models = list_models()
    if as_json:
        _print_json(
            [
                {
                    "experiment": m.experiment,
                    "protein": m.protein,
                    "species": m.species,
                    **m.metrics,
                    "top_kmer": m.top_kmer,
                    "published_consensus": m.published_consensus,
                    "problem": m.problem,
                }
                for m in models
            ]
        )
        return
    click.echo(f"{'experiment':<12} {'protein':<10} {'species':<14} {'test Pearson':>12}  top 6-mer")
    for m in models:
        pearson = f"{m.pearson_test:.3f}" if not m.problem else "-"
        state = m.top_kmer if not m.problem else f"BROKEN: {m.problem}"
        click.echo(f"{m.experiment:<12} {m.protein:<10} {m.species:<14} {pearson:>12}  {state}")


@main.command()
@rbp_option
@click.option("--seq", help="One RNA or DNA sequence.")
@click.option("--fasta", type=click.Path(path_type=Path), help="FASTA file, or one sequence a line.")
@json_option
def predict(rbp: str, seq: str | None, fasta: Path | None, as_json: bool) -> None:
    """Predict binding, as a z-score of log intensity."""
    from rbind_core.mutagenesis import check_sequence, length_note
    from rbind_core.sequences import encode, read_fasta

    if (seq is None) == (fasta is None):
        raise click.UsageError("give either --seq or --fasta")
    records = [("", seq)] if seq is not None else read_fasta(_read_text(fasta))
    sequences = [check_sequence(sequence) for _, sequence in records]
    model, predictor = _load(rbp)
    for note in sorted({note for s in sequences if (note := length_note(s))}):
        _note(note)
    scores = predictor.predict(encode(sequences)).tolist()
    if as_json:
        _print_json({"rbp": model.protein, "experiment": model.experiment, "scores": scores})
        return
    for (name, _), sequence, score in zip(records, sequences, scores, strict=True):
        click.echo("\t".join(filter(None, [name, sequence, f"{score:.4f}"])))


def _read_text(path: Path | None) -> str:
    assert path is not None
    try:
        return path.read_text()
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not a text file; give FASTA or one sequence a line") from None
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read ({error.strerror})") from None


@main.command()
@rbp_option
@click.option("--seq", required=True, help="One RNA or DNA sequence of 11-41 nt.")
@json_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the logo as SVG, PNG or PDF.")
def ism(rbp: str, seq: str, as_json: bool, out: Path | None) -> None:
    """In silico mutagenesis: the effect of every single change of a sequence."""
    from rbind_core.mutagenesis import check_sequence, length_note, mutagenesis

    sequence = check_sequence(seq)
    model, predictor = _load(rbp)
    if note := length_note(sequence):
        _note(note)
    result = mutagenesis(predictor, sequence)
    if out is not None:
        from rbind_core.figures.logos import logo_of_mutagenesis, save_figure

        save_figure(logo_of_mutagenesis(result, model.label), out)
        _note(f"logo written to {out}")
    if as_json:
        _print_json({"sequence": sequence, "wild_type": result.wild_type, "scores": result.effects.tolist()})
    elif out is None:
        click.echo(f"# {model.label}, wild type {result.wild_type:.4f}; effects in z-score units\npos\twt\tA\tC\tG\tU")
        for position, (letter, row) in enumerate(zip(sequence, result.effects, strict=True), start=1):
            click.echo(f"{position}\t{letter}\t" + "\t".join(f"{effect:.4f}" for effect in row))


@main.command()
@rbp_option
@click.option("--pattern", "patterns", multiple=True, required=True, help="UGCAUG@18; join with '+'. May be repeated.")
@click.option("--background", default="profile", show_default=True, help="Background that the patterns are put into.")
@click.option("--samples", type=int, default=1000, show_default=True, help="Number of background sequences, N.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of everything random.")
@click.option("--library", type=click.Choice(["designed", "measured"]), default="designed", show_default=True)
@json_option
def gia(rbp: str, patterns: Sequence[str], background: str, samples: int, seed: int, library: str, as_json: bool) -> None:
    """Global importance of one or more constructs, on the same background sequences."""
    from rbind_core.backgrounds import check_samples
    from rbind_core.constructs import parse_construct
    from rbind_core.experiments import BackgroundChoice, prepare

    constructs = [parse_construct(text) for text in patterns]
    check_samples(samples)
    model, predictor = _load(rbp)
    for construct in constructs:
        for note in construct.overlap_notes():
            _note(note)
    choice = BackgroundChoice(background, samples, seed, library)
    analysis = prepare(model, predictor, choice)
    results = analysis.importances(constructs)
    if as_json:
        _print_json(
            {
                "rbp": model.protein,
                "experiment": model.experiment,
                "background": choice.background,
                "library": choice.library,
                "samples": samples,
                "seed": seed,
                "null_mean": results[0].null_mean,
                "results": [
                    {
                        "pattern": str(r.construct),
                        "global_importance": r.mean,
                        "null": "background",
                        "null_mean": r.null_mean,
                        "standard_error": r.standard_error,
                        "ci95": list(r.ci95),
                        "p_value": r.p_value,
                        "local_importance": r.local.tolist(),
                    }
                    for r in results
                ],
            }
        )
        return
    click.echo(f"# {model.label}, background {choice.background} ({library} library), N = {samples}, seed {seed}")
    click.echo("pattern\tglobal importance\t95 % CI\tstandard error\tp")
    for r in results:
        click.echo(f"{r.construct}\t{r.mean:.4f}\t{r.ci95[0]:.4f} to {r.ci95[1]:.4f}\t{r.standard_error:.4f}\t{r.p_text}")


@main.command()
@rbp_option
@click.option("-k", type=click.IntRange(3, 8), default=6, show_default=True, help="Length in nt.")
@click.option("--top", type=click.IntRange(1, 64), default=20, show_default=True, help="How many to print.")
@click.option("--samples", type=int, default=1000, show_default=True, help="Number of background sequences, N.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@json_option
def kmers(rbp: str, k: int, top: int, samples: int, seed: int, as_json: bool) -> None:
    """Rank k-mers by global importance at position 18 of the profile background."""
    from rbind_core.experiments import BackgroundChoice, prepare
    from rbind_core.motifs import top_kmers

    model, predictor = _load(rbp)
    choice = BackgroundChoice("profile", samples, seed)
    best = top_kmers(predictor, prepare(model, predictor, choice).sample, k, top)
    if as_json:
        rows = [{"kmer": b.kmer, "global_importance": b.global_importance, "standard_error": b.standard_error} for b in best]
        _print_json({"rbp": model.protein, "experiment": model.experiment, "samples": samples, "seed": seed, "kmers": rows})
        return
    for b in best:
        click.echo(f"{b.kmer}\t{b.global_importance:.4f}\t{b.standard_error:.4f}")


@main.command()
@click.option("--seq", required=True, help="One RNA or DNA sequence.")
@json_option
def fold(seq: str, as_json: bool) -> None:
    """Predicted structure by ViennaRNA: minimum free energy and pairing probabilities."""
    from rbind_core.sequences import clean_sequence
    from rbind_core.structure import fold as fold_sequence

    result = fold_sequence(clean_sequence(seq, max_length=1000))
    if as_json:
        _print_json(
            {
                "sequence": result.sequence,
                "structure": result.dot_bracket,
                "mfe": result.minimum_free_energy,
                "paired": result.paired.tolist(),
            }
        )
        return
    click.echo(f"{result.sequence}\n{result.dot_bracket} ({result.minimum_free_energy:.2f} kcal/mol)")


@main.command()
@rbp_option
@json_option
def evaluate(rbp: str, as_json: bool) -> None:
    """Correlate predicted with measured scores on all of set B (needs the public data)."""
    from rbind_core.data.library import measured_set_b
    from rbind_core.evaluation import evaluate as evaluate_model

    model, predictor = _load(rbp)
    result = evaluate_model(predictor, measured_set_b(model.experiment, model.normalisation))
    if as_json:
        _print_json({"pearson": result.pearson, "spearman": result.spearman, "n": result.n})
        return
    click.echo(f"{model.label}: Pearson {result.pearson:.4f}, Spearman {result.spearman:.4f}, n = {result.n:,}")


@main.group()
def data() -> None:
    """The public data: what is here, and fetching of the rest."""


@data.command()
@json_option
def status(as_json: bool) -> None:
    """Say which public files are on this computer."""
    from rbind_core.data import fetch

    found = {name: fetch.is_available(name) for name in fetch.sources()}
    folders = [str(folder) for folder in fetch.data_folders()]
    if as_json:
        _print_json({"folders": folders, "files": found})
        return
    click.echo("folders: " + ", ".join(folders))
    for name, here in found.items():
        click.echo(f"{'here   ' if here else 'missing'}  {fetch.sources()[name].size:>9,} bytes  {name}")
    click.echo(f"{sum(found.values())} of {len(found)} files are here")


@data.command(name="fetch")
@click.option("--rbp", "rbps", multiple=True, help="Only what this RBP needs. May be repeated; without it, all files.")
def fetch_command(rbps: Sequence[str]) -> None:
    """Fetch public files into the cache, with pinned addresses and SHA-256."""
    from rbind_core.data import fetch
    from rbind_core.data.library import files_for
    from rbind_core.model.registry import find_model

    names = list(fetch.sources()) if not rbps else []
    for rbp in rbps:
        model = find_model(rbp)
        needed = files_for(model.experiment)
        if not needed:
            raise click.UsageError(f"{model.label}: no public measurements are known for it")
        names += [name for name in needed if name not in names]
    for number, name in enumerate(names, start=1):
        label = f"{number}/{len(names)} {name}"
        fetch.fetch([name], _percentage(label))
        click.echo(f"\r{label}: here    ", err=True)


def _percentage(label: str) -> Callable[[str, int, int], None]:
    @wraps(_percentage)
    def show(_: str, done: int, total: int) -> None:
        click.echo(f"\r{label}: {100 * done // total} %", nl=False, err=True)

    return show


@main.command()
@click.option("--trunk", is_flag=True, help="Train the trunk on all public experiments.")
@click.option("--experiment", "names", multiple=True, help="Fine-tune this experiment from the trunk. May be repeated.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of models [the bundled one].")
def train(trunk: bool, names: Sequence[str], out: Path | None) -> None:
    """Train on the public data; a run that was stopped goes on where it was."""
    from rbind_core.data.rnacompete import experiments
    from rbind_core.model.registry import CARD
    from rbind_core.paths import BUNDLED_MODELS, TRUNK
    from rbind_core.training.fitting import EpochReport

    if not trunk and not names:
        raise click.UsageError("give --trunk, or --experiment with an id such as RNCMPT00168")
    unknown = [name for name in names if name not in experiments()]
    if unknown:
        raise click.UsageError(f"{unknown[0]}: no public intensities are known for this experiment")

    def report(epoch: EpochReport) -> None:
        click.echo(
            f"  epoch {epoch.epoch}/{epoch.epochs}: loss {epoch.loss:.4f}, validation Pearson {epoch.validation_pearson:.4f}",
            err=True,
        )

    if trunk:
        from rbind_core.training.trunk import train_trunk

        train_trunk(TRUNK, report=report)
    from rbind_core.training.per_rbp import fine_tune

    folder = out or BUNDLED_MODELS
    for name in names:
        if (folder / name / CARD).exists():
            _note(f"{name} is there already; delete its folder to train it anew")
            continue
        click.echo(name, err=True)
        card = json.loads(fine_tune(name, TRUNK, folder, report=report).read_text())
        click.echo(f"{name}\t{card['protein']}\ttest Pearson {card['metrics']['pearson_test']:.4f}")


@main.command()
@json_option
def bench(as_json: bool) -> None:
    """Measure speed side by side on this computer."""
    from rbind_core.bench import run, table

    results = run(lambda text: click.echo(text, err=True))
    if as_json:
        _print_json(results)
    else:
        click.echo(table(results))


if __name__ == "__main__":
    main(prog_name="./rbind")
