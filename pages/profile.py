"""One RBP's profile: what its model looks for, how sure that is, and how it compares with what is published; all precomputed."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.state import atlas
from dashboard.state.links import open_experiment, open_hypothesis
from dashboard.state.markdown import plain
from dashboard.state.pages import page
from dashboard.views.models.held_out import show_density
from dashboard.views.models.recipe import say_nothing_is_measured, show_recipe
from dashboard.widgets import sidebar
from dashboard.widgets.card_motif import show_card_motif
from dashboard.widgets.export_row import take_away
from dashboard.widgets.grade import TEST_HELP, show_grade, show_quality
from dashboard.widgets.published import match
from rbind_core.analyses import BackgroundChoice
from rbind_core.atlas.across import is_beyond_measured
from rbind_core.atlas.entries import spread_of, study_table
from rbind_core.atlas.measure import KMERS, REFERENCE, Row
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.figures.motif import motif_figure
from rbind_core.figures.motif_comparison import motif_comparison_figure
from rbind_core.figures.profile import FIGURES, backgrounds_figure, mutations_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.report.reproduce import (
    experiment_command,
    experiment_python,
    kmers_command,
    kmers_python,
    motif_command,
    motif_python,
)
from rbind_core.statistics import Ratio, t_margin

KMER_HELP = "The 6-mer whose insertion at 18-23 raises predicted binding most, on average over {n:,} background RNAs (profile)."
SITES_HELP = (
    "Global importance of three sites of the best 6-mer, minus the sum of each alone at the same places, in per cent of that sum. "
    "0: they add up."
)
GC_HELP = "Global importance of the best 6-mer with GCGCGC at 35-40, divided by that without. 1: no change."
PAIRING_HELP = (
    "Global importance of the motif in the loop of a hairpin, minus that at the same place between strands of like letters that do "
    "not pair, in z-score units. Above 0: pairing around the motif raises what it does."
)
HEADLINES = {
    "sites": ("sites_per_cent_of_sum", "Three sites in per cent beyond their sum:", 0, "+.0f"),
    "gcbias": ("gc_three", "Effect of a GC-rich 3' end:", 1, ".2f"),
    "stemloop": ("loop_minus_open", "Loop minus open:", 0, "+.2f"),
}
"""Study to its headline effect, its words, its reference and its format."""
PUBLISHED_NOT = (
    "The motifs of Ray et al. 2013 were read off the same kind of measurements that the model was trained on: agreement says that "
    "two readings agree, it is no independent evidence."
)
PUBLISHED_NOT_TAUGHT = (
    "The motifs of Ray et al. 2013 were read off the same measurements that DeepBind, which taught this model, had been fitted to: "
    "agreement is no independent evidence."
)


def numbers(model: Model, entry: Row) -> None:
    """The row of figures at the top."""
    row = st.container(horizontal=True, gap="large")
    low, high = Ratio(entry["gc_three"], entry["gc_three_standard_error"], entry["samples"]).ci95
    show_quality(row, model)
    best = entry["top_kmers"][0]
    margin = t_margin(best["standard_error"], entry["samples"])
    row.metric(
        "Best 6-mer",
        entry["top_kmer"],
        help=KMER_HELP.format(n=entry["samples"])
        + f" Here {best['global_importance']:.2f} ± {margin:.2f} z-score units (95 % CI).",
        width="content",
    )
    beyond = f"{entry['sites_per_cent_of_sum']:+.0f} %" if np.isfinite(entry["sites_per_cent_of_sum"] or np.nan) else "–"
    row.metric("Sites beyond their sum", minus(beyond), help=sites_help(model, entry), width="content")
    row.metric("GC-rich 3' end", f"× {entry['gc_three']:.2f}", help=f"{GC_HELP} 95 % CI {low:.2f} to {high:.2f}.", width="content")
    row.metric(
        "Pairing around the motif",
        minus(f"{entry['loop_minus_open']:+.2f}"),
        help=f"{PAIRING_HELP} {interval(entry, 'loop_minus_open', '.2f')} Verdict, with its controls: {entry['pairing_verdict']}.",
        width="content",
    )


def minus(number: str) -> str:
    return number.replace("-", "−")


def interval(entry: Row, column: str, form: str) -> str:
    """The 95 % CI of a number of the atlas, as a sentence."""
    low, high = Ratio(entry[column], entry[f"{column}_standard_error"], entry["samples"]).ci95
    return f"95 % CI {low:{form}} to {high:{form}}."


def sites_help(model: Model, entry: Row) -> str:
    """What the number says, its verdict, and whether it leaves what was measured."""
    beyond = is_beyond_measured(model, entry["sites_mean_score"])
    said = " Three sites are predicted beyond 99.9 % of the measured scores: there the network extrapolates." if beyond else ""
    return f"{SITES_HELP} {interval(entry, 'sites_per_cent_of_sum', '.0f')} Verdict: {entry['sites_verdict']}.{said}"


def choice_of(entry: Row) -> BackgroundChoice:
    return BackgroundChoice(REFERENCE, entry["samples"], entry["seed"])


def evidence(model: Model, entry: Row, name: str) -> None:
    """A small figure of one experiment, what it says, and the way to it."""
    experiment = EXPERIMENTS[name].for_model(model)
    with st.container(border=True):
        st.plotly_chart(
            FIGURES[name](entry),
            key=f"profile_{name}",
            config=download_options(f"{model.protein}-{name}"),
            alt=f"{experiment.title} for {model.label}",
        )
        take_away(
            f"profile_{name}",
            f"{model.protein}-{name}",
            lambda: pd.DataFrame(study_table(entry, name)).to_csv(index=False),
            experiment_command(model, choice_of(entry), experiment),
            experiment_python(model, choice_of(entry), experiment),
        )
        short, whole = verdict(entry, name)
        st.caption(f"*{experiment.question}* {short} {in_networks(entry, name)}", help=whole)
        st.button(
            "Open in Experiments",
            key=f"open_{name}",
            icon=":material/lab_profile:",
            on_click=open_experiment,
            args=(name, experiment.settings),
            type="tertiary",
        )


def verdict(entry: Row, study: str) -> tuple[str, str | None]:
    """Whether it depends on the background, where that was measured: in short, and the whole sentence."""
    one = next((one for one in entry["verdicts"] if one["study"] == study), None)
    if one is None:
        return "", None
    words = {True: "The seven backgrounds agree.", False: "The seven backgrounds differ.", None: "Nothing is clear here."}
    return words[one["agrees"]], plain(one["verdict"])


def in_networks(entry: Row, study: str) -> str:
    """What the other networks of the committee say on a study's headline effect."""
    if study not in HEADLINES:
        return ""
    effect, words, reference, form = HEADLINES[study]
    spread = spread_of(entry, effect)
    if spread is None:
        return ""
    side = "above" if spread.mean > reference else "below"
    low, high = (minus(format(end, form)) for end in (min(spread.values), max(spread.values)))
    return f"{words} {side} {reference} in {spread.on_its_side(reference)} of {len(spread.values)} networks, {low} to {high}."


