"""The models compared with published methods, on the same experiments, scale and test probes.

Published correlations: Su et al. 2019 (ThermoNet, PLoS Comput Biol), supplementary table S2; test-set Pearson over set B
of clip-transformed scores, for all 244 experiments of RNAcompete 2013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbind_core.errors import RBindError
from rbind_core.model.registry import Model
from rbind_core.statistics import p_value_text, t_margin
from rbind_core.system.paths import PRETRAINED

OURS = "RBind"
METHODS = ("ThermoNet", "RCK", "DLPRB-CNN", "cDeepbind-CNN")
SOURCE = "Su et al. 2019 (ThermoNet), supplementary table S2"
CLIP, LOG = "pearson_clip", "pearson_log"
DIFFERENCE = f"difference_to_{METHODS[0]}"
CONDITIONS = (
    "The training data are not the same. Ours start from a trunk that has seen the training scores (set A) of all 49 experiments, "
    "among them six of SRSF1 and two each of eight more proteins. The published networks were, as far as their papers and public "
    "code say, each fitted to a single experiment. So part of the difference may be the trunk's: see *What does the trunk bring?* "
    "below."
)
CEILING, SHARE = "ceiling", "share_of_ceiling"
SCRATCH, TRUNK_START = "pearson_scratch", "pearson_trunk"
SINGLE_TASK = "single_task.tsv"
SINGLE_TASK_EXPERIMENTS = 10  # of all experiments
STRUCTURES = ("PU", "PHIME")
LOW = 0.2  # test Pearson below which a method does not predict the experiment


@dataclass(frozen=True)
class PairedCorrelations:
    """Two sets of test correlations, paired by experiment or by protein.

    `ours` and `theirs` are means over the same n experiments, or over the means of n proteins' experiments,
    and `difference` is the mean of ours minus theirs, all NaN where n = 0; `ci95` is its 95 % confidence interval
    (Student's t) and `p_value` that of the two-sided Wilcoxon signed-rank test, both NaN where n < 2; `wins` counts the pairs
    where ours is higher. `by` is 'experiment' or 'protein': experiments on one protein are not independent of each other.
    """

    method: str
    n: int
    ours: float
    theirs: float
    difference: float
    ci95: tuple[float, float]
    wins: int
    p_value: float
    by: str = "experiment"


@cache
def _published() -> pd.DataFrame:
    with files("rbind_core.data").joinpath("published_pearson.tsv").open() as lines:
        return pd.read_csv(lines, sep="\t", index_col="experiment")


def published() -> pd.DataFrame:
    """Published test Pearson correlations on the clip scale (Su et al. 2019, supplementary table S2).

    Returns
    -------
    DataFrame
        244 rows, indexed by experiment id; one float64 column for each of `METHODS`.
    """
    return _published().copy()


def benchmark_table(models: Sequence[Model]) -> pd.DataFrame:
    """Combine the test correlations of our models with the published ones, one row per experiment.

    Models that read structure, broken models and taught ones, which were not tested, are left out; of several models of an
    experiment the first counts.

    Returns
    -------
    DataFrame
        `experiment`, `protein`, `species`, `pearson_clip`, one column for each of `METHODS`, `difference_to_ThermoNet`
        (ours minus theirs, clip scale), `pearson_log`, on the same scale the `replicates_pearson` of RNAs measured twice, the noise
        `ceiling` of the test Pearson and our `share_of_ceiling`, and `n_test` probes; NaN where a number does not exist.
    """
    usable = [m for m in models if not m.problem and not m.structure and not m.is_taught]
    names = ["experiment", "protein", "species"]
    numbers = [CLIP, LOG, "replicates_pearson", CEILING, SHARE, "n_test"]
    rows = [
        (
            *(m.experiment, m.protein, m.species, m.pearson_test_clip, m.pearson_test),
            *(m.replicates.pearson if m.replicates else np.nan, m.ceiling, m.share_of_ceiling, m.metrics.get("n_test", np.nan)),
        )
        for m in usable
    ]
    table = pd.DataFrame(rows, columns=[*names, *numbers]).drop_duplicates("experiment", ignore_index=True)
    table = table.astype(dict.fromkeys(numbers, float)).join(published(), on="experiment")
    table[DIFFERENCE] = table[CLIP] - table[METHODS[0]]
    return table[[*names, CLIP, *METHODS, DIFFERENCE, *numbers[1:]]]


def compare_with(models: Sequence[Model], method: str, by: str = "experiment") -> PairedCorrelations:
    """Compare our models with a published method on the clip scale, over the experiments that both cover.

    Parameters
    ----------
    method : one of `METHODS`.
    by : 'experiment', or 'protein' for the mean over each protein's experiments.

    Raises
    ------
    RBindError
        If the method is unknown, or `by` is neither.
    """
    if by not in ("experiment", "protein"):
        raise RBindError(f"{by!r} is no way to pair correlations; choose from experiment, protein")
    if method not in METHODS:
        raise RBindError(f"{method!r} is not a published method; choose from {', '.join(METHODS)}")
    table = benchmark_table(models).dropna(subset=[CLIP, method])
    pairs = table.groupby(by)[[CLIP, method]].mean()
    return _compare(method, pairs[CLIP].to_numpy(), pairs[method].to_numpy(), by)


def compare_scales(models: Sequence[Model]) -> PairedCorrelations:
    """Compare the test correlations of log-transformed ('ours') and clip-transformed scores ('theirs'), as in Fig. 1d.

    A correlation of log-transformed scores weighs all probes alike, one of clipped scores mostly the strong binders, so
    the difference is as much one of the question as of the quality of the answer.
    """
    table = benchmark_table(models)
    return _compare("clip-transform", table[LOG].to_numpy(), table[CLIP].to_numpy())


def _compare(method: str, ours: NDArray[np.float64], theirs: NDArray[np.float64], by: str = "experiment") -> PairedCorrelations:
    known = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs = ours[known], theirs[known]
    n, differences, nothing = len(ours), ours - theirs, float("nan")
    if n == 0:
        return PairedCorrelations(method, 0, nothing, nothing, nothing, (nothing, nothing), 0, nothing, by)
    mean = float(differences.mean())
    half = t_margin(float(differences.std(ddof=1) / np.sqrt(n)), n) if n > 1 else nothing
    p_value = _wilcoxon(differences) if n > 1 else nothing
    wins = int((differences > 0).sum())
    return PairedCorrelations(
        method, n, float(ours.mean()), float(theirs.mean()), mean, (mean - half, mean + half), wins, p_value, by
    )


def _wilcoxon(differences: NDArray[np.float64]) -> float:
    from scipy.stats import wilcoxon

    return float(wilcoxon(differences, alternative="two-sided").pvalue) if differences.any() else 1.0


def verdict(comparison: PairedCorrelations, by_protein: PairedCorrelations | None = None) -> str:
    """Say in a few sentences of plain text how our models compare with a published method.

    Parameters
    ----------
    comparison : from `compare_with`.
    by_protein : the same, paired by protein.
    """
    c = comparison
    if c.n == 0:
        return f"No verdict yet: no experiment has both our correlation on the clip scale and {c.method}'s."
    if c.n == 1:
        return (
            f"On the one experiment that has both, ours is {c.ours:.3f} and {c.method}'s {c.theirs:.3f} "
            "(clip-transformed, set B). One experiment is too few for an interval or a test."
        )
    text = (
        f"On the {c.n} experiments our mean is {c.ours:.3f}, {c.method}'s {c.theirs:.3f}: a difference of {difference_text(c)}. "
        f"Ours is better in {c.wins} of {c.n}, Wilcoxon {p_value_text(c.p_value)}. "
    )
    if by_protein and 1 < by_protein.n < c.n:
        p = by_protein
        text += (
            f"By protein, the mean over its experiments taken first: {difference_text(p)}, better in {p.wins} of {p.n}, "
            f"Wilcoxon {p_value_text(p.p_value)}. "
        )
    return text + "Same scale (clip-transformed), same test probes (set B), not the same training data."


def difference_text(comparison: PairedCorrelations) -> str:
    """Write a mean difference with its interval, such as '+0.030 (95 % CI +0.023 to +0.036)'.

    Parameters
    ----------
    comparison : of at least two pairs.
    """
    low, high = comparison.ci95
    return f"{comparison.difference:+.3f} (95 % CI {low:+.3f} to {high:+.3f})"


def low_everywhere(models: Sequence[Model]) -> list[Model]:
    """Find the experiments that no method predicts, ours included, where the measurement is the likely limit.

    Returns
    -------
    list of Model
        Those with a test Pearson below 0.2 on the clip scale in every method.
    """
    table = benchmark_table(models).set_index("experiment")[[CLIP, *METHODS]]
    low = set(table.index[(table < LOW).all(axis=1)])
    return [m for m in models if m.experiment in low and not m.problem]


def structure_table(models: Sequence[Model]) -> pd.DataFrame:
    """Pair models that read predicted structure with the sequence-only model of the same experiment (Fig. 1e,f).

    Parameters
    ----------
    models : the card of one that reads structure names its experiment in `training["experiment"]`.

    Returns
    -------
    DataFrame
        `experiment`, `protein`, test Pearson of log-transformed scores for `sequence`, `PU` and `PHIME`, and the gains
        `PU_gain`, `PHIME_gain` over the sequence alone; NaN where there is no such model. One row per experiment that has
        a model with structure.
    """
    alone = {m.experiment: m for m in reversed(models) if not m.problem and not m.structure and not m.is_taught}
    rows: dict[str, dict[str, object]] = {}
    for model in models:
        if model.problem or model.structure not in STRUCTURES:
            continue
        experiment = model.measured_in
        base = alone.get(experiment)
        row = rows.setdefault(
            experiment,
            {
                "experiment": experiment,
                "protein": (base or model).protein,
                "sequence": base.pearson_test if base else float("nan"),
            },
        )
        row.setdefault(model.structure, model.pearson_test)
    table = pd.DataFrame(list(rows.values()), columns=["experiment", "protein", "sequence", *STRUCTURES])
    table = table.astype(dict.fromkeys(["sequence", *STRUCTURES], float))
    for structure in STRUCTURES:
        table[f"{structure}_gain"] = table[structure] - table["sequence"]
    return table


def single_task_table(file: Path = PRETRAINED / SINGLE_TASK) -> pd.DataFrame:
    """Read the ablation: networks trained on one experiment from scratch, beside those that start from the trunk.

    Parameters
    ----------
    file : written by `recipes/single_task.py`, row by row.

    Returns
    -------
    DataFrame
        `experiment`, `protein`, `pearson_scratch` and `pearson_trunk` (test Pearson of log-transformed scores, set B), `n_test` and
        `difference` (trunk minus scratch), lowest first; no rows if the file is missing or damaged.
    """
    columns = ["experiment", "protein", SCRATCH, TRUNK_START, "n_test"]
    try:
        table = pd.read_csv(file, sep="\t")[columns].dropna()
        table = table.astype({SCRATCH: float, TRUNK_START: float, "n_test": int})
    except (OSError, ValueError, KeyError):
        table = pd.DataFrame(columns=columns).astype({SCRATCH: float, TRUNK_START: float, "n_test": int})
    table["difference"] = table[TRUNK_START] - table[SCRATCH]
    return table.sort_values(SCRATCH, ignore_index=True)


def compare_starts(table: pd.DataFrame) -> PairedCorrelations:
    """Compare networks that start from the trunk ('ours') with those trained on one experiment alone ('theirs'), by experiment.

    Parameters
    ----------
    table : from `single_task_table`.
    """
    return _compare("from scratch", table[TRUNK_START].to_numpy(), table[SCRATCH].to_numpy())
