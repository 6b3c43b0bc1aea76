"""Which models look for the same, and which k-mers one prefers over others: their scans of all 6-mers, side by side."""

from __future__ import annotations

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

SIMILAR = 0.6  # mean correlation within a group
FEWEST, MOST = 2, 5  # models that are compared at once
Z_SCORE, SHARE = "z-score", f"share of own best {SCANNED_K}-mer"
SCALES = (Z_SCORE, SHARE)


@dataclass(frozen=True)
class MotifGroup:
    """Models that look for similar motifs, the most typical first; `name` is the top 6-mer of the most typical one."""

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
    experiments : ids of models that have a scan.

    Returns
    -------
    list of MotifGroup
        The largest first; models that resemble no other are groups of one.
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
    return sorted(groups, key=lambda group: (-len(group.experiments), group.name))


def comparable(models: Sequence[Model], atlas: Atlas) -> list[Model]:
    """List the models whose scan of all 6-mers the atlas holds, as they are now.

    Returns
    -------
    list of Model
        In the same order; broken models, and those that fold every sequence, are left out.
    """
    scanned = set(atlas.scanned)
    return [m for m in models if m.experiment in scanned and is_current(atlas, m) and not m.problem]


def most_similar(model: Model, others: Sequence[Model], atlas: Atlas) -> Model | None:
    """Find the model of another protein whose scan correlates best with that of a model.

    Parameters
    ----------
    others : that have one too; models of the same protein are passed over.

    Returns
    -------
    Model or None
        None where there is no other protein.
    """
    others = [other for other in others if other.protein.upper() != model.protein.upper()]
    if not others:
        return None
    scans, _ = atlas.scans([model.experiment, *(other.experiment for other in others)])
    return others[int(np.argmax(correlations(scans)[0, 1:]))]


@dataclass(frozen=True)
class ScanComparison:
    """Global importance of all 6-mers in several models, side by side.

    `means` and `standard_errors` are (m, 4096) float64, a row for each model and a column for each of `kmers`, in alphabetical
    order; `samples` is the number of background RNAs behind each mean of a model and `seeds` how they were drawn; `scale` is one
    of `SCALES`. The RNAs are drawn alike for all models, but each has z-scores of its own experiment.
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
        """Short names: the protein, or protein and experiment where several models are of one protein."""
        proteins = [model.protein for model in self.models]
        return tuple(m.protein if proteins.count(m.protein) == 1 else m.label for m in self.models)

    @property
    def unit(self) -> str:
        """What the numbers are in, in words."""
        return "z-score units" if self.scale == Z_SCORE else self.scale

    @property
    def settings_text(self) -> str:
        """Where each 6-mer stands, N, background and seed, in words."""
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
        """Find the column of a 6-mer.

        Parameters
        ----------
        kmer : six of the letters A, C, G, U.

        Returns
        -------
        int
            From 0.
        """
        return self.kmers.index(kmer)

    def table(self) -> dict[str, Sequence[str] | NDArray[np.float64]]:
        """Columns for CSV files: the 6-mers, then (4,096,) means and standard errors of each model."""
        columns: dict[str, Sequence[str] | NDArray[np.float64]] = {"kmer": self.kmers}
        for model, mean, error in zip(self.models, self.means, self.standard_errors, strict=True):
            columns |= {f"{model.experiment}_global_importance": mean, f"{model.experiment}_standard_error": error}
        return columns


def compare_scans(models: Sequence[Model], atlas: Atlas, scale: str = Z_SCORE) -> ScanComparison:
    """Put the scans of some models side by side.

    Parameters
    ----------
    models : two to five different ones.
    scale : 'z-score', or 'share of own best 6-mer': all numbers of a model divided by its highest mean, which then counts as known.

    Returns
    -------
    ScanComparison
        In the order of the models.

    Raises
    ------
    ExperimentError
        If there are too few or too many models, one is named twice, or the scale makes no sense.
    ModelError
        If a model is broken or the atlas does not hold its scan.
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
    """Say why a model has no scan to compare.

    Parameters
    ----------
    model : that is not `comparable`.

    Returns
    -------
    str
        A clause.
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
    """Find the k-mers that one model prefers over all others under comparison.

    Importances below 0 of the others count as 0, since a k-mer that they avoid is not yet one that this model seeks.

    Parameters
    ----------
    of : number of the model, from 0.

    Returns
    -------
    list of SpecificKmer
        Largest advantage first: importance in the model minus the highest among the others. Those without any are left out.
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
    """Tell which 6-mers hold a motif.

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
