"""Lessons on the paper's experiments: many motifs, spacing, structure, GC-bias, and whether the background matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.lessons.lesson import UGCAUG, Elsewhere, Lesson, TakenAway, tested, with_ci
from dashboard.lessons.strips import Strip, strips_of
from dashboard.state import engine
from dashboard.state.keys import setting_key
from dashboard.state.results import result_of
from dashboard.widgets.sidebar import Settings
from rbind_core.backgrounds import LABELS, PAPER_NAMES
from rbind_core.experiments.additivity import TOLERANCE, Additivity
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import Arm, Experiment, Result
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.pairing import HELPS, HURTS, signed
from rbind_core.experiments.records import experiment_record, robustness_table, table
from rbind_core.experiments.robustness import Robustness
from rbind_core.experiments.sites import CLOSE, WEAKER_MOTIFS, Sites, Spacing
from rbind_core.experiments.structure import StemLoop
from rbind_core.figures.experiment import experiment_figure, robustness_figure
from rbind_core.report.reproduce import experiment_command, experiment_python
from rbind_core.system.quoting import in_json

COUNTED = ("one site", "two", "three")
UNCHANGED = 0.01  # mean difference between backgrounds, as a share of the importances, below which the numbers agree


class CannedLesson(Lesson):
    """A lesson on one of the paper's experiments; `kind` is its id."""

    kind: ClassVar[str]

    def experiment(self, settings: Settings) -> Experiment:
        """The experiment as set up for the lesson's protein."""
        return EXPERIMENTS[self.kind].for_model(settings.model)

    def pictured(self, arms: Sequence[Arm]) -> Sequence[Arm]:
        """The arms to draw before the run."""
        return arms

    def setup(self, settings: Settings) -> list[Strip]:
        """The constructs to compare."""
        return strips_of(settings, [(arm.label, arm.construct) for arm in self.pictured(self.experiment(settings).arms())])

    def cost(self, settings: Settings) -> int:
        """Each arm in each RNA."""
        return len(self.experiment(settings).arms()) * settings.choice.samples

    def run(self, settings: Settings) -> Result | Robustness:
        """Run it under the background of the sidebar."""
        return result_of(engine.Trial(settings.model, settings.choice, self.experiment(settings)))

    def draw(self, settings: Settings, outcome: Result | Robustness) -> go.Figure:
        """Draw it as on the Experiments page."""
        label, about = settings.model.label, self.under(settings)
        if isinstance(outcome, Result):
            return experiment_figure(outcome, label, about)
        return robustness_figure(outcome, label, about)

    def taken_away(self, settings: Settings, outcome: Result | Robustness) -> TakenAway:
        """The numbers of all arms."""
        chosen = settings.model, settings.choice
        is_one = isinstance(outcome, Result)
        return TakenAway(
            lambda: pd.DataFrame(table(outcome) if isinstance(outcome, Result) else robustness_table(outcome)).to_csv(index=False),
            experiment_command(*chosen, outcome.experiment, all_backgrounds=not is_one),
            experiment_python(*chosen, outcome.experiment, all_backgrounds=not is_one),
            lambda: in_json(experiment_record(*chosen, outcome)),
        )

    def elsewhere(self, settings: Settings, outcome: Result | Robustness) -> Elsewhere:
        """The Experiments page with the same settings."""
        name = outcome.experiment.name
        filled = {setting_key(name, key): str(value) for key, value in outcome.experiment.settings.items()}
        everywhere = {} if isinstance(outcome, Result) else {"robust": "true"}
        return Elsewhere("Experiments", "experiments", {"experiment": name} | filled | everywhere)


