"""Which protein's model explains a set of sequences: all proteins ranked by how well they tell it from a background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import SequenceError
from rbind_core.statistics.roc import FALSE_POSITIVES, Roc, p_of_higher, roc, turned
from rbind_core.system.tasks import run_in_order
from rbind_core.who.heads import Network, Protein
from rbind_core.who.peaks import FILE, SHUFFLES, Scored, parts_of, score_part
from rbind_core.who.stored import StoredScores

BASES = "ACGU"
CALLED = 0.05  # false discovery rate up to which a protein is called better than the baseline
FEWEST = 2  # sequences on either side
_FAR = 1.1  # ratio of median lengths from which a note is due
_FEW = 500  # negatives, of which five pass: with fewer the interval of the enrichment is rough


@dataclass(frozen=True)
class Settings:
    """What is compared with what: `control` is 'shuffles', 'complement' or 'file', `stride` nt, `seed` of the shuffles."""

    control: str = SHUFFLES
    stride: int = 1
    seed: int = 0


@dataclass(frozen=True)
class Explains:
    """One protein: area under the ROC curve and enrichment at 1 % false positives, with 95 % confidence intervals.

    `q_above_baseline` is the false discovery rate of the area being above that of the best single base (paired DeLong test,
    Benjamini and Hochberg over proteins). `agree` of `networks` have an area above the baseline's.
    """

    protein: str
    experiment: str
    grade: str
    family: str
    species: str
    paralogue_group: str
    auroc: float
    ci95: tuple[float, float]
    enrichment: float
    enrichment_ci95: tuple[float, float]
    q_above_baseline: float
    agree: int
    networks: int


@dataclass(frozen=True)
class Baseline:
    """The single base whose share tells the sequences apart best; `more` if the positives have more of it."""

    base: str
    more: bool
    auroc: float
    ci95: tuple[float, float]


@dataclass(frozen=True)
class Explained:
    """All proteins, the best first, beside the best single base."""

    rows: tuple[Explains, ...]
    baseline: Baseline
    positives: int
    negatives: int
    settings: Settings
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The answer in words."""
        base = f"the share of {self.baseline.base} alone"
        about = f"{self.positives:,} sequences against {self.negatives:,}"
        better = [row for row in self.rows if row.q_above_baseline <= CALLED]
        if not better:
            return f"No protein tells these sequences apart better than {base}, {self.baseline.auroc:.2f} ({about})."
        best = better[0]
        low, high = best.ci95
        return (
            f"{best.protein} tells them apart best: area under the ROC curve {best.auroc:.2f} ({low:.2f} to {high:.2f}), "
            f"{base} {self.baseline.auroc:.2f} ({about})."
        )

    def record(self) -> dict[str, Any]:
        """Entries of `who --json`."""
        return {
            "says": self.sentence,
            "positives": self.positives,
            "negatives": self.negatives,
            "background": self.settings.control,
            "stride": self.settings.stride,
            "seed": self.settings.seed,
            "false_positive_rate": FALSE_POSITIVES,
            "baseline": asdict(self.baseline),
            "proteins": [asdict(row) for row in self.rows],
            "notes": list(self.notes),
        }


@dataclass
class _Side:
    """The scores of positives or of negatives by each network, and their shares of bases."""

    stores: list[StoredScores]
    shares: list[NDArray[np.float32]] = field(default_factory=list)
    lengths: list[NDArray[np.int64]] = field(default_factory=list)
    unknown: int = 0

    def add(self, scores: Sequence[NDArray[np.float32]], shares: NDArray[np.float32], lengths: NDArray[np.int64]) -> None:
        for store, some in zip(self.stores, scores, strict=True):
            store.add(some)
        self.shares.append(shares)
        self.lengths.append(lengths)

    @property
    def count(self) -> int:
        return len(self.stores[0])


