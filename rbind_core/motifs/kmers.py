"""K-mer scans: every k-mer embedded in the same background RNAs and ranked by global importance (Koo et al. 2021, Fig. 2e)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ExperimentError
from rbind_core.model.predictor import Predictor
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import LENGTH, Codes, all_kmers, decode
from rbind_core.statistics import clustered_error, holm, t_margin

KMER_START = 18  # 1-based position of the k-mers, as in Fig. 2e
SHORTEST_K, LONGEST_K = 3, 8
FIRST_SAMPLES = 32  # background sequences of the first round of a fast scan
CLEARLY_WORSE = 4.0  # standard errors of the paired difference from the last k-mer of the top
SPENT_AT_MOST = 0.095  # share of an exhaustive scan's predictions, where there are many k-mers and background sequences
SPARE = 4  # multiples of the top that can always be measured to the end
SEQUENCES_AT_ONCE = 8000


@dataclass(frozen=True)
class KmerImportance:
    """A k-mer, its global importance at one place, and the standard error."""

    kmer: str
    global_importance: float
    standard_error: float


@dataclass(frozen=True)
class KmerScan:
    """K-mers with their global importance at one place, best first; the arrays correspond.

    `codes` is (m, k) uint8; `mean` and `standard_error` are (m,) float64 in z-score units of log intensity, NaN errors where
    there is one background sequence only; `samples` is the number of distinct background sequences behind each mean; `start` the
    1-based position; `tested` the number of k-mers that were compared, 4**k; `predictions` the number of sequences scored with one.
    """

    codes: Codes
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    samples: int
    start: int
    tested: int
    predictions: int

    @cached_property
    def kmers(self) -> list[str]:
        """The k-mers as text."""
        return decode(self.codes)

    @property
    def k(self) -> int:
        """Length of the k-mers in nt."""
        return self.codes.shape[1]

    @cached_property
    def margin(self) -> NDArray[np.float64]:
        """Half the width of the 95 % confidence interval of each mean (Student's t), (m,) float64."""
        return t_margin(1.0, self.samples) * self.standard_error

    @cached_property
    def p_value(self) -> NDArray[np.float64]:
        """Two-sided paired t-test of each k-mer against no effect, (m,) float64; NaN where there is one sequence only."""
        from scipy.special import stdtr

        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(self.mean) / self.standard_error
        t = np.where((self.standard_error == 0) & (self.mean == 0), 0.0, t)
        return 2 * stdtr(max(self.samples - 1, 1), -t)

    @cached_property
    def p_holm(self) -> NDArray[np.float64]:
        """The same after Holm's correction for all k-mers that were compared, including unlisted ones, (m,) float64."""
        return np.array(holm(self.p_value.tolist(), tests=self.tested))

    def best(self, top: int) -> list[KmerImportance]:
        """List the best k-mers, best first."""
        rows = zip(self.kmers[:top], self.mean[:top].tolist(), self.standard_error[:top].tolist(), strict=True)
        return [KmerImportance(*row) for row in rows]


def exhaustive_scan(analysis: GlobalImportanceAnalysis, k: int = 6, start: int = KMER_START) -> KmerScan:
    """Measure all 4**k k-mers on every background sequence.

    Parameters
    ----------
    k : length in nt, 3 to 8.
    start : 1-based position of the first nucleotide.

    Raises
    ------
    ExperimentError
        If k is not allowed or the k-mer does not fit at that position.
    """
    check_place(k, start)
    return kmer_importance(analysis, all_kmers(k), start)


def kmer_importance(analysis: GlobalImportanceAnalysis, kmers: Codes, start: int = KMER_START) -> KmerScan:
    """Measure some k-mers at one position, in large batches.

    Parameters
    ----------
    kmers : (m, k) uint8.
    start : 1-based position of the first nucleotide.

    Returns
    -------
    KmerScan
        Means and standard errors equal to those of `analysis.importance`, best first.
    """
    race = _Race(analysis, start, kmers.shape[1])
    mean, error = np.empty(len(kmers)), np.empty(len(kmers))
    at_once = max(1, SEQUENCES_AT_ONCE // race.drawn)
    for first in range(0, len(kmers), at_once):
        some = slice(first, first + at_once)
        mean[some], error[some] = _summary(race.local(kmers[some], slice(0, race.drawn)), race.units)
    return _ranked(kmers, mean, error, race)


def local_importances(
    analysis: GlobalImportanceAnalysis, kmers: Codes, start: int = KMER_START
) -> tuple[NDArray[np.float32], NDArray[np.intp] | None]:
    """Local importances of some k-mers at one position.

    Parameters
    ----------
    kmers : (m, k) uint8.
    start : 1-based position of the first nucleotide.

    Returns
    -------
    (NDArray, NDArray or None)
        (m, n) float32, and the number of the distinct background sequence behind each column where they repeat; n = 1 where
        all are identical.
    """
    race = _Race(analysis, start, kmers.shape[1])
    return race.local(kmers, slice(0, race.drawn)), race.units


def fast_scan(
    analysis: GlobalImportanceAnalysis, k: int = 6, start: int = KMER_START, top: int = 20, scout: OwnModel | None = None
) -> KmerScan:
    """Find the best k-mers with less than a tenth of an exhaustive scan's predictions (for k from 6 and N from 700).

    All k-mers are measured on the first 32 background sequences, those still in the race on twice as many, and so on until
    the sample is used up. After each round a k-mer drops out if it is below the last of the top by more than four standard
    errors of their paired difference on the same sequences. If more stay than the predictions suffice for, the
    lowest drop out too.

    The first round is most of the work. A scout, faster and less exact than the model, may do it: the k-mers that stay are
    measured again, so that no score of the scout is in the results.

    Parameters
    ----------
    k : length in nt, 3 to 8.
    start : 1-based position of the first nucleotide.
    scout : the same model in a lower precision, for the first round; None for the model itself.

    Returns
    -------
    KmerScan
        The best `top` k-mers, each measured on the whole sample as in the exhaustive scan.

    Raises
    ------
    ExperimentError
        If k is not allowed or the k-mer does not fit at that position.
    """
    check_place(k, start)
    kmers, race = all_kmers(k), _Race(analysis, start, k)
    least = FIRST_SAMPLES * len(kmers) + race.drawn * SPARE * top
    budget = max(SPENT_AT_MOST * race.drawn * len(kmers), 2 * FIRST_SAMPLES * len(kmers), least)
    runs_first = analysis.model if scout is None or race.drawn <= FIRST_SAMPLES else wrap(scout)
    local = np.empty((len(kmers), 0), np.float32)
    for seen, until in _rounds(race.drawn):
        if seen:
            racing = np.flatnonzero(_still_racing(local, top))
            best_first = racing[np.argsort(-local[racing].mean(axis=1, dtype=np.float64), kind="stable")]
            affordable = _affordable(budget - race.predictions, seen, race.drawn)
            alive = np.sort(best_first[: max(top, affordable)])
            kmers, local = kmers[alive], local[alive]
            if runs_first is not analysis.model and seen == FIRST_SAMPLES:
                local = race.local(kmers, slice(0, seen))
        local = np.concatenate([local, race.local(kmers, slice(seen, until), None if seen else runs_first)], axis=1)
    scan = _ranked(kmers, *_summary(local, race.units), race)
    return KmerScan(scan.codes[:top], scan.mean[:top], scan.standard_error[:top], *_about(race))


def check_place(k: int, start: int) -> None:
    """Refuse k-mers that are too short, too long or do not fit.

    Parameters
    ----------
    k : length in nt.
    start : 1-based position of the first nucleotide.

    Raises
    ------
    ExperimentError
        The message says what is allowed.
    """
    if not SHORTEST_K <= k <= LONGEST_K:
        raise ExperimentError(f"k = {k}: k-mers of {SHORTEST_K} to {LONGEST_K} nt can be scanned")
    if not 1 <= start <= LENGTH - k + 1:
        raise ExperimentError(f"position {start}: a {k}-mer may start at 1 to {LENGTH - k + 1}")


class _Race:
    """Local importances of k-mers at one place, and a count of the sequences scored for them."""

    def __init__(self, analysis: GlobalImportanceAnalysis, start: int, k: int) -> None:
        self.analysis, self.start, self.k = analysis, start, k
        self._codes, self._without = analysis.background_for(start + k - 1)
        if (self._codes == self._codes[0]).all():  # the same measurement N times is one measurement
            self._codes, self._without = self._codes[:1], self._without[:1]
        self.units = analysis.units if self.drawn > 1 else None
        self.samples = self.drawn if self.units is None else int(self.units.max()) + 1
        self.predictions = 0

    @property
    def drawn(self) -> int:
        """Number of background sequences, including repeats."""
        return len(self._codes)

    def local(self, kmers: Codes, rows: slice, by: Predictor | None = None) -> NDArray[np.float32]:
        """Local importance of each k-mer in some of the background sequences, by the model or another one, (m, n) float32."""
        codes, model = self._codes[rows], by or self.analysis.model
        without = self._without[rows] if model is self.analysis.model else model.predict(codes)
        window = slice(self.start - 1, self.start - 1 + self.k)
        local = np.empty((len(kmers), len(codes)), np.float32)
        at_once = max(1, SEQUENCES_AT_ONCE // len(codes))
        for first in range(0, len(kmers), at_once):
            some = kmers[first : first + at_once]
            embedded = np.repeat(codes[None], len(some), axis=0)
            embedded[:, :, window] = some[:, None]
            scores = model.predict(embedded.reshape(-1, codes.shape[1])).reshape(len(some), -1)
            is_there_already = (codes[None, :, window] == some[:, None]).all(axis=2)
            local[first : first + at_once] = np.where(is_there_already, 0, scores - without)
        self.predictions += local.size
        return local


def _rounds(samples: int) -> list[tuple[int, int]]:
    """First and last background sequence of each round: each round has twice as many as all before."""
    ends = [0, min(FIRST_SAMPLES, samples)]
    while ends[-1] < samples:
        ends.append(min(2 * ends[-1], samples))
    return list(pairwise(ends))


def _still_racing(local: NDArray[np.float32], top: int) -> NDArray[np.bool_]:
    """Which k-mers are not clearly worse than the last of the top, (m,) bool."""
    if len(local) <= top:
        return np.ones(len(local), np.bool_)
    last_of_the_top = np.argsort(-local.mean(axis=1, dtype=np.float64), kind="stable")[top - 1]
    mean, error = _summary(local[last_of_the_top] - local)
    return ~(mean > CLEARLY_WORSE * error)


def _affordable(left: float, seen: int, samples: int) -> int:
    """Number of k-mers that the remaining predictions suffice for, if half of them drop out in each further round."""
    cost = sum((until - since) / 2**number for number, (since, until) in enumerate(r for r in _rounds(samples) if r[0] >= seen))
    return int(left / cost)


def _summary(local: NDArray[np.float32], units: NDArray[np.intp] | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard error over the background sequences, (m,) each; NaN errors for a single sequence."""
    mean, samples = local.mean(axis=1, dtype=np.float64), local.shape[1]
    if units is not None:
        return mean, clustered_error(local, units)
    if samples < 2:
        return mean, np.full(len(local), np.nan)
    return mean, local.std(axis=1, ddof=1, dtype=np.float64) / np.sqrt(samples)


def _ranked(kmers: Codes, mean: NDArray[np.float64], error: NDArray[np.float64], race: _Race) -> KmerScan:
    order = np.argsort(-mean, kind="stable")
    return KmerScan(kmers[order], mean[order], error[order], *_about(race))


def _about(race: _Race) -> tuple[int, int, int, int]:
    return race.samples, race.start, 4**race.k, race.predictions
