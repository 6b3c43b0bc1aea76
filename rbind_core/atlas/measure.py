"""An RBP's row of the atlas: k-mers, motifs, number of sites, spacing, position, GC bias, loop or stem, under all backgrounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import PAPER_NAMES
from rbind_core.experiments.experiment import Experiment, Result, run
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.headline import HEADLINE, headline
from rbind_core.experiments.kmer_mutagenesis import KmerMutagenesis
from rbind_core.experiments.letters_only import remember_scan
from rbind_core.experiments.robustness import Robustness, robustness
from rbind_core.experiments.sites import Position, Sites, Spacing
from rbind_core.experiments.structure import StemLoop
from rbind_core.model.committee import SERVED
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.registry import Model
from rbind_core.model.weights import Weights
from rbind_core.model.wrapping import OwnModel
from rbind_core.motifs import ALIGNED, KmerScan, alignment_motif, exhaustive_scan, kmer_importance
from rbind_core.motifs.panel_scan import SPARE
from rbind_core.rna.sequences import all_kmers, encode
from rbind_core.statistics import linear_fit

VERSION = 3  # of the measurements; a change makes every row be measured again
TOP = 20  # listed k-mers
SCANNED_K = 6
SCAN_DECIMALS = 3  # decimals well below the standard error, so that the file stays small
REFERENCE = "profile"
EVERYWHERE: tuple[type[Experiment], ...] = (Sites, GcBias, StemLoop, KmerMutagenesis)
"""Experiments that are run under all seven backgrounds of the paper."""
UNDER_ONE: tuple[type[Experiment], ...] = (Spacing, Position)
"""Experiments that are run under the profile background only."""
PAIRING = ("loop_minus_open", "stem_minus_letters", "compensatory", "motif_paired")
"""Contrasts of the pairing experiment, each with its standard error and what letters alone give."""
HEADLINES = "headline"  # the study of the headline effects in all networks
KMERS = "kmers"  # the study of the top k-mers under all backgrounds

Row = dict[str, Any]
Scan = tuple[NDArray[np.float64], NDArray[np.float64]]
"""(4096,) importances of all 6-mers and their standard errors, in alphabetical order."""


@dataclass(frozen=True)
class AtlasSettings:
    """Numbers of background RNAs, and the seed.

    `samples` is the N of each mean under the profile background, for a measured model; `elsewhere_samples` that under the six other
    backgrounds, which only show whether an answer holds. `taught_...` are the same for taught models, whose uncertainty is of
    another kind, and `folding_samples` is for models that fold every sequence. `scan_samples` is the N of the scan of all 6-mers,
    `network_samples` that of the other networks.
    """

    samples: int = 1000
    elsewhere_samples: int = 500
    taught_samples: int = 200
    taught_elsewhere_samples: int = 60
    scan_samples: int = 50
    folding_samples: int = 100
    network_samples: int = 100
    seed: int = 0
    version: int = VERSION

    def at_most(self, samples: int) -> AtlasSettings:
        """The settings with another N of the profile background, which no other N exceeds but that of the scan."""
        bounded = (
            *("elsewhere_samples", "taught_samples", "taught_elsewhere_samples"),
            *("folding_samples", "network_samples"),
        )
        return replace(self, samples=samples, **{name: min(samples, getattr(self, name)) for name in bounded})

    def samples_of(self, model: Model, background: str = REFERENCE) -> int:
        """Number of background sequences behind each mean of a model."""
        if model.structure:
            return self.folding_samples
        if background == REFERENCE:
            return self.taught_samples if model.is_taught else self.samples
        return self.taught_elsewhere_samples if model.is_taught else self.elsewhere_samples


@dataclass(frozen=True)
class OtherNetwork:
    """Another network of a model's committee, as it is sent to another computer."""

    name: str
    weights: Weights
    dilations: tuple[int, ...]


@dataclass(frozen=True)
class Ingredients:
    """What a model's row is measured with: its weights, its other networks, and its column of the one-pass scan of all 6-mers,
    (4096,) means and standard errors in alphabetical order, None for a model that is no head of the panel.
    """

    weights: Weights
    others: tuple[OtherNetwork, ...] = ()
    scan: Scan | None = None


