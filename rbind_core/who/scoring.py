"""Variants of a genome by the million: read, placed, scored in parts, and handed on in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rbind_core.system.tasks import run_in_order
from rbind_core.who.heads import Network, Protein
from rbind_core.who.placing import Entry, Placed
from rbind_core.who.variants import Change, Effects, Wanted, score_changes

CHANGES = 200  # of a part: 16,400 windows
_CHANGES_WITH_SINGLES = 10  # of a part where 123 single changes stand beside each
COLUMNS = (
    *("chromosome", "position", "id", "ref", "alt", "strand", "gene", "protein", "experiment", "grade", "family"),
    *("reference", "alternative", "difference", "percentile", "agree", "networks"),
)


@dataclass(frozen=True)
class Line:
    """A site with the effects of its entries: `effects` of the part that it was scored in, the first of its own at `start`."""

    placed: Placed
    effects: Effects | None = None
    start: int = 0


def scored_lines(
    placed: Iterable[Placed], networks: Sequence[Network], heads: int, wanted: Wanted, scheduler: str | None = None
) -> Iterator[Line]:
    """Score sites in parts, on this computer or on a cluster; only a few parts are in memory at a time.

    Parameters
    ----------
    networks : the one that scores, then others that are asked whether they agree.
    heads : of each network.
    scheduler : address of a running Dask scheduler; this process alone when None.

    Yields
    ------
    Line
        One for each site, in their order; those without an entry have no effects.

    Raises
    ------
    ClusterError
        If the scheduler cannot be used or is lost.
    """
    shared = (networks, heads, wanted, False)
    size = _CHANGES_WITH_SINGLES if wanted.percentiles else CHANGES
    for some, effects in run_in_order(_score, shared, _parts(placed, size), scheduler):
        start = 0
        for one in some:
            yield Line(one, effects if one.entries else None, start)
            start += len(one.entries)


def _score(shared: tuple[Sequence[Network], int, Wanted, bool], changes: Sequence[Change]) -> Effects | None:
    return score_changes(shared, changes) if changes else None


def _parts(placed: Iterable[Placed], size: int) -> Iterator[tuple[list[Placed], list[Change]]]:
    held: list[Placed] = []
    changes: list[Change] = []
    for one in placed:
        held.append(one)
        changes += [entry.change for entry in one.entries]
        if len(changes) >= size or len(held) >= 50 * size:  # of lines without an entry, too, only so many are held
            yield held, changes
            held, changes = [], []
    if held:
        yield held, changes


def rows_of(line: Line, proteins: Sequence[Protein], networks: int) -> Iterator[dict[str, Any]]:
    """The effects on one site as plain rows with the names of `COLUMNS`, one for each allele, strand and protein."""
    for number, entry in enumerate(line.placed.entries):
        about = _about(line.placed, entry)
        for effect in effects_on(line.effects, line.start + number, proteins, networks):
            yield about | {name: effect[name] for name in COLUMNS if name in effect}


def effects_on(effects: Effects | None, row: int, proteins: Sequence[Protein], networks: int) -> Iterator[dict[str, Any]]:
    """The effects of one change as plain values, one for each protein, the largest difference first."""
    if effects is None:
        return
    for place, head in enumerate(effects.head[row]):
        protein = proteins[head]
        values = (effects.reference, effects.alternative, effects.difference, effects.percentile)
        reference, alternative, difference, percentile = (float(one[row, place]) for one in values)
        if difference != difference:  # NaN: no window of known letters
            continue
        yield {
            "protein": protein.protein,
            "experiment": protein.experiment,
            "grade": protein.grade,
            "family": protein.family,
            "reference": reference,
            "alternative": alternative,
            "difference": difference,
            "percentile": None if percentile != percentile else percentile,
            "agree": int(effects.agree[row, place]),
            "networks": networks,
        }


def _about(placed: Placed, entry: Entry) -> dict[str, Any]:
    site = placed.site
    alternative = site.alleles[entry.allele].text
    names = ("chromosome", "position", "id", "ref", "alt", "strand", "gene")
    return dict(
        zip(
            names,
            (site.chromosome, site.position, site.name, site.reference, alternative, entry.strand, "/".join(entry.genes)),
            strict=True,
        )
    )
