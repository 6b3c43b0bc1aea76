"""The variants page: what a mutation does in its own RNA, and what it does wherever its site stands."""

from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state import engine
from dashboard.state.keys import IN_LINK
from dashboard.state.last_good import forget, read_or_last
from dashboard.state.links import ways_on
from dashboard.state.markdown import plain
from dashboard.state.waiting import compute, last_shown
from dashboard.views import variants
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from rbind_core.errors import RBindError
from rbind_core.figures.theme import download_options
from rbind_core.figures.variants import variants_figure
from rbind_core.statistics import PairedEffect
from rbind_core.system.quoting import in_json
from rbind_core.variants import FLANK, MOST_FLANK, SAYS_NOT, VariantEffect

QUESTION_HELP = """**Own effect**: predicted binding of the mutant minus that of the wild type, in this RNA.

**Context averaged out**: the site, that is the change with the nucleotides beside it, is put into N background RNAs at the same
position, once with the old and once with the new letter; the mean difference is a global importance. Where the own effect lies
outside 95 % of those in single background RNAs, the rest of the RNA has a say."""
CHANGES_HELP = """One change a line: **A12G** (also **12A>G**, **r.12a>g**), several letters as **AU12GC**, or a table of **name,
position, ref, alt** with tabs, semicolons, commas or spaces, or VCF lines. Or the whole mutant RNA, as long as the wild type.
Positions count from 1 in the RNA on the left, also those of **c.** and **g.**; changes of a protein (**p.**) are refused. T counts
as U."""
FLANK_HELP = "Nucleotides on either side of the change that go into the backgrounds with it. The wider, the more context is kept."
NOTES = 5  # that are shown
OWN_HELP = "Mutant minus wild type in its own RNA, in z-score units of log intensity."
AVERAGED_HELP = "The same with the context averaged out over the background RNAs, in z-score units; its 95 % CI is further right."
CONTEXT_HELP = """Whether the effect in its own RNA lies outside 95 % of those in single background RNAs. Of RNAs whose context is
nothing special, one in 20 does."""
PERCENTILE_HELP = (
    "Place of the own effect among the effects in single background RNAs: 0 is below all, 50 the middle, 100 above all."
)
SPREAD_HELP = "How much the context matters in general: SD of the effects in single background RNAs, in z-score units."
POSITIVE_HELP = "Share of the background RNAs in which the change raises the predicted score."


def edit_example(sequence: str, changes: str) -> None:
    st.session_state["wt"], st.session_state["changes"] = sequence, changes


def read_controls(example_sequence: str, example_changes: str) -> tuple[variants.Question, bool, DeltaGenerator]:
    """What is asked, and why it cannot be; the example of the model where nothing is typed."""
    wild_type, changes, flank = st.columns([5, 4, 2])
    sequence = wild_type.text_area(
        "Wild type, RNA or DNA", key="wt", height=68, placeholder=f"the example: {example_sequence}", **IN_LINK
    )
    change = changes.text_area(
        "Changes, or the whole mutant",
        key="changes",
        height=68,
        placeholder=f"the example: {example_changes}",
        help=CHANGES_HELP,
        **IN_LINK,
    )
    width = flank.number_input("Flank, nt", 0, MOST_FLANK, FLANK, key="flank", help=FLANK_HELP, **IN_LINK)
    problem = st.empty()
    sequence, change = (sequence or "").strip(), (change or "").strip()
    is_example = not sequence and not change
    if is_example:
        sequence, change = example_sequence, example_changes

    def read() -> variants.Question:
        if not sequence:
            raise RBindError("paste the wild type that these changes belong to")
        if not change:
            raise RBindError("now give a change, such as A12G, or the whole mutant RNA")
        return variants.read_question(sequence, change, int(width or 0))

    def example() -> variants.Question:
        return variants.read_question(example_sequence, example_changes, FLANK)

    question, unreadable = read_or_last("variants", read, example)
    if is_example:
        forget("variants")  # the example follows the model
    if unreadable:
        problem.error(plain(unreadable))
        return question, False, problem
    if notes := question.read.notes:
        more = [f"{len(notes) - NOTES} more notes are in the JSON."] if len(notes) > NOTES else []
        st.info("  \n".join([*map(plain, notes[:NOTES]), *more]))
    return question, True, problem


def interval(effect: PairedEffect) -> str:
    low, high = effect.ci95
    return f"{low:+.3f} to {high:+.3f}" if effect.samples > 1 else "none for one RNA"


