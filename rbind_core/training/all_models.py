"""Training all models in turn: stored ones are kept, interrupted ones are resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rbind_core.data.fetch import cache_folder
from rbind_core.data.imported import imported_experiments
from rbind_core.data.rnacompete import experiments
from rbind_core.data.vts1 import VTS1
from rbind_core.errors import ModelError
from rbind_core.model.registry import CARD
from rbind_core.system.paths import BUNDLED_MODELS, TRUNK, own_models_folder
from rbind_core.training.imported import train_imported
from rbind_core.training.one_model import Report
from rbind_core.training.per_rbp import benchmark_on_clip_scale, fine_tune, model_id
from rbind_core.training.trunk import open_trunk
from rbind_core.training.vts1.recipe import train_vts1

LOG, CLIP = "log", "clip"
WITH_STRUCTURE = tuple((e, s) for e in ("RNCMPT00168", "RNCMPT00071", "RNCMPT00052") for s in ("PU", "PHIME"))
"""Experiments that are also trained with structure profiles: RBFOX1, SNRPA and RBM4 (Fig. 1e,f)."""


@dataclass(frozen=True)
class TrainingStep:
    """One step: the experiment, the structure profile read in addition to the sequences, and the scale of the scores.

    Networks are fitted on the log scale; the step on the clip scale tests the stored network. VTS1 is a single step, which
    makes its three models. Models that read structure are tested on the log scale only.
    """

    experiment: str
    structure: str = ""
    scale: str = LOG

    @property
    def model(self) -> str:
        """Id of the model that the step makes or extends."""
        known = self.experiment in experiments()
        return model_id(self.experiment, self.structure) if known else self.experiment

    def is_done(self, out: Path) -> bool:
        """Tell whether the model's card holds the result of this step.

        Parameters
        ----------
        out : folder of models.

        Returns
        -------
        bool
            False if the card is missing or damaged.
        """
        try:
            metrics = json.loads((out / self.model / CARD).read_text())["metrics"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return ("pearson_test_clip" if self.scale == CLIP else "pearson_test") in metrics

    def folder(self, out: Path | None) -> Path:
        """Folder in which the step's model is stored.

        Parameters
        ----------
        out : folder of models named by the user, or None.

        Returns
        -------
        Path
            `out` if given, else the bundled models for public experiments and the user's own for imported ones.
        """
        return out or (own_models_folder() if self.experiment in imported_experiments() else BUNDLED_MODELS)

    def run(self, out: Path, report: Report = lambda epoch: None) -> None:
        """Train, resuming a run that was stopped.

        Parameters
        ----------
        out : folder of models.
        report : called after each epoch.
        """
        if self.experiment in imported_experiments():
            train_imported(self.experiment, out, report=report)
        elif self.experiment == VTS1.id:
            train_vts1(TRUNK, out, cache_folder() / "training", report)
        elif self.scale == LOG:
            fine_tune(self.experiment, open_trunk(TRUNK), out, self.structure, report=report)
        else:
            benchmark_on_clip_scale(self.experiment, out)


def steps_of(experiment: str, structure: str = "") -> list[TrainingStep]:
    """List the steps for one experiment.

    Parameters
    ----------
    experiment : id of a public or an imported one; an imported one takes precedence.
    structure : '', 'PU' or 'PHIME'.

    Raises
    ------
    ModelError
        If the experiment is unknown, or cannot be trained with structure by itself.
    """
    if experiment in imported_experiments() or experiment == VTS1.id:
        if structure:
            raise ModelError(f"{experiment}: {structure} can be chosen for public experiments of 2013 only; leave it out")
        return [TrainingStep(experiment)]
    if experiment not in experiments():
        raise ModelError(f"{experiment}: neither a public nor an imported experiment; see './rbind data status'")
    return [TrainingStep(experiment, structure)] if structure else [TrainingStep(experiment, "", scale) for scale in (LOG, CLIP)]


def all_steps() -> list[TrainingStep]:
    """List the steps of `./rbind train --all`.

    Returns
    -------
    list of TrainingStep
        Public experiments, first all on the log scale, VTS1, models that read structure, imported experiments.
    """
    imported = imported_experiments()
    public = [e for e in experiments() if e not in imported]
    steps = [TrainingStep(experiment, "", scale) for scale in (LOG, CLIP) for experiment in public]
    steps += [TrainingStep(VTS1.id)] if VTS1.id not in imported else []
    steps += [TrainingStep(e, structure) for e, structure in WITH_STRUCTURE if e in public]
    return steps + [TrainingStep(experiment) for experiment in imported]


def train_steps(
    steps: list[TrainingStep],
    out: Path | None,
    announce: Callable[[TrainingStep, int, int], None] = lambda step, done, total: None,
    report: Report = lambda epoch: None,
) -> None:
    """Train what is missing; after a kill at any time the same call resumes.

    TensorFlow uses one core: with more, sums are taken in another order, so that the weights' last digits would depend
    on the number of cores. They are the same on all machines of a kind, however many models train at a time.
    `TF_NUM_INTRAOP_THREADS` sets another number, without effect once TensorFlow has computed in this process.

    Parameters
    ----------
    out : folder of models; each step's usual one when None.
    announce : called before each step with the number of finished steps and their total.
    report : called after each epoch.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

    import keras

    for number, step in enumerate(steps):
        folder = step.folder(out)
        if not step.is_done(folder):
            announce(step, number, len(steps))
            step.run(folder, report)
            keras.backend.clear_session()