def show_motif(model: Model, entry: Row, palette: str) -> None:
    st.plotly_chart(
        motif_figure(
            np.array(entry["motif"]),
            entry["top_kmers"],
            model.label,
            f"6-mers at 18-23, profile background, N = {entry['samples']:,}, seed {entry['seed']}; bars are 95 % CI",
            palette,
        ),
        key="profile_motif",
        config=download_options(f"{model.protein}-motif"),
        alt=f"Motif and best 6-mers of {model.label}; the best is {entry['top_kmer']}",
    )
    take_away(
        "profile_motif",
        f"{model.protein}-motif",
        pd.DataFrame(entry["top_kmers"]).to_csv(index=False),
        kmers_command(model, choice_of(entry)),
        kmers_python(model, choice_of(entry)),
    )


def show_published(model: Model, motif: NDArray[np.float64], palette: str, key: str) -> None:
    found = match(model.measured_in, motif)
    if found is None:
        st.info(f"No motif of {plain(model.protein)} is published with this experiment. *K-mers* compares with a file of your own.")
        return
    st.plotly_chart(
        motif_comparison_figure(motif, found, model.label, palette),
        key=key,
        config=download_options(f"{model.protein}-published-motif"),
        alt=f"Motif of {model.label} above the published one",
    )
    take_away(
        key,
        f"{model.protein}-published-motif",
        pd.DataFrame(found.motif.frequencies, columns=list("ACGU")).to_csv(index=False),
        motif_command(model),
        motif_python(model),
    )
    st.caption(PUBLISHED_NOT_TAUGHT if model.is_taught else PUBLISHED_NOT)