class ManyMotifs(CannedLesson):
    """One, two and three sites."""

    kind: ClassVar = "sites"
    short: ClassVar = "Many motifs"
    question: ClassVar = "If one UGCAUG helps, do three help three times as much?"
    known: ClassVar = (
        "One UGCAUG raises predicted binding, wherever it is put. Real RNAs often carry a [[motif]] more than once. Further "
        "sites may be worth nothing because one is enough, they may add up, or they may help each other. To tell, each of the "
        f"three places is tried alone too, and the three are added up. {WEAKER_MOTIFS['RBFOX1']}, the weaker motif, gets the same "
        "test."
    )
    task: ClassVar = "Put in one, two, three"
    choices: ClassVar = (
        "Three UGCAUG do less than the sum of each alone",
        "They add up (within a fifth of the sum)",
        "They do more than the sum of each alone",
    )
    says_not: ClassVar = (
        "That two proteins sit on the RNA at once. Scores are logarithms: adding up here is multiplying intensities. And no probe "
        "that was measured holds three UGCAUG: so strong a prediction is an extrapolation."
    )
    paper: ClassVar = (
        "Nearly a straight line for UGCAUG as for AGAAUG (Fig. 2b,c and S1). A straight line with a first site that is worth less "
        "than the others is not adding up."
    )
    minutes: ClassVar = 6
    discuss: ClassVar = (
        "How many weak sites are worth one strong site? Read it off the two panels.",
        "Three points can lie on a straight line, and R² be close to 1, without adding up. Draw such a line. Where does it "
        "meet 0 sites?",
    )

    def answer(self, outcome: Result) -> int:
        """By three sites against the sum of each alone, or if undecided by the side of the limit."""
        deviation = self._additivity(outcome)[UGCAUG].per_cent_of_sum
        return int(np.searchsorted((-TOLERANCE, TOLERANCE), deviation))

    @staticmethod
    def _additivity(outcome: Result) -> dict[str, Additivity]:
        assert isinstance(outcome.experiment, Sites)
        return outcome.experiment.additivity(outcome)

    def says(self, settings: Settings, outcome: Result) -> list[str]:
        """All counts, three sites against the sum of each alone, the measured range, the line."""
        said = []
        for motif, one in self._additivity(outcome).items():
            counts = [outcome.by_label[f"{motif} ×{count}"] for count in range(1, len(COUNTED) + 1)]
            numbers = ", ".join(f"{number} {with_ci(effect)}" for number, effect in zip(COUNTED, counts, strict=True))
            fit = outcome.fits[motif]
            said.append(f"{motif}: {numbers}, over N = {counts[0].samples:,} RNAs. {one.sentence('Three sites')}")
            said.append(f"The line through 0 to 3 sites has an [[R²]] of {fit.r_squared:.3f}, whether they add up or not.")
        strong = self._additivity(outcome)[UGCAUG]
        return [*said, *filter(None, [strong.range_sentence])]


class HowClose(CannedLesson):
    """Two sites at every distance."""

    kind: ClassVar = "spacing"
    short: ClassVar = "Spacing"
    question: ClassVar = "How close may two UGCAUG stand?"
    known: ClassVar = (
        "Two sites do more than one. But a protein takes up room on the RNA. So move the second UGCAUG away from the first, "
        "letter by letter: from two that share letters (UGCAUGCAUG) to a wide [[gap]]. Beside it stands what the two do alone, "
        "added up."
    )
    task: ClassVar = "Move the second site away"
    choices: ClassVar = ("The closer, the better", "The distance makes no difference", "Too close costs something")
    says_not: ClassVar = (
        "That two proteins bump into each other: the network has only seen how strongly RNAs with crowded sites were bound."
    )
    paper: ClassVar = "Two sites closer than about 3 letters cost binding (Fig. 2d)."
    discuss: ClassVar = (
        "UGCAUGCAUG holds UGCAUG twice, in 10 letters instead of 12. Why could that be worth less than two separate sites?",
        "What would the curve look like if the two sites had to touch the same protein?",
    )

    def pictured(self, arms: Sequence[Arm]) -> Sequence[Arm]:
        """A few gaps."""
        return [arm for arm in arms if arm.series == "" or (arm.series == Spacing.PAIR and arm.x in (-2, 0, 1, 3, 8))]

    def answer(self, outcome: Result) -> int:
        """By the gaps below 3 nt that differ clearly from wider ones."""
        clear = [c.mean for c in outcome.comparisons if c.is_significant]
        costs = sum(mean < 0 for mean in clear)
        return 1 if not clear else 2 if costs >= len(clear) - costs else 0

    def says(self, settings: Settings, outcome: Result) -> list[str]:
        """Wide gaps, then close ones compared with them."""
        paired = zip(outcome.arms, outcome.importances, strict=True)
        pairs = {arm.x: one for arm, one in paired if arm.series == Spacing.PAIR and arm.x is not None}
        wide = [one.mean for gap, one in pairs.items() if gap >= CLOSE]
        close = "; ".join(f"{self._named(gap)} {with_ci(one)}" for gap, one in pairs.items() if gap < CLOSE)
        costs = [c for c in outcome.comparisons if c.is_significant and c.mean < 0]
        most = min(outcome.comparisons, key=lambda c: c.mean)
        one_site = outcome.by_label["one site"]
        assert isinstance(outcome.experiment, Spacing)
        added = outcome.experiment.additivity(outcome)
        return [
            f"One site does {with_ci(one_site)}, over N = {one_site.samples:,} RNAs. Two with a gap of {CLOSE} or more do "
            f"{np.mean(wide):+.2f} on average; from one such gap to the next that varies between {min(wide):+.2f} and "
            f"{max(wide):+.2f}.",
            f"Closer: {close}.",
            *([] if added is None else [added.sentence("Two sites, over all such gaps")]),
            f"Held against what each site does alone, {len(costs)} of {len(outcome.comparisons)} close gaps cost something, "
            f"compared with gaps of {CLOSE} and more. The largest difference is at {most.first}: {tested(most)}.",
        ]

    @staticmethod
    def _named(gap: float) -> str:
        """A gap in words."""
        return f"gap {gap:.0f}" if gap >= 0 else f"sharing {-gap:.0f} letters"


