"""The registry of trained models: one folder each, with `card.json` and `weights.safetensors`."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from rbind_core.data.constructs import constructs, matches
from rbind_core.data.transforms import Normalisation
from rbind_core.errors import ModelError
from rbind_core.model.card import read_card
from rbind_core.model.expected_quality import ExpectedQuality
from rbind_core.model.inputs import STRUCTURE_OF_CHANNELS
from rbind_core.model.measured_scores import MeasuredScores
from rbind_core.model.panel import TAUGHT, read_panel
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.replicates import Replicates
from rbind_core.model.weights import Weights, check_weights, read_weights, write_weights
from rbind_core.system.files import Stamp, stamp
from rbind_core.system.paths import BUNDLED_MODELS, PANELS, model_folders

CARD, WEIGHTS = "card.json", "weights.safetensors"
MEASURED_GRADE, TAUGHT_GRADE, OWN = "A", "B", "yours"
GRADES = {
    MEASURED_GRADE: "trained on measured scores of this experiment",
    TAUGHT_GRADE: "taught by DeepBind's published model, since the scores of this experiment are not public",
    OWN: "trained on your table",
}


@dataclass(frozen=True)
class Model:
    """A trained model as described by its card; `problem` says why it cannot be used, None if it can.

    `metrics` are those on the held-out test probes; `top_kmers` are the best 6-mers by global importance over
    `summary_samples` background sequences; `motif` is the (6, 4) frequency matrix of their alignment; `training` is the
    recipe, the split's seed and the source; `measured_scores` is the distribution of its training scores and `replicates`
    the agreement of test RNAs that were measured twice, each None for cards without it; `expected` is the quality that a taught
    model probably has, and `panel` the network that it is a head of, '' for a network of its own; `note` is any further remark.
    """

    experiment: str
    protein: str
    species: str
    published_consensus: str
    normalisation: Normalisation
    dilations: tuple[int, ...]
    channels: int
    metrics: dict[str, float]
    top_kmers: list[dict[str, Any]]
    motif: list[list[float]]
    training: dict[str, Any]
    weights_sha256: str
    weights_bytes: int
    folder: Path = field(compare=False)
    is_bundled: bool = field(default=False, compare=False)
    summary_samples: int = 1000
    measured_scores: MeasuredScores | None = None
    replicates: Replicates | None = None
    expected: ExpectedQuality | None = None
    panel: str = ""
    note: str = ""
    problem: str | None = None

    def __hash__(self) -> int:
        return hash((self.experiment, self.weights_sha256, self.problem))  # the entries of a card are not hashable

    @property
    def grade(self) -> str:
        """What stands behind it: `MEASURED_GRADE`, `TAUGHT_GRADE`, or `OWN` for a user's model."""
        if self.training.get("scores") == TAUGHT:
            return TAUGHT_GRADE
        return MEASURED_GRADE if self.is_bundled else OWN

    @property
    def is_taught(self) -> bool:
        """Whether it learned from a published model, since the experiment's scores are not public."""
        return self.grade == TAUGHT_GRADE

    @property
    def quality_text(self) -> str:
        """Test Pearson, or what is expected of a taught model, in a few words."""
        if self.expected:
            return f"expected Pearson {self.expected.pearson:.2f} ({self.expected.low:.2f} to {self.expected.high:.2f})"
        known = self.pearson_test == self.pearson_test
        return f"test Pearson {self.pearson_test:.3f}" if known else "no test Pearson"

    @property
    def quality(self) -> float:
        """Test Pearson, or the expected one of a taught model, for sorting; NaN where there is neither."""
        return self.expected.pearson if self.expected else self.pearson_test

    @property
    def scale(self) -> str:
        """What its z-scores are of, in words."""
        return "the teacher's scores" if self.is_taught else "log intensity"

    @property
    def names(self) -> tuple[str, ...]:
        """Other names of the protein, under which it is found: official symbol and synonyms."""
        construct = constructs().get(self.measured_in)
        named = (construct.symbol, *construct.synonyms) if construct else ()
        return tuple(name for name in named if name != self.protein)

    @property
    def weights_file(self) -> Path:
        """The file of its weights: its own, or its panel's."""
        if self.panel:
            return self.folder.parents[1] / PANELS.name / f"{self.panel}.safetensors"
        return self.folder / WEIGHTS

    @property
    def pearson_test(self) -> float:
        """Pearson correlation of measured and predicted scores on all of set B."""
        return self.metrics.get("pearson_test", float("nan"))

    @property
    def pearson_test_clip(self) -> float:
        """The same for clip-transformed scores, by the benchmark's network; NaN where there is none."""
        return self.metrics.get("pearson_test_clip", float("nan"))

    @property
    def ceiling(self) -> float:
        """Test Pearson that a perfect model would reach on noisy test scores; NaN where unknown."""
        found = self.replicates.ceiling if self.replicates else None
        return float("nan") if found is None else found

    @property
    def share_of_ceiling(self) -> float:
        """Test Pearson divided by the ceiling; NaN where unknown."""
        return self.pearson_test / self.ceiling

    @property
    def structure(self) -> str:
        """Structure profile that the model reads in addition to the sequence: '', 'PU' or 'PHIME'."""
        return STRUCTURE_OF_CHANNELS.get(self.channels, "")

    @property
    def measured_in(self) -> str:
        """Id of the experiment that it was trained on, which may differ from the model's own id."""
        return self.training.get("experiment", self.experiment)

    @property
    def learned_predictions(self) -> bool:
        """Whether it was trained and tested on another model's predictions instead of measurements."""
        return self.training.get("scores") == "predicted"

    @property
    def inputs(self) -> str:
        """Inputs of the model, in words."""
        return f"sequence + {self.structure}" if self.structure else "sequence"

    @property
    def top_kmer(self) -> str:
        """The 6-mer with the highest global importance."""
        return self.top_kmers[0]["kmer"] if self.top_kmers else ""

    @property
    def label(self) -> str:
        """Protein and experiment, as figures, reports and files name a model; a taught one is marked."""
        return f"{self.protein} ({self.experiment}{', grade B: taught' if self.is_taught else ''})"


