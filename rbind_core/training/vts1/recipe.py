"""VTS1 (RNAcompete 2009): models that read predicted structure, and a sequence-only model that learns structure from them.

1. Networks that read sequence and predicted structure, from the trunk, on the real probes at random places in the window;
   also a linear model of the motif and the probability of a hairpin loop around it.
2. Designed RNA with the motif in loops, in stems and elsewhere, scored by the mean of these teachers.
3. The student reads the sequence alone: it first learns to predict pairing and the teachers' scores of designed RNA, then
   it is fitted to designed and real probes together.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import Dataset
from rbind_core.data.probe_structures import of_kind, probe_profiles
from rbind_core.data.vts1 import VTS1, vts1_dataset
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.inputs import CHANNELS_OF_STRUCTURE, ModelInputs
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import CARD
from rbind_core.model.weights import Weights, put_weights, weights_of
from rbind_core.rna.sequences import LENGTH, PADDING, Codes
from rbind_core.rna.structure import PROFILES
from rbind_core.training.fitting import EpochReport, Recipe, fit
from rbind_core.training.one_model import Material, Report, recipe_entry, store_tested
from rbind_core.training.trunk import open_trunk
from rbind_core.training.vts1.hairpin_designs import hairpin_designs
from rbind_core.training.vts1.motif_in_loops import MotifInLoops

MOTIF = "CNGG"
COPIES = 10  # copies of each real probe, at random places in the window
STRUCTURE_SCALE = 4.0  # scale of the initial weights of the structure channels, so that they count beside the trained ones
TEACHERS = (("PU", 0), ("PU", 1), ("PHIME", 0))
TEACHING = Recipe(epochs=10, peak_learning_rate=2e-3, batch=128, dropout=Dropout(0.1, 0.2, 0.5))
DESIGNS = 60_000
PAIRING_WEIGHT = 0.5  # weight of one position's pairing in the student's first loss, where the score has 1
LEARNING_STRUCTURE = Recipe(epochs=7, peak_learning_rate=2e-3, batch=256, dropout=Dropout(0.0, 0.0, 0.1))
LEARNING_TO_SCORE = Recipe(epochs=6, peak_learning_rate=2e-3, batch=256, dropout=Dropout(0.0, 0.0, 0.1))
HELD_OUT_DESIGNS = 0.05
HOW = (
    "The model reads the sequence alone, but it was taught structure. Teachers: networks that read the sequence and its "
    "structure as predicted by ViennaRNA (two with paired/unpaired, one with five contexts), trained from the trunk on the "
    "1,036 measured training probes at random places of the 41-nt window, and a linear model of the motif CNGG and the "
    "probability that it lies in a hairpin loop. Their mean scored 60,000 designed RNAs of 30-41 nt: CNGG in hairpin loops, "
    "in stems, without hairpin, and random RNA. The student started from the trunk, learned first to predict these scores "
    "together with the pairing of every position, then to predict the scores of designed and of measured probes. So what it "
    "knows of loops and stems comes from the measured probes by way of predicted structure."
)


@dataclass(frozen=True)
class Vts1Run:
    """A run of the recipe: the data, the trunk's weights, and the folder of intermediate networks."""

    dataset: Dataset
    profiles: NDArray[np.float16]
    trunk: Weights
    trunk_sha256: str
    work: Path
    report: Report


def train_vts1(trunk: Path, out: Path, work: Path, report: Report = lambda epoch: None) -> list[Path]:
    """Train and store VTS1_PU, VTS1_PHIME and the student VTS1_2009, resuming a run that was stopped.

    Parameters
    ----------
    out : folder of models.
    work : folder for intermediate networks.
    report : called after each epoch.

    Returns
    -------
    list of Path
        The three cards.
    """
    start = open_trunk(trunk)
    dataset = vts1_dataset()
    run = Vts1Run(dataset, probe_profiles(dataset.codes, "PHIME"), start.weights, start.sha256, work, report)
    teachers = [_teacher(run, kind, seed) for kind, seed in TEACHERS]
    cards = [_store_teacher(run, kind, out, *teachers[TEACHERS.index((kind, 0))]) for kind in PROFILES]
    return [*cards, _store_student(run, [weights for weights, _ in teachers], out)]


