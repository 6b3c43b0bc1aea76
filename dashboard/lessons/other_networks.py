"""Lesson: the same constructs in other networks of the protein. Is it the protein, or this one network?"""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
import plotly.graph_objects as go

from dashboard.lessons.lesson import UGCAUG, Elsewhere, Lesson, TakenAway, with_ci
from dashboard.lessons.one_motif import SHUFFLED, WEAKER
from dashboard.lessons.strips import Strip, strips_of
from dashboard.state import engine
from dashboard.state.results import result_of
from dashboard.widgets.sidebar import Settings
from rbind_core.analyses.gia import Importance
from rbind_core.analyses.in_networks import InNetworks
from rbind_core.constructs import parse_construct
from rbind_core.experiments.records import gia_record, network_columns
from rbind_core.figures.importance import importance_figure
from rbind_core.model.committee import member_names
from rbind_core.report.reproduce import gia_command, gia_python
from rbind_core.system.quoting import in_json

MOTIFS = (UGCAUG, WEAKER, SHUFFLED)
SAME = 0.05  # range over the networks, as a share of their mean, below which they give the same number


class OtherNetworks(Lesson):
    """A strong, a weak and a shuffled motif in all networks of a committee."""

    short: ClassVar = "Other networks"
    question: ClassVar = "Is it the protein, or this one network?"
    known: ClassVar = (
        "All numbers so far came from one [[network]]. A colleague with the same measurements, but other starting numbers, "
        "another architecture and RNAs drawn anew, would have trained another one. RBind holds several such networks: a "
        "[[committee]]. Each now gets the same three motifs in the same background RNAs."
    )
    task: ClassVar = "Ask all networks"
    choices: ClassVar = (
        "All give the same number for UGCAUG",
        "They agree that UGCAUG raises binding, but not on how much",
        "Some say that UGCAUG lowers binding",
    )
    says_not: ClassVar = (
        "What another experiment would say. All these networks learned from one kind of measurement, with its noise and its "
        "habits; other experiments with the same protein differ by more than networks do."
    )
    paper: ClassVar = "The paper interprets one network for each protein and leaves this question open."
    discuss: ClassVar = (
        "The interval of lesson 3 was much narrower than the spread of the networks. What did it cover, and what not?",
        f"Do the networks agree on the sign for {SHUFFLED}? What would you write about it?",
    )
    constructs: ClassVar = tuple(parse_construct(f"{motif}@18") for motif in MOTIFS)

    def setup(self, settings: Settings) -> list[Strip]:
        """Each construct in the first background RNA."""
        return strips_of(settings, [(str(construct), construct) for construct in self.constructs])

    def cost(self, settings: Settings) -> int:
        """Each construct in each network."""
        return (1 + len(self.constructs)) * len(member_names(settings.model)) * settings.choice.samples

    def run(self, settings: Settings) -> tuple[list[Importance], InNetworks]:
        """Measure the importances in the served network, then in all."""
        served = engine.importances(settings.model, settings.choice, self.constructs)
        return served, result_of(engine.ConstructsInNetworks(settings.model, settings.choice, self.constructs))

    def draw(self, settings: Settings, outcome: tuple[list[Importance], InNetworks]) -> go.Figure:
        """Boxes of local importances with a mark for each network."""
        served, found = outcome
        return importance_figure(served, settings.model.label, settings.describe(), others=found.all)

    def answer(self, outcome: tuple[list[Importance], InNetworks]) -> int:
        """By the sign of UGCAUG's effect in all networks, then by its range."""
        strong = outcome[1].of(0)
        if min(strong.values) <= 0:
            return 2
        return int(max(strong.values) - min(strong.values) > SAME * strong.mean)

    def says(self, settings: Settings, outcome: tuple[list[Importance], InNetworks]) -> list[str]:
        """Each motif in the networks, and where another network would be."""
        served, found = outcome
        said = [
            f"{motif}: {with_ci(one)} over N = {one.samples:,} RNAs in the network of the other lessons; {spread.sentence()}."
            for motif, one, spread in zip(MOTIFS, served, found.all, strict=True)
        ]
        interval = found.of(0).interval95
        if interval is not None:
            ends = f"{interval[0]:+.2f} and {interval[1]:+.2f}"
            said.append(f"Another such network would give {UGCAUG} between {ends} in 95 of 100 cases.")
        return [*said, *found.problems]

    def taken_away(self, settings: Settings, outcome: tuple[list[Importance], InNetworks]) -> TakenAway:
        """A row for each construct, a column for each network."""
        served, found = outcome
        chosen = settings.model, settings.choice
        rows = [{"construct": str(one)} | network_columns(found, number) for number, one in enumerate(self.constructs)]
        return TakenAway(
            lambda: pd.DataFrame(rows).to_csv(index=False),
            gia_command(*chosen, self.constructs, committee=True),
            gia_python(*chosen, self.constructs, committee=True),
            lambda: in_json(gia_record(*chosen, served, found)),
        )

    def elsewhere(self, settings: Settings, outcome: tuple[list[Importance], InNetworks]) -> Elsewhere:
        """The same constructs in Hypothesis."""
        return Elsewhere("Hypothesis", "hypothesis", {"c": ";".join(construct.text for construct in self.constructs)})