def measure_weights(model: Model, ingredients: Ingredients, settings: AtlasSettings) -> Row:
    """Measure a model's row of the atlas without its files, as on another computer; see `measure`."""
    return measure(model, ResidualBindPredictor(ingredients.weights, model.dilations), settings, ingredients)


def measure(model: Model, predictor: OwnModel, settings: AtlasSettings, made_with: Ingredients | None = None) -> Row:
    """Measure a model's row of the atlas.

    Parameters
    ----------
    made_with : its other networks and its scan; measured with its own network when None.

    Returns
    -------
    dict
        One row for `rbind_core.atlas.files.schema`, bit-identical on processors of the same kind.
    """
    samples = settings.samples_of(model)
    choice = BackgroundChoice(REFERENCE, samples, settings.seed)
    analyse = cache(lambda one: prepare(model, predictor, replace(one, samples=settings.samples_of(model, one.background))))
    reference = analyse(choice)

    scan = None if model.structure else (made_with and made_with.scan) or _scan_of_all(reference, settings.scan_samples)
    top = _best(reference, scan) if scan else _candidates(model, reference)
    motif = top.kmers[0]
    row: Row = {
        "experiment": model.experiment,
        "protein": model.protein,
        "species": model.species,
        "reads": model.inputs,
        "grade": model.grade,
        "weights_sha256": model.weights_sha256,
        **asdict(settings),
        "samples": samples,
        "predictions": top.predictions,
        "top_kmers": _kmer_rows(top),
        "motif": alignment_motif(top.best(ALIGNED)).tolist(),
        "scan": [],
        "scan_standard_error": [],
    }
    if scan:
        row |= {"scan": scan[0].round(SCAN_DECIMALS).tolist(), "scan_standard_error": scan[1].round(SCAN_DECIMALS).tolist()}
        remember_scan(reference.model, np.array(row["scan"], np.float32))

    everywhere = [robustness(_set_up(kind, model, motif), analyse, choice) for kind in EVERYWHERE]
    alone = [run(_set_up(kind, model, motif), reference) for kind in UNDER_ONE]
    results = [(REFERENCE, result) for result in alone]
    results += [(name, result) for one in everywhere for name, result in one.results.items()]
    return row | {
        "arms": [arm for name, result in results for arm in _arms(name, result)] + _kmers_elsewhere(top, analyse, choice),
        "comparisons": [c for name, result in results for c in _comparisons(name, result)],
        "fits": [fit for name, result in results for fit in _fits(name, result)],
        "verdicts": [_verdict(one) for one in everywhere],
        "claims": [claim for name, result in results for claim in _claims(name, result)],
        **_in_networks(model, motif, reference, made_with.others if made_with else (), settings.network_samples),
        **_in_one_number({one.experiment.name: one.results[REFERENCE] for one in everywhere}, motif),
        **_spacing(alone[UNDER_ONE.index(Spacing)]),
    }


def _set_up(kind: type[Experiment], model: Model, motif: str) -> Experiment:
    """The experiment on the model's top k-mer, or on the paper's motif where it names one for the protein."""
    return kind.for_model(model) if kind is StemLoop else kind.for_model(model, motif=motif)


def _best(reference: GlobalImportanceAnalysis, scan: Scan) -> KmerScan:
    """The best 6-mers: those that a scan of all found among the best sixty, on all background RNAs."""
    candidates = np.sort(np.argsort(-scan[0], kind="stable")[: SPARE * TOP])
    found = kmer_importance(reference, all_kmers(SCANNED_K)[candidates])
    codes, mean, error = found.codes[:TOP], found.mean[:TOP], found.standard_error[:TOP]
    return replace(found, codes=codes, mean=mean, standard_error=error, tested=4**SCANNED_K)


def _candidates(model: Model, analysis: GlobalImportanceAnalysis) -> KmerScan:
    """K-mers for a model that folds every sequence: those on its card, since a scan of all would take hours."""
    return kmer_importance(analysis, encode([k["kmer"] for k in model.top_kmers], SCANNED_K))


