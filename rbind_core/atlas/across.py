"""Studies over the models of all RBPs: GC-rich ends, additivity of sites, pairing (Koo et al. 2021, Fig. 2g and 4d,e)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from rbind_core.atlas.distribution import Distribution, Quantity, bin_edges
from rbind_core.atlas.entries import spread_of
from rbind_core.atlas.files import Atlas, is_current
from rbind_core.atlas.measure import EVERYWHERE, REFERENCE, Row
from rbind_core.atlas.notes import notes_of, plural, verdicts_sentence
from rbind_core.atlas.studies import BEYOND_MEASURED, STUDIES, Study, networks_column
from rbind_core.atlas.studies import agrees_column as agrees_column
from rbind_core.errors import ExperimentError
from rbind_core.experiments.sites import Sites
from rbind_core.model.registry import Model
from rbind_core.statistics import t_margin

if TYPE_CHECKING:
    import pandas as pd

DISAGREE = "its experiments disagree"


@dataclass(frozen=True)
class Across:
    """Result of a study: the distributions by title of their figure, also in words; `table` is from `across_table`."""

    study: Study
    table: pd.DataFrame
    figures: Mapping[str, tuple[Distribution, ...]]
    notes: tuple[str, ...]

    @property
    def distributions(self) -> list[Distribution]:
        """All distributions, in order."""
        return list(chain.from_iterable(self.figures.values()))

    @property
    def headline(self) -> Distribution:
        """The distribution that answers the study's question."""
        return next(one for one in self.distributions if one.quantity is self.study.headline)

    @property
    def lead(self) -> str:
        """The answer in a sentence: how many have each verdict, or how many lie above the reference."""
        return verdicts_sentence(self) or self.headline.sentence

    @property
    def sentences(self) -> list[str]:
        """The conclusions: shares first, then caveats."""
        return [*(one.sentence for one in self.distributions), *self.notes]

    @property
    def verdicts(self) -> dict[str, dict[str, int]] | None:
        """Numbers of experiments and proteins with each verdict; None for a study without verdicts."""
        if not self.study.verdict:
            return None
        said, allowed = self.table[self.study.verdict], self.study.verdicts
        by_protein = [set(of) for _, of in said.groupby(self.table["protein"])]
        alike = [of.pop() if len(of) == 1 else DISAGREE for of in by_protein]
        return {
            "experiment": {verdict: int((said == verdict).sum()) for verdict in allowed},
            "protein": {verdict: alike.count(verdict) for verdict in (*allowed, DISAGREE)},
        }

    @property
    def settings(self) -> str:
        """The settings of the measurement, in words."""
        return f"{self.study.settings}; {REFERENCE} background, {samples_text(self.table)}"

    @property
    def counted(self) -> str:
        """Numbers of models and of proteins, in words."""
        n, proteins = len(self.table), self.table["protein"].nunique()
        return f"{n} {plural(n, 'experiment')} of {proteins} {plural(proteins, 'protein')}"


def samples_text(table: pd.DataFrame) -> str:
    """Say how many background sequences are behind each mean, and their seed, such as 'N = 1,000, seed 0'.

    Parameters
    ----------
    table : from `across_table`, with at least one row.
    """
    low, high = table["samples"].min(), table["samples"].max()
    seeds = ", ".join(str(seed) for seed in sorted(table["seed"].unique()))
    return f"N = {low:,}{'' if low == high else f' to {high:,}'}, seed {seeds}"


def counted_models(models: Iterable[Model], atlas: Atlas) -> list[Model]:
    """Choose the models to count: sequence-only ones with a current row in the atlas, one per experiment.

    Taught models are not counted: what their teachers lack they have learned from measurements of the other proteins, so that they
    are no further witnesses of what all have in common.

    Returns
    -------
    list of Model
        Of several models of one experiment, the one with its name, else the first.
    """
    usable = [m for m in models if not (m.structure or m.is_taught or m.problem) and is_current(atlas, m)]
    chosen: dict[str, Model] = {}
    for model in sorted(usable, key=lambda m: m.experiment != m.measured_in):
        chosen.setdefault(model.measured_in, model)
    kept = {model.experiment for model in chosen.values()}
    return [model for model in usable if model.experiment in kept]


