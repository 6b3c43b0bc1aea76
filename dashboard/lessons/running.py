"""The experiment of a lesson as a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.lessons import LESSONS, Lesson
from dashboard.state.requests import Request
from dashboard.widgets.sidebar import Settings


@dataclass(frozen=True)
class LessonRun(Request[Any]):
    """The experiment of a lesson, under some settings."""

    number: int
    settings: Settings

    @property
    def lesson(self) -> Lesson:
        """The lesson with that number."""
        return LESSONS[self.number - 1]

    def compute(self) -> Any:
        """Run the experiment."""
        return self.lesson.run(self.settings)

    @property
    def expected(self) -> int:
        """As the lesson says."""
        return self.lesson.cost(self.settings)

    @property
    def doing(self) -> str:
        """As the lesson says."""
        return self.lesson.task
