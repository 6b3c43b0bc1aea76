"""The interface of an experiment: a few settings, the constructs it compares, and how their importances are read.

All experiments use the same engine, so any of them runs under any background, and `./rbind gia` gives its numbers one construct
at a time.
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
CONTROL = "control"  # series of arms measured for a verdict and not drawn

Claims = Mapping[str, str]
"""What a result says, by name of the claim; '' where it says nothing."""


@dataclass(frozen=True)
class Arm:
    """One construct of an experiment, with its label, its series and its place on the axis."""

    label: str
    construct: Construct
    series: str = ""
    x: float | None = None

    @property
    def is_control(self) -> bool:
        """Whether it is measured for a verdict only and not drawn."""
        return self.series == CONTROL


def arm(label: str, text: str, series: str = "", x: float | None = None) -> Arm:
    """Make an arm from a construct's text.

    Parameters
    ----------
    label : for figures and tables.
    x : place on the axis.
    """
    return Arm(label, parse_construct(text), series, x)


def setting(default: Any, label: str, help: str, low: int | None = None, high: int | None = None, *, wide: bool = False) -> Any:
    """Declare a setting of an experiment that users may edit.

    Parameters
    ----------
    default : a text or an integer; an empty text is filled in from the model.
    label, help : of its control and its command-line option.
    low, high : inclusive range of an integer.
    """
    return field(default=default, metadata={"label": label, "help": help, "low": low, "high": high, "wide": wide})


@dataclass(frozen=True)
class Experiment:
    """An experiment of the paper; subclasses declare settings and say which constructs are compared.

    `name` is its id on the command line, `title` and `question` are for people, `figure` names its source, `drawn_as` is
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
        model : whose top 6-mer, for example, fills in unset values.
        **settings : values by name; an empty text counts as not set.

        Raises
        ------
        ExperimentError
            If a setting is not allowed.
        """
        given = {name: value for name, value in settings.items() if value not in ("", None)}
        return cls(**(cls.defaults_for(model) | given))

    @classmethod
    def defaults_for(cls, model: Model) -> dict[str, Any]:
        """Values of the settings that depend on the model, by name."""
        return {"motif": model.top_kmer}

    @property
    def settings(self) -> dict[str, Any]:
        """Values of the settings by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def arms(self) -> list[Arm]:
        """The constructs to compare, in order; all are measured on the same background sequences."""
        raise NotImplementedError

    def comparisons(self, results: dict[str, Importance]) -> list[Comparison]:
        """The planned comparisons, with uncorrected p-values; none by default.

        Parameters
        ----------
        results : label of each arm to its importance.
        """
        return []

    def fitted(self, arms: Sequence[Arm], means: Sequence[float]) -> dict[str, LinearFit]:
        """Straight lines through the global importances, by series; none by default.

        Parameters
        ----------
        means : global importances of the arms.
        """
        return {}

    def sentences(self, result: Result) -> list[str]:
        """The conclusions in words; by default those of each comparison."""
        return [comparison.sentence for comparison in result.comparisons]

    def baseline(self, analysis: GlobalImportanceAnalysis, results: Mapping[str, Importance]) -> ByLetters | None:
        """Importances of the same constructs under a model of letters alone; None by default.

        Parameters
        ----------
        results : label of each arm to its importance.
        """
        return None

    def record(self, result: Result) -> dict[str, Any]:
        """Entries for `--json` beyond arms, comparisons and fits; none by default."""
        return {}

    def claims(self, result: Result) -> Claims:
        """Claims of a result by name, to compare with those under other backgrounds.

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
    """Result of an experiment under one background; `arms` and `importances` correspond.

    `measured` are the scores that the network was trained on, `baseline` the result for letters alone, where known.
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
        """The conclusions in words."""
        return self.experiment.sentences(self)

    @property
    def claims(self) -> Claims:
        """The claims by name; see `Experiment.claims`."""
        return self.experiment.claims(self)

    @property
    def drawn(self) -> list[int]:
        """Numbers of the arms other than controls, in order."""
        return [number for number, one in enumerate(self.arms) if not one.is_control]


class Analysis(Protocol):
    """Interface of an analysis on one background sample, such as `GlobalImportanceAnalysis`.

    One that only caches results has the underlying analysis as `whole`.
    """

    def importance(self, construct: Construct) -> Importance:
        """Effect of one construct; see `GlobalImportanceAnalysis.importance`."""
        ...


def run(experiment: Experiment, analysis: Analysis) -> Result:
    """Run an experiment on the background of an analysis: importances, comparisons with Holm's correction, fits."""
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
    from_none : whether x counts sites, so that the line is fitted with the point (0, 0).

    Returns
    -------
    dict
        The line of each series with at least two different x.
    """
    points: dict[str, list[tuple[float, float]]] = {}
    for one, mean in zip(arms, means, strict=True):
        if one.x is not None:
            points.setdefault(one.series, []).append((one.x, mean))
    known = {series: xy for series, xy in points.items() if len({x for x, _ in xy}) > 1}
    none = [(0.0, 0.0)] if from_none else []
    return {series: linear_fit(*zip(*none, *xy, strict=True)) for series, xy in known.items()}
