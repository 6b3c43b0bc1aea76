"""Every model, one after the other: what is stored already is kept, what was interrupted goes on."""

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
from rbind_core.training.per_rbp import benchmark_on_clip_scale, fine_tune, model_id, open_trunk
from rbind_core.training.vts1.recipe import train_vts1

LOG, CLIP = "log", "clip"
WITH_STRUCTURE = tuple((e, s) for e in ("RNCMPT00168", "RNCMPT00071", "RNCMPT00052") for s in ("PU", "PHIME"))
"""Experiments that are also trained with structure profiles: RBFOX1, SNRPA and RBM4 (Fig. 1e,f)."""


@dataclass(frozen=True)
class TrainingStep:
    """One thing to do: the experiment to train, the structure profile that is read beside its sequences, and the scores' scale.

    Networks are fitted on the log scale; the step on the clip scale tests the network that is there. VTS1 is a single step, which
    makes its three models. Models that read structure are tested on the log scale only.
    """

    experiment: str
    structure: str = ""
    scale: str = LOG

    @property
    def model(self) -> str:
        """Id of the model that the step makes or adds to."""
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
            False where the card is missing or damaged.
        """
        try:
            metrics = json.loads((out / self.model / CARD).read_text())["metrics"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return ("pearson_test_clip" if self.scale == CLIP else "pearson_test") in metrics

    def folder(self, out: Path | None) -> Path:
        """Where the step's model is stored.

        Parameters
        ----------
        out : folder of models that the user named, or None.

        Returns
        -------
        Path
            The bundled models for public experiments, the user's own for imported ones, unless `out` says otherwise.
        """
        return out or (own_models_folder() if self.experiment in imported_experiments() else BUNDLED_MODELS)

    def run(self, out: Path, report: Report = lambda epoch: None) -> None:
        """Train; a run that was stopped goes on where it was.

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
    """List what has to be trained for one experiment.

    Parameters
    ----------
    experiment : id of a public or an imported one; an imported one goes before a public one of the same id.
    structure : '', 'PU' or 'PHIME'.

    Raises
    ------
    ModelError
        If the experiment is not known, or cannot be trained with structure by itself.
    """
    if experiment in imported_experiments() or experiment == VTS1.id:
        if structure:
            raise ModelError(f"{experiment}: {structure} can be chosen for public experiments of 2013 only; leave it out")
        return [TrainingStep(experiment)]
    if experiment not in experiments():
        raise ModelError(f"{experiment}: neither a public nor an imported experiment; see './rbind data status'")
    return [TrainingStep(experiment, structure)] if structure else [TrainingStep(experiment, "", scale) for scale in (LOG, CLIP)]


def all_steps() -> list[TrainingStep]:
    """List everything that `./rbind train --all` makes.

    Returns
    -------
    list of TrainingStep
        Public experiments, the log scale of all of them first, VTS1, models that read structure, imported experiments.
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
    """Train what is not there yet; after a kill at any moment the same call goes on.

    TensorFlow works on one core: with more, sums are taken in another order, so that the weights' last digits would depend
    on the number of cores. They are the same on every machine of the same kind, however many models it trains at a time.
    `TF_NUM_INTRAOP_THREADS` sets another number, which has no effect where TensorFlow has computed in this process before.

    Parameters
    ----------
    out : folder of models; each step's usual one when None.
    announce : called before each step with the number of steps done and their total.
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
