"""A motif in the loop and in the stem of a hairpin (Koo et al. 2021, Fig. 3c and S2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from rbind_core.experiments.canned import Arm, Experiment, Result, arm, setting
from rbind_core.experiments.sites import MOTIF_HELP, checked_motif
from rbind_core.gia import Importance
from rbind_core.model.registry import Model
from rbind_core.sequences import ALPHABET, LENGTH
from rbind_core.statistics import Comparison, compare

MOTIFS = {"VTS1": "GCUGGC"}  # the paper's


@dataclass(frozen=True)
class StemLoop(Experiment):
    """The motif in the loop, in the stem (its partner strand paired anew), and at the same places without a hairpin."""

    name: ClassVar = "stemloop"
    title: ClassVar = "Loop or stem"
    question: ClassVar = "Does the protein want its motif in a loop?"
    figure: ClassVar = "Koo et al. 2021, Fig. 3c and S2"
    says_not: ClassVar = (
        "The strands are made to pair; whether an RNA folds so is a prediction of its own. Each effect is against the same hairpin "
        "without the motif, so the effect of the hairpin itself is not in it."
    )

    motif: str = setting("", "Motif", MOTIF_HELP)
    stem: str = setting("7-16/24-33", "Stem", "The two strands that pair, as in 7-16/24-33; add :gu to allow G-U pairs.")
    loop_start: int = setting(18, "In the loop at", "Position of the motif's first nucleotide.", 1, LENGTH)
    stem_start: int = setting(10, "In the stem at", "Position of the motif's first nucleotide.", 1, LENGTH)

    LOOP: ClassVar = "in the loop"
    STEM: ClassVar = "in the stem"
    OPEN_LOOP: ClassVar = "at the loop's place without a hairpin"
    OPEN_STEM: ClassVar = "at the stem's place without a hairpin"

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """The paper's motif for VTS1, the top 6-mer for others; see `Experiment.defaults_for`."""
        return {"motif": MOTIFS.get(model.protein, model.top_kmer)}

    def arms(self) -> list[Arm]:
        """Loop, stem, and both places without a hairpin; see `Experiment.arms`."""
        motif = checked_motif(self.motif)
        in_loop, in_stem = f"{motif}@{self.loop_start}", f"{motif}@{self.stem_start}"
        return [
            arm(self.LOOP, f"stem:{self.stem}+{in_loop}", "hairpin"),
            arm(self.STEM, f"stem:{self.stem}+{in_stem}", "hairpin"),
            arm(self.OPEN_LOOP, in_loop, "no hairpin"),
            arm(self.OPEN_STEM, in_stem, "no hairpin"),
        ]

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Loop against stem, each against the same place without a hairpin; see `Experiment.comparisons`."""
        pairs = [(self.LOOP, self.STEM), (self.LOOP, self.OPEN_LOOP), (self.STEM, self.OPEN_STEM)]
        return [compare(f"the motif {a}", f"the motif {b}", results[a], results[b]) for a, b in pairs]

    def sentences(self, result: Result) -> list[str]:
        """The comparisons, and what stands opposite the motif in the stem; see `Experiment.sentences`."""
        construct = result.arms[1].construct
        opposite = checked_motif(self.motif)[::-1].translate(str.maketrans("ACGU", "UGCA"))
        (stem, *_), (pattern, *_) = construct.stems, construct.patterns
        if set(opposite) - set(ALPHABET) or stem.wobble or not pattern.covered <= stem.covered:
            return super().sentences(result)
        return [*super().sentences(result), f"In the stem the other strand reads {opposite}, which is part of that effect."]