class LoopOrStem(CannedLesson):
    """VTS1's motif in the loop and in the stem of a hairpin, with controls for the letters of the strands."""

    kind: ClassVar = "stemloop"
    protein: ClassVar = "VTS1"
    short: ClassVar = "Structure"
    question: ClassVar = "Does VTS1 want its motif in a loop?"
    known: ClassVar = (
        "RNA folds: two stretches pair into a [[stem]], the letters between them make a [[loop]]. VTS1 is a protein of yeast "
        "that likes GCUGGC. Now every RNA is made to form a [[hairpin]], and the motif stands in its loop. But a hairpin brings "
        "letters with it: one strand spells what pairs with the other. So the motif also stands between strands of the same "
        "letters that do not pair: one of them is taken from another RNA's hairpin. And letters of both strands are swapped, so "
        "that they still pair, or of one strand only, so that they do not."
    )
    task: ClassVar = "Put it into the loop, with and without pairs"
    choices: ClassVar = (
        "Pairs around it raise what it does",
        "Pairs around it lower what it does",
        "No difference: only the letters count",
    )
    says_not: ClassVar = (
        "That the network found this out alone: it was taught which letters pair by other networks that were given predicted "
        "folds. The effect of the hairpin itself is not in these numbers."
    )
    paper: ClassVar = (
        "For VTS1 the loop is far better than the stem (Fig. 3c and S2). That comparison alone does not tell pairs from letters: "
        "in the stem, the letters opposite the motif are there too."
    )
    minutes: ClassVar = 8
    discuss: ClassVar = (
        "Why compare with the same hairpin without the motif, and not with the bare background?",
        "For RBFOX1 the stem beats the loop. Opposite UGCAUG stands CAUGCA, which RBFOX1's network likes too. What would you "
        "conclude without the control?",
        "Swapping both strands changes every letter of them and keeps every pair. Why is one strand alone swapped as well?",
        "Why would a protein want the motif unpaired?",
    )

    def pictured(self, arms: Sequence[Arm]) -> Sequence[Arm]:
        """The arms around the loop."""
        return [arm for arm in arms if arm.label in (StemLoop.LOOP, StemLoop.OPEN_LOOP, StemLoop.STEM) or "swapped" in arm.label]

    def answer(self, outcome: Result) -> int:
        """By the verdict on pairing."""
        return {HELPS: 0, HURTS: 1}.get(StemLoop.pairing(outcome).verdict, 2)

    def says(self, settings: Settings, outcome: Result) -> list[str]:
        """Loop, control, swaps, letters alone, and loop against stem."""
        loop, stem, open_loop = (outcome.by_label[label] for label in (StemLoop.LOOP, StemLoop.STEM, StemLoop.OPEN_LOOP))
        found = StemLoop.pairing(outcome)
        pairs, swaps = (found.contrasts[name] for name in ("loop_minus_open", "compensatory"))
        letters = "" if pairs.baseline is None else f" A model that knows letters alone would give {signed(pairs.baseline.mean)}."
        return [
            f"In the loop the motif changes predicted binding by {with_ci(loop)}, over N = {loop.samples:,} RNAs; between strands "
            f"that do not pair by {with_ci(open_loop)}. So the pairs make a difference of {with_ci(pairs.difference)}.{letters}",
            f"Swapped letters that keep the pairs, against those that break them: {with_ci(swaps.difference)}.",
            found.sentence,
            f"In the stem the motif does {with_ci(stem)}. Loop minus stem is {found.naive.mean:+.2f}, but that mixes pairs with "
            "the letters of the other strand, so no verdict rests on it.",
        ]


