"""Does `who` find the protein of other assays? The benchmark of PRIESSTESS (Laverty et al. 2022, Nucleic Acids Research, gkac694).

`RBIND_DATA_DIR=... python -m recipes.priesstess TABLE.tsv` ranks all proteins on each in vitro and CLIP set below `priesstess/`. It
is run once, with the final panels: nothing may be chosen on these sets.

Fixed beforehand: the first 1,000 positives and the first 1,000 negatives of each set, whole, their flanks included; every window;
the first panel, as `./rbind who --fasta F --against G` asks it. Proteins are ranked by their best experiment. A set counts if its
protein is among the 244 constructs. Found is the protein or one of its paralogue group (`rbind_core.data.constructs`). Proteins
that are not among the 244 but have a close relative there stand in `RELATIVES`; they are reported beside, and do not count.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path

from rbind_core.data.constructs import constructs, matches
from rbind_core.errors import DataError
from rbind_core.genomes.fasta import records_of
from rbind_core.genomes.tally import Tally
from rbind_core.model.registry import list_models
from rbind_core.rna.pasting import Record
from rbind_core.who.explaining import Explained, Settings, explaining
from rbind_core.who.heads import Network, Protein, open_heads
from rbind_core.who.peaks import FILE

SEQUENCES = 1000  # positives of a set, and as many negatives
AMONG = 3  # first proteins
WANTED = {"first": 0.4, "among": 0.6}  # shares of the sets that count
RELATIVES = {"LIN28B": "LIN28A", "MSI2": "MSI1", "PTBP3": "PTBP1", "PUM2": "pum", "RBFOX2": "RBFOX1"}
_KINDS = {
    "invitro": ("Experiment.Info.csv", "Exp.UID", "Exp.type", "Gene.name", "testset"),
    "clip": ("CLIP.Experiment.Info.csv", "CLIP.UID", "CLIP.Type", "Gene.Name", "clip_set"),
}


@dataclass(frozen=True)
class AssaySet:
    """One set: its kind ('invitro' or 'clip'), name, assay, gene, and files."""

    kind: str
    name: str
    assay: str
    gene: str
    positive: Path
    negative: Path


@dataclass(frozen=True)
class Found:
    """Where the protein of a set, or a paralogue, stands among all proteins.

    `wanted` are the experiments that count as found, '' for none; `counts` says whether the gene itself is among the constructs.
    `rank` is 0 where nothing is wanted. `own` is the best of the wanted experiments, with its area and 95 % confidence interval.
    """

    kind: str
    name: str
    assay: str
    gene: str
    counts: bool
    wanted: str
    positives: int
    negatives: int
    rank: int
    proteins: int
    best: str
    best_auroc: float
    own: str
    own_auroc: float
    own_low: float
    own_high: float
    baseline: str
    baseline_auroc: float


def sets_in(folder: Path) -> Iterator[AssaySet]:
    """The sets of the benchmark that are there, in vitro first, in the order of their names.

    Raises
    ------
    DataError
        If a table of experiments is missing, or a set has no line in it or no negatives.
    """
    for kind, (table, key, assay, gene, ending) in _KINDS.items():
        rows = {row[key]: row for row in _rows(folder / table)}
        for positive in sorted((folder / kind).glob(f"*_positive_{ending}.txt.gz")):
            name = positive.name.removesuffix(f"_positive_{ending}.txt.gz")
            negative = positive.with_name(f"{name}_negative_{ending}.txt.gz")
            if name not in rows:
                raise DataError(f"{positive.name}: {table} has no experiment {name}")
            if not negative.exists():
                raise DataError(f"{positive.name}: there is no {negative.name} beside it")
            yield AssaySet(kind, name, rows[name][assay], rows[name][gene], positive, negative)


def _rows(table: Path) -> list[dict[str, str]]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise DataError(f"{table} cannot be read ({error.strerror}); RBIND_DATA_DIR names the folder with priesstess/") from None


def wanted_experiments(gene: str) -> tuple[bool, frozenset[str]]:
    """Whether a gene is among the constructs, and the experiments of its paralogue group, or of that of its relative."""
    own = matches(gene)
    groups = {one.paralogue_group for one in own or matches(RELATIVES.get(gene.upper(), ""))}
    return bool(own), frozenset(one.experiment for one in constructs().values() if one.paralogue_group in groups)


def rank_of(explained: Explained, wanted: frozenset[str]) -> tuple[int, int]:
    """Rank of the first protein with a wanted experiment, 0 if none has, and the number of proteins, each at its best one."""
    proteins = list(dict.fromkeys(_protein(row.experiment) for row in explained.rows))
    first = next((row.experiment for row in explained.rows if row.experiment in wanted), None)
    return (proteins.index(_protein(first)) + 1 if first is not None else 0), len(proteins)


def _protein(experiment: str) -> tuple[str, str]:
    about = constructs()[experiment]
    return about.symbol, about.species


def measure(one: AssaySet, network: Network, proteins: Sequence[Protein]) -> Found:
    """Rank all proteins on a set."""
    positive, negative = ((record.sequence for record in _first(path)) for path in (one.positive, one.negative))
    explained = explaining(positive, negative, [network], proteins, Settings(FILE))
    counts, wanted = wanted_experiments(one.gene)
    rank, of = rank_of(explained, wanted)
    best = explained.rows[0]
    own = next((row for row in explained.rows if row.experiment in wanted), None)
    area, low, high = (own.auroc, *own.ci95) if own is not None else (float("nan"),) * 3
    return Found(
        *(one.kind, one.name, one.assay, one.gene, counts, "|".join(sorted(wanted)), explained.positives, explained.negatives),
        *(rank, of, f"{best.protein} {best.experiment}", best.auroc),
        *(f"{own.protein} {own.experiment}" if own is not None else "", area, low, high),
        *(explained.baseline.base, explained.baseline.auroc),
    )


def _first(path: Path) -> Iterator[Record]:
    return islice(records_of(path, Tally()), SEQUENCES)


def summary(found: Sequence[Found]) -> str:
    """Shares of the sets that count, and what was wanted."""
    lines = []
    for kind in (*_KINDS, "both"):
        some = [one for one in found if one.counts and one.rank and kind in (one.kind, "both")]
        if some:
            among, first = (sum(one.rank <= most for one in some) for most in (AMONG, 1))
            wanted = f" (wanted {WANTED['among']:.0%} and {WANTED['first']:.0%})" if kind == "both" else ""
            lines.append(f"{kind}: among the first {AMONG} in {among} of {len(some)}, first in {first}{wanted}")
    beside = [f"{one.gene} {one.rank}" for one in found if not one.counts and one.rank]
    return "\n".join([*lines, f"relatives alone: {', '.join(beside)}"] if beside else lines)


def write_table(out: Path, found: Sequence[Found]) -> None:
    """Write one line for each set."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow([field.name for field in fields(Found)])
        for one in found:
            writer.writerow([f"{value:.4f}" if isinstance(value, float) else value for value in asdict(one).values()])


def main(out: Path) -> None:
    """Measure every set and write the table."""
    folder = Path(os.environ.get("RBIND_DATA_DIR", ".")) / "priesstess"
    opened = open_heads(list_models())
    found = []
    for one in sets_in(folder):
        found.append(measure(one, opened.networks[0], opened.proteins))
        print(
            f"{one.kind} {one.name} {one.gene}: rank {found[-1].rank} of {found[-1].proteins}, first {found[-1].best}", flush=True
        )
    write_table(out, found)
    print(summary(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
