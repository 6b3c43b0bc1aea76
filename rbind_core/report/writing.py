"""Reports of results: question, answer, figure, numbers, and provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from rbind_core import __version__
from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import Importance
from rbind_core.analyses.in_networks import InNetworks
from rbind_core.backgrounds import LABELS
from rbind_core.experiments.experiment import NOT_AN_AFFINITY, Result
from rbind_core.experiments.level import COVERS_SAYS, effect_text, level
from rbind_core.experiments.records import comparison_record, importance_record, network_columns
from rbind_core.experiments.robustness import Robustness
from rbind_core.figures.convergence import convergence_figure
from rbind_core.figures.experiment import experiment_figure, robustness_figure
from rbind_core.figures.importance import importance_figure
from rbind_core.model.measured_scores import MeasuredScores
from rbind_core.model.registry import Model
from rbind_core.model.second_opinion import CAVEAT
from rbind_core.report.page import Section, citations_markup, document, facts_markup, paragraph, section_markup, table_markup
from rbind_core.report.provenance import AFFINITIES_CITATION, CITATIONS, TAUGHT_CITATION, background_words, settings, versions
from rbind_core.statistics import Comparison

UNITS = (
    "Global importance: the average change in predicted binding when the construct is put into the background RNAs, in z-score "
    "units of {scale}. A single effect has a size and an interval, not a p-value. p of a comparison: two-sided paired "
    "t-test; Holm: the same, corrected for all comparisons of the set. " + COVERS_SAYS
)
BETWEEN = (
    "Each network answers on the same background RNAs. In 95 of 100 cases another network of these kinds would lie in the "
    "interval: it covers recipe, dilations, probes and seed, not another experiment with the protein, nor another assay."
)


def report(
    title: str,
    model: Model,
    choice: BackgroundChoice,
    sections: Sequence[Section],
    command: str,
    python: str,
    *,
    question: str = "",
    settings_text: str = "",
    own_settings: Mapping[str, Any] | None = None,
    backgrounds: Sequence[str] = (),
    citations: Mapping[str, str] | None = None,
    date: str = "",
) -> str:
    """Write a report as an HTML document that loads nothing.

    Parameters
    ----------
    title : protein and experiment.
    sections : the answer first.
    settings_text : background, N and seed in words.
    backgrounds : names of all that were used; that of the choice when empty.
    citations : DOIs of further citations, by text.
    date : to print; when empty, the same input gives the same bytes.
    """
    names = tuple(backgrounds) or (choice.background,)
    parts = [
        f"<h1>{escape(title)}</h1>",
        paragraph(question, "question"),
        paragraph(settings_text, "settings"),
        *(section_markup(section, number) for number, section in enumerate(sections, start=1)),
        paragraph(UNITS.format(scale=model.scale), "units"),
        "<h2>Settings</h2>",
        facts_markup(
            settings(model, choice, names)
            | {f"experiment: {name.replace('_', ' ')}": value for name, value in (own_settings or {}).items()}
        ),
        "<h2>Backgrounds</h2>",
        table_markup([background_words(name, choice) for name in names]),
        "<h2>The same numbers again</h2>",
        f"<pre>{escape(command)}</pre>",
        f"<pre>{escape(python)}</pre>",
        "<h2>Versions</h2>",
        facts_markup(versions()),
        "<h2>Citations</h2>",
        citations_markup(CITATIONS | (TAUGHT_CITATION if model.is_taught else {}) | dict(citations or {})),
        f"<footer>Written by RBind {escape(__version__)}{escape(f', {date}' if date else '')}.</footer>",
    ]
    return document(title, parts, any(section.figure is not None for section in sections))


def experiment_report(
    model: Model,
    choice: BackgroundChoice,
    result: Result | Robustness,
    label: str,
    settings_text: str,
    command: str,
    python: str,
    *,
    date: str = "",
    others: InNetworks | None = None,
) -> str:
    """Write the report of an experiment.

    Parameters
    ----------
    result : under one background, or all of the paper's.
    label : protein and experiment id of the model.
    settings_text : background, N and seed in words.
    date : to print, if any.
    others : the same arms in other networks; for a result under one background.
    """
    experiment, question = result.experiment, result.experiment.question
    backgrounds: tuple[str, ...] = ()
    if isinstance(result, Robustness):
        sections, backgrounds = _robustness_sections(result, label, settings_text), tuple(result.results)
        question += " Does the answer depend on the background?"
    else:
        sections = _result_sections(result, label, settings_text, others)
    return report(
        f"{label}: {experiment.title}",
        model,
        choice,
        sections,
        command,
        python,
        question=question,
        settings_text=f"{settings_text}. After {experiment.figure}.",
        own_settings=experiment.settings,
        backgrounds=backgrounds,
        citations=AFFINITIES_CITATION if experiment.name == "kd" else None,
        date=date,
    )


def importance_report(
    model: Model,
    choice: BackgroundChoice,
    importances: Sequence[Importance],
    comparisons: Sequence[Comparison],
    label: str,
    settings_text: str,
    command: str,
    python: str,
    *,
    date: str = "",
    others: InNetworks | None = None,
) -> str:
    """Write the report of constructs compared on the same background RNAs.

    Parameters
    ----------
    importances : one per construct.
    comparisons : corrected with Holm's method; may be empty.
    label : protein and experiment id of the model.
    settings_text : background, N and seed in words.
    date : to print, if any.
    others : the same constructs in other networks.
    """
    measured = model.measured_scores
    said = [sentence for one in importances for sentence in _importance_sentences(one, measured)]
    said += [one.sentence for one in comparisons]
    records = [{"construct": one.construct.label} | importance_record(one, False, measured) for one in importances]
    rows = _ordered(records, left_out=("p_value",))
    figure = importance_figure(importances, label, settings_text, others=others.all if others else ())
    compared = [comparison_record(comparison) for comparison in comparisons]
    labels = [one.construct.label for one in importances]
    sections = [Section("Answer", figure, rows, said, NOT_AN_AFFINITY), *_networks(labels, others), *_tables([], compared)]
    if any(one.samples > 1 for one in importances):
        enough = "Where the bands have become narrow and level, more background RNAs would not change the answer."
        sections.append(Section("Does N suffice?", convergence_figure(importances, label, settings_text), sentences=[enough]))
    question = "What does a construct do to predicted binding, averaged over background RNAs?"
    return report(
        f"{label}: importance",
        model,
        choice,
        sections,
        command,
        python,
        question=question,
        settings_text=f"{settings_text}.",
        date=date,
    )


_COLUMNS = (  # in this order, where present and not always empty
    "background",
    "construct",
    "label",
    "first",
    "second",
    "line",
    "pattern",
    "null",
    "global_importance",
    "difference",
    "slope",
    "standard_error",
    "ci95",
    "p_value",
    "p_holm",
    "effect_size",
    "positive_share",
    "mean_score",
    "known_probes_above",
    "beyond_measured",
    "intercept",
    "r_squared",
    "points",
    "samples",
    "null_mean",
)


def _networks(labels: Sequence[str], others: InNetworks | None) -> list[Section]:
    """The effects in other networks of the protein: a section, or none where they were not asked."""
    if others is None:
        return []
    sentences = [f"{label}: {spread.sentence()}." for label, spread in zip(labels, others.all, strict=True)]
    sentences += [
        f"Another experiment with the protein, {one.experiment} (grade {one.grade}): "
        f"{', '.join(f'{label} {effect:+.2f}' for label, effect in zip(labels, one.effects, strict=True))}."
        for one in others.beside.experiments
    ]
    if others.beside.deepbind:
        effects = ", ".join(f"{label} {effect:+.2f}" for label, effect in zip(labels, others.beside.deepbind, strict=True))
        sentences.append(f"DeepBind, in its own units: {effects}. {CAVEAT}")
    rows = [{"label": label} | network_columns(others, number) for number, label in enumerate(labels)]
    return [Section("Other networks", rows=rows, sentences=[*sentences, *others.problems], caution=BETWEEN)]


def _result_sections(result: Result, label: str, settings: str, others: InNetworks | None = None) -> list[Section]:
    figure = experiment_figure(result, label, settings, others=others.all if others else ())
    answer = Section(
        "Answer", figure, _ordered(_arm_records(result), left_out=("p_value",)), result.sentences, result.experiment.says_not
    )
    fits, comparisons = _fit_records(result), [comparison_record(comparison) for comparison in result.comparisons]
    return [answer, *_networks([arm.label for arm in result.arms], others), *_tables(fits, comparisons)]


def _robustness_sections(robustness: Robustness, label: str, settings: str) -> list[Section]:
    figure = robustness_figure(robustness, label, settings)

    def of_all(records: Callable[[Result], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        return [{"background": LABELS[name]} | one for name, result in robustness.results.items() for one in records(result)]

    rows = _ordered(of_all(_arm_records), left_out=("null", "null_mean", "effect_size", "p_value"))
    answer = Section("Answer", figure, rows, [robustness.verdict], robustness.experiment.says_not)
    comparisons = of_all(lambda result: [comparison_record(comparison) for comparison in result.comparisons])
    return [answer, *_tables(of_all(_fit_records), comparisons)]


def _tables(fits: Sequence[Mapping[str, Any]], comparisons: Sequence[Mapping[str, Any]]) -> list[Section]:
    """Sections of fits and comparisons, if any."""
    named = {"Fitted lines": fits, "Comparisons": comparisons}
    return [Section(heading, rows=_ordered(records)) for heading, records in named.items() if records]


def _arm_records(result: Result) -> list[dict[str, Any]]:
    return [
        {"label": arm.label} | importance_record(importance, False, result.measured)
        for arm, importance in zip(result.arms, result.importances, strict=True)
    ]


def _fit_records(result: Result) -> list[dict[str, Any]]:
    return [{"line": series, "ci95": list(fit.slope_ci95)} | asdict(fit) for series, fit in result.fits.items()]


def _ordered(records: Sequence[Mapping[str, Any]], left_out: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Records as rows of a table: identifying columns first, without columns that are all None or the background."""
    shown = [name for name in _COLUMNS if name in records[0] and name not in left_out]
    shown = [name for name in shown if any(record[name] is not None for record in records)]
    if {record.get("null") for record in records} == {"background"}:
        shown = [name for name in shown if name != "null"]
    return [{name: record[name] for name in shown} for record in records]


def _importance_sentences(one: Importance, measured: MeasuredScores | None) -> list[str]:
    where = level(one, measured)
    first = f"{one.construct.text} changes predicted binding by {one.mean:+.2f} on average ({effect_text(one)}); {where.text}."
    return [first, *filter(None, [where.warning])]
