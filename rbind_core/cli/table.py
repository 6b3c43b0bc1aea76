"""The command that shows how a table is read, before training on it."""

from __future__ import annotations

from pathlib import Path

import click

from rbind_core.cli.shared import json_option, print_json, say_note

sequence_column_option = click.option(
    "--sequence-column", help="Column with the sequences: its name or its number from 1 [found out where it is clear]."
)
score_column_option = click.option(
    "--score-column", help="Column with the scores: its name or its number from 1 [found out where it is clear]."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@sequence_column_option
@score_column_option
@json_option
def table(file: Path, sequence_column: str | None, score_column: str | None, as_json: bool) -> None:
    """Print what is understood of a table of sequences and scores; nothing is trained.

    Lines are left out with the reason; rows of one RNA, and of RNAs that are near copies, would be kept on one side of the split.
    """
    from rbind_core.data.near_copies import find_near_copies
    from rbind_core.data.tables import left_out, read_table, too_few_rows

    read = read_table(file, sequence_column=sequence_column, score_column=score_column, to_train=False)
    found = find_near_copies(read.codes)
    distinct, clusters = (int(numbers.max()) + 1 for numbers in (found.distinct, found.clusters))
    too_few = too_few_rows(read)
    notes = [*read.notes, *([too_few] if too_few else [])]
    if as_json:
        print_json(
            {
                "sequence_column": read.sequence_column,
                "score_column": read.score_column,
                "rows": read.rows,
                "used": len(read.codes),
                "distinct": distinct,
                "clusters": clusters,
                "left_out": left_out(read),
                "notes": notes,
            }
        )
        return
    click.echo(f"sequences\t{read.columns[0]}")
    click.echo(f"scores\t{read.columns[1]}")
    click.echo(f"rows\t{read.rows:,}, {len(read.codes):,} used")
    click.echo(f"RNAs\t{distinct:,} different, {clusters:,} clusters of near copies")
    for note in notes:
        say_note(note)
