"""Caveats on the numbers over all models, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rbind_core.atlas.distribution import Distribution
from rbind_core.atlas.studies import BEYOND_MEASURED, agrees_column, networks_column
from rbind_core.experiments.gc_bias import GC_RICH, GcBias
from rbind_core.experiments.sites import Sites
from rbind_core.experiments.structure import StemLoop

if TYPE_CHECKING:
    import pandas as pd

    from rbind_core.atlas.across import Across

UNSURE = 0.5  # half the width of a ratio's confidence interval from which it is named as uncertain
_SHARED = 4  # matching letters in a row that make a GC-rich end part of a motif
_NAMED = 4  # most models named in a sentence


def notes_of(found: Across) -> list[str]:
    """Caveats on the numbers of a study."""
    study, table, notes = found.study, found.table, []
    if study.of == GcBias.name:
        notes += [_unsure(found.headline, table), _own_sites(table)]
    if study.of == Sites.name:
        notes += [verdicts_sentence(found), _extrapolated(table), _falling(table)]
    if study.of == StemLoop.name:
        notes += [verdicts_sentence(found), _mixed(table)]
    return [note for note in [*notes, _everywhere(found), _in_all_networks(found)] if note]


def _in_all_networks(found: Across) -> str:
    """The number of models in which every network of the committee says the same, in words."""
    quantity = found.study.headline
    counts = [said.split(" of ") for said in found.table[networks_column(quantity.column)].dropna()]
    if not counts:
        return ""
    same = sum(agree == of for agree, of in counts)
    return (
        f"{quantity.title}: in {same} of {len(counts)} models with a committee all its networks lie on the same side of "
        f"{quantity.reference:g}."
    )


def _everywhere(found: Across) -> str:
    """The number of models that agree under all backgrounds, in words."""
    states = found.table[agrees_column(found.study.of)].value_counts()
    agree, differ = int(states.get("agree", 0)), int(states.get("differ", 0))
    if not agree + differ:
        return ""
    if found.study.verdict:
        return f"Of {agree + differ} models with a verdict under the profile background, {agree} have it under all seven."
    return (
        f"Of {agree + differ} models with any clear effect, {agree} agree under all seven backgrounds: nothing is reversed, "
        "and nearly all that is clear stays clear."
    )


def verdicts_sentence(found: Across) -> str:
    """Say in one sentence how many experiments and proteins have each verdict; '' for a study without verdicts."""
    parts = []
    for unit, of in (found.verdicts or {}).items():
        said = ", ".join(f"{verdict} {number}" for verdict, number in of.items() if number)
        parts.append(f"{said} (of {sum(of.values())} {plural(sum(of.values()), unit)})")
    return f"Verdicts: {'; by protein '.join(parts)}." if parts else ""


def _extrapolated(table: pd.DataFrame) -> str:
    known = [beyond for beyond in table[BEYOND_MEASURED] if beyond is not None]
    if not known:
        return ""
    return (
        f"With three sites the mean predicted score is above 99.9 % of the measured scores that the network was trained on in "
        f"{sum(known)} of {len(known)} models: there it extrapolates."
    )


def _mixed(table: pd.DataFrame) -> str:
    """Loop minus stem, as a mere description."""
    known = table["loop_over_stem"].dropna()
    return (
        f"Loop minus stem, which mixes pairing with the letters opposite the motif, is above 0 in {int((known > 0).sum())} of "
        f"{len(known)} models (median {known.median():+.2f}); no verdict rests on it."
    )


def _unsure(ratios: Distribution, table: pd.DataFrame) -> str:
    places = [place for place in np.argsort(-ratios.margins, kind="stable").tolist() if ratios.margins[place] > UNSURE]
    if not places:
        return ""
    named = [
        f"{ratios.label(p)} {ratios.value_text(p)}, motif alone {table.loc[ratios.experiments[p], 'top_importance']:.2f}"
        for p in places
    ]
    return f"A ratio is unsure where the motif alone does little or varies much: {_listed(named, '; ')}."


def _own_sites(table: pd.DataFrame) -> str:
    parts = {GC_RICH[start : start + _SHARED] for start in range(len(GC_RICH) - _SHARED + 1)}
    own = table[[any(part in kmer for part in parts) for kmer in table["top_kmer"]]]
    named = list(dict.fromkeys(f"{protein} ({kmer})" for protein, kmer in zip(own["protein"], own["top_kmer"], strict=True)))
    return f"A GC-rich end holds part of the best 6-mer itself, so is a further site, in {_listed(named)}." if named else ""


def _falling(table: pd.DataFrame) -> str:
    named = list(dict.fromkeys(table[table["sites_slope"] < 0]["protein"]))
    return f"The line falls, so that further sites lower predicted binding, in {_listed(named)}." if named else ""


def _listed(named: Sequence[str], separator: str = ", ") -> str:
    more = f"{separator}and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return separator.join(named[:_NAMED]) + more


def plural(n: int, word: str) -> str:
    """Put a word in the plural unless there is just one.

    Parameters
    ----------
    word : in the singular.
    """
    return word if n == 1 else f"{word}s"
