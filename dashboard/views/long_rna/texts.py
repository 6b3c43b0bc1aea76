"""Exports of the Long RNA page: tables, and the command and Python for the same numbers."""

from __future__ import annotations

import pandas as pd

from dashboard.state import uploads
from dashboard.views.long_rna.requests import SITES, Measured
from rbind_core.analyses.sliding import RecordSites
from rbind_core.model.registry import Model
from rbind_core.rna.pasting import Record
from rbind_core.system.quoting import in_python, in_shell


def score_columns(models: tuple[Model, ...]) -> list[str]:
    """Names of the columns with the models' scores.

    Parameters
    ----------
    models : one or two.

    Returns
    -------
    list of str
        Proteins, with the experiment if both are the same protein.
    """
    proteins = [model.protein for model in models]
    return proteins if len(set(proteins)) == len(proteins) else [model.label for model in models]


def windows_table(measured: Measured) -> pd.DataFrame:
    """One row per window with its scores, empty where it was left out."""
    first = measured.tracks[0]
    scores = {f"{m.experiment}_score": track.scores for m, track in zip(measured.models, measured.tracks, strict=True)}
    return pd.DataFrame({"start": first.starts, "end": first.ends} | scores)


def sites_table(measured: Measured) -> pd.DataFrame:
    """The best sites for users, one row per site, best first."""
    names = score_columns(measured.models)
    rows = [
        {"Site": s.rank, "From": s.start, "To": s.end}
        | dict(zip(names, (s.score, *s.others), strict=True))
        | {"Above": s.percentile, "RNA": s.sequence}
        for s in measured.sites
    ]
    return pd.DataFrame(rows)


def records_table(found: tuple[RecordSites, ...], models: tuple[Model, ...]) -> pd.DataFrame:
    """The best site of every RNA for users.

    Parameters
    ----------
    found : one per RNA.

    Returns
    -------
    DataFrame
        In the order of the RNAs; cells are empty where every window was left out.
    """
    names = score_columns(models)
    rows = []
    for record in found:
        row: dict[str, object] = {"Name": record.name, "nt": record.length}
        for site in record.sites[:1]:
            row |= dict(zip(names, (site.score, *site.others), strict=True))
            row |= {"From": site.start, "To": site.end, "RNA": site.sequence}
        rows.append(row)
    return pd.DataFrame(rows, columns=["Name", "nt", *names, "From", "To", "RNA"])


def command(models: tuple[Model, ...], record: Record, stride: int, digest: str, more: str = "") -> str:
    """Command for the same numbers, for a shell in the project's folder.

    Parameters
    ----------
    models : one or two.
    stride : nt.
    digest : name under which the RNAs are kept, or ''.
    """
    rbps = " ".join(f"--rbp {in_shell(model.experiment)}" for model in models)
    path = uploads.find(digest) if digest else None
    what = f"--fasta {in_shell(path)}" if path else f"--seq {in_shell(record.sequence)}"
    return f"./rbind slide {rbps} {what}{f' --stride {stride}' if stride > 1 else ''}{more} --json"


def python(models: tuple[Model, ...], record: Record, stride: int, digest: str) -> str:
    """Python that prints the best sites.

    Parameters
    ----------
    models : one or two.
    stride : nt.
    digest : name under which the RNAs are kept, or ''.
    """
    path = uploads.find(digest) if digest else None
    start, records = "", [(record.name, record.sequence)]
    given = repr(records)
    if path:
        start = "from pathlib import Path\n\nfrom rbind_core.rna.pasting import read_pasted\n"
        given = f"[(r.name, r.sequence) for r in read_pasted(Path({str(path)!r}).read_bytes(), allow_ambiguous=True).records]"
    return f"""{start}from rbind_core.model.registry import find_model, load_predictor
from rbind_core.analyses.sliding import best_sites_of

models = [load_predictor(find_model(name)) for name in {[model.experiment for model in models]}]
for found in best_sites_of(models, {given}, n={SITES}, stride={stride}):
    print(found.name, found.sites)
"""


def window_python(model: Model, rna: str) -> str:
    """Python that prints the score and the mutations' effects of one window.

    Parameters
    ----------
    rna : the window.
    """
    return f"""from rbind_core.model.registry import find_model, load_predictor
from rbind_core.analyses.mutagenesis import mutagenesis

result = mutagenesis(load_predictor(find_model({in_python(model.experiment)})), {in_python(rna)})
print(result.wild_type, result.effects)
"""


def map_python(model: Model, record: Record) -> str:
    """Python that prints the effects of all mutations of an RNA."""
    return f"""from rbind_core.model.registry import find_model, load_predictor
from rbind_core.analyses.mutation_map import mutation_map

print(mutation_map(load_predictor(find_model({in_python(model.experiment)})), {in_python(record.sequence)}).effects)
"""