class GcRichEnds(CannedLesson):
    """GC-rich letters at one end or the other, far from the motif."""

    kind: ClassVar = "gcbias"
    short: ClassVar = "GC-bias"
    question: ClassVar = "Can letters far away from the motif change the answer?"
    known: ClassVar = (
        "GCGCGC is not what RBFOX1 binds. Put it at the beginning of the RNA, the [[5' end]], or near its [[3' end]], with "
        "UGCAUG in the middle. If the network had learned the protein and nothing else, not much should happen."
    )
    task: ClassVar = "Add GCGCGC to one end"
    choices: ClassVar = ("Nothing much: the motif decides", "The same change at either end", "It depends on which end")
    says_not: ClassVar = GcBias.says_not
    paper: ClassVar = (
        "A GC-rich 3' end raises the prediction in nearly all of its experiments, whatever the protein: so it is probably a "
        "bias of the experiment (Fig. 4c-e)."
    )
    minutes: ClassVar = 6
    discuss: ClassVar = (
        "Why is GCGCGC at the 3' end also tried without the motif?",
        "Protein or experiment: how could you find out where such a bias comes from? (Other proteins, same experiment.)",
        "Would you still trust the results of the earlier lessons?",
    )

    def answer(self, outcome: Result) -> int:
        """By each end against the motif alone."""
        five, three, _ = outcome.comparisons
        if not (five.is_significant or three.is_significant):
            return 0
        alike = five.is_significant and three.is_significant and (five.mean > 0) == (three.mean > 0)
        return 1 if alike else 2

    def says(self, settings: Settings, outcome: Result) -> list[str]:
        """Each end, as a difference and as the paper's ratio."""
        motif, end = outcome.by_label[GcBias.ALONE], outcome.by_label[GcBias.WITHOUT]
        five, three, _ = outcome.comparisons
        return [
            f"{UGCAUG} alone does {with_ci(motif)}, over N = {motif.samples:,} RNAs.",
            f"GCGCGC at the 5' end changes that by {tested(five)}: to {(motif.mean + five.mean) / motif.mean:.0%} of it.",
            f"GCGCGC at the 3' end changes it by {tested(three)}: to {(motif.mean + three.mean) / motif.mean:.0%}.",
            f"Without the motif, GCGCGC at the 3' end does {with_ci(end)}.",
        ]


class Backgrounds(CannedLesson):
    """The lesson before, under all seven backgrounds of the paper."""

    kind: ClassVar = "gcbias"
    short: ClassVar = "Backgrounds"
    question: ClassVar = "Would RNAs of another kind have given another answer?"
    known: ClassVar = (
        "All answers so far came from random RNAs of one kind, the [[background]] in the sidebar. The paper tries seven: "
        "letters as frequent as in the probes (profile), shuffled probes, a [[dinucleotide shuffle]], and real probes of each "
        "[[quartile]]. Here is the last lesson under all seven."
    )
    task: ClassVar = "Try all seven kinds"
    choices: ClassVar = (
        "Yes: some answers turn round",
        "The amounts change, the direction does not",
        "No: the same numbers each time",
    )
    says_not: ClassVar = (
        "That the network is right: all seven ask the same network. It says that the answer does not hang on how we made up "
        "the RNAs, or that it does."
    )
    paper: ClassVar = "The seven backgrounds agree with each other (Fig. S1-S5)."
    minutes: ClassVar = 7
    discuss: ClassVar = (
        "Why may a motif do less in RNAs that are bound well already, or more?",
        "Which background is closest to the RNAs that you care about?",
        "What would you do if two backgrounds disagreed?",
    )

    def cost(self, settings: Settings) -> int:
        """Each arm in each RNA of each background."""
        return len(PAPER_NAMES) * super().cost(settings)

    def run(self, settings: Settings) -> Robustness:
        """Run it under all seven backgrounds."""
        outcome = result_of(engine.Trial(settings.model, settings.choice, self.experiment(settings), all_backgrounds=True))
        assert isinstance(outcome, Robustness)
        return outcome

    def under(self, settings: Settings) -> str:
        """All seven backgrounds instead of the sidebar's."""
        choice = settings.choice
        return f"seven backgrounds, N = {choice.samples:,} each, seed {choice.seed}"

    def answer(self, outcome: Robustness) -> int:
        """By the verdict and by how much the numbers differ."""
        if not outcome.agrees:
            return 0
        spread = np.abs(outcome.means - outcome.means[0]).mean()
        return 2 if spread < UNCHANGED * np.abs(outcome.means[0]).mean() else 1

    def says(self, settings: Settings, outcome: Robustness) -> list[str]:
        """The verdict, then each background's answer."""

        return [
            outcome.verdict,
            f"GCGCGC at the 3' end changes what {UGCAUG} does, in N = {settings.choice.samples:,} RNAs of each kind, by "
            f"{self._range(outcome, 1)}.",
            f"At the 5' end it does so by {self._range(outcome, 0)}.",
        ]

    @staticmethod
    def _range(outcome: Robustness, number: int) -> str:
        """Smallest and largest of one comparison over the backgrounds, in words."""
        effects = {LABELS[name]: result.comparisons[number] for name, result in outcome.results.items()}
        least, *_, most = sorted(effects, key=lambda name: effects[name].mean)
        return f"between {with_ci(effects[least])} under {least} and {with_ci(effects[most])} under {most}"
