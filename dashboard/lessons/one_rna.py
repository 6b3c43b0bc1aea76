"""Lesson: in silico mutagenesis of one RNA, and why one RNA is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.lessons.lesson import UGCAUG, Elsewhere, Lesson, TakenAway, with_ci
from dashboard.lessons.strips import Strip, strips_of
from dashboard.state import engine
from dashboard.widgets.sidebar import Settings
from rbind_core.analyses.gia import Importance
from rbind_core.analyses.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.constructs import parse_construct
from rbind_core.figures.logos import logo_traces, wild_type_heights
from rbind_core.figures.panels import grid
from rbind_core.figures.theme import headed
from rbind_core.report.reproduce import gia_command
from rbind_core.rna.sequences import LENGTH, decode
from rbind_core.system.quoting import in_python, in_shell

START = 18
MOTIF = slice(START - 1, START - 1 + len(UGCAUG))
TYPICAL, WEAKEST = "a typical RNA", "the RNA bound least in spite of the motif"
PICTURED = 4  # RNAs shown before the run
VANISHED, THE_SAME = 0.5, 0.8  # ratio of the heights of the motif's letters in the second RNA and the first


@dataclass(frozen=True)
class TwoRnas:
    """The same motif in many RNAs, and all single mutations of two of them."""

    importance: Importance
    mutated: tuple[Mutagenesis, Mutagenesis]
    local: tuple[float, float]

    @property
    def heights(self) -> tuple[float, float]:
        """Mean height of the motif's letters in each logo."""
        typical, weakest = (float(one.heights[MOTIF].mean()) for one in self.mutated)
        return typical, weakest

    @property
    def others(self) -> tuple[float, float]:
        """Mean height of all other letters in each logo."""
        typical, weakest = (float(np.delete(one.heights, MOTIF).mean()) for one in self.mutated)
        return typical, weakest