def show_table(answer: variants.Measured) -> int:
    """All numbers; gives the row that is chosen."""
    number = partial(st.column_config.NumberColumn, format="%+.3f", width="small")
    chosen = st.dataframe(
        pd.DataFrame(
            [
                {
                    "Variant": effect.variant.label,
                    "Own": effect.own.mean,
                    "Averaged": effect.marginalised.mean,
                    "Context matters": effect.verdict,
                    "Percentile": effect.context_percentile,
                    "Context SD": effect.context_spread,
                    "95 % CI": interval(effect.marginalised),
                    "Cohen's d": effect.marginalised.effect_size,
                    "Positive in": 100 * effect.marginalised.positive_share,
                    "Wild type": float(effect.own.without[0]),
                    "Mutant": float(effect.own.with_[0]),
                }
                for effect in answer.effects
            ]
        ),
        key="variant_rows",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        column_config={
            "Own": number(help=OWN_HELP),
            "Averaged": number(help=AVERAGED_HELP),
            "Context matters": st.column_config.TextColumn(help=CONTEXT_HELP),
            "Percentile": st.column_config.NumberColumn(format="%.0f", help=PERCENTILE_HELP),
            "Context SD": st.column_config.NumberColumn(format="%.2f", help=SPREAD_HELP),
            "Positive in": st.column_config.NumberColumn(format="%.0f %%", help=POSITIVE_HELP),
            "Cohen's d": st.column_config.NumberColumn(format="%.2f", help="Paired effect size: mean over standard deviation"),
            "Wild type": st.column_config.NumberColumn(format="%.2f", help="Predicted score, z-score of log intensity"),
            "Mutant": st.column_config.NumberColumn(format="%.2f", help="Predicted score, z-score of log intensity"),
        },
    ).selection.rows
    return chosen[0] if chosen and chosen[0] < len(answer.effects) else 0


def show_one(effect: VariantEffect) -> None:
    """One variant in words, and the ways on from here."""
    with st.container(border=True, key="one_variant"):
        st.markdown(plain(effect.sentence))
        if len(effect.variant.sequence) > len(effect.variant.window):
            first = effect.variant.offset + 1
            st.caption(f"Scored: the 41 nt around the change, {first}-{first + 40} of {len(effect.variant.sequence):,}.")
        ways_on(
            effect.variant.window,
            str(effect.marginalised.construct),
            "The same site and change as a construct, with every background RNA.",
        )


settings = sidebar.current()
st.title("Variants")
st.markdown("*Does this mutation change binding, or is it the context?*", help=QUESTION_HELP)
example_sequence, example_changes = variants.example(settings.model)
question, is_read, problem = read_controls(example_sequence, example_changes)
left, right = st.columns([5, 4], gap="medium")
numbers = st.container()  # its eleven columns need the whole width
figure, status = left.container(), left.empty()
try:
    answer = compute("variants", variants.Effects(settings.model, settings.choice, question), status)
except RBindError as error:
    problem.error(plain(str(error)))
    answer = last_shown("variants")
measured = variants.Measured(answer.request, answer.result)
model, choice, question = answer.request.model, answer.request.choice, answer.request.question
about = choice.describe(model.measured_in)
with figure:
    if not is_read:
        st.markdown(":orange-badge[:material/history: last good figure] What is pasted above cannot be read.")
    st.plotly_chart(
        variants_figure(measured.effects, model.label, about),
        key="variants_figure",
        config=download_options(f"{model.protein}-variants"),
        alt=f"Own and marginalised effect of {len(measured.effects)} variants on {model.label}",
    )
with left:
    take_away(
        "variants_figure",
        f"{model.protein}-variants",
        lambda: pd.DataFrame(measured.rows).to_csv(index=False),
        measured.command,
        measured.python,
        lambda: in_json(measured.record),
    )
with numbers:
    row = show_table(measured)
    if len(measured.effects) > 1:
        st.caption("Click the box before a row to read about that variant.")
with right:
    show_one(measured.effects[row])
    if question.sequence == example_sequence:
        st.button(
            "Edit this example",
            icon=":material/edit:",
            type="tertiary",
            on_click=edit_example,
            args=(question.sequence, "\n".join(v.text for v in question.read.variants)),
        )
    st.caption(SAYS_NOT)
    if caution := engine.analysis(model, choice).sample.caution:
        st.warning(caution)
