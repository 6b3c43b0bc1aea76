"""Requests of several pages: models, backgrounds, importances, mutagenesis, with results kept for all users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.analyses.in_networks import FIRST, InNetworks, in_networks
from rbind_core.analyses.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.backgrounds import PAPER_NAMES
from rbind_core.constructs import Construct
from rbind_core.data.library import DESIGNED, designed_library
from rbind_core.experiments.experiment import Experiment, Result, run
from rbind_core.experiments.robustness import Robustness, robustness
from rbind_core.model.committee import SERVED, Committee, member_names, open_committee, other_experiments
from rbind_core.model.designed_scores import are_at_hand
from rbind_core.model.progress import ReportingPredictor
from rbind_core.model.registry import Model, load_predictor
from rbind_core.model.second_opinion import second_opinion
from rbind_core.probes import ScoredProbes, scored_probes
from rbind_core.rna.sequences import decode
from rbind_core.rna.structure import Fold, fold

_NETWORK = 20_000_000  # bytes of a loaded network
_PER_RNA = 450  # bytes per background RNA, with its random draws and its scores under a few nulls


@dataclass(frozen=True)
class LoadedModel(Request[ReportingPredictor]):
    """The predictor of a model."""

    model: Model

    def compute(self) -> ReportingPredictor:
        """Load the predictor."""
        return ReportingPredictor(load_predictor(self.model))

    def size(self, result: ReportingPredictor) -> int:
        """Estimate for the network in the engine, whose memory is not accessible."""
        return _NETWORK


@dataclass(frozen=True)
class Analysis(Request[GlobalImportanceAnalysis]):
    """A model and the background RNAs for constructs."""

    model: Model
    choice: BackgroundChoice

    def compute(self) -> GlobalImportanceAnalysis:
        """Draw the background RNAs."""
        return prepare(self.model, predictor(self.model), self.choice)

    def size(self, result: GlobalImportanceAnalysis) -> int:
        """Bytes of the RNAs, and of later scores without constructs."""
        return _PER_RNA * len(result.sample)

    @property
    def expected(self) -> int:
        """Quartiles need the scores of the whole library."""
        return len(designed_library().codes)

    @property
    def doing(self) -> str:
        """In words."""
        return "Drawing the background RNAs"


@dataclass(frozen=True)
class ImportanceOf(Request[Importance]):
    """Local and global importance of a construct."""

    model: Model
    choice: BackgroundChoice
    construct: Construct

    def compute(self) -> Importance:
        """Put the construct into the background RNAs."""
        return analysis(self.model, self.choice).importance(self.construct)


@dataclass(frozen=True)
class PatternsAlone(Request[list[Importance]]):
    """Each pattern of a construct alone, at its place in the whole."""

    model: Model
    choice: BackgroundChoice
    construct: Construct

    def compute(self) -> list[Importance]:
        """Put each into the background RNAs."""
        return analysis(self.model, self.choice).interaction_parts(self.construct)


@dataclass(frozen=True)
class CommitteeOf(Request[Committee]):
    """The networks of a protein."""

    model: Model

    def compute(self) -> Committee:
        """Load them; the served one is shared with the pages."""
        opened = open_committee(self.model)
        members = ((one, predictor(self.model) if one.name == SERVED else ReportingPredictor(own)) for one, own in opened.members)
        return replace(opened, members=tuple(members))

    def size(self, result: Committee) -> int:
        """Estimate for the networks in the engine."""
        return _NETWORK * (len(result.members) - 1)


@dataclass(frozen=True)
class ConstructsInNetworks(Request[InNetworks]):
    """Constructs in all networks of a protein, on the same background RNAs."""

    model: Model
    choice: BackgroundChoice
    constructs: tuple[Construct, ...]
    with_deepbind: bool = False

    def compute(self) -> InNetworks:
        """Measure each construct in each network."""
        committee = result_of(CommitteeOf(self.model))
        return in_networks(
            analysis(self.model, self.choice),
            committee,
            self.constructs,
            second_opinion(self.model) if self.with_deepbind else None,
            [(one, predictor(one)) for one in other_experiments(self.model)],
        )

    @property
    def expected(self) -> int:
        """Each construct in each network, on the fewest RNAs that a committee begins with."""
        return (len(self.constructs) + 1) * len(member_names(self.model)) * min(FIRST, self.choice.samples)

    @property
    def doing(self) -> str:
        """In words."""
        return f"Asking {len(member_names(self.model))} networks"


@dataclass(frozen=True)
class MutagenesisOf(Request[Mutagenesis]):
    """All single mutations of one RNA."""

    model: Model
    sequence: str

    def compute(self) -> Mutagenesis:
        """Score them."""
        return mutagenesis(predictor(self.model), self.sequence)


@dataclass(frozen=True)
class FoldOf(Request[Fold | None]):
    """Predicted structure of one RNA; None where ViennaRNA is not installed."""

    sequence: str

    def compute(self) -> Fold | None:
        """Fold the RNA."""
        try:
            return fold(self.sequence)
        except ImportError:
            return None


@dataclass(frozen=True)
class Examples(Request[ScoredProbes]):
    """A part of a probe library, with a model's scores."""

    model: Model
    library: str
    part: str
    n: int = 500

    def compute(self) -> ScoredProbes:
        """Score and choose them."""
        return scored_probes(self.model, predictor(self.model), self.library, self.part, self.n)

    @property
    def expected(self) -> int:
        """All designed probes."""
        return len(designed_library().codes)

    @property
    def doing(self) -> str:
        """In words."""
        return "Scoring the examples"


