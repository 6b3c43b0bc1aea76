"""Single mutations of a k-mer inside background RNA (Koo et al. 2021, Fig. 2e and 3b)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.gia import Importance
from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Arm, Experiment, Result, arm, setting
from rbind_core.experiments.sites import MIDDLE, checked_motif
from rbind_core.rna.sequences import ALPHABET, LENGTH
from rbind_core.statistics import Comparison, compare


@dataclass(frozen=True)
class KmerMutagenesis(Experiment):
    """Each letter of a k-mer changed to each other one: what may be changed, and at what cost?"""

    name: ClassVar = "kmer-ism"
    place: ClassVar = 8
    title: ClassVar = "Mutations of the motif"
    question: ClassVar = "Which letters of the motif may be changed, and at what cost?"
    figure: ClassVar = "Koo et al. 2021, Fig. 2e and 3b"
    drawn_as: ClassVar = "heat map"
    x_title: ClassVar = "letter of the motif"

    motif: str = setting("", "Motif", "A, C, G and U only; the model's top 6-mer where nothing is given.")
    start: int = setting(MIDDLE, "At position", "Of the first nucleotide.", 1, LENGTH)

    WILD_TYPE: ClassVar = "wild type"

    @property
    def wild_type(self) -> str:
        """The k-mer in RNA letters."""
        motif = checked_motif(self.motif)
        if set(motif) - set(ALPHABET):
            raise ExperimentError(f"{motif}: a motif to be mutated has the letters A, C, G, U only")
        return motif

    def arms(self) -> list[Arm]:
        """The wild type and all single mutants; see `Experiment.arms`."""
        kmer = self.wild_type
        wild_type = arm(self.WILD_TYPE, f"{kmer}@{self.start}")
        mutants = [
            arm(f"{wild}{i}{letter}", f"{kmer[: i - 1]}{letter}{kmer[i:]}@{self.start}", letter, i)
            for i, wild in enumerate(kmer, start=1)
            for letter in ALPHABET
            if letter != wild
        ]
        return [wild_type, *mutants]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Each mutant against the wild type; see `Experiment.comparisons`."""
        wild_type = results[self.WILD_TYPE]
        return [compare(label, self.WILD_TYPE, result, wild_type) for label, result in results.items() if label != self.WILD_TYPE]

    def effects(self, result: Result) -> NDArray[np.float64]:
        """Global importance of each mutant minus that of the wild type.

        Returns
        -------
        NDArray
            (k, 4) float64 in the order A, C, G, U; 0 for the wild-type letter.
        """
        effects = np.zeros((len(self.wild_type), len(ALPHABET)))
        for comparison in result.comparisons:
            position, letter = int(comparison.first[1:-1]), comparison.first[-1]
            effects[position - 1, ALPHABET.index(letter)] = comparison.mean
        return effects

    def sentences(self, result: Result) -> list[str]:
        """Which letters matter; see `Experiment.sentences`."""
        kmer, heights = self.wild_type, np.sqrt((self.effects(result) ** 2).sum(axis=1))
        most, least = int(heights.argmax()), int(heights.argmin())
        tolerated = [c.first for c in result.comparisons if not c.is_significant or c.mean >= 0]
        said = [
            f"{kmer[most]} at letter {most + 1} matters most (mutations change global importance by {heights[most]:.2f}, L2 norm), "
            f"{kmer[least]} at letter {least + 1} least ({heights[least]:.2f})."
        ]
        lowered = len(result.comparisons) - len(tolerated)
        said.append(
            f"{lowered} of {len(result.comparisons)} mutations lower it measurably (Holm-corrected p < 0.05)"
            + (f"; not: {', '.join(tolerated)}." if tolerated else ".")
        )
        return said