def list_models(folders: Iterable[Path] | None = None) -> list[Model]:
    """Read the cards of all models, by protein; models of the sequence alone first, then measured ones, then the best.

    Parameters
    ----------
    folders : where to look; the bundled models and `RBIND_MODELS_DIR` when None.

    Returns
    -------
    list of Model
        A model with damaged files is listed with its problem.
    """
    models = []
    for folder in model_folders() if folders is None else folders:
        for card in sorted(folder.glob(f"*/{CARD}")):
            models.append(_read_card(card))
    return sorted(
        models,
        key=lambda m: (
            m.protein.upper(),
            m.problem is not None,
            m.structure,
            m.is_taught,
            -m.quality,
            m.experiment,
            m.folder.name != m.experiment,
        ),
    )


def _read_card(path: Path) -> Model:
    folder = path.parent
    try:
        model = _described(path, stamp(path))
    except (ModelError, OSError) as error:
        said = f"{path.name} cannot be read ({error.strerror})" if isinstance(error, OSError) else str(error)
        nothing = Normalisation(float("nan"), float("nan"))
        return Model(
            folder.name,
            folder.name,
            "",
            "",
            nothing,
            (),
            4,
            {},
            [],
            [],
            {},
            "",
            0,
            folder,
            folder.parent == BUNDLED_MODELS,
            problem=said,
        )
    problem = _weights_problem(model.weights_file, model.weights_bytes)
    return replace(model, problem=problem) if problem else model


@lru_cache(maxsize=1024)
def _described(path: Path, written: Stamp) -> Model:
    """The model of a card, read again only after it was written, since every run of a page lists all models."""
    card = read_card(path)
    return Model(
        experiment=card["experiment"],
        protein=card["protein"],
        species=card["species"],
        published_consensus=card["published_consensus"],
        normalisation=Normalisation(card["normalisation"]["mean"], card["normalisation"]["standard_deviation"]),
        dilations=tuple(card["architecture"]["dilations"]),
        channels=card["architecture"]["channels"],
        metrics=card["metrics"],
        top_kmers=card["top_kmers"],
        motif=card["motif"],
        training=card["training"],
        weights_sha256=card["weights"]["sha256"],
        weights_bytes=card["weights"]["bytes"],
        folder=path.parent,
        is_bundled=path.parent.parent == BUNDLED_MODELS,
        summary_samples=card.get("summary_samples", 1000),
        measured_scores=MeasuredScores.of_card(card["measured_scores"]) if card.get("measured_scores") else None,
        replicates=Replicates.of_card(card["replicates"]) if card.get("replicates") else None,
        expected=ExpectedQuality.of_card(card["expected"]) if card.get("expected") else None,
        panel=card["weights"].get("panel") or "",
        note=card.get("note") or "",
    )


