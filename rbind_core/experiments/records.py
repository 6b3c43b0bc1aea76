"""Results as plain records, for `--json`, the CSV files and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import Importance
from rbind_core.analyses.in_networks import InNetworks
from rbind_core.experiments.experiment import Result
from rbind_core.experiments.level import COVERS, level
from rbind_core.experiments.robustness import Robustness
from rbind_core.model.measured_scores import MeasuredScores
from rbind_core.model.registry import Model
from rbind_core.model.second_opinion import CAVEAT
from rbind_core.motifs import KmerScan, RankGroup
from rbind_core.statistics import Comparison, PairedEffect, compare_with_first


def effect_record(effect: PairedEffect) -> dict[str, Any]:
    """Uncertainty of an effect: standard error, 95 % CI, uncorrected p, paired effect size, N."""
    return {
        "standard_error": effect.standard_error,
        "ci95": list(effect.ci95),
        "p_value": effect.p_value,
        "effect_size": effect.effect_size,
        "samples": effect.samples,
    }


def importance_record(importance: Importance, local: bool = True, measured: MeasuredScores | None = None) -> dict[str, Any]:
    """One construct's importance.

    Parameters
    ----------
    local : whether to include the local importances.
    measured : scores that the network was trained on; None where unknown.

    Returns
    -------
    dict
        Pattern, global importance, null, uncertainty and what it covers, share of the background RNAs (on one RNA: of its
        arrangements) with a positive effect, mean score with the construct and the share of measured probes above it.
    """
    where = level(importance, measured)
    is_one = importance.samples < 2
    record = {
        "pattern": str(importance.construct),
        "name": importance.construct.name,
        "global_importance": importance.mean,
        "null": importance.construct.null_text,
        "null_mean": importance.null_mean,
        **effect_record(importance),
        "ci95_covers": None if is_one else COVERS,
        "positive_share": importance.positive_share,
        "mean_score": where.mean_score,
        "known_probes_above": where.known_probes_above,
        "beyond_measured": where.beyond_measured,
        "arrangements": importance.arrangements or None,
        "standard_deviation": importance.standard_deviation,
    }
    return record | ({"local_importance": importance.local.tolist()} if local else {})


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """One comparison: both names, difference, uncertainty, Holm's p.

    Parameters
    ----------
    comparison : with its p-value corrected within its set.
    """
    return {
        "first": comparison.first,
        "second": comparison.second,
        "difference": comparison.mean,
        **effect_record(comparison),
        "p_holm": comparison.holm,
    }


def networks_record(others: InNetworks | None, number: int) -> dict[str, Any]:
    """What other networks say about one effect; nothing where none was asked."""
    if others is None:
        return {}
    record = others.of(number).record() | {"networks_samples": others.samples}
    record |= {
        "other_experiments": [
            {"experiment": one.experiment, "grade": one.grade, "value": one.effects[number]} for one in others.beside.experiments
        ]
    }
    return record | ({"deepbind": others.beside.deepbind[number]} if others.beside.deepbind else {})


def committee_record(others: InNetworks | None) -> dict[str, Any]:
    """Which networks were left out of a committee; nothing where none was asked."""
    if others is None:
        return {}
    return {"networks_left_out": list(others.problems)} | ({"deepbind_is": CAVEAT} if others.beside.deepbind else {})


def result_record(result: Result, local: bool = False, others: InNetworks | None = None) -> dict[str, Any]:
    """Result of an experiment under one background: arms, comparisons, fits, sentences.

    Parameters
    ----------
    local : whether to include the local importances.
    """
    return {
        "results": [
            {"label": arm.label, "series": arm.series, "x": arm.x, **importance_record(importance, local, result.measured)}
            | networks_record(others, number)
            for number, (arm, importance) in enumerate(zip(result.arms, result.importances, strict=True))
        ],
        "comparisons": [comparison_record(c) for c in result.comparisons],
        "fits": {series: asdict(fit) | {"slope_ci95": list(fit.slope_ci95)} for series, fit in result.fits.items()},
        **result.experiment.record(result),
        "says": result.sentences,
        "says_not": result.experiment.says_not,
    }


def experiment_record(
    model: Model,
    choice: BackgroundChoice,
    result: Result | Robustness,
    local: bool = False,
    others: InNetworks | None = None,
) -> dict[str, Any]:
    """An experiment with the settings that reproduce it, for `--json`.

    Parameters
    ----------
    result : under one background, or all of the paper's.
    local : whether to include the local importances.
    others : the same arms in other networks.
    """
    experiment = result.experiment
    record: dict[str, Any] = {
        "rbp": model.protein,
        "experiment": model.experiment,
        "grade": model.grade,
        "name": experiment.name,
        "title": experiment.title,
        "figure": experiment.figure,
        "settings": experiment.settings,
        **choice_record(choice),
    }
    if isinstance(result, Result):
        return record | committee_record(others) | result_record(result, local, others)
    return record | {
        "name": "robustness",
        "of": experiment.name,
        "background": list(result.results),
        "agrees": result.agrees,
        "verdict": result.verdict,
        "backgrounds": {name: result_record(one, local) for name, one in result.results.items()},
    }


def gia_record(
    model: Model, choice: BackgroundChoice, importances: Sequence[Importance], others: InNetworks | None = None
) -> dict[str, Any]:
    """Importances of constructs and comparisons with the first, with the settings that reproduce them, for `gia --json`.

    Parameters
    ----------
    importances : at least one, on the same background sequences.
    others : the same constructs in other networks.
    """
    comparisons = compare_with_first([one.construct.label for one in importances], importances)
    return {
        "rbp": model.protein,
        "experiment": model.experiment,
        "grade": model.grade,
        **choice_record(choice),
        "null_mean": importances[0].null_mean,
        "results": [
            importance_record(one, measured=model.measured_scores) | networks_record(others, number)
            for number, one in enumerate(importances)
        ],
        "comparisons": [comparison_record(comparison) for comparison in comparisons],
        **committee_record(others),
    }


def kmer_record(
    model: Model,
    choice: BackgroundChoice,
    scan: KmerScan,
    exhaustive: bool,
    top: int,
    groups: Sequence[RankGroup] = (),
    others: InNetworks | None = None,
) -> dict[str, Any]:
    """The best k-mers of a scan with the settings that reproduce them.

    Parameters
    ----------
    scan : of k-mers at one place.
    exhaustive : whether every k-mer was measured on every background sequence.
    groups : possible ranks of the best k-mers.
    others : the same k-mers in other networks.

    Returns
    -------
    dict
        For `kmers --json`; `rank_group` and `separated_from_next` are None beyond the given groups.
    """
    known: list[RankGroup | None] = [*groups, *[None] * len(scan.kmers)]
    return {
        "rbp": model.protein,
        "experiment": model.experiment,
        "grade": model.grade,
        **choice_record(choice),
        "k": scan.k,
        "start": scan.start,
        "mode": "exhaustive" if exhaustive else "fast",
        "predictions": scan.predictions,
        "tested": scan.tested,
        "kmers": [
            {
                "kmer": scan.kmers[i],
                "global_importance": float(scan.mean[i]),
                "standard_error": float(scan.standard_error[i]),
                "ci95": [float(scan.mean[i] - scan.margin[i]), float(scan.mean[i] + scan.margin[i])],
                "p_value": float(scan.p_value[i]),
                "p_holm": float(scan.p_holm[i]),
                "samples": scan.samples,
                "rank_group": group.text if (group := known[i]) else None,
                "separated_from_next": group.separated if group else None,
            }
            | networks_record(others, i)
            for i in range(min(top, len(scan.kmers)))
        ],
        **committee_record(others),
    }


def choice_record(choice: BackgroundChoice) -> dict[str, Any]:
    """The settings that fix the background sequences, by name."""
    return {
        "background": choice.background,
        **choice.own_settings,
        "library": choice.library,
        "samples": choice.samples,
        "seed": choice.seed,
    }


def table(result: Result, others: InNetworks | None = None) -> list[dict[str, Any]]:
    """One row per arm, all with the same columns, for CSV files.

    Parameters
    ----------
    others : the same arms in other networks, a column for each.
    """
    rows = []
    for number, (arm, importance) in enumerate(zip(result.arms, result.importances, strict=True)):
        record = importance_record(importance, False, result.measured)
        low, high = record.pop("ci95")
        row = {"label": arm.label, "series": arm.series, "x": arm.x, **record, "ci95_low": low, "ci95_high": high}
        rows.append(row | network_columns(others, number))
    return rows


def network_columns(others: InNetworks | None, number: int) -> dict[str, Any]:
    """One effect in each network, and the interval for another one, as columns of a table; nothing where none was asked."""
    if others is None:
        return {}
    spread = others.of(number)
    low, high = spread.interval95 or (None, None)
    columns: dict[str, Any] = {f"network_{network.name}": network.value for network in spread.networks}
    return columns | {"networks_agree": spread.agree, "another_network_low": low, "another_network_high": high}


def robustness_table(robustness: Robustness) -> list[dict[str, Any]]:
    """One row per arm and background, all with the same columns, for CSV files."""
    return [{"background": name, **row} for name, result in robustness.results.items() for row in table(result)]


def local_table(labels: Sequence[str], importances: Sequence[Importance]) -> list[dict[str, Any]]:
    """One row per construct and background sequence, for CSV files.

    Parameters
    ----------
    importances : in the order of the constructs.

    Returns
    -------
    list of dict
        Scores without and with the construct, and their difference.
    """
    return [
        {"construct": label, "background_rna": number, "without": without, "with": with_, "local_importance": local}
        for label, one in zip(labels, importances, strict=True)
        for number, (without, with_, local) in enumerate(
            zip(one.without.tolist(), one.with_.tolist(), one.local.tolist(), strict=True), start=1
        )
    ]