def explaining(
    positive: Iterable[str],
    negative: Iterable[str] | None,
    networks: Sequence[Network],
    proteins: Sequence[Protein],
    settings: Settings,
    scheduler: str | None = None,
    report: Callable[[int], None] = lambda sequences: None,
) -> Explained:
    """Rank all proteins by how well the best window of a sequence tells positives from negatives.

    Sequences are read, scored and forgotten part by part, so memory does not grow with their number.

    Parameters
    ----------
    positive, negative : RNA or IUPAC letters, 11 nt or longer each; `negative` is None where the settings make it
        from the positives.
    networks : the one that ranks, then others that are asked whether they agree.
    proteins : of the heads, in their order.
    scheduler : address of a running Dask scheduler; this process alone when None.
    report : called with the number of sequences just scored.

    Raises
    ------
    SequenceError
        If there are fewer than two sequences on either side.
    ClusterError
        If the scheduler cannot be used or is lost.
    """
    heads, own = len(proteins), settings.control if settings.control != FILE else ""
    with ExitStack() as stack:
        sides = [_Side([stack.enter_context(StoredScores(heads)) for _ in networks]) for _ in range(2)]
        parts = parts_of(positive, settings.stride, own, settings.seed)
        for count, scored in run_in_order(score_part, (networks, heads), parts, scheduler):
            _keep(scored, sides, bool(own))
            report(count)
        for count, scored in run_in_order(
            score_part, (networks, heads), parts_of(negative or (), settings.stride, "", 0), scheduler
        ):
            _keep(scored, sides[::-1], False)
            report(count)
        for side, name in zip(sides, ("sequences", "background sequences"), strict=True):
            if side.count < FEWEST:
                raise SequenceError(f"{name} with a window of known letters: {side.count}; at least {FEWEST} are compared")
        return _ranked(sides, proteins, settings)


def _keep(scored: Scored, sides: Sequence[_Side], with_control: bool) -> None:
    """Keep the scores of a part: those of its sequences on the first side, those of its controls on the second."""
    pairs = [(scored.positive, scored.negative), *scored.others]
    sides[0].add([first for first, _ in pairs], scored.shares, scored.lengths)
    sides[0].unknown += scored.unknown
    if with_control:
        sides[1].add([second for _, second in pairs], scored.control_shares, scored.lengths)


def _ranked(sides: Sequence[_Side], proteins: Sequence[Protein], settings: Settings) -> Explained:
    from scipy.stats import false_discovery_control

    positive, negative = sides
    baseline, base = _baseline(np.concatenate(positive.shares), np.concatenate(negative.shares))
    found, p = [], []
    agree = np.zeros(len(proteins), np.int64)
    for head in range(len(proteins)):
        rocs = (roc(a.of(head), b.of(head)) for a, b in zip(positive.stores, negative.stores, strict=True))
        first = next(rocs)
        agree[head] = (first.auroc > base.auroc) + sum(other.auroc > base.auroc for other in rocs)
        p.append(p_of_higher(first, base))
        found.append((first.auroc, first.ci95, first.enrichment, first.enrichment_ci95))
    q = false_discovery_control(p)
    order = np.argsort([-one[0] for one in found], kind="stable")
    networks = len(positive.stores)
    rows = [Explains(**asdict(proteins[n]), **_numbers(found[n], q[n]), agree=int(agree[n]), networks=networks) for n in order]
    return Explained(tuple(rows), baseline, positive.count, negative.count, settings, tuple(_notes(positive, negative)))


def _numbers(found: tuple[float, tuple[float, float], float, tuple[float, float]], q: float) -> dict[str, Any]:
    names = ("auroc", "ci95", "enrichment", "enrichment_ci95")
    return dict(zip(names, found, strict=True)) | {"q_above_baseline": float(q)}


def _baseline(positive: NDArray[np.float32], negative: NDArray[np.float32]) -> tuple[Baseline, Roc]:
    """The single base whose share tells the sequences apart best, more or less of it."""
    found = [roc(positive[:, base], negative[:, base]) for base in range(len(BASES))]
    best = int(np.argmax([abs(one.auroc - 0.5) for one in found]))
    more = found[best].auroc >= 0.5
    one = found[best] if more else turned(found[best])
    return Baseline(BASES[best], more, one.auroc, one.ci95), one


def _notes(positive: _Side, negative: _Side) -> list[str]:
    notes = [
        f"{name} without a window of known letters, left out: {side.unknown:,}"
        for side, name in ((positive, "sequences"), (negative, "background sequences"))
        if side.unknown
    ]
    medians = [float(np.median(np.concatenate(side.lengths))) for side in (positive, negative)]
    if max(medians) > _FAR * min(medians):
        notes.append(
            f"the sequences have a median of {medians[0]:g} nt and the background {medians[1]:g} nt: the best of more windows is "
            "higher by chance, so give a background of the same lengths, or shuffles"
        )
    if negative.count < _FEW:
        few = f"{negative.count} background sequences are few for an enrichment at {FALSE_POSITIVES:.0%} false positives"
        notes.append(f"{few}: its interval is rough")
    return notes
