"""Results of `who` as plain records, for `--json`, the page's files, and the command and Python that reproduce them."""

from __future__ import annotations

from typing import Any

from rbind_core.system.quoting import in_python, in_shell
from rbind_core.who.ranking import Who


def who_record(found: Who, seed: int) -> dict[str, Any]:
    """One RNA and all proteins, best first, as `who --json` prints it.

    Parameters
    ----------
    seed : of the shuffles.
    """
    return {"sequence": found.track.sequence, "seed": seed} | found.record()


def who_rows(found: Who) -> list[dict[str, Any]]:
    """One flat row per protein, for CSV files."""
    return [
        {name: value for name, value in row.record.items() if name != "site"}
        | {"start": row.place.start, "end": row.place.end, "window": row.place.window}
        | {"site_start": row.place.site_start, "site": row.place.site}
        for row in found.rows
    ]


def who_command(sequence: str, seed: int, file: str = "") -> str:
    """Command for the same numbers, for a shell in the project's folder.

    Parameters
    ----------
    file : path of a FASTA file with the RNA, where it is too long for a command line; '' otherwise.
    """
    what = f"--fasta {in_shell(file)}" if file else f"--seq {in_shell(sequence)}"
    return f"./rbind who {what} --seed {seed} --json"


def who_python(sequence: str, seed: int, file: str = "") -> str:
    """Python that prints the proteins that stand out and their best windows.

    Parameters
    ----------
    file : as for `who_command`.
    """
    start, given = "", in_python(sequence)
    if file:
        start = "from pathlib import Path\n\nfrom rbind_core.rna.pasting import read_pasted\n"
        given = f"read_pasted(Path({in_python(file)}).read_bytes(), allow_ambiguous=True).records[0].sequence"
    return f"""import numpy as np

{start}from rbind_core.model.registry import list_models
from rbind_core.who.networks import open_networks
from rbind_core.who.ranking import who_binds

found = who_binds({given}, open_networks(list_models()), np.random.default_rng({seed}))
print(found.sentence)
for row in found.rows[:20]:
    print(row.protein, row.experiment, row.grade, row.score, row.percentile, row.q, row.place)
"""
