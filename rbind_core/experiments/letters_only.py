"""A model of letters without pairing, fitted to a network: its predictions for hairpins are due to letters alone.

Its score is an increasing function of a sum: of the network's 6-mer importances above their 90th percentile, over all positions,
and of a contribution of each letter at each position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.constructs import Construct
from rbind_core.data.library import profile
from rbind_core.model.predictor import Predictor
from rbind_core.model.wrapping import CheckedPredictor
from rbind_core.motifs import exhaustive_scan, kmer_importance
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.sequences import PADDING, Codes, all_kmers
from rbind_core.statistics import pearson

K = 6
PERCENTILE = 90.0  # of the importances of all 6-mers, above which a 6-mer counts
SCAN_SAMPLES, FOLDING_SAMPLES = 8, 6  # background RNAs behind each importance
RIDGE = 10.0  # sequences in which a letter at a position must vary to count half
NEIGHBOURS = 1  # mismatches of the 6-mers that are scanned where a model folds every sequence
_SEED = 0

_scans: WeakKeyDictionary[Any, NDArray[np.float64]] = WeakKeyDictionary()


@dataclass(frozen=True)
class LettersOnly:
    """A predictor that scores RNA by its letters alone.

    `kmers`, (4096,) float64, are the contributions of 6-mers in alphabetical order; `letters`, (41, 5) float64, those of letters at
    each position; `sums` and `scores`, (m,), increase: the score for a sum of these. `correlation` is between its scores and the
    network's, over the sequences of the fit.
    """

    kmers: NDArray[np.float64]
    letters: NDArray[np.float64]
    sums: NDArray[np.float64]
    scores: NDArray[np.float64]
    correlation: float

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences; see `Predictor.predict`."""
        return np.interp(_added(codes, self.kmers, self.letters), self.sums, self.scores).astype(np.float32)


def letters_only(analysis: GlobalImportanceAnalysis, importances: Sequence[Importance], motifs: Sequence[str] = ()) -> LettersOnly:
    """Fit a model of letters alone to a network.

    Parameters
    ----------
    importances : of constructs without designed pairs, to whose sequences' scores the model is fitted.
    motifs : IUPAC letters; for a model that folds every sequence, where a scan of all 6-mers takes too long, only 6-mers
        similar to these are scanned. None for a model of the sequence.
    """
    from scipy.optimize import isotonic_regression

    kmers = _neighbours(analysis.model, motifs) if motifs else _all_weights(analysis.model)
    registered, known = [], []
    for importance in importances:
        for codes, scores in zip(analysis.register(importance.construct), (importance.without, importance.with_), strict=True):
            registered.append(codes[: len(scores)])
            known.append(scores[: len(codes)])
    codes, y = np.concatenate(registered), np.concatenate(known).astype(np.float64)
    factor, letters = _fitted(codes, summed(codes, kmers), y)
    x = _added(codes, factor * kmers, letters)
    order = np.argsort(x, kind="stable")
    distinct, first = np.unique(x[order], return_index=True)
    counts = np.diff([*first, len(x)])
    rising = isotonic_regression(np.add.reduceat(y[order], first) / counts, weights=counts).x
    guessed = np.interp(x, distinct, rising)
    return LettersOnly(factor * kmers, letters, distinct, rising, float(np.nan_to_num(pearson(guessed, y))))


def _fitted(codes: Codes, sums: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Weights of the sum of 6-mers and of each letter at each position, (41, 5), by ridge regression."""
    hot = (codes[:, :, None] == np.arange(PADDING + 1)).reshape(len(codes), -1)
    columns = np.column_stack([sums, hot]).astype(np.float64)
    columns -= columns.mean(axis=0)
    penalty = np.diag([1e-9, *np.full(hot.shape[1], RIDGE)])
    found = np.linalg.solve(columns.T @ columns + penalty, columns.T @ (y - y.mean()))
    return max(float(found[0]), 0.0), found[1:].reshape(codes.shape[1], -1)


def _added(codes: Codes, kmers: NDArray[np.float64], letters: NDArray[np.float64]) -> NDArray[np.float64]:
    return summed(codes, kmers) + letters[np.arange(codes.shape[1]), codes].sum(axis=1)


def importances_by_letters(
    model: LettersOnly, analysis: GlobalImportanceAnalysis, constructs: Sequence[Construct]
) -> list[Importance]:
    """Importances of constructs, in order, under the model of letters alone."""
    return GlobalImportanceAnalysis(model, analysis.sample).importances(constructs)


def summed(codes: Codes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the weights of all 6-mers of sequences.

    Parameters
    ----------
    codes : (n, length) uint8; 6-mers with padding are ignored.
    weights : (4096,) float64, in alphabetical order of the 6-mers.

    Returns
    -------
    NDArray
        (n,) float64.
    """
    windows = codes.shape[1] - K + 1
    numbers = np.zeros((len(codes), windows), np.intp)
    whole = np.ones((len(codes), windows), np.bool_)
    for offset in range(K):
        letters = codes[:, offset : offset + windows]
        numbers = 4 * numbers + np.minimum(letters, 3)
        whole &= letters < 4
    return np.where(whole, weights[numbers], 0.0).sum(axis=1)


def _all_weights(model: Predictor) -> NDArray[np.float64]:
    """Importances of all 6-mers above their 90th percentile, on a few fixed RNAs; cached per model."""
    means = _scans.get(_key(model))
    if means is None:
        scan = exhaustive_scan(_few(model, SCAN_SAMPLES), K)
        means = np.empty(4**K)
        means[_numbers(scan.codes)] = scan.mean
        remember_scan(model, means)
    return np.where(means > np.percentile(means, PERCENTILE), means, 0.0)


def remember_scan(model: Predictor, means: NDArray[np.floating]) -> None:
    """Reuse a scan of all 6-mers that was made for another purpose.

    Parameters
    ----------
    means : (4096,) importances, in alphabetical order of the 6-mers.
    """
    _scans[_key(model)] = np.asarray(means, np.float64)


def _key(model: Predictor) -> Any:
    """Key of a cached scan: a user's model is wrapped anew for each analysis, and may not be hashable."""
    inner = model.model if isinstance(model, CheckedPredictor) else model
    try:
        hash(ref(inner))
    except TypeError:
        return model
    return inner


def _neighbours(model: Predictor, motifs: Sequence[str]) -> NDArray[np.float64]:
    """Importances above 0 of the 6-mers that resemble the motifs; 0 for all others."""
    every = all_kmers(K)
    chosen = np.zeros(len(every), np.bool_)
    for motif in motifs:
        for first in range(max(1, len(motif) - K + 1)):
            chosen |= mismatches(every, motif[first : first + K]) <= NEIGHBOURS
    scan = kmer_importance(_few(model, FOLDING_SAMPLES), every[chosen])
    weights = np.zeros(len(every))
    weights[_numbers(scan.codes)] = np.maximum(scan.mean, 0)
    return weights


def _few(model: Predictor, samples: int) -> GlobalImportanceAnalysis:
    return GlobalImportanceAnalysis(model, draw_sample(Profile(profile()), profile(), samples, np.random.default_rng(_SEED)))


def _numbers(kmers: Codes) -> NDArray[np.intp]:
    """Ranks of 6-mers in alphabetical order."""
    return kmers.astype(np.intp) @ (4 ** np.arange(K)[::-1])