def at_random_places(
    codes: Codes, profiles: NDArray[np.float16], copies: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], ModelInputs]:
    """Copy probes, each copy moved to a random place in the window, with padding on both sides.

    Parameters
    ----------
    codes : (n, 41) uint8, padded at the 3' end.
    profiles : (n, 41, contexts).
    copies : number of copies of each probe.

    Returns
    -------
    (NDArray, ModelInputs)
        The row number of each copy's probe, (n * copies,), and the copies.
    """
    rows = np.repeat(np.arange(len(codes)), copies)
    length = (codes != PADDING).sum(axis=1)[rows]
    offset = rng.integers(0, LENGTH - length + 1)
    source = np.arange(LENGTH) - offset[:, None]
    inside = (source >= 0) & (source < length[:, None])
    source = np.clip(source, 0, LENGTH - 1)
    moved = np.where(inside, codes[rows[:, None], source], PADDING).astype(np.uint8)
    return rows, ModelInputs(moved, np.where(inside[:, :, None], profiles[rows[:, None], source], 0).astype(np.float16))


def _checkpoint(run: Vts1Run, name: str, recipe: Recipe) -> Path:
    """A file for each recipe, so that a changed recipe never resumes from another's state."""
    settings = (run.trunk_sha256, COPIES, STRUCTURE_SCALE, TEACHERS, TEACHING, DESIGNS, PAIRING_WEIGHT, LEARNING_STRUCTURE, recipe)
    return run.work / f"vts1-{name}-{hashlib.sha256(repr(settings).encode()).hexdigest()[:12]}.checkpoint.npz"


def _teacher(run: Vts1Run, kind: str, seed: int) -> tuple[Weights, list[EpochReport]]:
    """A ResidualBind that reads structure, trained on the real probes."""
    data, training = run.dataset, run.dataset.training
    recipe = replace(TEACHING, seed=seed)
    profiles = of_kind(run.profiles, data.codes, kind)
    model = build(Architecture(channels=CHANNELS_OF_STRUCTURE[kind]), recipe.dropout, seed)
    fresh = weights_of(model)
    kernel = np.concatenate([run.trunk["conv/kernel"], STRUCTURE_SCALE * fresh["conv/kernel"][:, 4:]], axis=1)
    put_weights(model, run.trunk | {"conv/kernel": kernel} | {name: fresh[name] for name in ("score/kernel", "score/bias")})
    rows, probes = at_random_places(data.codes[training], profiles[training], COPIES, np.random.default_rng(seed))
    targets = data.scores[training][rows, None]
    validation = ModelInputs(data.codes[data.validation], profiles[data.validation])
    return fit(
        model,
        probes,
        targets,
        validation,
        data.scores[data.validation, None],
        recipe,
        _checkpoint(run, f"teacher-{kind}", recipe),
        run.report,
    )


def _store_teacher(run: Vts1Run, kind: str, out: Path, weights: Weights, history: list[EpochReport]) -> Path:
    name = f"{VTS1.protein}_{kind}"
    if (out / name / CARD).exists():
        return out / name / CARD
    training = {
        "experiment": VTS1.id,
        "data": "RNAcompete 2009, the public subset for VTS1: log ratios of 2,270 probes, split as published",
        "how": "from the trunk, on the measured probes at random places of the 41-nt window",
        "trunk_sha256": run.trunk_sha256,
        **recipe_entry(TEACHING, history),
    }
    material = Material(run.dataset, of_kind(run.profiles, run.dataset.codes, kind))
    return store_tested(VTS1, name, material, weights, training, out)