class OneRna(Lesson):
    """Mutate a typical RNA with the motif, and one in which the motif does not help."""

    short: ClassVar = "One RNA"
    question: ClassVar = "Which letters of an RNA matter, and do the same ones matter in the next RNA?"
    known: ClassVar = (
        "RBFOX1 likes the [[motif]] UGCAUG. To see what the network looks at, change every letter of an RNA and watch the "
        "prediction: [[in silico mutagenesis]]. We do that to two RNAs that both have UGCAUG at the same place, 18-23. Will it "
        "stand out in both?"
    )
    task: ClassVar = "Mutate two RNAs"
    choices: ClassVar = (
        "Equally: same letters, same place",
        "In both, but less in one of them",
        "In one of them it hardly matters at all",
    )
    says_not: ClassVar = (
        "That the motif often fails: the second RNA was picked because it is the extreme. It shows that a map of one RNA is "
        "true of that RNA only."
    )
    paper: ClassVar = (
        "The motif stands out in such maps of RNAs that are bound well (Fig. 2a). Because one RNA may mislead, the paper averages "
        "over many: global importance."
    )
    minutes: ClassVar = 6
    discuss: ClassVar = (
        "What else is in the second RNA? Open it on the Sequence page and look at how it is predicted to fold.",
        "How many RNAs would you look at before you believe in a rule?",
    )
    pictured_as: ClassVar = "Some of the background RNAs, each with the same motif put in."
    construct: ClassVar = parse_construct(f"{UGCAUG}@{START}")

    def setup(self, settings: Settings) -> list[Strip]:
        """The motif in the first few background RNAs."""
        shown = range(min(PICTURED, settings.choice.samples))
        return [strip for rna in shown for strip in strips_of(settings, [(f"RNA {rna + 1}", self.construct)], rna)]

    def cost(self, settings: Settings) -> int:
        """Background, construct, mutants."""
        return 2 * settings.choice.samples + 6 * LENGTH

    def run(self, settings: Settings) -> TwoRnas:
        """Find both RNAs in the background and mutate them."""
        analysis = engine.analysis(settings.model, settings.choice)
        importance = engine.importance(settings.model, settings.choice, self.construct)
        _, embedded = analysis.register(self.construct)
        typical = int(np.argsort(importance.local, kind="stable")[importance.samples // 2])
        weakest = int(importance.with_.argmin())
        model = engine.predictor(settings.model)
        first, second = (mutagenesis(model, letters) for letters in decode(embedded[[typical, weakest]]))
        return TwoRnas(importance, (first, second), (float(importance.local[typical]), float(importance.local[weakest])))

    def draw(self, settings: Settings, outcome: TwoRnas) -> go.Figure:
        """Draw both logos one below the other, on one scale."""
        titles = [
            f"{name}: predicted {one.wild_type:+.2f}"
            for name, one in zip(("Typical RNA", "RNA bound least despite the motif"), outcome.mutated, strict=True)
        ]
        panels = grid(titles, 1, row_gap=0.24, letters=60)
        figure = go.Figure(layout=panels.layout)
        top = 1.05 * max(float(one.heights.max()) for one in outcome.mutated)
        for panel, one in zip(panels.panels, outcome.mutated, strict=True):
            for trace in logo_traces(wild_type_heights(one), settings.palette):
                figure.add_trace(trace.update(**panel.axes))
            figure.add_trace(
                {
                    "type": "scatter",
                    "x": np.arange(1, len(one.sequence) + 1),
                    "y": one.heights,
                    "mode": "markers",
                    "marker": {"opacity": 0, "size": 14},
                    "text": list(one.sequence),
                    "hovertemplate": "%{text} at %{x}: height %{y:.2f}<extra></extra>",
                    "showlegend": False,
                    **panel.axes,
                }
            )
            figure.add_shape(
                type="rect",
                x0=START - 0.5,
                x1=START + len(UGCAUG) - 0.5,
                y0=0,
                y1=top,
                xref=panel.axes["xaxis"],
                yref=panel.axes["yaxis"],
                line={"width": 0},
                fillcolor="rgba(128,128,128,.15)",
                layer="below",
            )
        figure.update_xaxes(range=[0.4, LENGTH + 0.6], tickvals=[1, *range(5, LENGTH + 1, 5)], showgrid=False)
        figure.update_yaxes(range=[0, top], fixedrange=True, title_text="effect of changes<br>(L2 norm, z)")
        figure.layout[panels.panels[-1].x].title = {"text": f"position (nt); grey: {UGCAUG}"}
        return headed(figure, f"{settings.model.label}: two RNAs mutated", settings.describe(), 340, above=20)

    def answer(self, outcome: TwoRnas) -> int:
        """By the remaining height of the motif."""
        typical, weakest = outcome.heights
        return 2 - int(np.searchsorted((VANISHED, THE_SAME), weakest / max(typical, 1e-9)))

    def says(self, settings: Settings, outcome: TwoRnas) -> list[str]:
        """Heights in both, and the variation of the effect over all RNAs."""
        importance, (typical, weakest) = outcome.importance, outcome.heights
        if importance.samples < 2:
            return [
                "This background is one single RNA, so there is no second one to compare it with; choose another in the sidebar."
            ]
        low, high = np.percentile(importance.local, (5, 95))
        return [
            f"In {TYPICAL} (the one in the middle of N = {importance.samples:,}) a letter of {UGCAUG} is {typical:.2f} tall in the "
            f"[[logo]], any other letter {outcome.others[0]:.2f} on average.",
            f"In {WEAKEST} it is {weakest:.2f}: {weakest / typical:.0%} of that. Putting {UGCAUG} there changed the prediction by "
            f"{outcome.local[1]:+.2f}, in the typical one by {outcome.local[0]:+.2f}.",
            f"That change, the [[local importance]], is between {low:+.2f} and {high:+.2f} in nine of ten RNAs; its mean is "
            f"{with_ci(importance)}.",
        ]

    def taken_away(self, settings: Settings, outcome: TwoRnas) -> TakenAway:
        """All effects of both, and the commands that reproduce them."""
        tables = []
        for name, one in zip(("typical", "weakest"), outcome.mutated, strict=True):
            table = pd.DataFrame(one.effects, columns=list("ACGU"))
            table.insert(0, "rna", name)
            table.insert(1, "position", range(1, len(one.sequence) + 1))
            table.insert(2, "wild_type", list(one.sequence))
            tables.append(table)
        model, sequences = settings.model, [one.sequence for one in outcome.mutated]
        commands = [gia_command(model, settings.choice, [self.construct])]
        commands += [f"./rbind ism --rbp {in_shell(model.experiment)} --seq {in_shell(sequence)} --json" for sequence in sequences]
        python = f"""from rbind_core.model.registry import find_model, load_predictor
from rbind_core.analyses.mutagenesis import mutagenesis

predictor = load_predictor(find_model({in_python(model.experiment)}))
for sequence in {sequences}:
    result = mutagenesis(predictor, sequence)
    print(sequence, result.wild_type, result.heights)
"""
        return TakenAway(pd.concat(tables).to_csv(index=False), " && ".join(commands), python)

    def elsewhere(self, settings: Settings, outcome: TwoRnas) -> Elsewhere:
        """The second RNA on the Sequence page."""
        return Elsewhere("Sequence, with the second RNA", "sequence", {"seq": outcome.mutated[1].sequence})