class _Remembered:
    """An analysis for experiments whose importances are kept for all users."""

    def __init__(self, model: Model, choice: BackgroundChoice) -> None:
        self._settings = model, choice

    def importance(self, construct: Construct) -> Importance:
        """See `GlobalImportanceAnalysis.importance`."""
        return importance(*self._settings, construct)

    @property
    def whole(self) -> GlobalImportanceAnalysis:
        """The underlying analysis, with the model and all background sequences."""
        return analysis(*self._settings)


@dataclass(frozen=True)
class Trial(Request[Result | Robustness]):
    """An experiment under some settings, or under the paper's seven backgrounds."""

    model: Model
    choice: BackgroundChoice
    experiment: Experiment
    all_backgrounds: bool = False

    def compute(self) -> Result | Robustness:
        """Run it."""
        if not self.all_backgrounds:
            return run(self.experiment, _Remembered(self.model, self.choice))
        return robustness(self.experiment, lambda background: _Remembered(self.model, background), self.choice)

    @property
    def constructs(self) -> int:
        """Number of constructs scored in each RNA."""
        return len(self.experiment.arms()) * (len(PAPER_NAMES) if self.all_backgrounds else 1)

    @property
    def expected(self) -> int:
        """Each construct in each RNA."""
        return self.constructs * self.choice.samples

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {self.constructs} constructs on {self.choice.samples:,} RNAs"


def predictor(model: Model) -> ReportingPredictor:
    """Load the predictor of a model once for all users."""
    return result_of(LoadedModel(model))


def analysis(model: Model, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of an analysis once for all users."""
    return result_of(Analysis(model, choice))


def importance(model: Model, choice: BackgroundChoice, construct: Construct) -> Importance:
    """Importance of a construct under its present name: equal constructs may have different names."""
    found = result_of(ImportanceOf(model, choice, construct))
    return found if found.construct.name == construct.name else replace(found, construct=construct)


def importances(model: Model, choice: BackgroundChoice, constructs: Sequence[Construct]) -> list[Importance]:
    """Importances of several constructs on the same background sequences."""
    return [importance(model, choice, construct) for construct in constructs]


def first_rna(model: Model, choice: BackgroundChoice) -> str | None:
    """The first background RNA of a choice, or None if drawing it would need thousands of probes folded."""
    needs_predictions = choice.kind.needs_scores and choice.library == DESIGNED
    if needs_predictions and not are_at_hand(predictor(model)):
        return None
    return decode(analysis(model, replace(choice, samples=1)).sample.codes)[0]