def _store_student(run: Vts1Run, teachers: list[Weights], out: Path) -> Path:
    data = run.dataset
    codes = hairpin_designs(DESIGNS, MOTIF, np.random.default_rng(data.codes.shape[0]))
    profiles = probe_profiles(codes, "PHIME")
    scores = _taught_scores(run, teachers, codes, profiles)
    held_out = round(len(codes) * HELD_OUT_DESIGNS)
    weights = _learn_structure(run, codes, profiles, scores, held_out)
    weights, history = _learn_to_score(run, weights, codes, scores, held_out)
    training = {
        "experiment": VTS1.id,
        "data": "RNAcompete 2009, the public subset for VTS1: log ratios of 2,270 probes, split as published",
        "how": HOW,
        "trunk_sha256": run.trunk_sha256,
        **recipe_entry(LEARNING_TO_SCORE, history),
    }
    return store_tested(VTS1, VTS1.id, Material(data), weights, training, out)


def _taught_scores(run: Vts1Run, teachers: list[Weights], codes: Codes, profiles: NDArray[np.float16]) -> NDArray[np.float32]:
    """Mean of the teachers' scores of designed RNA, with the linear model weighted like all networks together."""
    data, training = run.dataset, run.dataset.training
    linear = MotifInLoops.fit(MOTIF, data.codes[training], run.profiles[training], data.scores[training])
    networks = [
        ResidualBindPredictor(weights).predict_inputs(ModelInputs(codes, of_kind(profiles, codes, kind)))
        for weights, (kind, _) in zip(teachers, TEACHERS, strict=True)
    ]
    return (np.mean(networks, axis=0) + linear.predict(codes, profiles)) / 2


def _learn_structure(
    run: Vts1Run, codes: Codes, profiles: NDArray[np.float16], scores: NDArray[np.float32], held_out: int
) -> Weights:
    """The student's first lesson: the teachers' scores of designed RNA, and which positions pair."""
    paired = profiles[:, :, 0].astype(np.float32)
    paired = np.where(codes == PADDING, np.nan, (paired - np.nanmean(paired)) / paired.std() * np.sqrt(PAIRING_WEIGHT))
    targets = np.concatenate([scores[:, None], paired], axis=1).astype(np.float32)
    model = build(Architecture(outputs=1 + LENGTH), LEARNING_STRUCTURE.dropout, LEARNING_STRUCTURE.seed)
    fresh = weights_of(model)
    put_weights(model, run.trunk | {name: fresh[name] for name in ("score/kernel", "score/bias")})
    probes = ModelInputs(codes)
    taught, rest = np.arange(held_out, len(codes)), np.arange(held_out)
    weights, _ = fit(
        model,
        probes.take(taught),
        targets[taught],
        probes.take(rest),
        targets[rest],
        LEARNING_STRUCTURE,
        _checkpoint(run, "student-structure", LEARNING_STRUCTURE),
        run.report,
    )
    return weights | {"score/kernel": weights["score/kernel"][:, :1], "score/bias": weights["score/bias"][:1]}


def _learn_to_score(
    run: Vts1Run, start: Weights, codes: Codes, scores: NDArray[np.float32], held_out: int
) -> tuple[Weights, list[EpochReport]]:
    """The student's second lesson: scores of designed and measured probes; held-out designs choose the epoch."""
    data, training = run.dataset, run.dataset.training
    rows, copies = at_random_places(data.codes[training], run.profiles[training], COPIES, np.random.default_rng(0))
    model = build(Architecture(), LEARNING_TO_SCORE.dropout, LEARNING_TO_SCORE.seed)
    put_weights(model, start)
    probes = ModelInputs(np.concatenate([codes[held_out:], copies.codes]))
    targets = np.concatenate([scores[held_out:], data.scores[training][rows]])[:, None]
    return fit(
        model,
        probes,
        targets,
        ModelInputs(codes[:held_out]),
        scores[:held_out, None],
        LEARNING_TO_SCORE,
        _checkpoint(run, "student", LEARNING_TO_SCORE),
        run.report,
    )
