"""Set up an analysis from a model and the chosen background."""

from __future__ import annotations

import numpy as np

from rbind_core.analyses.background_choice import BackgroundChoice
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import Background, draw_sample, make_background
from rbind_core.data.library import DESIGNED, ProbeLibrary, designed_library, measured_probes, profile
from rbind_core.model.designed_scores import scores_of
from rbind_core.model.registry import Model
from rbind_core.model.wrapping import OwnModel, wrap


def probe_library(model: Model, library: str) -> ProbeLibrary:
    """Open the chosen probe library: the designed probes, or set B with measured scores.

    Parameters
    ----------
    library : 'designed' or 'measured'.
    """
    return designed_library() if library == DESIGNED else measured_probes(model.measured_in, model.normalisation)


def open_background(model: Model, predictor: OwnModel, choice: BackgroundChoice) -> Background:
    """Make the chosen sampler.

    The quartiles need scores: measured ones of set B, predicted ones of the designed probes.

    Parameters
    ----------
    choice : background and library.
    """
    library = probe_library(model, choice.library)
    scores, scores_are = library.measured, "measured"
    if scores is None and choice.kind.needs_scores:
        scores, scores_are = scores_of(wrap(predictor), library), "predicted"
    return make_background(
        choice.background, profile(), library.codes, scores, scores_are, gc=choice.gc, context=choice.context, fasta=choice.fasta
    )


def prepare(model: Model, predictor: OwnModel, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background sequences on which any construct can then be measured.

    Parameters
    ----------
    predictor : scores RNA: the model's own predictor, or anything that `rbind_core.model.wrapping.wrap` accepts.
    """
    predictor = wrap(predictor)
    background = open_background(model, predictor, choice)
    sample = draw_sample(background, profile(), choice.samples, np.random.default_rng(choice.seed))
    analysis = GlobalImportanceAnalysis(predictor, sample)
    analysis.card = model
    return analysis
