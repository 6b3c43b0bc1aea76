"""What an experiment is: a few settings, the constructs it compares, and how their importances are read.

Every experiment goes through one engine, so any of them runs under any background, and its numbers can be had one construct at
a time with `./rbind gia`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Protocol

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.constructs import Construct, parse_construct
from rbind_core.errors import ExperimentError
from rbind_core.experiments.pairing import ByLetters
from rbind_core.model.measured_scores import MeasuredScores
from rbind_core.model.registry import Model
from rbind_core.statistics import ALPHA, Comparison, LinearFit, PairedEffect, linear_fit, with_holm

NOT_AN_AFFINITY = (
    "These are effects on what a network predicts. They are as good as the network and the background, "
    "and N makes the mean precise, not the network right."
)
CONTROL = "control"  # series of the arms that are measured for a verdict and not drawn

Claims = Mapping[str, str]
"""What a result says, by name of the claim; '' where it says nothing."""


@dataclass(frozen=True)
class Arm:
    """One construct of an experiment: what it is called, which series it belongs to, and where it stands on the axis."""

    label: str
    construct: Construct
    series: str = ""
    x: float | None = None

    @property
    def is_control(self) -> bool:
        """Whether it is measured for a verdict and not drawn."""
        return self.series == CONTROL


def arm(label: str, text: str, series: str = "", x: float | None = None) -> Arm:
    """Make an arm from a construct's text.

    Parameters
    ----------
    label : what it is called.
    x : where it stands on the axis.
    """
    return Arm(label, parse_construct(text), series, x)


def setting(default: Any, label: str, help: str, low: int | None = None, high: int | None = None, *, wide: bool = False) -> Any:
    """Declare a setting of an experiment that users may edit.

    Parameters
    ----------
    default : a text or a whole number; an empty text is filled in from the model.
    label, help : for its control and its command-line option.
    low, high : allowed range of a whole number, both inclusive.
    """
    return field(default=default, metadata={"label": label, "help": help, "low": low, "high": high, "wide": wide})


@dataclass(frozen=True)
class Experiment:
    """An experiment of the paper; subclasses declare settings and say which constructs are compared.

    `name` is its id on the command line, `title` and `question` are for people, `figure` names where it comes from, `drawn_as` is
    'boxes', 'curve', 'line' or 'heat map', `x_title` names the axis of `Arm.x`, `place` orders them on the page and in the help.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    figure: ClassVar[str]
    place: ClassVar[int] = 50
    drawn_as: ClassVar[str] = "boxes"
    x_title: ClassVar[str] = ""
    says_not: ClassVar[str] = NOT_AN_AFFINITY
    claims_are: ClassVar[tuple[str, str, str]] = ("effect", "reversed", "no longer clear")
    """What a claim is called, where another background says the opposite, and where it says nothing."""

    def __post_init__(self) -> None:
        for one in fields(self):
            value, low, high = getattr(self, one.name), one.metadata["low"], one.metadata["high"]
            if low is not None and not low <= value <= high:
                raise ExperimentError(f"{one.metadata['label']} = {value}: use {low} to {high}")

    @classmethod
    def for_model(cls, model: Model, **settings: Any) -> Experiment:
        """Set up the experiment for one model.

        Parameters
        ----------
        model : whose top 6-mer, for example, fills in what is not set.
        **settings : those that are set; an empty text counts as not set.

        Raises
        ------
        ExperimentError
            If a setting is not allowed.
        """
        given = {name: value for name, value in settings.items() if value not in ("", None)}
        return cls(**(cls.defaults_for(model) | given))

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """Settings that depend on the model. Name of a setting to its value."""
        return {"motif": model.top_kmer}

    @property
    def settings(self) -> dict[str, Any]:
        """Name of each setting to its value."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def arms(self) -> list[Arm]:
        """Constructs that are compared, in order. All on the same background sequences."""
        raise NotImplementedError

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """Comparisons that were planned, uncorrected.

        Parameters
        ----------
        results : label of each arm to its importance.

        Returns
        -------
        list of Comparison
            None by default.
        """
        return []

    def fitted(self, arms: Sequence[Arm], means: Sequence[float]) -> dict[str, LinearFit]:
        """Straight lines through the global importances.

        Parameters
        ----------
        means : their global importances.

        Returns
        -------
        dict
            Name of a series to its line; none by default.
        """
        return {}

    def sentences(self, result: Result) -> list[str]:
        """What the numbers say, in words. By default what each comparison says."""
        return [comparison.sentence for comparison in result.comparisons]

    def baseline(self, analysis: GlobalImportanceAnalysis, results: Mapping[str, Importance]) -> ByLetters | None:
        """What letters alone say of the same constructs.

        Parameters
        ----------
        results : label of each arm to its importance.

        Returns
        -------
        ByLetters or None
            None by default: the experiment does not ask.
        """
        return None

    def record(self, result: Result) -> dict[str, Any]:
        """What the result has beyond arms, comparisons and fits, for `--json`. Nothing by default."""
        return {}

    def claims(self, result: Result) -> Claims:
        """What a result says, to be held against what it says under other backgrounds.

        Returns
        -------
        dict
            By default 'higher', 'lower' or '' for each comparison, or for each effect where none was planned.
        """

        def state(effect: PairedEffect, p: float) -> str:
            return "" if not p < ALPHA else "higher" if effect.mean > 0 else "lower"

        if result.comparisons:
            return {f"{c.first} v {c.second}": state(c, c.holm) for c in result.comparisons}
        return {label: state(importance, importance.p_value) for label, importance in result.by_label.items()}


@dataclass(frozen=True)
class Result:
    """What an experiment gave under one background; `arms` and `importances` go together.

    `measured` are the scores that the network was trained on, and `baseline` what letters alone say, where they are known.
    """

    experiment: Experiment
    arms: tuple[Arm, ...]
    importances: tuple[Importance, ...]
    comparisons: tuple[Comparison, ...]
    fits: dict[str, LinearFit]
    measured: MeasuredScores | None = None
    baseline: ByLetters | None = None

    @property
    def by_label(self) -> dict[str, Importance]:
        """Label of each arm to its importance."""
        return {one.label: importance for one, importance in zip(self.arms, self.importances, strict=True)}

    @property
    def sentences(self) -> list[str]:
        """What the numbers say, in words."""
        return self.experiment.sentences(self)

    @property
    def claims(self) -> Claims:
        """What it says, by name of the claim; see `Experiment.claims`."""
        return self.experiment.claims(self)

    @property
    def drawn(self) -> list[int]:
        """Numbers of the arms that are no controls, in order."""
        return [number for number, one in enumerate(self.arms) if not one.is_control]


class Analysis(Protocol):
    """What gives importances on one sample of a background, such as `GlobalImportanceAnalysis`.

    One that merely remembers has the analysis itself as `whole`.
    """

    def importance(self, construct: Construct) -> Importance:
        """Effect of one construct; see `GlobalImportanceAnalysis.importance`."""
        ...


def run(experiment: Experiment, analysis: Analysis) -> Result:
    """Run an experiment on the background sequences of an analysis. Importances, comparisons with Holm's correction, fits."""
    arms = tuple(experiment.arms())
    importances = tuple(analysis.importance(one.construct) for one in arms)
    results = {one.label: importance for one, importance in zip(arms, importances, strict=True)}
    comparisons = with_holm(experiment.comparisons(results))
    fits = experiment.fitted(arms, [importance.mean for importance in importances])
    whole = getattr(analysis, "whole", analysis)
    baseline = experiment.baseline(whole, results) if isinstance(whole, GlobalImportanceAnalysis) else None
    card = getattr(whole, "card", None)
    measured = None if card is None else card.measured_scores
    return Result(experiment, arms, importances, tuple(comparisons), fits, measured, baseline)


def fit_series(arms: Sequence[Arm], means: Sequence[float], from_none: bool = False) -> dict[str, LinearFit]:
    """Fit a line through each series.

    Parameters
    ----------
    means : global importances of all arms.
    from_none : whether x counts sites, of which none does nothing, so that the point (0, 0) belongs to the line.

    Returns
    -------
    dict
        Name of each series with at least two different x to its line.
    """
    points: dict[str, list[tuple[float, float]]] = {}
    for one, mean in zip(arms, means, strict=True):
        if one.x is not None:
            points.setdefault(one.series, []).append((one.x, mean))
    known = {series: xy for series, xy in points.items() if len({x for x, _ in xy}) > 1}
    none = [(0.0, 0.0)] if from_none else []
    return {series: linear_fit(*zip(*none, *xy, strict=True)) for series, xy in known.items()}
