"""Similar models, and k-mers that one prefers over others: comparison of their scans of all 6-mers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rbind_core.atlas.files import Atlas, is_current
from rbind_core.atlas.measure import REFERENCE, SCANNED_K
from rbind_core.errors import ExperimentError, ModelError, SequenceError
from rbind_core.model.registry import Model
from rbind_core.motifs import KMER_START
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.sequences import all_kmers, decode
from rbind_core.statistics import t_margin
from rbind_core.system.quoting import in_shell

SIMILAR = 0.6  # lowest mean correlation within a group
FEWEST, MOST = 2, 5  # models to compare at once
Z_SCORE, SHARE = "z-score", f"share of own best {SCANNED_K}-mer"
SCALES = (Z_SCORE, SHARE)


@dataclass(frozen=True)
class MotifGroup:
    """Models with similar motifs, the most typical first.

    `name` is the top 6-mer of the most typical one, with a number behind it if another group has that name.
    """

    name: str
    experiments: tuple[str, ...]


def correlations(scans: NDArray[np.floating]) -> NDArray[np.float64]:
    """Correlate the scans of models with each other.

    Parameters
    ----------
    scans : (m, 4096) global importances of all 6-mers.

    Returns
    -------
    NDArray
        (m, m) float64 Pearson correlations.
    """
    return np.atleast_2d(np.corrcoef(scans.astype(np.float64)))


def motif_groups(atlas: Atlas, experiments: Sequence[str]) -> list[MotifGroup]:
    """Group models by average linkage of the correlations of their scans.

    Parameters
    ----------
    experiments : ids of models with a scan.

    Returns
    -------
    list of MotifGroup
        Largest first; models that resemble no other are groups of one.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if not experiments:
        return []
    alike = correlations(atlas.scans(experiments)[0])
    if len(experiments) == 1:
        numbers = np.ones(1, int)
    else:
        distances = np.clip(1 - (alike + alike.T) / 2, 0, 2)
        np.fill_diagonal(distances, 0)
        numbers = fcluster(linkage(squareform(distances, checks=False), "average"), 1 - SIMILAR, "distance")
    top_kmers = atlas.overview["top_kmer"]
    groups = []
    for number in np.unique(numbers):
        members = np.flatnonzero(numbers == number)
        typical_first = members[np.argsort(-alike[np.ix_(members, members)].mean(axis=1), kind="stable")]
        names = tuple(experiments[member] for member in typical_first)
        groups.append(MotifGroup(str(top_kmers[names[0]]), names))
    return _named_apart(sorted(groups, key=lambda group: (-len(group.experiments), group.name, group.experiments)))


def _named_apart(groups: Sequence[MotifGroup]) -> list[MotifGroup]:
    """Number the groups of one name from the second on."""
    seen: Counter[str] = Counter()
    found = []
    for group in groups:
        seen[group.name] += 1
        found.append(group if seen[group.name] == 1 else replace(group, name=f"{group.name} ({seen[group.name]})"))
    return found


def comparable(models: Sequence[Model], atlas: Atlas) -> list[Model]:
    """List the models with a current scan of all 6-mers in the atlas, in order.

    Returns
    -------
    list of Model
        Without broken models and those that fold every sequence.
    """
    scanned = set(atlas.scanned)
    return [m for m in models if m.experiment in scanned and is_current(atlas, m) and not m.problem]


def most_similar(model: Model, others: Sequence[Model], atlas: Atlas) -> Model | None:
    """Find the model of another protein whose scan correlates best with a model's.

    Parameters
    ----------
    others : with a scan; models of the same protein are ignored.

    Returns
    -------
    Model or None
        None without another protein.
    """
    others = [other for other in others if other.protein.upper() != model.protein.upper()]
    if not others:
        return None
    scans, _ = atlas.scans([model.experiment, *(other.experiment for other in others)])
    return others[int(np.argmax(correlations(scans)[0, 1:]))]


