"""A motif in the loop and in the stem of a hairpin (Koo et al. 2021, Fig. 3c and S2), with the controls for the letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.constructs import Construct
from rbind_core.experiments import pairing as contrasts
from rbind_core.experiments.experiment import CONTROL, Arm, Claims, Experiment, Result, arm, setting
from rbind_core.experiments.letters_only import importances_by_letters, letters_only
from rbind_core.experiments.pairing import ByLetters, Pairing, pairing
from rbind_core.experiments.sites import MOTIF_HELP, checked_motif
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import LENGTH
from rbind_core.statistics import Comparison

MOTIFS = {"VTS1": "GCUGGC"}  # the paper's
_OPPOSITE = {False: str.maketrans("ACGURYSWKMBDHV", "UGCAYRSWMKVHDB"), True: str.maketrans("ACGURYSWKMBDHV", "UGYRYRBDNKNNDB")}


@dataclass(frozen=True)
class StemLoop(Experiment):
    """The motif in the loop and in the stem, the same letters unpaired, and changes of both strands that keep the pairs."""

    name: ClassVar = "stemloop"
    place: ClassVar = 4
    title: ClassVar = "Pairing around the motif"
    claims_are: ClassVar = ("verdict", "decided otherwise", "undecided")
    question: ClassVar = "Does pairing around the motif matter, apart from the letters that it takes?"
    figure: ClassVar = "Koo et al. 2021, Fig. 3c and S2"
    says_not: ClassVar = (
        "The strands are made to pair; whether an RNA folds so is a prediction of its own. Each effect is against the same strands "
        "without the motif, so the effect of the hairpin itself is not in it. Loop against stem alone says nothing about pairing: "
        "in the stem, the letters opposite the motif are there as well."
    )

    motif: str = setting("", "Motif", MOTIF_HELP)
    stem: str = setting("7-16/24-33", "Stem", "The two strands that pair, as in 7-16/24-33; add :gu to allow G-U pairs.")
    loop_start: int = setting(18, "In the loop at", "Position of the motif's first nucleotide.", 1, LENGTH)
    stem_start: int = setting(10, "In the stem at", "Position of the motif's first nucleotide.", 1, LENGTH)

    LOOP: ClassVar = contrasts.LOOP
    STEM: ClassVar = contrasts.STEM
    OPEN_LOOP: ClassVar = contrasts.OPEN_LOOP
    OPEN_STEM: ClassVar = contrasts.OPEN_STEM

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """The paper's motif for VTS1, the top 6-mer for others; see `Experiment.defaults_for`."""
        return {"motif": MOTIFS.get(model.protein, model.top_kmer)}

    def arms(self) -> list[Arm]:
        """Loop, stem, both without a hairpin, then the other controls; see `Experiment.arms`."""
        motif = checked_motif(self.motif)
        in_loop, in_stem = f"{motif}@{self.loop_start}", f"{motif}@{self.stem_start}"
        stem = f"stem:{self.stem}"
        arms = [
            arm(self.LOOP, f"{stem}+{in_loop}", "hairpin"),
            arm(self.STEM, f"{stem}+{in_stem}", "hairpin"),
            arm(self.OPEN_LOOP, f"{stem}:open+{in_loop}", "no hairpin"),
            arm(self.OPEN_STEM, f"{stem}:open+{in_stem}", "no hairpin"),
            arm(contrasts.SWAPPED, f"{stem}:swap+{in_loop}", CONTROL),
            arm(contrasts.FIVE_SWAPPED, f"{stem}:swap5+{in_loop}", CONTROL),
            arm(contrasts.THREE_SWAPPED, f"{stem}:swap3+{in_loop}", CONTROL),
        ]
        places = self._opposite(arms[1].construct)
        if places is None:
            return arms
        opposite, moved = places
        return [
            *arms,
            arm(contrasts.MOVED, f"{stem}:fixed+{moved}+{in_stem}", CONTROL),
            arm(contrasts.OPPOSITE, f"{stem}:fixed+{opposite}", CONTROL),
            arm(contrasts.OPPOSITE_MOVED, f"{stem}:fixed+{moved}", CONTROL),
        ]

    @staticmethod
    def _opposite(construct: Construct) -> tuple[str, str] | None:
        """The letters opposite the motif in the stem, as a pattern, and shifted by one; None where the motif is not in the stem."""
        (stem,), (pattern,) = construct.stems, construct.patterns
        paired = {stem.partner(p): p for p in pattern.covered & stem.covered}
        places = sorted(set(paired) - pattern.covered)
        if not places:
            return None
        letter = {p: pattern.letters[p - (pattern.start or 1)] for p in pattern.covered}
        letters = ["N"] * (places[-1] - places[0] + 1)
        for place in places:
            letters[place - places[0]] = letter[paired[place]].translate(_OPPOSITE[stem.wobble])
        moved = places[0] + (1 if places[-1] + 1 in stem.covered or places[0] == 1 else -1)
        return f"{''.join(letters)}@{places[0]}", f"{''.join(letters)}@{moved}"

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """The motif's contrasts that change pairing and keep the letters; see `Experiment.comparisons`."""
        return [one.difference for name, one in pairing(results).contrasts.items() if name != contrasts.STRANDS]

    def baseline(self, analysis: GlobalImportanceAnalysis, results: Mapping[str, Importance]) -> ByLetters:
        """The same constructs by letters alone; see `Experiment.baseline`."""
        motif, folds = checked_motif(self.motif), analysis.card is not None and bool(analysis.card.structure)
        like = (motif, motif[::-1].translate(_OPPOSITE[False])) if folds else ()
        model = letters_only(analysis, [results[self.OPEN_LOOP], results[self.OPEN_STEM]], like)
        importances = importances_by_letters(model, analysis, [one.construct for one in results.values()])
        return ByLetters(dict(zip(results, importances, strict=True)), model.correlation)

    @staticmethod
    def pairing(result: Result) -> Pairing:
        """The effect of pairing, apart from letters."""
        return pairing(result.by_label, result.baseline)

    def record(self, result: Result) -> dict[str, Any]:
        """The effect of pairing; see `Experiment.record`."""
        return {"pairing": self.pairing(result).record}

    def claims(self, result: Result) -> Claims:
        """The verdict on pairing; see `Experiment.claims`."""
        verdict = self.pairing(result).verdict
        return {"pairing": "" if verdict == contrasts.UNDECIDED else verdict}

    def sentences(self, result: Result) -> list[str]:
        """The verdict, the contrasts, and loop against stem with its caveat; see `Experiment.sentences`."""
        found = self.pairing(result)
        said = [found.sentence, *(one.sentence for name, one in found.contrasts.items() if name != contrasts.STRANDS)]
        opposite = self._opposite(result.arms[1].construct)
        if opposite is None:
            return said
        return [
            *said,
            f"Loop minus stem is {found.naive.mean:+.2f}, which mixes pairing with letters: in the stem, {opposite[0]} stands "
            f"opposite the motif, and does {found.opposite:+.2f} alone.",
        ]
