"""A linear model of a motif in hairpin loops: few parameters for few probes, and easy to interpret."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.rna.sequences import ALPHABET, PADDING, Codes

RIDGE = 10.0
CERTAIN, POSSIBLE = 0.5, 0.15  # probabilities of a loop beyond which an occurrence counts once more
PAIRED, HAIRPIN = 0, 1  # columns of a PHIME profile


@dataclass(frozen=True)
class MotifInLoops:
    """Ridge regression of a binding score on the contexts of a motif; `motif` is nucleotides, N for any.

    Features of a sequence: whether the motif occurs, and twice; the highest probability of an occurrence to lie entirely
    in a hairpin loop (also its root, and whether it is likely or possible), to be unpaired, to be paired; the first and the
    unpaired one by the nucleotide at N and by the one before; composition, pairing and length. So the letters beside the
    motif count only where the motif is open.
    """

    motif: str
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercept: float

    @classmethod
    def fit(cls, motif: str, codes: Codes, profiles: NDArray[np.floating], scores: NDArray[np.floating]) -> MotifInLoops:
        """Fit to measured scores.

        Parameters
        ----------
        motif : nucleotides with one N.
        codes : (n, 41) uint8.
        profiles : (n, 41, 5) PHIME profiles.
        scores : (n,) z-scores.
        """
        features = _features(motif, codes, profiles)
        mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
        z = (features - mean) / scale
        intercept = float(scores.mean())
        weights = np.linalg.solve(z.T @ z + RIDGE * np.eye(z.shape[1]), z.T @ (scores - intercept))
        return cls(motif, mean, scale, weights, intercept)

    def predict(self, codes: Codes, profiles: NDArray[np.floating]) -> NDArray[np.float32]:
        """Score sequences.

        Parameters
        ----------
        codes : (n, 41) uint8.
        profiles : (n, 41, 5) PHIME profiles.

        Returns
        -------
        NDArray
            (n,) float32 z-scores.
        """
        z = (_features(self.motif, codes, profiles) - self.mean) / self.scale
        return (z @ self.weights + self.intercept).astype(np.float32)


def _features(motif: str, codes: Codes, profiles: NDArray[np.floating]) -> NDArray[np.float64]:
    width = len(motif)
    starts = codes.shape[1] - width + 1

    def at(offset: int) -> NDArray[np.uint8]:
        return codes[:, offset : offset + starts]

    occurs = np.all([at(i) == ALPHABET.index(c) for i, c in enumerate(motif) if c != "N"], axis=0)
    any_letter = at(motif.index("N"))
    before = np.pad(codes, ((0, 0), (1, 0)), constant_values=PADDING)[:, :starts]

    def over_motif(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.array([values[:, i : i + starts] for i in range(width)], np.float64)

    in_loop = over_motif(profiles[:, :, HAIRPIN]).min(axis=0)
    unpaired = over_motif(1 - profiles[:, :, PAIRED]).min(axis=0)
    paired = over_motif(profiles[:, :, PAIRED])
    contexts = [in_loop, np.sqrt(in_loop), in_loop > CERTAIN, in_loop > POSSIBLE]
    contexts += [unpaired, paired.mean(axis=0), 1 - paired.min(axis=0)]
    features = [occurs.any(axis=1), occurs.sum(axis=1) > 1]
    features += [(occurs * context).max(axis=1) for context in contexts]
    for nucleotide in range(len(ALPHABET)):
        for letter in (any_letter, before):
            features += [((occurs & (letter == nucleotide)) * context).max(axis=1) for context in (in_loop, unpaired)]
    features += [(codes == nucleotide).sum(axis=1) / 10 for nucleotide in range(len(ALPHABET))]
    features += [profiles[:, :, PAIRED].sum(axis=1, dtype=np.float64) / 10, (codes != PADDING).sum(axis=1) / 10]
    return np.array(features, np.float64).T
