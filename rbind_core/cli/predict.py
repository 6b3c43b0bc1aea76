"""The command that predicts the scores of one RNA or of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rbind_core.cli.shared import json_option, load, print_json, rbp_option, read_file, say_note

if TYPE_CHECKING:
    from rbind_core.rna.pasting import Pasted

_LARGEST_FASTA = 50_000_000  # bytes
_LONGEST_NAME = 1000  # letters, of a sequence


@click.command()
@rbp_option
@click.option("--seq", help="One RNA or DNA sequence.")
@click.option("--fasta", type=click.Path(path_type=Path), help="FASTA file, or one sequence a line, a name beside it or not.")
@click.option("--deepbind", is_flag=True, help="Also the scores of DeepBind's published model, in its own units.")
@json_option
def predict(rbp: str, seq: str | None, fasta: Path | None, deepbind: bool, as_json: bool) -> None:
    """Predict binding, as a z-score of log intensity."""
    from rbind_core.analyses.mutagenesis import length_note
    from rbind_core.model.deepbind import deepbind_models
    from rbind_core.model.second_opinion import CAVEAT
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
    second = deepbind_models([model.measured_in]).predict(encode(sequences)).tolist() if deepbind else None
    if second:
        say_note(CAVEAT)
    if as_json:
        left_out = [{"name": name, "reason": reason} for name, reason in pasted.left_out]
        record = {"rbp": model.protein, "experiment": model.experiment, "scores": scores, "names": names, "sequences": sequences}
        record |= {"deepbind": second} if second else {}
        print_json(record | {"left_out": left_out, "notes": notes})
        return
    columns = [[f"{score:.4f}" for score in column] for column in (scores, second) if column is not None]
    for name, sequence, *shown in zip(names, sequences, *columns, strict=True):
        click.echo("\t".join(filter(None, [name, sequence, *shown])))


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