def _weights_problem(path: Path, size: int) -> str | None:
    if not path.is_file():
        return f"{path.name} is missing"
    found = path.stat().st_size
    return None if found == size else f"{path.name} is damaged ({found:,} bytes; expected {size:,})"


def find_model(name: str, models: list[Model] | None = None) -> Model:
    """Find a model by experiment id, or the best one of a protein: measured before taught.

    Parameters
    ----------
    name : id (RNCMPT00168), protein (RBFOX1) or synonym (Fox-1, A2BP1), in any case.
    models : where to look; all models when None.

    Returns
    -------
    Model
        It may have a `problem`.

    Raises
    ------
    ModelError
        If there is none of that name; the message gives the nearest names.
    """
    models = list_models() if models is None else models
    wanted = name.strip().upper()
    called = {construct.experiment for construct in matches(name)}
    ways: tuple[Callable[[Model], bool], ...] = (
        lambda m: wanted == m.experiment.upper(),
        lambda m: wanted == m.protein.upper(),
        lambda m: m.measured_in in called,
    )
    for way in ways:
        found = [m for m in models if way(m)]
        if found:
            return min(found, key=lambda m: (m.problem is not None, m.structure, m.is_taught))  # sorted: the best first
    names = sorted({m.protein for m in models} | {m.experiment for m in models})
    by_capitals = {n.upper(): n for n in names}
    close = difflib.get_close_matches(wanted, by_capitals, n=3, cutoff=0.5)
    nearest = [by_capitals[n] for n in close] or sorted({m.protein for m in models})[:12]
    hint = f"; nearest: {', '.join(nearest)}" if close else f"; there are {', '.join(nearest)}"
    raise ModelError(f"{name[:60]!r} is not a known RBP{hint}" if names else "no models are installed")


def weights_of_model(model: Model) -> Weights:
    """Read the weights of a model, from its own file or as a head of its panel, and check them.

    Raises
    ------
    ModelError
        If the card or the weights file is damaged.
    """
    if model.problem:
        raise ModelError(f"{model.label} is broken: {model.problem}")
    try:
        if model.panel:
            panel = read_panel(model.weights_file.with_suffix(".json"))
            if panel.sha256 != model.weights_sha256:
                raise ModelError(f"{model.weights_file.name} is not the one that the card names")
            weights = panel.network_of(model.measured_in)
        else:
            weights = read_weights(model.weights_file, model.weights_sha256)
        check_weights(weights, model.dilations, model.channels)
    except ModelError as error:
        raise ModelError(f"{model.label} is broken: {error}") from None
    return weights


def load_predictor(model: Model, engine: str = "auto", precision: str = "float32") -> ResidualBindPredictor:
    """Load the fast predictor of a model, after checking its weights file.

    Parameters
    ----------
    engine, precision : see `ResidualBindPredictor`.

    Raises
    ------
    ModelError
        If the card or the weights file is damaged.
    """
    return ResidualBindPredictor(weights_of_model(model), model.dilations, engine, precision)


def store_model(folder: Path, card: dict[str, Any], weights: dict[str, Any]) -> Path:
    """Write a model's folder; the card comes last, so that a half-written model is never listed.

    Parameters
    ----------
    folder : the model's own folder.
    card : without the entry `weights`, which is added.
    weights : variable name to float32 array.

    Returns
    -------
    Path
        The card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = write_weights(folder / WEIGHTS, weights)
    card = card | {"weights": {"sha256": digest, "bytes": (folder / WEIGHTS).stat().st_size}}
    return write_card(folder, card)


def write_card(folder: Path, card: dict[str, Any]) -> Path:
    """Write a model's card atomically.

    Parameters
    ----------
    folder : the model's own folder.
    card : with the entry `weights`.

    Returns
    -------
    Path
        The card.
    """
    part = folder / "card.part"
    with part.open("w") as file:
        file.write(json.dumps(card, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return part.replace(folder / CARD)