def show_card(model: Model, palette: str) -> None:
    """What the card of a taught model knows, as long as the atlas does not hold the model."""
    show_quality(st.container(), model)
    left, right = st.columns(2, gap="small")
    with left:
        show_card_motif(model, palette, "card_motif")
    with right:
        show_published(model, np.array(model.motif), palette, "card_published")
    show_recipe(model)


def show_mutations(model: Model, entry: Row, palette: str) -> None:
    experiment = EXPERIMENTS["kmer-ism"].for_model(model)
    st.plotly_chart(
        mutations_figure(entry, palette),
        key="mutations",
        config=download_options(f"{model.protein}-mutations"),
        alt=f"Mutations of {entry['top_kmer']} for {model.label}",
    )
    take_away(
        "mutations",
        f"{model.protein}-mutations",
        lambda: pd.DataFrame(study_table(entry, "kmer-ism")).to_csv(index=False),
        experiment_command(model, choice_of(entry), experiment),
        experiment_python(model, choice_of(entry), experiment),
    )


def show_backgrounds(model: Model, entry: Row) -> None:
    with st.container(border=True):
        st.plotly_chart(
            backgrounds_figure(entry),
            key="profile_backgrounds",
            config=download_options(f"{model.protein}-backgrounds"),
            alt=f"Best 6-mers of {model.label} under seven backgrounds",
        )
        take_away(
            "profile_backgrounds",
            f"{model.protein}-backgrounds",
            lambda: pd.DataFrame(study_table(entry, KMERS)).to_csv(index=False),
            kmers_command(model, choice_of(entry)),
            kmers_python(model, choice_of(entry)),
        )
        st.caption(
            "*Does the background matter?* Shuffles, quartiles and dinucleotides are of the designed probes; quartile 1 has the "
            "lowest predicted scores."
        )


settings = sidebar.current()
model, palette = settings.model, settings.palette
st.title(f"{plain(model.protein)}")
about = " · ".join(filter(None, [model.species, model.experiment, f"reads {model.inputs}"]))
st.markdown(f"*What does this protein's model look for, and how sure is that?* {plain(about)}")
if model.problem:
    st.error(f"{plain(model.label)} is broken: {plain(model.problem)}. Choose another model in the sidebar.")
    st.stop()
if model.is_taught:
    show_grade(model)
atlas.say_problems()
entry = atlas.entry(model)
if entry is None:
    offer = st.container()
    if model.is_taught and model.top_kmers:
        show_card(model, palette)
    with offer:
        entry = atlas.measured_now(model)

numbers(model, entry)
left, middle, right = st.columns(3, gap="small")
with left:
    show_motif(model, entry, palette)
with middle:
    show_published(model, np.array(entry["motif"]), palette, "published")
with right:
    show_mutations(model, entry, palette)

with st.container(horizontal=True, vertical_alignment="center"):
    st.button(
        f"Test {entry['top_kmer']} in Hypothesis",
        icon=":material/science:",
        on_click=open_hypothesis,
        args=(f"{entry['top_kmer']}@18; two = {entry['top_kmer']}@11,18",),
    )
    st.page_link(page("sequence"), label="See it on a sequence", icon=":material/border_color:", width="content")
    st.page_link(page("kmers"), label="All k-mers", icon=":material/format_list_numbered:", width="content")
    st.page_link(page("compare"), label="Compare with others", icon=":material/compare_arrows:", width="content")

names = list(FIGURES)
for first in range(0, len(names) + 1, 3):
    for column, name in zip(st.columns(3, gap="small"), [*names, KMERS][first : first + 3], strict=False):
        with column:
            if name == KMERS:
                show_backgrounds(model, entry)
            else:
                evidence(model, entry, name)
st.header("Measured against predicted", help=TEST_HELP)
density, recipe = st.columns([6, 5], gap="large")
with density:
    if model.is_taught:
        say_nothing_is_measured(model)
    else:
        show_density(model, "log", "profile_density")
with recipe:
    show_recipe(model)
st.caption(
    f"Profile background unless said; N = {entry['samples']:,}, seed {entry['seed']}. These are effects on predictions, "
    "not measured affinities; best of many are picked after the fact."
)
