"""What the pages compute, cached: predictors, background samples and results, keyed by small parameters only.

A model is identified by its experiment and the digest of its weights, so a retrained model is never served from a cache.
"""

from __future__ import annotations

from dataclasses import astuple

import streamlit as st

from rbind_core.constructs import Construct, parse_construct
from rbind_core.experiments import BackgroundChoice, ScoredProbes, prepare, scored_probes
from rbind_core.gia import GlobalImportanceAnalysis, Importance
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import Model, load_predictor
from rbind_core.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.structure import Fold, fold

_PREDICTORS, _SAMPLES, _RESULTS = 16, 8, 128  # how many are kept, over all users


@st.cache_resource(max_entries=_PREDICTORS, show_spinner=False)
def _predictor(experiment: str, digest: str, _model: Model) -> ResidualBindPredictor:
    return load_predictor(_model)


def predictor(model: Model) -> ResidualBindPredictor:
    """Load the predictor of a model once for all users."""
    return _predictor(model.experiment, model.weights_sha256, model)


@st.cache_resource(max_entries=_SAMPLES, show_spinner="Drawing the background sequences ...")
def _analysis(experiment: str, digest: str, choice: tuple, _model: Model) -> GlobalImportanceAnalysis:
    return prepare(_model, predictor(_model), BackgroundChoice(*choice))


def analysis(model: Model, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of an analysis once for all users."""
    return _analysis(model.experiment, model.weights_sha256, astuple(choice), model)


@st.cache_data(max_entries=_RESULTS, show_spinner="Scoring the construct ...")
def _importance(experiment: str, digest: str, choice: tuple, construct: str, _model: Model) -> Importance:
    return analysis(_model, BackgroundChoice(*choice)).importance(parse_construct(construct))


def importance(model: Model, choice: BackgroundChoice, construct: Construct) -> Importance:
    """Importance of a construct, from the cache where it was asked for before."""
    return _importance(model.experiment, model.weights_sha256, astuple(choice), str(construct), model)


@st.cache_data(max_entries=_RESULTS, show_spinner="Scoring all single mutations ...")
def _mutagenesis(experiment: str, digest: str, sequence: str, _model: Model) -> Mutagenesis:
    return mutagenesis(predictor(_model), sequence)


def mutagenesis_of(model: Model, sequence: str) -> Mutagenesis:
    """In silico mutagenesis of one sequence."""
    return _mutagenesis(model.experiment, model.weights_sha256, sequence, model)


@st.cache_data(max_entries=_RESULTS, show_spinner=False)
def structure_of(sequence: str) -> Fold | None:
    """Predicted structure, or None where ViennaRNA is not installed."""
    try:
        return fold(sequence)
    except ImportError:
        return None


@st.cache_data(max_entries=32, show_spinner="Scoring the probes ...")
def _probes(experiment: str, digest: str, library: str, part: str, n: int, _model: Model) -> ScoredProbes:
    return scored_probes(_model, predictor(_model), library, part, n)


def probes(model: Model, library: str, part: str, n: int = 500) -> ScoredProbes:
    """Part of the probe library, with scores."""
    return _probes(model.experiment, model.weights_sha256, library, part, n, model)
