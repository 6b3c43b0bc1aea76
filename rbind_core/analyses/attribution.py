"""Gradient-based attributions of one sequence, to compare with in silico mutagenesis: saliency and integrated gradients.

Gradients treat letters as continuous, so they describe inputs between RNAs, which the network has never seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ExperimentError
from rbind_core.model.gradient import scores_and_gradients
from rbind_core.model.inputs import ModelInputs, read_inputs
from rbind_core.model.network import Network
from rbind_core.rna.sequences import check_sequence, encode
from rbind_core.statistics import pearson

SALIENCY, CORRECTED, INTEGRATED = "saliency", "corrected-saliency", "integrated-gradients"
METHODS = {
    SALIENCY: "saliency: gradient x input",
    CORRECTED: "saliency, mean-corrected",
    INTEGRATED: "integrated gradients",
}
BASELINE = "a quarter of each letter at each position"
_STEPS = 64, 1024  # steps along the path: at first, and at most
_ERROR_ALLOWED = 0.01  # share of the difference between both ends, and z-score units


@dataclass(frozen=True)
class Attribution:
    """What each nucleotide contributes to the score of one sequence, by one method.

    `values` is (L,) float64 in z-score units of log intensity. `baseline_score` and `steps` are those of integrated gradients,
    None and 0 for the other methods.
    """

    method: str
    sequence: str
    values: NDArray[np.float64]
    score: float
    baseline_score: float | None = None
    steps: int = 0

    @property
    def completeness_error(self) -> float | None:
        """Sum of the values minus f(x) - f(baseline), in z-score units; None where no baseline is involved."""
        return None if self.baseline_score is None else float(self.values.sum()) - (self.score - self.baseline_score)

    def record(self, contributions: NDArray[np.floating]) -> dict[str, Any]:
        """Everything as one object, as the command prints it.

        Parameters
        ----------
        contributions : (L,) contributions from in silico mutagenesis.
        """
        record: dict[str, Any] = {"attributions": self.values.tolist(), "pearson_with_ism": self.correlation(contributions)}
        if self.baseline_score is None:
            return record
        return record | {
            "baseline": BASELINE,
            "baseline_score": self.baseline_score,
            "steps": self.steps,
            "completeness_error": self.completeness_error,
        }

    def correlation(self, contributions: NDArray[np.floating]) -> float:
        """Pearson correlation with another attribution over the positions.

        Parameters
        ----------
        contributions : (L,) of the other method, such as in silico mutagenesis.

        Returns
        -------
        float
            NaN where either is constant.
        """
        return pearson(self.values, contributions)


def attribution(network: Network, sequence: str, method: str) -> Attribution:
    """Attribute the score of a sequence to its nucleotides.

    Only the four sequence channels are attributed: a model that also reads structure sees that of the sequence throughout.

    Parameters
    ----------
    sequence : 11-41 nt.
    method : 'saliency', the gradient at the actual letter; 'corrected-saliency', the same minus the mean gradient over the
        four letters (Majdandzic et al. 2023), which removes the part that no change of letters can realise; or
        'integrated-gradients' (Sundararajan et al. 2017) along the straight path from a quarter of each letter at each position,
        in 64 steps, doubled up to 1,024 while the completeness error exceeds 0.01 and 1 % of the difference between both ends.

    Returns
    -------
    Attribution
        Without the padding.

    Raises
    ------
    SequenceError
        If the sequence is not RNA of 11-41 nt.
    ExperimentError
        If the method is unknown.
    """
    sequence = check_sequence(sequence)
    if method not in METHODS:
        raise ExperimentError(f"{method!r} is not a method of attribution; there are {', '.join(METHODS)}")
    rna = read_inputs(ModelInputs(encode(sequence)), slice(None), network.channels)
    if method == INTEGRATED:
        return _integrated(network, sequence, rna)
    scores, gradients = scores_and_gradients(network, rna)
    slopes = gradients[0, : len(sequence), :4].astype(np.float64)
    if method == CORRECTED:
        slopes -= slopes.mean(axis=1, keepdims=True)
    values = (slopes * rna[0, : len(sequence), :4]).sum(axis=1)
    return Attribution(method, sequence, values, float(scores[0]))


def _integrated(network: Network, sequence: str, rna: NDArray[np.float32]) -> Attribution:
    baseline = rna.copy()
    baseline[0, : len(sequence), :4] = 0.25
    (score, start), _ = scores_and_gradients(network, np.concatenate([rna, baseline]))
    allowed = _ERROR_ALLOWED * max(1.0, abs(float(score - start)))
    steps, most = _STEPS
    while True:
        middles = ((np.arange(steps) + 0.5) / steps).astype(np.float32)[:, None, None]
        _, gradients = scores_and_gradients(network, baseline + middles * (rna - baseline))
        values = ((rna - baseline)[0] * gradients.mean(axis=0, dtype=np.float64))[: len(sequence), :4].sum(axis=1)
        found = Attribution(INTEGRATED, sequence, values, float(score), float(start), steps)
        if steps >= most or abs(found.completeness_error or 0.0) <= allowed:
            return found
        steps *= 2
