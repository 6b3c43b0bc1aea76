"""How good the models are beside published methods, on the same experiments, the same scale and the same test probes.

Published correlations: Su et al. 2019 (ThermoNet, PLoS Comput Biol), supplementary table S2; test-set Pearson over set B
of clip-transformed scores, for all 244 experiments of RNAcompete 2013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbind_core.errors import RBindError
from rbind_core.model.registry import Model

OURS = "RBind"
METHODS = ("ThermoNet", "RCK", "DLPRB-CNN", "cDeepbind-CNN")
SOURCE = "Su et al. 2019 (ThermoNet), supplementary table S2"
CLIP, LOG = "pearson_clip", "pearson_log"
DIFFERENCE = f"difference_to_{METHODS[0]}"
STRUCTURES = ("PU", "PHIME")
LOW = 0.2  # a test Pearson below which no method can be said to predict the experiment


@dataclass(frozen=True)
class Comparison:
    """Two sets of test correlations, paired by experiment.

    `ours` and `theirs` are means over the same n experiments and `difference` is the mean of ours minus theirs, all NaN
    where n = 0; `ci95` is its 95 % confidence interval (Student's t) and `p_value` that of the two-sided Wilcoxon
    signed-rank test, both NaN where n < 2; `wins` counts the experiments where ours is higher.
    """

    method: str
    n: int
    ours: float
    theirs: float
    difference: float
    ci95: tuple[float, float]
    wins: int
    p_value: float


@cache
def _published() -> pd.DataFrame:
    with files("rbind_core.data").joinpath("published_pearson.tsv").open() as lines:
        return pd.read_csv(lines, sep="\t", index_col="experiment")


def published() -> pd.DataFrame:
    """Test Pearson correlations that others published (Su et al. 2019, supplementary table S2), on the clip scale.

    Returns
    -------
    DataFrame
        244 rows, indexed by experiment id; one float64 column for each of `METHODS`.
    """
    return _published().copy()


def benchmark_table(models: Sequence[Model]) -> pd.DataFrame:
    """Put the test correlations of our models beside the published ones, one row per experiment.

    Models that read structure, and broken ones, are left out; of several models of an experiment the first counts.

    Parameters
    ----------
    models : from the registry.

    Returns
    -------
    DataFrame
        `experiment`, `protein`, `species`, `pearson_clip`, one column for each of `METHODS`, `difference_to_ThermoNet`
        (ours minus theirs, clip scale), `pearson_log` and `n_test` probes; NaN where a number does not exist.
    """
    usable = [m for m in models if not m.problem and not m.structure]
    columns = ["experiment", "protein", "species", CLIP, LOG, "n_test"]
    rows = [
        (m.experiment, m.protein, m.species, m.pearson_test_clip, m.pearson_test, m.metrics.get("n_test", np.nan)) for m in usable
    ]
    table = pd.DataFrame(rows, columns=columns).drop_duplicates("experiment", ignore_index=True)
    table = table.astype({CLIP: float, LOG: float, "n_test": float}).join(published(), on="experiment")
    table[DIFFERENCE] = table[CLIP] - table[METHODS[0]]
    return table[[*columns[:4], *METHODS, DIFFERENCE, LOG, "n_test"]]


def compare_with(models: Sequence[Model], method: str) -> Comparison:
    """Compare our models with a published method on the clip scale, over the experiments where both are known.

    Parameters
    ----------
    models : from the registry.
    method : one of `METHODS`.

    Returns
    -------
    Comparison
        Ours against theirs.

    Raises
    ------
    RBindError
        If the method is not one of the published ones.
    """
    if method not in METHODS:
        raise RBindError(f"{method!r} is not a published method; choose from {', '.join(METHODS)}")
    table = benchmark_table(models)
    return _compare(method, table[CLIP].to_numpy(), table[method].to_numpy())


def compare_scales(models: Sequence[Model]) -> Comparison:
    """Compare the test correlations of log-transformed ('ours') and clip-transformed scores ('theirs'), as in Fig. 1d.

    A correlation of log-transformed scores weighs all probes alike, one of clipped scores mostly the strong binders, so
    the difference is one of what is asked as much as of how well it is answered.

    Parameters
    ----------
    models : from the registry.

    Returns
    -------
    Comparison
        Over the experiments where both are known.
    """
    table = benchmark_table(models)
    return _compare("clip-transform", table[LOG].to_numpy(), table[CLIP].to_numpy())


def _compare(method: str, ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Comparison:
    known = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs = ours[known], theirs[known]
    n, differences, nothing = len(ours), ours - theirs, float("nan")
    if n == 0:
        return Comparison(method, 0, nothing, nothing, nothing, (nothing, nothing), 0, nothing)
    mean = float(differences.mean())
    half = _half_width(differences) if n > 1 else nothing
    p_value = _wilcoxon(differences) if n > 1 else nothing
    wins = int((differences > 0).sum())
    return Comparison(method, n, float(ours.mean()), float(theirs.mean()), mean, (mean - half, mean + half), wins, p_value)


def _half_width(values: NDArray[np.float64]) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))


def _wilcoxon(differences: NDArray[np.float64]) -> float:
    from scipy.stats import wilcoxon

    return float(wilcoxon(differences, alternative="two-sided").pvalue) if differences.any() else 1.0


def verdict(comparison: Comparison) -> str:
    """Say in a sentence or two how our models compare with a published method.

    Parameters
    ----------
    comparison : from `compare_with`.

    Returns
    -------
    str
        Plain text.
    """
    c = comparison
    if c.n == 0:
        return f"No verdict yet: no experiment has both our correlation on the clip scale and {c.method}'s."
    if c.n == 1:
        return (
            f"On the one experiment that has both, ours is {c.ours:.3f} and {c.method}'s {c.theirs:.3f} "
            "(clip-transformed, set B). One experiment is too few for an interval or a test."
        )
    return (
        f"On the {c.n} experiments our mean is {c.ours:.3f}, {c.method}'s {c.theirs:.3f}: a difference of {c.difference:+.3f} "
        f"(95 % CI {c.ci95[0]:+.3f} to {c.ci95[1]:+.3f}). Ours is better in {c.wins} of {c.n}, Wilcoxon {p_text(c.p_value)}. "
        "Same scale (clip-transformed), same test probes (set B)."
    )


def p_text(p_value: float) -> str:
    """Write a p-value.

    Parameters
    ----------
    p_value : between 0 and 1.

    Returns
    -------
    str
        Such as 'p = 0.012', 'p = 3.6e-15'.
    """
    return f"p = {p_value:.2g}" if p_value else "p < 1e-300"


def low_everywhere(models: Sequence[Model]) -> list[Model]:
    """Find the experiments that neither we nor any published method can predict: there the measurement is the likely limit.

    Parameters
    ----------
    models : from the registry.

    Returns
    -------
    list of Model
        Those whose test Pearson on the clip scale is below 0.2 in every method, ours too.
    """
    table = benchmark_table(models).set_index("experiment")[[CLIP, *METHODS]]
    low = set(table.index[(table < LOW).all(axis=1)])
    return [m for m in models if m.experiment in low and not m.problem]


def structure_table(models: Sequence[Model]) -> pd.DataFrame:
    """Pair models that read predicted structure with the model of sequence alone of the same experiment (Fig. 1e,f).

    Parameters
    ----------
    models : from the registry; the card of one that reads structure names its experiment in `training["experiment"]`.

    Returns
    -------
    DataFrame
        `experiment`, `protein`, test Pearson of log-transformed scores for `sequence`, `PU` and `PHIME`, and the gains
        `PU_gain`, `PHIME_gain` over the sequence alone; NaN where there is no such model. One row per experiment that has
        a model with structure.
    """
    alone = {m.experiment: m for m in reversed(models) if not m.problem and not m.structure}
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
