"""The Design page apart from its figure: requests, answers, and how to reproduce them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.state import engine
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.design import STEPS, Constraints, Design, Objective
from rbind_core.design import design as find_design
from rbind_core.design.constraints import positions_text
from rbind_core.design.records import Standing, design_record, library_scores, standing
from rbind_core.model.registry import Model
from rbind_core.system.quoting import in_python, in_shell


@dataclass(frozen=True)
class LibraryScores(Request[NDArray[np.float32]]):
    """Scores of all probes of a library, to compare a design with."""

    model: Model
    library: str

    def compute(self) -> NDArray[np.float32]:
        """Predict the scores."""
        return library_scores(self.model, engine.predictor(self.model), self.library)


@dataclass(frozen=True)
class DesignRequest(Request["Answer"]):
    """Everything that fixes a design; `start` is '' for a random one."""

    model: Model
    against: Model | None = None
    weight: float = 1.0
    minimise: bool = False
    start: str = ""
    seed: int = 0
    steps: int = STEPS
    restarts: int = 0
    temperature: float = 0.0
    constraints: Constraints = field(default_factory=Constraints)
    library: str = "designed"

    @property
    def labels(self) -> tuple[str, ...]:
        """Protein and experiment of the model, and of the one designed against."""
        return tuple(model.label for model in (self.model, self.against) if model)

    @property
    def limits(self) -> list[str]:
        """The constraints in words."""
        limits = self.constraints
        words = [f"GC {100 * limits.gc[0]:.0f}-{100 * limits.gc[1]:.0f} %"] if limits.gc != (0, 1) else []
        words += [f"without {', '.join(limits.forbidden)}"] if limits.forbidden else []
        words += [f"{positions_text(limits.kept)} kept"] if limits.kept else []
        return words + ([f"at most {limits.most_changes} changed"] if limits.most_changes else [])

    @property
    def expected(self) -> int:
        """All single mutants at each step."""
        return (self.restarts + 1) * self.steps * 3 * 41 * len(self.labels)

    @property
    def doing(self) -> str:
        """In words."""
        return "Changing letters"

    def compute(self) -> Answer:
        """Design an RNA."""
        other = engine.predictor(self.against) if self.against else None
        found = find_design(
            Objective(engine.predictor(self.model), other, self.weight, self.minimise),
            self.start or None,
            self.constraints,
            np.random.default_rng(self.seed),
            steps=self.steps,
            restarts=self.restarts,
            temperature=self.temperature,
        )
        scores = result_of(LibraryScores(self.model, self.library))
        return Answer(self, found, standing(self.model, self.library, scores, found.final.score))

    def describe(self, design: Design) -> str:
        """The settings, for the subtitle of a figure."""
        start = "start given" if self.start else f"random start, seed {self.seed}"
        aim = "lowest" if self.minimise else "highest"
        of = f"{self.model.protein} - {self.weight:g} x {self.against.protein}" if self.against else "score"
        runs = f"best of {len(design.runs)} runs" if len(design.runs) > 1 else ""
        warm = f"annealed from {self.temperature:g} z" if self.temperature else ""
        taken = len(design.steps) - 1
        return ", ".join(filter(None, [f"{aim} {of}", start, f"{taken} step{'s' * (taken != 1)}", warm, runs, *self.limits]))

    @property
    def command(self) -> str:
        """Command that gives the same design, for a shell in the project's folder."""
        limits = self.constraints
        options = {
            "against": self.against.experiment if self.against else None,
            "weight": f"{self.weight:g}" if self.against else None,
            "seq": self.start or None,
            "seed": self.seed,
            "steps": self.steps,
            "mutations": limits.most_changes,
            "gc": f"{limits.gc[0]:g}-{limits.gc[1]:g}" if limits.gc != (0, 1) else None,
            "forbid": ",".join(limits.forbidden) or None,
            "keep": positions_text(limits.kept) or None,
            "restarts": self.restarts or None,
            "temperature": f"{self.temperature:g}" if self.temperature else None,
            "library": self.library,
        }
        given = " ".join(f"--{name} {in_shell(value)}" for name, value in options.items() if value is not None)
        return f"./rbind design --rbp {in_shell(self.model.experiment)} {given}{' --minimise' if self.minimise else ''} --json"

    @property
    def python(self) -> str:
        """Python that gives the same design and prints each step."""
        limits = self.constraints
        given = f"{limits.gc!r}, {limits.forbidden!r}, frozenset({sorted(limits.kept)}), {limits.most_changes}"
        other = f"predictor({in_python(self.against.experiment)})" if self.against else "None"
        numbers = f"steps={self.steps}, restarts={self.restarts}, temperature={self.temperature}"
        return f"""import numpy as np

from rbind_core.design import Constraints, Objective, design
from rbind_core.model.registry import find_model, load_predictor


def predictor(name):
    return load_predictor(find_model(name))


objective = Objective(predictor({in_python(self.model.experiment)}), {other}, weight={self.weight}, minimise={self.minimise})
constraints = Constraints({given})
for step in design(objective, {self.start or None!r}, constraints, np.random.default_rng({self.seed}), {numbers}).steps:
    print(step.number, step.change, step.sequence, step.score)
"""


@dataclass(frozen=True)
class Answer:
    """A design with its request, and its comparison with a library's probes."""

    request: DesignRequest
    design: Design
    place: Standing

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per step, for CSV files."""
        return [step.record for step in self.design.steps]

    @property
    def record(self) -> dict[str, Any]:
        """The record that the command prints."""
        asked = self.request
        return design_record(asked.model, asked.against, asked.weight, asked.minimise, asked.seed, self.design, self.place)