def _scan_of_all(analysis: GlobalImportanceAnalysis, samples: int) -> Scan:
    """Every k-mer on the first background sequences, in alphabetical order."""
    sample = analysis.sample.first(min(samples, len(analysis.sample)))
    scan = exhaustive_scan(GlobalImportanceAnalysis(analysis.model, sample), SCANNED_K)
    alphabetical = np.lexsort(scan.codes.T[::-1])
    assert (scan.codes[alphabetical] == all_kmers(SCANNED_K)).all()
    return scan.mean[alphabetical], scan.standard_error[alphabetical]


def _in_networks(
    model: Model, motif: str, reference: GlobalImportanceAnalysis, others: Sequence[OtherNetwork], samples: int
) -> Row:
    """The headline effects, and the constructs behind them, in all networks of the committee, on the same background RNAs."""
    if not others:
        return {"networks": [], "spreads": []}
    predictors = [reference.model, *(ResidualBindPredictor(o.weights, o.dilations) for o in others)]
    sample = reference.sample.first(min(samples, len(reference.sample)))
    found = [headline(model, motif, GlobalImportanceAnalysis(predictor, sample)) for predictor in predictors]
    spreads = [{"study": HEADLINES, "label": name, "values": [one.effects[name] for one in found]} for name in HEADLINE]
    for results in zip(*((one.sites, one.gc, one.stem) for one in found), strict=True):
        name = results[0].experiment.name
        for number, arm in enumerate(results[0].arms):
            values = [result.importances[number].mean for result in results]
            spreads.append({"study": name, "label": arm.label, "values": values})
    return {"networks": [SERVED, *(o.name for o in others)], "spreads": spreads}


def _kmer_rows(scan: KmerScan) -> list[Row]:
    return [
        {"kmer": kmer, "global_importance": float(mean), "standard_error": float(error), "p_holm": float(p)}
        for kmer, mean, error, p in zip(scan.kmers, scan.mean, scan.standard_error, scan.p_holm, strict=True)
    ]


def _kmers_elsewhere(
    top: KmerScan, analyse: Callable[[BackgroundChoice], GlobalImportanceAnalysis], choice: BackgroundChoice
) -> list[Row]:
    """The top k-mers under every background of the paper."""
    rows = []
    for name in PAPER_NAMES:
        scan = kmer_importance(analyse(BackgroundChoice(name, choice.samples, choice.seed)), top.codes)
        rows += [
            {
                "study": KMERS,
                "background": name,
                "label": kmer,
                "pattern": f"{kmer}@{scan.start}",
                "series": KMERS,
                "x": None,
                "global_importance": float(mean),
                "standard_error": float(error),
                "samples": scan.samples,
                "positive_share": None,
                "mean_score": None,
            }
            for kmer, mean, error in zip(scan.kmers, scan.mean, scan.standard_error, strict=True)
        ]
    return rows


def _arms(background: str, result: Result) -> list[Row]:
    return [
        {
            "study": result.experiment.name,
            "background": background,
            "label": arm.label,
            "pattern": str(arm.construct),
            "series": arm.series,
            "x": None if arm.x is None else float(arm.x),
            "global_importance": importance.mean,
            "standard_error": importance.standard_error,
            "samples": importance.samples,
            "positive_share": importance.positive_share,
            "mean_score": importance.mean_score,
        }
        for arm, importance in zip(result.arms, result.importances, strict=True)
    ]


def _comparisons(background: str, result: Result) -> list[Row]:
    return [
        {
            "study": result.experiment.name,
            "background": background,
            "first": c.first,
            "second": c.second,
            "difference": c.mean,
            "standard_error": c.standard_error,
            "p_holm": c.holm,
            "samples": c.samples,
            **_by_letters(result, c.first),
        }
        for c in result.comparisons
    ]


def _by_letters(result: Result, first: str) -> Row:
    """A contrast of pairing by letters alone, and the standard error of the network beyond that."""
    experiment = result.experiment
    known = experiment.pairing(result).contrasts.values() if isinstance(experiment, StemLoop) else ()
    one = next((c for c in known if c.difference.first == first and c.baseline is not None), None)
    if one is None or one.baseline is None:
        return {"by_letters": None, "beyond_standard_error": None}
    return {"by_letters": one.baseline.mean, "beyond_standard_error": one.beyond.standard_error}


