"""The command that scores all single mutations of one RNA, or takes gradients of it."""

from __future__ import annotations

from pathlib import Path

import click

from rbind_core.cli.networks_option import committee_for, networks_option
from rbind_core.cli.shared import json_option, load, print_json, rbp_option, say_how_read, say_note


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
@networks_option
@json_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the logo as SVG, PNG or PDF.")
def ism(rbp: str, seq: str, view: str, method: str, networks: str, as_json: bool, out: Path | None) -> None:
    """In silico mutagenesis: the effect of every single change of a sequence."""
    from rbind_core.analyses.attribution import attribution
    from rbind_core.analyses.maps_in_networks import maps_in_networks
    from rbind_core.analyses.mutagenesis import length_note, mutagenesis
    from rbind_core.rna.sequences import check_sequence

    sequence = check_sequence(seq)
    say_how_read(seq)
    model, predictor = load(rbp)
    if note := length_note(sequence):
        say_note(note)
    result = mutagenesis(predictor, sequence)
    committee = committee_for(model, networks)
    others = maps_in_networks(committee, sequence) if committee else None
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
        record |= others.record() if others else {}
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
    if others and not as_json:
        click.echo(others.sentence)