_KEPT = (
    *("experiment", "protein", "species", "top_kmer", "top_importance"),
    *("gc_five", "gc_five_standard_error", "gc_three", "gc_three_standard_error"),
    *("gc_difference", "gc_difference_standard_error", "sites_verdict", "sites_per_cent_of_sum"),
    *("sites_per_cent_of_sum_standard_error", "sites_mean_score", "sites_r_squared", "sites_slope", "pairing_verdict"),
    *("loop_minus_open", "loop_minus_open_standard_error", "compensatory", "compensatory_standard_error"),
    *("loop_over_stem", "loop_over_stem_standard_error", "samples", "seed"),
)


def across_table(models: Iterable[Model], atlas: Atlas) -> pd.DataFrame:
    """Collect the quantities to compare over all models.

    Parameters
    ----------
    models : see `counted_models` for those that are left out.

    Returns
    -------
    pandas.DataFrame
        One row per model, indexed by experiment and in order: effects with standard errors, verdicts, `sites_beyond_measured`
        (whether three sites are predicted above 99.9 % of the scores that the network was trained on; None where these are
        unknown), and for each experiment under all backgrounds `agrees_...`: 'agree', 'differ', or 'nothing clear'
        under the profile background; `..._networks` such as '7 of 8': networks of the committee that lie on the same side of the
        study's reference as their mean, None without a committee.
    """
    counted = counted_models(models, atlas)
    names = [model.experiment for model in counted]
    kept = ["experiment", "verdicts", "networks", "spreads"]
    read = {row["experiment"]: _agreement(row) | _in_networks(row) for row in atlas.table.select(kept).to_pylist()}
    table = atlas.overview.loc[names]
    columns = [agrees_column(kind.name) for kind in EVERYWHERE]
    columns += [networks_column(study.headline.column) for study in STUDIES.values()]
    beyond = [is_beyond_measured(model, float(table["sites_mean_score"][model.experiment])) for model in counted]
    known = {column: [read[name].get(column) for name in names] for column in columns}
    return table[[*_KEPT]].assign(**{BEYOND_MEASURED: np.array(beyond, object)}, **known)


def is_beyond_measured(model: Model, score: float) -> bool | None:
    """Tell whether a score exceeds 99.9 % of those that a network was trained on.

    Parameters
    ----------
    model : with or without the distribution of its measured scores.
    score : predicted, z-score.

    Returns
    -------
    bool or None
        None where the measured scores or the score are unknown.
    """
    if model.measured_scores is None or not np.isfinite(score):
        return None
    return score > model.measured_scores.percentile_99_9


def _agreement(row: Row) -> dict[str, str | None]:
    words = {True: "agree", False: "differ", None: "nothing clear"}
    return {agrees_column(one["study"]): words[one["agrees"]] for one in row["verdicts"]}


def _in_networks(row: Row) -> dict[str, str | None]:
    found = {}
    for study in STUDIES.values():
        spread = spread_of(row, study.headline.column)
        said = None if spread is None else f"{spread.on_its_side(study.headline.reference)} of {len(spread.values)}"
        found[networks_column(study.headline.column)] = said
    return found


def across(name: str, models: Iterable[Model], atlas: Atlas) -> Across:
    """Run a study over all models, from stored measurements.

    Parameters
    ----------
    name : in `STUDIES`.
    models : see `counted_models` for those that are left out.

    Raises
    ------
    ExperimentError
        If the name is unknown, or the atlas has no model to count.
    """
    if name not in STUDIES:
        raise ExperimentError(f"{name[:40]!r} is not an experiment over all models; use {', '.join(STUDIES)}")
    study, table = STUDIES[name], across_table(models, atlas)
    figures = {title: distributions(table, quantities) for title, quantities in study.figures.items()}
    found = Across(study, table, figures, ())
    return replace(found, notes=tuple(notes_of(found)))


