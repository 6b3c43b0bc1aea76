"""`./rbind experiment gcbias-all` and its like: questions on all models, answered from the atlas; and the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rbind_core.cli.shared import json_option, print_json, say_note
from rbind_core.errors import ModelError

if TYPE_CHECKING:
    from rbind_core.atlas.across import Across
    from rbind_core.atlas.studies import Study

_one_of_all = click.option("--rbp", help="Print the values of this model only; shares and bins stay those of all models.")


def study_command(study: Study) -> click.Command:
    """Make the command of a question on all models."""

    @_one_of_all
    @json_option
    def command(rbp: str | None, as_json: bool) -> None:
        from rbind_core.atlas.across import across, across_record
        from rbind_core.atlas.files import load_atlas
        from rbind_core.model.registry import list_models

        atlas, models = load_atlas(), list_models()
        for problem in atlas.provenance.get("problems", ()):
            say_note(problem)
        found = across(study.name, models, atlas)
        only = _experiment(rbp, found.table["experiment"].tolist(), "or the atlas does not hold it") if rbp else None
        if as_json:
            print_json(across_record(found, atlas.provenance, only))
            return
        for line in _lines(found, only):
            click.echo(line)

    return click.command(name=study.name, help=f"{study.question} ({study.figure})")(command)


def _experiment(rbp: str, known: list[str], why: str = "") -> str:
    from rbind_core.model.registry import find_model

    model = find_model(rbp)
    if model.experiment not in known:
        raise ModelError(
            f"{model.label} is not among the {len(known)} models that are counted: it reads structure, is broken, "
            f"is a further model of an experiment that is counted{', ' + why if why else ''}"
        )
    return model.experiment


def _lines(found: Across, only: str | None) -> list[str]:
    distributions = found.distributions
    heads = ["protein", "experiment", *(f"{one.quantity.title}\t95 % CI" for one in distributions)]
    lines = [f"# {found.study.title} over {found.counted}: {found.settings}", "\t".join(heads)]
    for experiment, protein in zip(found.table["experiment"], found.table["protein"], strict=True):
        if only in (None, experiment):
            places = [(one, one.place(experiment)) for one in distributions]
            values = ["-\t-" if p is None else f"{one.values[p]:.4f}\t{one.interval_text(p) or '-'}" for one, p in places]
            lines.append("\t".join([protein, experiment, *values]))
    return [*lines, *found.sentences, found.study.says_not]


@click.command()
@_one_of_all
@json_option
def benchmark(rbp: str | None, as_json: bool) -> None:
    """How good are the models beside published methods? (Koo et al. 2021, Fig. 1a,d)"""
    from rbind_core.model.registry import list_models
    from rbind_core.quality.published_methods import METHODS, benchmark_table, compare_with, verdict

    models = list_models()
    table = benchmark_table(models)
    only = _experiment(rbp, table["experiment"].tolist()) if rbp else None
    shown = table if only is None else table[table["experiment"] == only]
    comparisons = [compare_with(models, method) for method in METHODS]
    if as_json:
        records = [vars(one) | {"ci95": list(one.ci95), "verdict": verdict(one)} for one in comparisons]
        print_json({"name": "benchmark", "results": shown.to_dict("records"), "comparisons": records})
        return
    click.echo(shown.to_csv(sep="\t", index=False, float_format="%.4f", na_rep="-").rstrip())
    for one in comparisons:
        click.echo(f"{one.method}: {verdict(one)}")
