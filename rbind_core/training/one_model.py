"""The network of one RBP: training on a dataset, a single test on its held-out part, summary and storage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import BackgroundSample, Profile, draw_sample
from rbind_core.data.dataset import Dataset, Rows
from rbind_core.data.library import profile
from rbind_core.data.repeats import same_rna
from rbind_core.data.rnacompete import Assay
from rbind_core.data.splits import SPLIT_SEED
from rbind_core.model.architecture import Architecture, build
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.measured_scores import measured_scores
from rbind_core.model.predictor import Predictor, ResidualBindPredictor
from rbind_core.model.registry import store_model
from rbind_core.model.replicates import replicates
from rbind_core.model.weights import Weights, put_weights
from rbind_core.motifs import ALIGNED, KmerImportance, alignment_motif, fast_scan, kmer_importance
from rbind_core.quality.evaluation import correlate
from rbind_core.quality.score_histogram import bin_scores, write_densities
from rbind_core.rna.sequences import Codes
from rbind_core.training.fitting import EpochReport, Recipe, fit

SUMMARY_SAMPLES = 1000
SUMMARY_SAMPLES_FOLDED = 200  # for models that read structure, where every sequence has to be folded
CANDIDATES = 80  # 6-mers of such a model to measure with folding
SUMMARY_SEED = 0
REPLICATES_SEED = 0  # which of an RNA's measurements comes first
TOP = 20  # 6-mers listed on a card

Report = Callable[[EpochReport], None]


@dataclass(frozen=True)
class Material:
    """Training material of one network: a dataset, and (n, 41, 2 or 5) structure profiles of its probes or None."""

    dataset: Dataset
    profiles: NDArray[np.float16] | None = None

    @property
    def architecture(self) -> Architecture:
        """ResidualBind with an input channel per nucleotide and structural context."""
        return Architecture(channels=4 + (0 if self.profiles is None else self.profiles.shape[2]))

    def inputs(self, rows: Rows) -> ModelInputs:
        """Probes as inputs of the network.

        Parameters
        ----------
        rows : (m,) row numbers.

        Returns
        -------
        ModelInputs
            In the order of `rows`.
        """
        return ModelInputs(self.dataset.codes, self.profiles).take(rows)


def fit_and_store(
    of: Assay,
    name: str,
    material: Material,
    start: Weights | None,
    recipe: Recipe,
    provenance: dict[str, Any],
    out: Path,
    report: Report = lambda epoch: None,
    checkpoints: Path | None = None,
) -> Path:
    """Train, test and store a model, resuming a run that was stopped.

    The validation part chooses the epoch; the test part is used once, for the card.

    Parameters
    ----------
    start : weights to start from; Glorot initialisation when None.
    provenance : entries of the card on data and start.
    out : folder of models.
    report : called after each epoch.
    checkpoints : folder of the checkpoint until the model is stored; `out` when None.

    Returns
    -------
    Path
        The card of the stored model, with its test metrics, best 6-mers and motif.
    """
    checkpoint = run_file(checkpoints or out, name, material, start, recipe)
    weights, history = fit_material(material, start, recipe, checkpoint, report)
    stored = store_tested(of, name, material, weights, provenance | recipe_entry(recipe, history), out)
    checkpoint.unlink(missing_ok=True)
    return stored


def store_tested(of: Assay, name: str, material: Material, weights: Weights, training: dict[str, Any], out: Path) -> Path:
    """Test a trained network on the held-out part, summarise it, and store it.

    Parameters
    ----------
    out : folder of models.

    Returns
    -------
    Path
        The card.
    """
    dataset = material.dataset
    predictor = ResidualBindPredictor(weights)
    predicted, measured = predictor.predict_inputs(material.inputs(dataset.test)), dataset.scores[dataset.test]
    tested = correlate(predicted, measured)
    repeated = replicates(dataset.codes[dataset.test], measured, np.random.default_rng(REPLICATES_SEED))
    card = {
        "experiment": name,
        "protein": of.protein,
        "species": of.species,
        "published_consensus": of.published_consensus,
        "architecture": asdict(material.architecture),
        "normalisation": asdict(dataset.normalisation),
        "metrics": {"pearson_test": tested.pearson, "spearman_test": tested.spearman, "n_test": tested.n}
        | {"n_test_rnas": len(np.unique(same_rna(dataset.codes[dataset.test])))},
        "measured_scores": asdict(measured_scores(dataset.scores[dataset.training])),
        "training": training,
    }
    if repeated is not None:
        card["replicates"] = asdict(repeated)
    write_densities(out / name, [bin_scores(measured, predicted, "log")])
    summary = summarise(predictor) if material.profiles is None else summarise_folding(predictor, material.profiles)
    return store_model(out / name, card | summary, weights)


def fit_material(
    material: Material, start: Weights | None, recipe: Recipe, checkpoint: Path, report: Report = lambda epoch: None
) -> tuple[Weights, list[EpochReport]]:
    """Fit a ResidualBind to the training part; the measured scores of the validation part choose the epoch.

    Parameters
    ----------
    start : weights to start from; Glorot initialisation when None. Missing channels start at zero.
    checkpoint : file for the state after each epoch.
    report : called after each epoch.

    Returns
    -------
    (Weights, list of EpochReport)
        The best epoch's weights, and the history.
    """
    dataset = material.dataset
    model = build(material.architecture, recipe.dropout, recipe.seed)
    if start is not None:
        put_weights(model, with_channels(start, material.architecture.channels))
    targets = dataset.scores[:, None]
    return fit(
        model,
        material.inputs(dataset.training),
        targets[dataset.training],
        material.inputs(dataset.validation),
        targets[dataset.validation],
        recipe,
        checkpoint,
        report,
    )


def with_channels(weights: Weights, channels: int) -> Weights:
    """Widen the first layer to more input channels with zero weights, which leaves the function of the sequence unchanged.

    Parameters
    ----------
    weights : of a ResidualBind.
    channels : 4, 6 or 9.
    """
    kernel = weights["conv/kernel"]
    missing = channels - kernel.shape[1]
    return weights | {"conv/kernel": np.pad(kernel, ((0, 0), (0, missing), (0, 0)))}


def run_file(out: Path, name: str, material: Material, start: Weights | None, recipe: Recipe) -> Path:
    """Name the checkpoint of a run in `out`, so that it is resumed only with the same data, start and recipe.

    Parameters
    ----------
    out : folder of models.
    material, start, recipe : everything that determines the run.
    """
    digest = hashlib.sha256(json.dumps(asdict(recipe)).encode())
    arrays = [material.dataset.codes, material.dataset.scores, material.profiles, *(start[v] for v in sorted(start or {}))]  # type: ignore[index]
    for array in arrays:
        digest.update(b"-" if array is None else array.tobytes())
    return out / f"{name}-{digest.hexdigest()[:12]}.checkpoint.npz"


def recipe_entry(recipe: Recipe, history: list[EpochReport]) -> dict[str, Any]:
    """Entries of a card on the fit: recipe, split seed and the validation Pearson of each epoch."""
    return {
        "split_seed": SPLIT_SEED,
        "recipe": asdict(recipe),
        "validation_pearson": [round(h.validation_pearson, 4) for h in history],
    }


def summarise(model: Predictor) -> dict[str, Any]:
    """Summarise a model: its best 6-mers on the profile background and the motif of the top ten.

    Returns
    -------
    dict
        `top_kmers`, `motif` and `summary_samples` for the model's card.
    """
    sample = _summary_sample(SUMMARY_SAMPLES)
    return _summary(fast_scan(GlobalImportanceAnalysis(model, sample), top=TOP).best(TOP), sample)


def summarise_folding(model: ResidualBindPredictor, profiles: NDArray[np.floating]) -> dict[str, Any]:
    """The same for a model that reads structure, where folding every 6-mer in every background RNA would take too long.

    Parameters
    ----------
    model : reads sequence and structure.
    profiles : (n, 41, 2 or 5) of the probes; candidates are chosen with their mean in place of folding.

    Returns
    -------
    dict
        `top_kmers`, measured with each sequence folded, and `motif`.
    """
    typical = profiles[: len(profiles) // 20].mean(axis=0, dtype=np.float32)
    unfolded = GlobalImportanceAnalysis(_Unfolded(model, typical), _summary_sample(SUMMARY_SAMPLES))
    candidates = fast_scan(unfolded, top=CANDIDATES)
    sample = _summary_sample(SUMMARY_SAMPLES_FOLDED)
    return _summary(kmer_importance(GlobalImportanceAnalysis(model, sample), candidates.codes).best(TOP), sample)


@dataclass(frozen=True)
class _Unfolded:
    """A model that reads structure, with the same profile for every sequence."""

    model: ResidualBindPredictor
    profile: NDArray[np.float32]

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        return self.model.predict_inputs(ModelInputs(codes, np.broadcast_to(self.profile, (len(codes), *self.profile.shape))))


def _summary_sample(samples: int) -> BackgroundSample:
    return draw_sample(Profile(profile()), profile(), samples, np.random.default_rng(SUMMARY_SEED))


def _summary(best: list[KmerImportance], sample: BackgroundSample) -> dict[str, Any]:
    return {
        "summary_samples": len(sample),
        "top_kmers": [asdict(kmer) for kmer in best],
        "motif": alignment_motif(best[:ALIGNED]).round(5).tolist(),
    }
