"""Lesson: what a model predicts."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.lessons.lesson import Elsewhere, Lesson, TakenAway
from dashboard.lessons.strips import Strip
from dashboard.state import engine
from dashboard.state.results import result_of
from dashboard.widgets.sidebar import Settings
from rbind_core.data.library import DESIGNED
from rbind_core.errors import DataError
from rbind_core.figures.benchmark import density_figure
from rbind_core.quality.score_histogram import Density, read_densities
from rbind_core.rna.sequences import LENGTH
from rbind_core.system.quoting import in_python, in_shell

LITTLE, MUCH = 0.3, 0.7


class Prediction(Lesson):
    """Measured against predicted binding of probes that the network was not trained on."""

    short: ClassVar = "Prediction"
    question: ClassVar = "Can a computer tell from the letters alone how strongly RBFOX1 binds an RNA?"
    known: ClassVar = (
        "RBFOX1 is an [[RNA-binding protein]]. In one experiment its binding to very many short RNAs, the [[probes|probe]], "
        "was measured, as a [[z-score]]. A [[network]] saw about half of them with their scores and learned to predict them. "
        "The other half was kept back: now it has to predict those."
    )
    task: ClassVar = "Compare with what was measured"
    choices: ClassVar = ("Hardly: a correlation below 0.3", "Roughly: 0.3 to 0.7", "Well: above 0.7")
    says_not: ClassVar = (
        "That RBFOX1 binds like this in a cell: these were short RNAs in a tube, and the network knows nothing but their letters."
    )
    paper: ClassVar = "A correlation of 0.830 for RBFOX1, with the same kind of network (Fig. 1b and 2a)."
    discuss: ClassVar = (
        "Why must the test be on probes that the network has never seen?",
        "Most probes are in one big cloud around 0. What is special about the few to the right?",
        "Is a good prediction the same as an explanation? (It leads to the next lesson.)",
    )

    pictured_as: ClassVar = "Three RNAs that RBind designed: the one with the highest prediction, one in the middle, the lowest."

    def setup(self, settings: Settings) -> list[Strip]:
        """Three RNAs with their predicted scores."""
        probes = result_of(engine.Examples(settings.model, DESIGNED, "spread", 3))
        return [
            Strip(f"this RNA in → predicted binding {score:+.2f} out (z-score)", letters.ljust(LENGTH), {})
            for letters, score in zip(probes.sequences, probes.predicted, strict=True)
        ]

    def run(self, settings: Settings) -> Density:
        """Read the counts of all held-out probes, which are stored with the model."""
        density = read_densities(settings.model.folder).get("log")
        if density is None:
            raise DataError(f"{settings.model.label}: no measured and predicted scores are kept with this model")
        return density

    def under(self, settings: Settings) -> str:
        """The held-out probes; there is no background."""
        return "measured probes; N, seed and background of the sidebar play no part here"

    def scale(self) -> str:
        """Correlations have no unit."""
        return ""

    def draw(self, settings: Settings, outcome: Density) -> go.Figure:
        """Density of measured and predicted scores."""
        return density_figure(outcome, settings.model.label)

    def answer(self, outcome: Density) -> int:
        """By the correlation."""
        return int(np.searchsorted((LITTLE, MUCH), outcome.pearson))

    def says(self, settings: Settings, outcome: Density) -> list[str]:
        """Correlation, its interval (Fisher's z), and what it leaves open."""
        low, high = np.tanh(np.arctanh(outcome.pearson) + np.array([-1.96, 1.96]) / np.sqrt(outcome.n - 3))
        return [
            f"Over N = {outcome.n:,} probes that it had never seen, predicted and measured binding have a [[correlation]] of "
            f"{outcome.pearson:.3f} ([[95 % CI]] {low:.3f} to {high:.3f}).",
            f"Squared, that is {outcome.pearson**2:.0%}: so much of the differences between probes the network reads off their "
            "letters. The rest is noise in the measurement, and what it has missed.",
        ]

    def taken_away(self, settings: Settings, outcome: Density) -> TakenAway:
        """The cells of the density."""
        cells = np.argwhere(outcome.counts)
        x, y = ((edges[:-1] + edges[1:]) / 2 for edges in (outcome.measured_edges, outcome.predicted_edges))
        table = pd.DataFrame(
            {"measured": x[cells[:, 0]], "predicted": y[cells[:, 1]], "probes": outcome.counts[cells[:, 0], cells[:, 1]]}
        )
        python = f"""from rbind_core.quality.score_histogram import read_densities
from rbind_core.model.registry import find_model

print(read_densities(find_model({in_python(settings.model.experiment)}).folder)["log"])
"""
        command = f"./rbind evaluate --rbp {in_shell(settings.model.experiment)} --json"
        return TakenAway(table.round(4).to_csv(index=False), command, python)

    def elsewhere(self, settings: Settings, outcome: Density) -> Elsewhere:
        """The page that compares models."""
        return Elsewhere("Models", "models", {})
