"""The search: each step scores all single changes and takes the best allowed one, or draws one while the temperature is above 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.mutagenesis import single_mutants
from rbind_core.backgrounds import Profile
from rbind_core.data.library import profile
from rbind_core.design.constraints import Constraints
from rbind_core.errors import ExperimentError
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.rna.sequences import Codes, check_sequence, decode, encode

STEPS, MOST_STEPS = 20, 200
MOST_RESTARTS = 50
MOST_TEMPERATURE = 5.0
SAYS_NOT = (
    "An optimum of the network may lie far from any RNA that it has seen, where a network can be sure and wrong. "
    "It is a hypothesis to test, not a measured affinity."
)
_GAIN = 1e-4  # smaller gains are rounding, and could cycle
_WARM = 0.75  # share of the steps over which the temperature falls to 0
_STARTS = 1000  # random RNAs tried for one that meets the constraints


@dataclass(frozen=True)
class Objective:
    """What is maximised, or minimised: f1, or f1 - weight * f2, each a z-score of its own experiment."""

    model: OwnModel
    against: OwnModel | None = None
    weight: float = 1.0
    minimise: bool = False

    def score(self, codes: Codes) -> Scores:
        """Score sequences.

        Parameters
        ----------
        codes : (n, 41) uint8.
        """
        first = wrap(self.model).predict(codes)
        second = None if self.against is None else wrap(self.against).predict(codes)
        total = first.astype(np.float64) if second is None else first.astype(np.float64) - self.weight * second
        return Scores(first, second, total, -total if self.minimise else total)


@dataclass(frozen=True)
class Scores:
    """Scores of n sequences, all (n,): of the model, of the model designed against, their difference, and the value to maximise."""

    first: NDArray[np.float32]
    second: NDArray[np.float32] | None
    objective: NDArray[np.float64]
    value: NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """One RNA on the path; number 0 is the start, without a change (`position` 0).

    `score` and `against` are z-scores of the two experiments, `objective` is what the search optimises.
    """

    number: int
    sequence: str
    position: int
    before: str
    after: str
    score: float
    against: float | None
    objective: float

    @property
    def change(self) -> str:
        """The change in short, such as 'A12G'; 'start' for the first."""
        return f"{self.before}{self.position}{self.after}" if self.position else "start"

    @property
    def record(self) -> dict[str, Any]:
        """The step as plain values, for JSON and CSV."""
        values = {"step": self.number, "change": self.change, "sequence": self.sequence, "score": self.score}
        return values | ({} if self.against is None else {"against": self.against, "objective": self.objective})


@dataclass(frozen=True)
class Design:
    """The path from a start to the design, why it ends there, and the final objective of each run."""

    steps: tuple[Step, ...]
    stopped_by: str
    runs: tuple[float, ...]

    @property
    def start(self) -> Step:
        """The first RNA of the path."""
        return self.steps[0]

    @property
    def final(self) -> Step:
        """The designed RNA, last of the path."""
        return self.steps[-1]

    @property
    def changed(self) -> list[int]:
        """Positions that differ from the start, 1-based."""
        letters = zip(self.start.sequence, self.final.sequence, strict=True)
        return [position for position, (a, b) in enumerate(letters, start=1) if a != b]


def design(
    objective: Objective,
    start: str | None,
    constraints: Constraints,
    rng: np.random.Generator,
    *,
    steps: int = STEPS,
    restarts: int = 0,
    temperature: float = 0.0,
) -> Design:
    """Change an RNA letter by letter to optimise an objective; the same seed gives the same design.

    A start that breaks a constraint is repaired first: until all are met, only changes that come nearer to them are taken.

    Parameters
    ----------
    start : RNA of 11-41 nt; None draws 41 nt from the profile of the test probes.
    rng : draws the start, and the changes while the temperature is above 0.
    steps : most steps, 1 to 200.
    restarts : further runs, 0 to 50, each from another random start, or from the given start with other draws; the best is kept.
    temperature : of simulated annealing at the first step, in z-score units, 0 to 5; it falls to 0 over three quarters of the
        steps, and the rest climb from the best RNA so far. With 0 the best change is always taken.

    Raises
    ------
    SequenceError
        If the start is not RNA of 11-41 nt.
    ExperimentError
        If a number is out of range or the constraints cannot be met.
    """
    for name, number, low, high in (
        ("steps", steps, 1, MOST_STEPS),
        ("restarts", restarts, 0, MOST_RESTARTS),
        ("temperature", temperature, 0, MOST_TEMPERATURE),
    ):
        if not low <= number <= high:
            raise ExperimentError(f"{name} = {number:g}: use {low} to {high:g}")
    given = None if start is None else encode(check_sequence(start))
    if given is not None and restarts and not temperature:
        raise ExperimentError("restarts from the same RNA without a temperature all give the same; set a temperature above 0")
    found = []
    for _ in range(restarts + 1):
        first = _random_start(constraints, rng) if given is None else given
        constraints.check(first)
        found.append(_run(objective, first, constraints, rng, steps, temperature))
    sign = -1 if objective.minimise else 1
    best = max(found, key=lambda one: sign * one.final.objective)
    return Design(best.steps, best.stopped_by, tuple(one.final.objective for one in found))


def percent_below(scores: NDArray[np.floating], value: float) -> float:
    """Percentage of scores below a given one.

    Parameters
    ----------
    scores : (n,) of a library's probes.
    """
    return 100 * float(np.mean(scores < value))


def _random_start(constraints: Constraints, rng: np.random.Generator) -> Codes:
    """Draw RNAs and take the first that meets the constraints, or the one nearest to them."""
    drawn = Profile(profile()).draw(_STARTS, rng)
    nearest = int(constraints.total(drawn).argmin())
    return drawn[nearest : nearest + 1]


def _run(
    objective: Objective, start: Codes, constraints: Constraints, rng: np.random.Generator, steps: int, temperature: float
) -> Design:
    """Walk while the temperature is above 0, return to the best RNA so far, and climb from there."""
    path = _Path(objective, constraints, start, rng)
    warm = int(_WARM * steps) if temperature else 0
    for number in range(warm):
        if path.go(temperature * (1 - number / warm)):
            break
    path.back_to_the_best()
    stopped_by = None
    for _ in range(steps - warm):
        if stopped_by := path.go():
            break
    if not path.is_met[-1]:
        broken = " and ".join(constraints.broken(path.codes[-1], start))
        raise ExperimentError(f"{broken} cannot be met by {steps} steps from this start; loosen it, or give another start")
    return Design(tuple(path.steps), stopped_by or f"the limit of {steps} steps", ())


class _Path:
    """Successive RNAs, each one change away from the last."""

    def __init__(self, objective: Objective, constraints: Constraints, start: Codes, rng: np.random.Generator) -> None:
        self.objective, self.constraints, self.rng = objective, constraints, rng
        scores = objective.score(start)
        self.codes = [start]
        self.values = [scores.value[0]]
        self.steps = [_step(0, start, start, scores, 0)]
        self.is_met = [not constraints.total(start)[0]]

    def go(self, warmth: float = 0.0) -> str | None:
        """Make one more step, or say why there is none."""
        codes = self.codes[-1]
        mutants = single_mutants(codes[0])
        scores = self.objective.score(mutants)
        allowed = self.constraints.allows(mutants, codes, self.codes[0])
        row = _choose(np.where(allowed, scores.value, -np.inf), warmth, self.rng)
        mends = not self.is_met[-1]
        if not allowed.any() or not (mends or warmth > 0 or scores.value[row] > self.values[-1] + _GAIN):
            return self._why(mutants, scores)
        self.steps.append(_step(len(self.steps), codes, mutants[row : row + 1], scores, row))
        self.codes.append(mutants[row : row + 1])
        self.values.append(scores.value[row])
        self.is_met.append(not self.constraints.total(self.codes[-1])[0])
        return None

    def back_to_the_best(self) -> None:
        """Drop the steps after the best RNA that meets the constraints."""
        if any(self.is_met):
            kept = int(np.argmax(np.where(self.is_met, self.values, -np.inf))) + 1
            for part in (self.steps, self.codes, self.values, self.is_met):
                del part[kept:]

    def _why(self, mutants: Codes, scores: Scores) -> str:
        """Why the search stops: a constraint, where only it forbids a gain, or that there is no gain."""
        best = int(scores.value.argmax())
        gain = scores.value[best] - self.values[-1]
        goes = "lower" if self.objective.minimise else "higher"
        if gain <= _GAIN:
            return f"a local optimum: no single change goes {goes}"
        names = " and ".join(self.constraints.broken(mutants[best : best + 1], self.codes[0]))
        change = _step(0, self.codes[-1], mutants[best : best + 1], scores, best).change
        return f"{names}: {change} would go {goes} by {gain:.2f}, but is not allowed"


def _choose(values: NDArray[np.float64], warmth: float, rng: np.random.Generator) -> int:
    """The best change, or one drawn with probability proportional to exp(value / temperature)."""
    if warmth <= 0:
        return int(values.argmax())
    return int((values / warmth + rng.gumbel(size=len(values))).argmax())


def _step(number: int, before: Codes, after: Codes, scores: Scores, row: int) -> Step:
    [old], [new] = decode(before), decode(after)
    place = next((i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b), None)
    second = None if scores.second is None else float(scores.second[row])
    position, letters = (0, ("", "")) if place is None else (place + 1, (old[place], new[place]))
    return Step(number, new, position, *letters, float(scores.first[row]), second, float(scores.objective[row]))
