"""Proteins ranked by how unlikely their best window in one RNA is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.sliding import LONGEST, windows_of
from rbind_core.data.constructs import constructs
from rbind_core.errors import SequenceError
from rbind_core.model.registry import Model
from rbind_core.motifs.scan import best_sites, log_odds
from rbind_core.rna.sequences import LENGTH, SHORTEST, encode
from rbind_core.who.networks import Networks
from rbind_core.who.null import BLOCK, BLOCKS, MatchedRna, Null, false_discovery_rates, matched_rna, null_of
from rbind_core.who.track import PanelTrack, panel_track

CALLED = 0.05  # q-value up to which a protein is named
AGREES = 99.0  # percentile among random windows from which a network agrees
FEWER_BLOCKS = 60  # of the null of the other networks, of which only the percentile is asked
NAMED = 5  # proteins that the sentence names
SAYS_NOT = (
    f"A score is what a network learned of how strongly a purified protein binds an RNA of {LENGTH} nt in vitro; here each window "
    "of the RNA is scored as if it were such an RNA. Nothing is known of the structure of the whole RNA, of other proteins that "
    "compete for the site, or of whether RNA and protein are in the same cell: it is not occupancy."
)
SAYS_NOT_OF_TAUGHT = (
    "Models of grade B are taught by DeepBind's published models, since the measurements of their experiments are not public."
)
SAYS_NOT_OF_CHANCE = (
    "A short site alone rarely stands out: six given letters occur by chance in one of 14 random RNAs of 300 nt. A high q says "
    "that this RNA is no evidence for the protein, not that the protein does not bind it."
)


@dataclass(frozen=True)
class Place:
    """The best window, 1-based, and the stretch in it that fits the model's motif best."""

    start: int
    end: int
    window: str
    site_start: int
    site: str

    @property
    def construct(self) -> str:
        """The site as a construct, at its place in the window."""
        return f"{self.site}@{self.site_start - self.start + 1}"


@dataclass(frozen=True)
class Row:
    """One protein: its best window, how it compares with windows of matched random RNA, and how far other networks agree.

    `percentile` is among single windows; `p` is the probability that the best of as many random windows scores as high, and `q` its
    false discovery rate over proteins (Benjamini & Hochberg 1995). `agree` of `networks` panels have this window in their top 1 %.
    """

    protein: str
    experiment: str
    grade: str
    family: str
    species: str
    score: float
    percentile: float
    p: float
    q: float
    place: Place
    agree: int
    networks: int

    @property
    def is_called(self) -> bool:
        """Whether the protein is named."""
        return self.q <= CALLED

    @property
    def record(self) -> dict[str, Any]:
        """Entries of `who --json`."""
        record = asdict(self)
        return record | {"site": record.pop("place")}


@dataclass(frozen=True)
class Who:
    """All proteins at one RNA, the least likely by chance first, with the scores of all windows.

    `heads` are experiments in the order of the columns of `track` and `null`.
    """

    track: PanelTrack
    null: Null
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    networks: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @property
    def called(self) -> list[Row]:
        """Rows of the proteins that are named."""
        return [row for row in self.rows if row.is_called]

    @property
    def about(self) -> str:
        """What was compared, in words."""
        windows = f"{self.track.windows:,} window{'s' * (self.track.windows > 1)}"
        return f"{len(self.rows)} proteins' models, {windows} of {min(len(self.track.sequence), LENGTH)} nt"

    @property
    def sentence(self) -> str:
        """The answer in words."""
        names = list(dict.fromkeys(row.protein for row in self.called))
        if not names:
            return f"No protein stands out against shuffles of this RNA at a false discovery rate of {CALLED:.0%} ({self.about})."
        shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
        stand = "stand" if len(names) > 1 else "stands"
        return f"{shown} {stand} out against shuffles of this RNA at a false discovery rate of {CALLED:.0%} ({self.about})."

    @property
    def note(self) -> str | None:
        """Windows without a score, or None."""
        left_out = len(self.track.starts) - self.track.windows
        return f"{left_out:,} of {len(self.track.starts):,} windows hold letters such as N and are left out." if left_out else None

    def record(self) -> dict[str, Any]:
        """Entries of `who --json`."""
        return {
            "length": len(self.track.sequence),
            "windows": self.track.windows,
            "random_windows": len(self.null.windows),
            "networks": list(self.networks),
            "networks_left_out": list(self.problems),
            "says": self.sentence,
            "says_not": [SAYS_NOT, SAYS_NOT_OF_TAUGHT, SAYS_NOT_OF_CHANCE],
            "proteins": [row.record for row in self.rows],
        }


def windows_to_score(sequence: str, networks: int) -> int:
    """Number of windows that `who_binds` scores, for progress.

    Parameters
    ----------
    networks : number of panels.
    """
    windows = len(windows_of(len(sequence)))
    return windows + min(BLOCK, windows) * (BLOCKS + FEWER_BLOCKS * (networks - 1))