def distributions(table: pd.DataFrame, quantities: Sequence[Quantity]) -> tuple[Distribution, ...]:
    """Collect the distributions of quantities over models, with common bins.

    Parameters
    ----------
    table : from `across_table`.
    quantities : at least one, with the same reference and width of bins.

    Returns
    -------
    tuple of Distribution
        Lowest value first; models without a value are left out.

    Raises
    ------
    ExperimentError
        If no model has a value.
    """
    known = [table[np.isfinite(table[q.column])].sort_values(q.column, kind="stable") for q in quantities]
    if missing := next((q for q, rows in zip(quantities, known, strict=True) if rows.empty), None):
        raise ExperimentError(f"the atlas holds no model with '{missing.title}' yet; './rbind atlas' measures all models")
    edges = bin_edges(np.concatenate([rows[q.column] for q, rows in zip(quantities, known, strict=True)]), quantities[0])
    found = []
    for quantity, rows in zip(quantities, known, strict=True):
        errors = rows[quantity.error].to_numpy(float) if quantity.error else np.full(len(rows), np.nan)
        margins = np.array([t_margin(error, int(n)) for error, n in zip(errors, rows["samples"], strict=True)])
        names = tuple(rows["experiment"]), tuple(rows["protein"])
        found.append(Distribution(quantity, *names, rows[quantity.column].to_numpy(float), errors, margins, edges))
    return tuple(found)


def across_record(found: Across, provenance: dict[str, Any], experiment: str | None = None) -> dict[str, Any]:
    """A study as a plain record, for `--json`.

    Parameters
    ----------
    provenance : of the atlas.
    experiment : the only model whose values are listed; all when None.

    Returns
    -------
    dict
        Shares and bins are always over all models.
    """
    return {
        "name": found.study.name,
        "title": found.study.title,
        "figure": found.study.figure,
        "settings": found.settings,
        "provenance": provenance,
        "models": len(found.table),
        "proteins": int(found.table["protein"].nunique()),
        "verdicts": found.verdicts,
        "beyond_measured": int(sum(bool(one) for one in found.table[BEYOND_MEASURED])) if found.study.of == Sites.name else None,
        "results": [_distribution_record(one, experiment) for one in found.distributions],
        "says": found.sentences,
        "says_not": found.study.says_not,
    }


def _distribution_record(one: Distribution, experiment: str | None) -> dict[str, Any]:
    return {
        "quantity": one.quantity.column,
        "title": one.quantity.title,
        "reference": one.quantity.reference,
        "n": one.n,
        "above": one.above,
        "share": one.share,
        "share_ci95": list(one.share_ci95),
        "clearly_above": one.clearly_above if one.has_intervals else None,
        "clearly_below": one.clearly_below if one.has_intervals else None,
        "median": one.median,
        "p_value": one.p_value,
        "proteins": one.proteins_counted,
        "proteins_above": one.proteins_above,
        "p_value_by_protein": one.p_value_by_protein if np.isfinite(one.p_value_by_protein) else None,
        "bins": {"edges": one.edges.tolist(), "counts": one.counts.tolist()},
        "values": [
            {
                "experiment": row["experiment"],
                "protein": row["protein"],
                "value": row["value"],
                "standard_error": row["standard_error"],
                "ci95": [row["ci95_low"], row["ci95_high"]],
            }
            for row in value_rows([one])
            if experiment in (None, row["experiment"])
        ],
    }


def value_rows(distributions: Iterable[Distribution]) -> list[dict[str, Any]]:
    """One row per model and quantity, for CSV files.

    Returns
    -------
    list of dict
        Lowest value first; standard error and 95 % CI are NaN where there is none.
    """
    return [
        {
            "quantity": one.quantity.column,
            "experiment": experiment,
            "protein": protein,
            "value": value,
            "standard_error": error,
            "ci95_low": value - margin,
            "ci95_high": value + margin,
        }
        for one in distributions
        for experiment, protein, value, error, margin in zip(
            one.experiments, one.proteins, one.values.tolist(), one.errors.tolist(), one.margins.tolist(), strict=True
        )
    ]
