"""The interface of a lesson: question, guess, live experiment, and conclusions with computed numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import plotly.graph_objects as go

from dashboard.lessons.strips import Strip
from dashboard.widgets.sidebar import Settings
from rbind_core.data.library import DESIGNED, MEASURED, is_measured_available
from rbind_core.model.registry import find_model
from rbind_core.statistics import Comparison, Effect, p_value_text

RBFOX1, UGCAUG = "RBFOX1", "UGCAUG"
TINY = 0.001  # p-value below which the digits do not matter


@dataclass(frozen=True)
class TakenAway:
    """Arguments of the row under a figure; see `dashboard.widgets.export_row.take_away`."""

    csv: str | Callable[[], str]
    command: str
    python: str
    json: Callable[[], str] | None = None


@dataclass(frozen=True)
class Elsewhere:
    """A page to explore the same question: its title, its path and its query parameters."""

    title: str
    path: str
    parameters: dict[str, str]


class Lesson:
    """One step of the story; subclasses define its texts and computations.

    Texts are plain, with [[words]] of `dashboard.lessons.words`. `short` is on the stepper, `known` is what the class knows
    before, `task` is on the button that runs the experiment, `choices` are the guesses, `pictured_as` is the caption of `setup`,
    `outcome` below is whatever `run` returns.
    """

    short: ClassVar[str]
    question: ClassVar[str]
    known: ClassVar[str]
    task: ClassVar[str]
    choices: ClassVar[tuple[str, ...]]
    says_not: ClassVar[str]
    paper: ClassVar[str]
    minutes: ClassVar[int] = 5
    discuss: ClassVar[tuple[str, ...]]
    pictured_as: ClassVar[str] = "Grey letters are the first of the background RNAs; the coloured ones are put in."
    protein: ClassVar[str] = RBFOX1

    def settings(self, shared: Settings) -> Settings:
        """Settings of this lesson: its own protein, the rest from the sidebar.

        Returns
        -------
        Settings
            With the designed probes if the protein's measurements are not on this computer.
        """
        model, choice = find_model(self.protein), shared.choice
        if choice.library == MEASURED and not is_measured_available(model.measured_in):
            choice = replace(choice, library=DESIGNED)
        return replace(shared, model=model, choice=choice)

    def setup(self, settings: Settings) -> list[Strip]:
        """What goes into the RNAs, shown before the run."""
        raise NotImplementedError

    def cost(self, settings: Settings) -> int:
        """Approximate number of sequences that `run` scores."""
        return 1

    def run(self, settings: Settings) -> Any:
        """Run the experiment, without Streamlit."""
        raise NotImplementedError

    def under(self, settings: Settings) -> str:
        """Background, N and seed, in words."""
        return settings.describe()

    def scale(self) -> str:
        """Unit of the numbers."""
        return "Changes are in z-score units of log intensity."

    def draw(self, settings: Settings, outcome: Any) -> go.Figure:
        """Draw the outcome, with the protein in the title."""
        raise NotImplementedError

    def answer(self, outcome: Any) -> int:
        """Which of `choices` came true, from 0."""
        raise NotImplementedError

    def says(self, settings: Settings, outcome: Any) -> list[str]:
        """The outcome, in sentences with numbers."""
        raise NotImplementedError

    def taken_away(self, settings: Settings, outcome: Any) -> TakenAway:
        """Contents of the row under the figure."""
        raise NotImplementedError

    def elsewhere(self, settings: Settings, outcome: Any) -> Elsewhere:
        """Where to explore further."""
        raise NotImplementedError


def with_ci(effect: Effect) -> str:
    """Write an effect with its uncertainty.

    Parameters
    ----------
    effect : of one sequence or many.

    Returns
    -------
    str
        Such as '+4.19 (95 % CI +4.08 to +4.30)', with the interval marked as a word to explain.
    """
    if effect.samples < 2:
        return f"{effect.mean:+.2f} (one RNA, so no uncertainty to state)"
    low, high = effect.ci95
    return f"{effect.mean:+.2f} ([[95 % CI]] {low:+.2f} to {high:+.2f})"


def tested(comparison: Comparison) -> str:
    """Write a difference with its uncertainty and its corrected p-value.

    Parameters
    ----------
    comparison : with its p-value corrected within its set.

    Returns
    -------
    str
        Such as '+1.01 (95 % CI +0.91 to +1.11), p < 0.001 in a paired test'.
    """
    if comparison.samples < 2:
        return with_ci(comparison)
    p = f"p < {TINY:g}" if comparison.holm < TINY else p_value_text(comparison.holm)
    return f"{with_ci(comparison)}, {p} in a [[paired test]]"
