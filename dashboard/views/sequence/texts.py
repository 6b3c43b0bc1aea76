"""Tables, commands and Python for the numbers of the Sequence page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rbind_core.analyses.attribution import Attribution
from rbind_core.analyses.mutagenesis import L2, Mutagenesis
from rbind_core.model.registry import Model
from rbind_core.rna.structure import Fold
from rbind_core.system.quoting import in_python, in_shell

_LOAD = """from rbind_core.model.registry import find_model, load_predictor
{imports}
predictor = load_predictor(find_model({experiment}))
"""


def mutagenesis_table(result: Mutagenesis, structure: Fold | None = None) -> pd.DataFrame:
    """One row per position: effects, heights of both views, and the pairing probability where known."""
    table = pd.DataFrame(result.effects, columns=list("ACGU"))
    table.insert(0, "position", range(1, len(result.sequence) + 1))
    table.insert(1, "wild_type", list(result.sequence))
    table["l2_norm"], table["minus_mean_effect"] = result.heights, result.contributions
    if structure is not None:
        table["paired_probability"] = structure.paired
    return table


def several_table(names: Sequence[str], results: Sequence[Mutagenesis]) -> pd.DataFrame:
    """The tables of several RNAs in one."""
    tables = [mutagenesis_table(result) for result in results]
    for table, name in zip(tables, names, strict=True):
        table.insert(0, "rna", name)
    return pd.concat(tables)


def attribution_table(result: Mutagenesis, found: Sequence[Attribution]) -> pd.DataFrame:
    """One row per position: minus the mean effect of its mutations, and the value of each method."""
    table = pd.DataFrame({"position": range(1, len(result.sequence) + 1), "wild_type": list(result.sequence)})
    table["minus_mean_effect"] = result.contributions
    for one in found:
        table[one.method] = one.values
    return table


def ism_command(model: Model, sequence: str, view: str = L2) -> str:
    """Command for in silico mutagenesis."""
    shown = f" --view {in_shell(view)}" if view != L2 else ""
    return f"./rbind ism --rbp {in_shell(model.experiment)} --seq {in_shell(sequence)}{shown} --json"


def _python(model: Model, imports: str, rest: str) -> str:
    return _LOAD.format(imports=imports, experiment=in_python(model.experiment)) + rest


def ism_python(model: Model, sequence: str, view: str) -> str:
    """Python for in silico mutagenesis."""
    return _python(
        model,
        "from rbind_core.analyses.mutagenesis import mutagenesis\n",
        f"result = mutagenesis(predictor, {in_python(sequence)})\n"
        f"print(result.wild_type, result.effects, result.heights_of({in_python(view)}))\n",
    )


def several_python(model: Model, sequences: Sequence[str]) -> str:
    """Python for the same of several RNAs."""
    return _python(
        model,
        "from rbind_core.analyses.mutagenesis import mutagenesis\n",
        f"for sequence in {in_python(list(sequences))}:\n    print(sequence, mutagenesis(predictor, sequence).effects)\n",
    )


def attribution_python(model: Model, sequence: str) -> str:
    """Python for the gradient-based methods."""
    return _python(
        model,
        "from rbind_core.analyses.attribution import METHODS, attribution\n",
        f"for method in METHODS:\n"
        f"    found = attribution(predictor.network, {in_python(sequence)}, method)\n"
        "    print(method, found.values, found.completeness_error)\n",
    )


def epistasis_python(model: Model, sequence: str) -> str:
    """Python for pairwise epistasis."""
    return _python(
        model,
        "from rbind_core.analyses.epistasis import epistasis\n",
        f"result = epistasis(predictor, {in_python(sequence)})\nprint(result.strongest_pair, result.records)\n",
    )


def fold_python(sequence: str) -> str:
    """Python for the predicted structure."""
    return f"""from rbind_core.rna.structure import drawing_coordinates, fold

structure = fold({in_python(sequence)})
print(structure.dot_bracket, structure.paired, drawing_coordinates(structure.dot_bracket))
"""