def _claims(background: str, result: Result) -> list[Row]:
    """Verdicts, each with the number behind it where there is just one."""
    experiment, of = result.experiment, {"study": result.experiment.name, "background": background}
    if isinstance(experiment, Sites):
        return [
            of | {"claim": motif, "says": one.verdict, "value": one.per_cent_of_sum, "standard_error": one.standard_error}
            for motif, one in experiment.additivity(result).items()
        ]
    if isinstance(experiment, StemLoop):
        says = experiment.pairing(result).verdict
        return [of | {"claim": "pairing", "says": says, "value": None, "standard_error": None}]
    return []


def _fits(background: str, result: Result) -> list[Row]:
    return [
        {
            "study": result.experiment.name,
            "background": background,
            "series": series,
            "slope": fit.slope,
            "intercept": fit.intercept,
            "r_squared": fit.r_squared,
            "points": fit.points,
        }
        for series, fit in result.fits.items()
    ]


def _verdict(robust: Robustness) -> Row:
    return {"study": robust.experiment.name, "agrees": robust.agrees, "verdict": robust.verdict}


def _in_one_number(results: dict[str, Result], motif: str) -> Row:
    """Quantities compared over all RBPs: additivity of sites, GC effect sizes, effects of pairing."""
    sites, gc, stems, mutants = (results[kind.name] for kind in EVERYWHERE)
    assert isinstance(gc.experiment, GcBias)
    assert isinstance(mutants.experiment, KmerMutagenesis)
    effect = gc.experiment.effect_sizes(gc)
    return {
        "top_kmer": motif,
        "top_importance": gc.by_label[GcBias.ALONE].mean,
        "kmer_effects": mutants.experiment.effects(mutants).tolist(),
        **_sites(sites, motif),
        **{
            f"gc_{name}{of}": value
            for name, one in (("five", effect.five), ("three", effect.three), ("difference", effect.difference))
            for of, value in (("", one.value), ("_standard_error", one.standard_error))
        },
        **_pairing(stems),
    }


def _sites(result: Result, motif: str) -> Row:
    """Additivity of one to three sites of the best 6-mer; R2 is the paper's, without a point for no site."""
    assert isinstance(result.experiment, Sites)
    one = result.experiment.additivity(result)[motif]
    points = [(arm.x, i.mean) for arm, i in zip(result.arms, result.importances, strict=True) if arm.series == motif]
    fit = linear_fit(*zip(*((x, mean) for x, mean in points if x is not None), strict=True))
    return {
        "sites_r_squared": fit.r_squared,
        "sites_slope": fit.slope,
        "sites_first": points[0][1],
        "sites_per_cent_of_sum": one.per_cent_of_sum,
        "sites_per_cent_of_sum_standard_error": one.standard_error,
        "sites_sum": one.added.mean,
        "sites_sum_standard_error": one.added.standard_error,
        "sites_mean_score": one.mean_score,
        "sites_verdict": one.verdict,
    }


def _spacing(result: Result) -> Row:
    """Additivity of two sites that are not close."""
    assert isinstance(result.experiment, Spacing)
    one = result.experiment.additivity(result)
    known = (float("nan"), float("nan")) if one is None else (one.per_cent_of_sum, one.standard_error)
    return dict(zip(("spacing_per_cent_of_sum", "spacing_per_cent_of_sum_standard_error"), known, strict=True))


def _pairing(result: Result) -> Row:
    """The effect of pairing, apart from the letters of the other strand."""
    assert isinstance(result.experiment, StemLoop)
    found, nothing = result.experiment.pairing(result), float("nan")
    row: Row = {
        "pairing_verdict": found.verdict,
        "pairing_matters_from": found.margin,
        "letters_correlation": nothing if found.correlation is None else found.correlation,
        "loop_over_stem": found.naive.mean,
        "loop_over_stem_standard_error": found.naive.standard_error,
    }
    for name in PAIRING:
        one = found.contrasts.get(name)
        row[name] = nothing if one is None else one.difference.mean
        row[f"{name}_standard_error"] = nothing if one is None else one.difference.standard_error
        row[f"{name}_by_letters"] = nothing if one is None or one.baseline is None else one.baseline.mean
    return row