@dataclass(frozen=True)
class ScanComparison:
    """Global importance of all 6-mers in several models, side by side.

    `means` and `standard_errors` are (m, 4096) float64, a row per model and a column for each of `kmers`, in alphabetical
    order; `samples` are the numbers of background RNAs behind each model's means and `seeds` their seeds; `scale` is one
    of `SCALES`. The RNAs are drawn alike for all models, but z-scores are those of each model's experiment.
    """

    models: tuple[Model, ...]
    kmers: tuple[str, ...]
    means: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    samples: tuple[int, ...]
    seeds: tuple[int, ...]
    scale: str = Z_SCORE

    @cached_property
    def correlations(self) -> NDArray[np.float64]:
        """Pearson correlations of the models over all 6-mers, (m, m) float64."""
        return correlations(self.means)

    @cached_property
    def margins(self) -> NDArray[np.float64]:
        """Half the width of the 95 % confidence interval of each mean (Student's t), (m, 4096) float64."""
        return np.stack([t_margin(1.0, n) * error for n, error in zip(self.samples, self.standard_errors, strict=True)])

    @cached_property
    def best(self) -> tuple[str, ...]:
        """The 6-mer with the highest mean of each model."""
        return tuple(self.kmers[column] for column in self.means.argmax(axis=1))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Short names: the protein, with the experiment where several models are of one protein."""
        proteins = [model.protein for model in self.models]
        return tuple(m.protein if proteins.count(m.protein) == 1 else m.label for m in self.models)

    @property
    def unit(self) -> str:
        """Unit of the numbers, in words."""
        return "z-score units" if self.scale == Z_SCORE else self.scale

    @property
    def settings_text(self) -> str:
        """Place of the 6-mers, N, background and seed, in words."""
        counts = " and ".join(f"{n:,}" for n in dict.fromkeys(self.samples))
        seeds = " and ".join(str(seed) for seed in dict.fromkeys(self.seeds))
        place = f"{KMER_START}-{KMER_START + SCANNED_K - 1}"
        return f"each at {place} in N = {counts} background RNAs ({REFERENCE}), seed {seeds}"

    def of(self, *numbers: int) -> ScanComparison:
        """Keep some of the models.

        Parameters
        ----------
        *numbers : of models, from 0, in the order wanted.
        """
        rows = list(numbers)
        return replace(
            self,
            models=tuple(self.models[row] for row in rows),
            samples=tuple(self.samples[row] for row in rows),
            seeds=tuple(self.seeds[row] for row in rows),
            means=self.means[rows],
            standard_errors=self.standard_errors[rows],
        )

    def column(self, kmer: str) -> int:
        """Number, from 0, of the column of a 6-mer in the letters A, C, G, U."""
        return self.kmers.index(kmer)

    def table(self) -> dict[str, Sequence[str] | NDArray[np.float64]]:
        """Columns for CSV files: the 6-mers, then (4,096,) means and standard errors of each model."""
        columns: dict[str, Sequence[str] | NDArray[np.float64]] = {"kmer": self.kmers}
        for model, mean, error in zip(self.models, self.means, self.standard_errors, strict=True):
            columns |= {f"{model.experiment}_global_importance": mean, f"{model.experiment}_standard_error": error}
        return columns


def compare_scans(models: Sequence[Model], atlas: Atlas, scale: str = Z_SCORE) -> ScanComparison:
    """Compare the scans of some models.

    Parameters
    ----------
    models : two to five different ones.
    scale : 'z-score', or 'share of own best 6-mer': a model's numbers divided by its highest mean, which counts as exact.

    Raises
    ------
    ExperimentError
        If there are too few or too many models, one is named twice, or the scale is not usable.
    ModelError
        If a model is broken or the atlas lacks its scan.
    """
    if not FEWEST <= len(models) <= MOST:
        raise ExperimentError(f"name {FEWEST} to {MOST} RBPs to compare, not {len(models)}")
    twice = next((m for number, m in enumerate(models) if m in models[:number]), None)
    if twice is not None:
        raise ExperimentError(f"{twice.label} is named twice; name different models")
    if scale not in SCALES:
        raise ExperimentError(f"{scale[:40]!r} is not a scale; use {' or '.join(SCALES)}")
    usable = comparable(models, atlas)
    missing = next((m for m in models if m not in usable), None)
    if missing is not None:
        raise ModelError(f"{missing.label} cannot be compared: {why_not(missing)}")
    experiments = [m.experiment for m in models]
    means, errors = (numbers.astype(np.float64) for numbers in atlas.scans(experiments))
    if scale == SHARE:
        best = means.max(axis=1, keepdims=True)
        flat = next((m for m, value in zip(models, best[:, 0], strict=True) if value <= 0), None)
        if flat is not None:
            raise ExperimentError(f"no {SCANNED_K}-mer raises the binding that {flat.label} predicts; use the scale {Z_SCORE}")
        means, errors = means / best, errors / best
    rows = atlas.overview.loc[experiments]
    samples = rows[["samples", "scan_samples"]].min(axis=1)
    kmers = tuple(decode(all_kmers(SCANNED_K)))
    return ScanComparison(tuple(models), kmers, means, errors, tuple(map(int, samples)), tuple(map(int, rows["seed"])), scale)


def why_not(model: Model) -> str:
    """Say in a clause why a model has no scan to compare.

    Parameters
    ----------
    model : not `comparable`.
    """
    if model.problem:
        return f"it is broken ({model.problem})"
    if model.structure:
        return f"it folds every sequence, so its {4**SCANNED_K:,} {SCANNED_K}-mers have not all been scanned"
    return f"the atlas does not hold it; './rbind atlas --rbp {in_shell(model.experiment)}' measures it"


@dataclass(frozen=True)
class SpecificKmer:
    """A k-mer that one model prefers over others: global importance and standard error in each, in the order of the models."""

    kmer: str
    importances: tuple[float, ...]
    standard_errors: tuple[float, ...]
    advantage: float


def specific_kmers(comparison: ScanComparison, of: int, top: int = 10) -> list[SpecificKmer]:
    """Find the k-mers that one model prefers over all others in the comparison.

    Importances below 0 of the others count as 0, since a k-mer that they avoid need not be one that this model prefers.

    Parameters
    ----------
    of : number of the model, from 0.

    Returns
    -------
    list of SpecificKmer
        Largest advantage first: importance in the model minus the highest among the others; only positive ones.
    """
    means, errors = comparison.means, comparison.standard_errors
    others = np.delete(means, of, axis=0).max(axis=0, initial=0)
    advantage = means[of] - others
    best = [column for column in np.argsort(-advantage, kind="stable")[:top] if advantage[column] > 0]
    return [
        SpecificKmer(
            comparison.kmers[column], tuple(means[:, column].tolist()), tuple(errors[:, column].tolist()), float(advantage[column])
        )
        for column in best
    ]


def holding(motif: str) -> NDArray[np.bool_]:
    """Tell which 6-mers contain a motif.

    Parameters
    ----------
    motif : one to six IUPAC letters, T for U and lower case accepted.

    Returns
    -------
    NDArray
        (4096,) bool, in alphabetical order of the 6-mers.

    Raises
    ------
    SequenceError
        If a letter is unknown or the motif is longer.
    """
    letters = "".join(motif.split())
    if len(letters) > SCANNED_K:
        raise SequenceError(
            f"{letters[:24]}: {len(letters)} letters are more than a {SCANNED_K}-mer holds; use at most {SCANNED_K}"
        )
    return mismatches(all_kmers(SCANNED_K), letters) == 0
