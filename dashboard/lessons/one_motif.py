"""Lesson: the global importance of one motif, beside a weaker one and shuffled letters."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
import plotly.graph_objects as go

from dashboard.lessons.lesson import UGCAUG, Elsewhere, Lesson, TakenAway, tested, with_ci
from dashboard.lessons.strips import Strip, strips_of
from dashboard.state import engine
from dashboard.widgets.sidebar import Settings
from rbind_core.analyses.gia import Importance
from rbind_core.constructs import parse_construct
from rbind_core.experiments.records import gia_record, local_table
from rbind_core.experiments.sites import WEAKER_MOTIFS
from rbind_core.figures.importance import importance_figure
from rbind_core.report.reproduce import gia_command, gia_python
from rbind_core.statistics import compare_with_first
from rbind_core.system.quoting import in_json

WEAKER, SHUFFLED = WEAKER_MOTIFS["RBFOX1"], "GUAGCU"
SOME, THE_SAME = 0.1, 0.75  # share of the motif's importance


class OneMotif(Lesson):
    """The motif, the motif with two other letters, and its letters shuffled, each in many RNAs."""

    short: ClassVar = "One motif"
    question: ClassVar = "Does UGCAUG raise binding in RNAs of all kinds, or were we lucky with one?"
    known: ClassVar = (
        "One RNA can mislead, so put the motif into many random RNAs, the [[background]], and average the change in predicted "
        f"binding: its [[global importance]]. Beside UGCAUG: {WEAKER}, in which two letters differ, and {SHUFFLED}, the same "
        "letters as UGCAUG in another order."
    )
    task: ClassVar = "Put each into all RNAs"
    choices: ClassVar = (
        "Only UGCAUG does anything",
        f"UGCAUG most, {WEAKER} less, {SHUFFLED} next to nothing",
        "All three about the same",
    )
    says_not: ClassVar = "How tightly RBFOX1 binds: this is what a network has learned, not a measured affinity."
    paper: ClassVar = (
        f"UGCAUG has the highest global importance of all 4,096 rows of six letters (Fig. 2e); {WEAKER} is the paper's example "
        "of a weaker motif (Fig. 2c)."
    )
    discuss: ClassVar = (
        "The box shows single RNAs, the green triangle their mean. Which of the two answers our question?",
        "Change N in the sidebar to 50. What happens to the triangle's bar, what to the box?",
        f"Why is {SHUFFLED} in the experiment at all?",
    )
    constructs: ClassVar = tuple(parse_construct(f"{motif}@18") for motif in (UGCAUG, WEAKER, SHUFFLED))

    def setup(self, settings: Settings) -> list[Strip]:
        """Each construct in the first background RNA."""
        return strips_of(settings, [(str(construct), construct) for construct in self.constructs])

    def cost(self, settings: Settings) -> int:
        """The background, and each construct in it."""
        return (1 + len(self.constructs)) * settings.choice.samples

    def run(self, settings: Settings) -> list[Importance]:
        """Measure the importances in the same RNAs."""
        return engine.importances(settings.model, settings.choice, self.constructs)

    def draw(self, settings: Settings, outcome: list[Importance]) -> go.Figure:
        """Boxes of local importances with their means."""
        return importance_figure(outcome, settings.model.label, settings.describe())

    def answer(self, outcome: list[Importance]) -> int:
        """By the other constructs in comparison with the motif."""
        motif, weaker, shuffled = (one.mean for one in outcome)
        if min(weaker, shuffled) > THE_SAME * motif:
            return 2
        return int(weaker > SOME * motif and abs(shuffled) < weaker)

    def says(self, settings: Settings, outcome: list[Importance]) -> list[str]:
        """Each importance, and the motif's against the weaker motif's."""
        motif, weaker, shuffled = outcome
        against = compare_with_first([UGCAUG, WEAKER, SHUFFLED], outcome)[0]
        higher = "higher" if motif.mean > 0 else "lower"
        return [
            f"With {UGCAUG} at 18 predicted binding changes by {with_ci(motif)} on average over N = {motif.samples:,} RNAs. It "
            f"is {higher} than before in {((motif.local > 0) if motif.mean > 0 else (motif.local < 0)).mean():.1%} of them.",
            f"{WEAKER} gives {with_ci(weaker)}, {weaker.mean / motif.mean:.0%} of that; {SHUFFLED} gives {with_ci(shuffled)}.",
            f"{WEAKER} minus {UGCAUG}, in the same RNAs: {tested(against)}.",
        ]

    def taken_away(self, settings: Settings, outcome: list[Importance]) -> TakenAway:
        """All local importances."""
        names = [str(construct) for construct in self.constructs]
        chosen = settings.model, settings.choice
        return TakenAway(
            lambda: pd.DataFrame(local_table(names, outcome)).to_csv(index=False),
            gia_command(*chosen, self.constructs),
            gia_python(*chosen, self.constructs),
            lambda: in_json(gia_record(*chosen, outcome)),
        )

    def elsewhere(self, settings: Settings, outcome: list[Importance]) -> Elsewhere:
        """The same constructs in Hypothesis."""
        return Elsewhere("Hypothesis", "hypothesis", {"c": ";".join(construct.text for construct in self.constructs)})
