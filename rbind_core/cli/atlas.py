"""`./rbind atlas`: measures all models and stores the results in the atlas file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import click

from rbind_core.cli.cluster_options import TaskProgress, cluster_options, fail_for
from rbind_core.cli.shared import json_option, print_json, say_note


@click.command()
@click.option("--rbp", "rbps", multiple=True, help="Only this RBP. May be repeated; without it, every model.")
@click.option("--samples", type=click.IntRange(2, 100_000), default=1000, show_default=True, help="Background RNAs, N.")
@click.option("--scan-samples", type=click.IntRange(2, 100_000), default=50, show_default=True, help="N of the scan of all 6-mers.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Seed of everything random.")
@click.option("--out", type=click.Path(path_type=Path), help="File [the bundled atlas, and one beside your own models].")
@cluster_options
@json_option
def atlas(
    rbps: Sequence[str],
    samples: int,
    scan_samples: int,
    seed: int,
    out: Path | None,
    scheduler: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Measure what each model has learned (k-mers, motifs, sites, GC-bias, ...); what is there already is kept.

    A run that was stopped goes on where it was. Models that read structure are measured on fewer background RNAs (100).
    """
    from rbind_core.atlas.build import build_atlas
    from rbind_core.atlas.files import read_atlas
    from rbind_core.atlas.measure import AtlasSettings
    from rbind_core.errors import DataError
    from rbind_core.model.registry import Model, find_model, list_models
    from rbind_core.system.paths import atlas_file, is_part_of_installed_package

    every = list_models()
    models = [find_model(rbp, every) for rbp in rbps] if rbps else every
    settings = AtlasSettings(scan_samples=scan_samples, seed=seed).at_most(samples)
    by_file: defaultdict[Path, list[Model]] = defaultdict(list)
    for model in models:
        if model.problem:
            say_note(f"{model.label} is left out: {model.problem}")
        else:
            by_file[out or atlas_file(model.folder.parent)].append(model)
    for file in [file for file in by_file if is_part_of_installed_package(file)]:
        del by_file[file]
        say_note("the atlas that was installed with RBind stays as it is; name a file with --out to measure its models")
    failures: dict[str, str] = {}
    for file, some in by_file.items():
        try:
            read_atlas(file)
        except DataError as error:
            say_note(f"{error}; the file is set aside as soon as the first model has been measured")
        failures |= build_atlas(some, file, settings, scheduler, workers, TaskProgress())
        held = read_atlas(file)
        if as_json:
            print_json({"file": str(file), "models": sorted(held.digests), "provenance": held.provenance, "failed": failures})
        else:
            click.echo(f"{file.name}: {len(held.digests)} models ({file.stat().st_size:,} bytes)")
    fail_for(failures)
