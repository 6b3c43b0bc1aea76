"""What the pages compute, cached: predictors, background samples and results, keyed by small parameters only.

A model is identified by its experiment and the digest of its weights, so a retrained model is never served from a cache.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rbind_core.constructs import Construct, parse_construct
from rbind_core.experiments import BackgroundChoice, open_background, prepare, probe_library
from rbind_core.gia import GlobalImportanceAnalysis, Importance
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import Model, load_predictor
from rbind_core.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.structure import Fold, fold

_PREDICTORS, _SAMPLES, _RESULTS = 16, 8, 512  # how many are kept, over all users


@st.cache_resource(max_entries=_PREDICTORS, show_spinner=False)
def _predictor(experiment: str, digest: str, _model: Model) -> ResidualBindPredictor:
    return load_predictor(_model)


def predictor(model: Model) -> ResidualBindPredictor:
    """Load the predictor of a model once for all users."""
    return _predictor(model.experiment, model.weights_sha256, model)


@st.cache_resource(max_entries=_SAMPLES, show_spinner="Drawing the background sequences ...")
def _analysis(experiment: str, digest: str, background: str, samples: int, seed: int, library: str, _model: Model):
    return prepare(_model, predictor(_model), BackgroundChoice(background, samples, seed, library))


def analysis(model: Model, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of an analysis once for all users."""
    return _analysis(model.experiment, model.weights_sha256, choice.background, choice.samples, choice.seed, choice.library, model)


@st.cache_data(max_entries=_RESULTS, show_spinner="Scoring the construct ...")
def _importance(experiment: str, digest: str, choice: tuple, construct: str, _model: Model) -> Importance:
    return analysis(_model, BackgroundChoice(*choice)).importance(parse_construct(construct))


def importance(model: Model, choice: BackgroundChoice, construct: Construct) -> Importance:
    """Importance of a construct, from the cache where it was asked for before."""
    settings = (choice.background, choice.samples, choice.seed, choice.library)
    return _importance(model.experiment, model.weights_sha256, settings, str(construct), model)


def background_description(model: Model, choice: BackgroundChoice) -> str:
    """One sentence on the chosen background."""
    return open_background(model, predictor(model), choice).description


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
def _probe_table(experiment: str, digest: str, library: str, part: str, rows: int, _model: Model):
    probes = probe_library(_model, library)
    if probes.measured is None:
        chosen, measured = np.arange(len(probes.codes)), None
        predicted = predictor(_model).predict(probes.codes)
        chosen = _part(predicted, part, rows)
        return probes.codes[chosen], measured, predicted[chosen]
    chosen = _part(probes.measured, part, rows)
    return probes.codes[chosen], probes.measured[chosen], predictor(_model).predict(probes.codes[chosen])


def _part(scores: NDArray[np.float32], part: str, rows: int) -> NDArray[np.intp]:
    order = np.argsort(-scores, kind="stable")
    if part == "highest":
        return order[:rows]
    if part == "lowest":
        return order[::-1][:rows]
    return order[np.linspace(0, len(order) - 1, rows).round().astype(int)]


PARTS = ("highest", "spread", "lowest")


def probe_table(model: Model, library: str, part: str, rows: int = 500):
    """Codes, measured scores (None for designed probes) and predicted scores of one part of the library."""
    return _probe_table(model.experiment, model.weights_sha256, library, part, rows, model)