def who_binds(sequence: str, networks: Networks, rng: np.random.Generator) -> Who:
    """Rank all proteins at one RNA.

    Parameters
    ----------
    sequence : RNA or IUPAC letters, 11 to 100,000 nt.
    rng : of the shuffles.

    Raises
    ------
    SequenceError
        If the length is out of range, or every window holds a letter that stands for several nucleotides.
    """
    if not SHORTEST <= len(sequence) <= LONGEST:
        raise SequenceError(f"the RNA is {len(sequence):,} nt long; allowed are {SHORTEST} to {LONGEST:,} nt")
    scorer = networks.predictors[0]
    track = panel_track(scorer, sequence)
    if not track.windows:
        raise SequenceError(f"every window of {LENGTH} nt holds a letter such as N, so there is nothing to score; give A, C, G, U")
    matched = matched_rna(sequence, rng, BLOCKS)
    null = null_of(scorer, matched)
    place, score = track.best()
    p = null.p_of_best(score, track.windows)
    percentile = null.percentile(score)
    agree = (percentile >= AGREES) + _agreement(networks, track, place, matched)
    return Who(
        track, null, networks.heads, _rows(networks, track, place, score, percentile, p, agree), networks.names, networks.problems
    )


def _agreement(networks: Networks, track: PanelTrack, place: NDArray[np.int64], matched: MatchedRna) -> NDArray[np.int64]:
    """How many other networks have each head's best window among their top 1 % of random windows."""
    agree = np.zeros(len(networks.heads), np.int64)
    windows, of_head = np.unique(place, return_inverse=True)
    codes, fewer = encode([track.window(int(one)) for one in windows]), matched.first(FEWER_BLOCKS)
    for predictor in networks.predictors[1:]:
        scores = predictor.predict_all(codes)[of_head, np.arange(len(agree))]
        agree += null_of(predictor, fewer).percentile(scores) >= AGREES
    return agree


def _rows(
    networks: Networks,
    track: PanelTrack,
    place: NDArray[np.int64],
    score: NDArray[np.float32],
    percentile: NDArray[np.float64],
    p: NDArray[np.float64],
    agree: NDArray[np.int64],
) -> tuple[Row, ...]:
    q = false_discovery_rates(p)
    rows = []
    for number in np.lexsort((-score, -percentile, p)):
        experiment = networks.heads[number]
        model, about = networks.models[experiment], constructs()[experiment]
        rows.append(
            Row(
                model.protein,
                experiment,
                model.grade,
                about.family,
                model.species,
                float(score[number]),
                float(percentile[number]),
                float(p[number]),
                float(q[number]),
                _place(track, int(place[number]), model),
                int(agree[number]),
                len(networks.names),
            )
        )
    return tuple(rows)


def _place(track: PanelTrack, place: int, model: Model) -> Place:
    """A window with the best match of a model's motif in it."""
    start, window = int(track.starts[place]), track.window(place)
    motif = np.array(model.motif) if model.motif else np.full((6, 4), 0.25)
    inside = int(best_sites(encode([window], len(window)), log_odds(motif, np.full(4, 0.25))).start[0])
    site = window[inside - 1 : inside - 1 + len(motif)]
    return Place(start, start + len(window) - 1, window, start + inside - 1, site)


@dataclass(frozen=True)
class Folded:
    """The best row of proteins whose motifs are too similar to tell them apart, and the others; `group` is '' for one alone."""

    best: Row
    others: tuple[Row, ...]
    group: str


def fold(rows: Sequence[Row], groups: Mapping[str, str]) -> list[Folded]:
    """Fold rows of similar proteins into one.

    Parameters
    ----------
    rows : best first.
    groups : name of the group of similar motifs by experiment; '' or no entry for those that resemble no other.

    Returns
    -------
    list of Folded
        In the order of the best row of each.
    """
    together: dict[str, list[Row]] = {}
    for row in rows:
        together.setdefault(groups.get(row.experiment) or f" {row.experiment}", []).append(row)
    return [Folded(best, tuple(others), name if others else "") for name, (best, *others) in together.items()]


@dataclass(frozen=True)
class Difference:
    """A protein's best windows in two RNAs."""

    first: Row
    second: Row

    @property
    def change(self) -> float:
        """Score of the best window of the second RNA minus that of the first, in z-score units."""
        return self.second.score - self.first.score

    @property
    def record(self) -> dict[str, Any]:
        """As plain values."""
        about = {name: getattr(self.first, name) for name in ("protein", "experiment", "grade", "family", "species")}
        numbers = {
            f"{name}_{number}": getattr(row, name)
            for name in ("score", "percentile", "q")
            for number, row in enumerate((self.first, self.second), start=1)
        }
        sites = {f"site_{number}": row.place.site for number, row in enumerate((self.first, self.second), start=1)}
        return about | {"difference": self.change} | numbers | sites


def compare(first: Who, second: Who) -> list[Difference]:
    """Compare the best windows of two RNAs, protein by protein, largest difference first."""
    of_second = {row.experiment: row for row in second.rows}
    found = [Difference(row, of_second[row.experiment]) for row in first.rows if row.experiment in of_second]
    return sorted(found, key=lambda one: -abs(one.change))
