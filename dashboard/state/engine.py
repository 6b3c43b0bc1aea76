"""What the pages compute, kept for all users by small keys only.

A model is identified by its experiment and the digest of its weights, so a retrained model is never served from memory.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import astuple, dataclass, replace

import streamlit as st

from dashboard.state.cache import Memory
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.analyses.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.constructs import Construct
from rbind_core.data.library import DESIGNED
from rbind_core.experiments.canned import Experiment, Result, run
from rbind_core.experiments.robustness import Robustness, robustness
from rbind_core.model.designed_scores import are_at_hand
from rbind_core.model.progress import ReportingPredictor
from rbind_core.model.registry import Model, load_predictor
from rbind_core.probes import ScoredProbes, scored_probes
from rbind_core.rna.sequences import decode
from rbind_core.rna.structure import Fold, fold

_predictors: Memory[ReportingPredictor] = Memory(16)
_analyses: Memory[GlobalImportanceAnalysis] = Memory(1_000_000, lambda analysis: len(analysis.sample))  # sequences
_importances: Memory[Importance] = Memory(10_000_000, lambda importance: len(importance.local))  # local importances
_parts: Memory[list[Importance]] = Memory(2_000_000, lambda parts: sum(len(one.local) for one in parts))
_mutageneses: Memory[Mutagenesis] = Memory(128)
_examples: Memory[ScoredProbes] = Memory(32)
_SEQUENCES = 128  # how many are kept, over all users


def identity(model: Model, choice: BackgroundChoice) -> Hashable:
    """Everything that a number depends on, but for the construct.

    Parameters
    ----------
    model : the one under study.
    choice : background, N, seed, library.

    Returns
    -------
    Hashable
        For keys.
    """
    return (*_model_key(model), *astuple(choice))


def _model_key(model: Model) -> tuple[Hashable, ...]:
    """What tells a model from all others, and one that has become broken from itself."""
    return model.experiment, model.weights_sha256, str(model.folder), model.problem


def predictor(model: Model) -> ReportingPredictor:
    """Load the predictor of a model once for all users."""
    return _predictors.get(_model_key(model), lambda: ReportingPredictor(load_predictor(model)))


def analysis(model: Model, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of an analysis once for all users."""
    return _analyses.get(identity(model, choice), lambda: prepare(model, predictor(model), choice))


def importance(model: Model, choice: BackgroundChoice, construct: Construct) -> Importance:
    """Importance of a construct, from memory where it was asked for before."""
    key = (identity(model, choice), construct.text)
    return _importances.get(key, lambda: analysis(model, choice).importance(construct))


def importances(model: Model, choice: BackgroundChoice, constructs: Sequence[Construct]) -> list[Importance]:
    """Importances of several constructs on the same background sequences."""
    return [importance(model, choice, construct) for construct in constructs]


def interaction_parts(model: Model, choice: BackgroundChoice, construct: Construct) -> list[Importance]:
    """Each pattern of a construct alone, where it stands in the whole, from memory where it was asked for before."""
    key = (identity(model, choice), construct.text)
    return _parts.get(key, lambda: analysis(model, choice).interaction_parts(construct))


class _Remembered:
    """An analysis whose importances are kept for all users, for experiments to run on."""

    def __init__(self, model: Model, choice: BackgroundChoice) -> None:
        self._settings = model, choice

    def importance(self, construct: Construct) -> Importance:
        """See `GlobalImportanceAnalysis.importance`."""
        return importance(*self._settings, construct)

    @property
    def whole(self) -> GlobalImportanceAnalysis:
        """The analysis itself, for what is read off the model and all background sequences."""
        return analysis(*self._settings)


def experiment(model: Model, choice: BackgroundChoice, chosen: Experiment) -> Result:
    """Run a canned experiment."""
    return run(chosen, _Remembered(model, choice))


def under_all_backgrounds(model: Model, choice: BackgroundChoice, chosen: Experiment) -> Robustness:
    """Run a canned experiment under all seven backgrounds of the paper."""
    return robustness(chosen, lambda background: _Remembered(model, background), choice)


@dataclass(frozen=True)
class Trial:
    """An experiment to be run under some settings, or under all seven backgrounds of the paper."""

    model: Model
    choice: BackgroundChoice
    experiment: Experiment
    all_backgrounds: bool = False


def run_trial(trial: Trial) -> Result | Robustness:
    """Run a canned experiment as it is asked for."""
    return (under_all_backgrounds if trial.all_backgrounds else experiment)(trial.model, trial.choice, trial.experiment)


def mutagenesis_of(model: Model, sequence: str) -> Mutagenesis:
    """In silico mutagenesis of one sequence."""
    return _mutageneses.get((*_model_key(model), sequence), lambda: mutagenesis(predictor(model), sequence))


@st.cache_data(max_entries=_SEQUENCES, show_spinner=False)
def structure_of(sequence: str) -> Fold | None:
    """Predicted structure, or None where ViennaRNA is not installed."""
    try:
        return fold(sequence)
    except ImportError:
        return None


@dataclass(frozen=True)
class Examples:
    """Part of a probe library that is asked for, with scores of a model."""

    model: Model
    library: str
    part: str
    n: int = 500


def examples(asked: Examples) -> ScoredProbes:
    """Score probes to choose from, without any Streamlit call."""
    model = asked.model
    key = *_model_key(model), asked.library, asked.part, asked.n
    return _examples.get(key, lambda: scored_probes(model, predictor(model), asked.library, asked.part, asked.n))


def first_rna(model: Model, choice: BackgroundChoice) -> str | None:
    """The first background RNA of a choice, or None where thousands of probes would have to be folded to draw it."""
    is_quartile = choice.background.startswith("quartile") and choice.library == DESIGNED
    if is_quartile and not are_at_hand(predictor(model)):
        return None
    return decode(analysis(model, replace(choice, samples=1)).sample.codes)[0]
