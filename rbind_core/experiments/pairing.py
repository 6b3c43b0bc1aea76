"""The effect of pairing on a motif, apart from that of the other strand's letters: contrasts, their controls, a verdict.

Each contrast keeps the letters and changes the pairing. A model of letters alone gives 0 wherever it adds up the
two strands; what it gives beyond that is measured and subtracted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rbind_core.analyses.gia import Importance
from rbind_core.statistics import ALPHA, Comparison, Effect, StoredEffect, compare, contrast, holm

HELPS, HURTS, NO_SIGN, UNDECIDED = "pairing helps", "pairing hurts", "no sign that pairing matters", "undecided"
VERDICTS = (HELPS, HURTS, NO_SIGN, UNDECIDED)
LETTERS_ALONE = (
    "letters alone: a rising function of the sum of 6-mer importances above their 90th percentile and of what each letter adds at "
    "each position"
)
MATTERS = 0.1  # share of the motif's effect from which an effect of pairing is worth a verdict

LOOP, STEM = "in the loop", "in the stem"
OPEN_LOOP = "at the loop's place without a hairpin"
OPEN_STEM = "with the letters of the stem, without a hairpin"
STRANDS = "strands"  # a contrast of scores, not of the motif's effect
SWAPPED = "in the loop, letters of each pair swapped"
FIVE_SWAPPED = "in the loop, 5' strand swapped, no pairs"
THREE_SWAPPED = "in the loop, 3' strand swapped, no pairs"
MOVED = "in the stem, opposite letters moved by one, not paired"
OPPOSITE = "opposite letters in the stem, motif left out"
OPPOSITE_MOVED = "opposite letters moved by one, motif left out"


@dataclass(frozen=True)
class Contrast:
    """One contrast: in the network, in letters alone (None where not measured), and the network beyond letters alone.

    `difference` is the network's, with its distribution over background RNAs.
    """

    name: str
    says: str
    difference: Comparison
    baseline: Comparison | None = None

    @property
    def beyond(self) -> Comparison:
        """The network minus letters alone."""
        if self.baseline is None:
            return self.difference
        return compare(self.difference.first, self.difference.second, self.difference, self.baseline)

    @property
    def sentence(self) -> str:
        """The contrast in words, with that of letters alone."""
        letters = "" if self.baseline is None else f"; letters alone would give {signed(self.baseline.mean)}"
        return f"{self.says[0].upper()}{self.says[1:]}: {signed(self.difference.mean)} ({self.difference.ci_text}){letters}."

    @property
    def record(self) -> dict[str, Any]:
        """Plain values, as in `--json`."""
        return {"value": self.difference.mean, "ci95": list(self.difference.ci95), "N": self.difference.samples}


@dataclass(frozen=True)
class Pairing:
    """The contrasts by name, the motif's own effect, and the verdict.

    `motif` is the larger of its importances in the loop and at the same place without a hairpin; `spread` the SD of scores
    of RNAs without it; `opposite` the importance of the letters opposite the motif, alone; `naive` is loop minus stem, in which
    letters and pairing are mixed; `correlation` is that of letters alone with the network, None where not measured.
    """

    contrasts: Mapping[str, Contrast]
    motif: Effect
    spread: float
    opposite: float
    naive: Comparison
    correlation: float | None = None

    @property
    def margin(self) -> float:
        """Size from which an effect of pairing matters, in z-score units."""
        return MATTERS * max(abs(self.motif.mean), self.spread)

    @property
    def around(self) -> int:
        """1 or -1 where pairing around the motif clearly raises or lowers its effect, else 0."""
        signs = {self._sign(name) for name in ("loop_minus_open", "compensatory")}
        return signs.pop() if len(signs) == 1 else 0

    @property
    def of_the_motif(self) -> int:
        """1 or -1 where pairing of the motif itself clearly raises or lowers its effect, else 0."""
        sign, beside = self._sign("motif_paired"), self._sign("stem_minus_letters")
        return sign if beside in (0, sign) else 0

    @property
    def of_the_strands(self) -> int:
        """1 or -1 where pairing clearly raises or lowers the score of RNAs with the motif, whatever the motif's effect, else 0."""
        signs = {self._sign(name) for name in (STRANDS, "stem_minus_letters")}
        return signs.pop() if len(signs) == 1 else 0

    def _sign(self, name: str) -> int:
        """Direction of a contrast that is clear, matters, and is not due to letters alone; else 0."""
        contrast, p = self.contrasts.get(name), self._corrected.get(name, 1.0)
        if contrast is None or not p < ALPHA:
            return 0
        value, beyond = contrast.difference.mean, contrast.beyond
        is_beyond = np.sign(beyond.mean) == np.sign(value) and beyond.p_value < ALPHA and abs(beyond.mean) >= self.margin
        return int(np.sign(value)) if is_beyond and abs(value) >= self.margin else 0

    @property
    def _corrected(self) -> dict[str, float]:
        """Holm's p over the contrasts."""
        return dict(zip(self.contrasts, holm([one.difference.p_value for one in self.contrasts.values()]), strict=True))

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`: on pairing around the motif, else of the motif itself, else of the strands whatever the motif does."""
        sign = self.around or self.of_the_motif or self.of_the_strands
        if sign:
            return HELPS if sign > 0 else HURTS
        return NO_SIGN if self._is_small else UNDECIDED

    @property
    def sentence(self) -> str:
        """The verdict in words, with its reason."""
        share = f"{100 * MATTERS:.0f} % of what the motif does ({self.motif.mean:+.2f})"
        sign = self.around or self.of_the_motif
        if sign:
            what = f"{'around the motif' if self.around else 'of the motif itself'} {'raises' if sign > 0 else 'lowers'} its effect"
            return f"{self.verdict.capitalize()}: pairing {what} by more than {share}, apart from the letters of the strands."
        if self.of_the_strands:
            what = f"{'raises' if self.of_the_strands > 0 else 'lowers'} the score of the RNA by itself"
            return f"{self.verdict.capitalize()}: pairing of the strands {what}, by more than {share}, apart from their letters."
        if self._is_small:
            return f"No sign that pairing matters: pairing around the motif changes its effect by less than {share}."
        return (
            f"Undecided: no effect of pairing that is clear in all controls, beyond what letters alone give, and at least {share}; "
            "nor can one be ruled out."
        )

    @property
    def _is_small(self) -> bool:
        """Whether an effect that matters would have been seen around the motif, and none is seen for the motif or in the stem.

        Compensatory changes keep the letters of each RNA, so their interval is narrower: it has to lie within the margin.
        """
        loop, changes = (self.contrasts[name].difference for name in ("loop_minus_open", "compensatory"))
        has_effect = self.motif.ci95[0] > 0 or self.motif.ci95[1] < 0
        elsewhere = self._sign("motif_paired") or self._sign("stem_minus_letters")
        is_small = abs(loop.mean) < self.margin and max(map(abs, changes.ci95)) <= self.margin
        return bool(has_effect and is_small and not elsewhere)

    @property
    def record(self) -> dict[str, Any]:
        """Plain values, as in `--json`; a contrast that the constructs do not allow is None."""
        names = ("loop_minus_open", "stem_minus_letters", "compensatory", "motif_paired", STRANDS)
        given = {name: self.contrasts.get(name) for name in names}
        by_letters = {name: one.baseline for name, one in given.items() if one is not None and one.baseline is not None}
        baseline = {
            "model": LETTERS_ALONE,
            "correlation": self.correlation,
            **{name: {"value": one.mean, "ci95": list(one.ci95), "N": one.samples} for name, one in by_letters.items()},
        }
        return {
            **{name: None if one is None else one.record for name, one in given.items()},
            "baseline": baseline if by_letters else None,
            "verdict": self.verdict,
            "matters_from": self.margin,
            "loop_minus_stem": {"value": self.naive.mean, "ci95": list(self.naive.ci95), "N": self.naive.samples},
        }


@dataclass(frozen=True)
class ByLetters:
    """Importances of the same constructs under a model of letters alone, by label, and its correlation with the network."""

    of: Mapping[str, Importance]
    correlation: float


def signed(value: float) -> str:
    """Write a difference in z-score units with its sign, such as '+0.24', never '-0.00'."""
    return f"{round(value, 2) + 0.0:+.2f}"


def pairing(of: Mapping[str, Importance], by_letters: ByLetters | None = None) -> Pairing:
    """Compute the contrasts from the importances of the constructs.

    Parameters
    ----------
    of : label of each construct to its importance; without those in the stem where the motif is not in one.
    by_letters : the same for a model of letters alone.
    """
    baselines = _differences(by_letters.of) if by_letters else {}
    contrasts = {}
    contrasts = {
        name: Contrast(name, _SAYS[name], difference, baselines.get(name)) for name, difference in _differences(of).items()
    }
    strongest = max((of[LOOP], of[OPEN_LOOP]), key=lambda one: abs(one.mean))
    naive = compare("the motif in the loop", "the motif in the stem", of[LOOP], of[STEM])
    opposite = of[OPPOSITE].mean if OPPOSITE in of else 0.0
    motif = StoredEffect(strongest.mean, strongest.standard_error, strongest.samples)
    spread = float(of[OPEN_LOOP].without.std(dtype=np.float64))
    return Pairing(contrasts, motif, spread, opposite, naive, by_letters.correlation if by_letters else None)


_SAYS = {
    "loop_minus_open": (
        "the motif in the loop of a hairpin, against the same place between strands of the same letters that do not pair"
    ),
    "compensatory": (
        "the motif in the loop, both strands or none changed, so that they pair, against one strand changed, so that they do not"
    ),
    STRANDS: "RNAs with the motif in the loop, and strands changed so that they pair, against changes so that they do not",
    "stem_minus_letters": "RNAs with the motif in a stem, against the same letters on both strands, with no pairs around them",
    "motif_paired": (
        "the motif in a stem paired with the letters opposite it, against the same letters moved by one nucleotide, so that they "
        "do not pair, less what that move does without the motif"
    ),
}


def _differences(of: Mapping[str, Importance]) -> dict[str, Comparison]:
    """Each contrast, background RNA by background RNA."""
    found = {
        "loop_minus_open": compare(f"the motif {LOOP}", f"the motif {OPEN_LOOP}", of[LOOP], of[OPEN_LOOP]),
        "compensatory": contrast(
            "the motif between strands that pair",
            "the motif between strands that do not, letters swapped",
            [of[label] for label in (LOOP, SWAPPED, FIVE_SWAPPED, THREE_SWAPPED)],
            [0.5, 0.5, -0.5, -0.5],
        ),
    }
    swaps = [_scores(of[label]) for label in (LOOP, SWAPPED, FIVE_SWAPPED, THREE_SWAPPED)]
    found[STRANDS] = contrast(
        "RNAs whose strands pair", "RNAs whose strands do not, letters swapped", swaps, [0.5, 0.5, -0.5, -0.5]
    )
    if OPPOSITE in of:
        # the scores themselves: without the motif, the control's strands pair less than the stem
        found["stem_minus_letters"] = compare(
            f"RNAs with the motif {STEM}", "the same letters without the hairpin", _scores(of[STEM]), _scores(of[OPEN_STEM])
        )
        found["motif_paired"] = contrast(
            "the motif paired with the letters opposite it",
            "the same letters moved by one",
            [of[label] for label in (STEM, MOVED, OPPOSITE, OPPOSITE_MOVED)],
            [1, -1, -1, 1],
        )
    return found


def _scores(importance: Importance) -> Comparison:
    """The scores of the RNAs with a construct, as an effect."""
    return Comparison(str(importance.construct), "0", importance.with_, units=importance.units)
