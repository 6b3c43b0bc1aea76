"""What a model looks for: ranking of k-mers by global importance, and motifs read off the best ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds import BackgroundSample
from rbind_core.gia import GlobalImportanceAnalysis
from rbind_core.model.predictor import Predictor
from rbind_core.sequences import ALPHABET, Codes, all_kmers, decode, encode

KMER_START = 18  # 1-based position of the k-mers, as in Fig. 2e
FEWEST_SAMPLES = 32  # background sequences of the first round
SEQUENCES_AT_ONCE = 8000
ALIGNED = 10  # number of k-mers in the alignment motif


@dataclass(frozen=True)
class KmerImportance:
    """A k-mer, its global importance at positions 18 on, and the standard error."""

    kmer: str
    global_importance: float
    standard_error: float


def top_kmers(model: Predictor, sample: BackgroundSample, k: int = 6, top: int = 20) -> list[KmerImportance]:
    """Rank k-mers by global importance at positions 18 to 17 + k, spending predictions where they matter.

    All 4**k k-mers are scored on a few background sequences; the better part goes on to four times as many, and so on
    until the whole sample is used (successive halving on shared backgrounds).

    Parameters
    ----------
    model : scores RNA.
    sample : background sequences.
    k : length in nt.
    top : how many to return.

    Returns
    -------
    list of KmerImportance
        The best `top` k-mers, best first, each measured on the whole sample.
    """
    kmers = all_kmers(k)
    samples = min(FEWEST_SAMPLES, len(sample))
    while samples < len(sample) and len(kmers) > 4 * top:
        mean, _ = kmer_importance(GlobalImportanceAnalysis(model, sample.first(samples)), kmers)
        kmers = kmers[np.argsort(-mean, kind="stable")[: max(4 * top, len(kmers) // 8)]]
        samples *= 4
    mean, error = kmer_importance(GlobalImportanceAnalysis(model, sample), kmers)
    best = np.argsort(-mean, kind="stable")[:top]
    return [KmerImportance(*row) for row in zip(decode(kmers[best]), mean[best].tolist(), error[best].tolist(), strict=True)]


def kmer_importance(
    analysis: GlobalImportanceAnalysis, kmers: Codes, start: int = KMER_START
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Global importance of many k-mers at one position, scored in large batches.

    Parameters
    ----------
    analysis : model and background sequences.
    kmers : (m, k) uint8.
    start : 1-based position of the first nucleotide.

    Returns
    -------
    (NDArray, NDArray)
        (m,) float64 global importances and their standard errors (NaN on one fixed sequence), equal to those of
        `analysis.importance`.
    """
    count, k = kmers.shape
    codes, without = analysis.background_for(start + k - 1)
    if (codes == codes[0]).all():  # the same experiment N times is one experiment
        codes, without = codes[:1], without[:1]
    window = slice(start - 1, start - 1 + k)
    mean, error = np.empty(count), np.full(count, np.nan)
    at_once = max(1, SEQUENCES_AT_ONCE // len(codes))
    for first in range(0, count, at_once):
        some = kmers[first : first + at_once]
        embedded = np.repeat(codes[None], len(some), axis=0)
        embedded[:, :, window] = some[:, None]
        local = analysis.model.predict(embedded.reshape(-1, codes.shape[1])).reshape(len(some), -1) - without
        local[(codes[None, :, window] == some[:, None]).all(axis=2)] = 0  # the k-mer is there already
        mean[first : first + at_once] = local.mean(axis=1, dtype=np.float64)
        if len(codes) > 1:
            error[first : first + at_once] = local.std(axis=1, ddof=1, dtype=np.float64) / np.sqrt(len(codes))
    return mean, error


def alignment_motif(kmers: list[KmerImportance]) -> NDArray[np.float64]:
    """Align k-mers to the best one by cross-correlation and weigh them by importance (Fig. 4b, S1 table).

    Parameters
    ----------
    kmers : of one length, best first; only those with a positive importance count.

    Returns
    -------
    NDArray
        (k, 4) float64 letter frequencies over the positions of the best k-mer, each row sums to 1.
    """
    best = kmers[0]
    k = len(best.kmer)
    reference = encode(best.kmer, k)[0]
    counts = np.zeros((k, 4))
    for kmer in kmers:
        weight = max(kmer.global_importance, 0.0) if kmer is not best else max(kmer.global_importance, 1e-9)
        codes = encode(kmer.kmer, k)[0]
        # Shifts further than half the length would align by chance.
        shift = max(range(-(k // 2), k // 2 + 1), key=lambda s: (_agreement(reference, codes, s), -abs(s)))
        for position, letter in enumerate(codes, start=shift):
            if 0 <= position < k:
                counts[position, letter] += weight
    return counts / counts.sum(axis=1, keepdims=True)


def _agreement(reference: NDArray[np.uint8], codes: NDArray[np.uint8], shift: int) -> int:
    if shift >= 0:
        return int((reference[shift:] == codes[: len(codes) - shift]).sum())
    return int((reference[:shift] == codes[-shift:]).sum())


def information(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Letter heights of a sequence logo: frequency times information content of the column.

    Parameters
    ----------
    frequencies : (k, 4), each row sums to 1.

    Returns
    -------
    NDArray
        (k, 4) float64, bits; a column holds at most 2.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(np.where(frequencies > 0, frequencies * np.log2(frequencies), 0.0), axis=1)
    return frequencies * (np.log2(len(ALPHABET)) - entropy)[:, None]
