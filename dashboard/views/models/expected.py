"""The Models page on what is to be expected of taught models."""

from dataclasses import dataclass, field

import streamlit as st

from dashboard.state import owner
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from dashboard.widgets.export_row import take_away
from rbind_core.atlas.calibration import Calibration, calibration
from rbind_core.atlas.files import Atlas
from rbind_core.errors import DataError
from rbind_core.figures.left_out import left_out_figure
from rbind_core.figures.theme import download_options
from rbind_core.quality.committee_mean import committee_mean
from rbind_core.quality.left_out import left_out_table, summary

HELP = """A taught model (grade B) never saw a score of its experiment, so its quality cannot be measured. What can be measured is
how good such models are for proteins whose scores **are** public: in five folds a fifth of them was treated as if they were not,
with all their experiments and paralogues. DeepBind, the teacher, was fitted to probes of both sets, also in the folds."""
_PYTHON = """from rbind_core.quality.left_out import left_out_table, summary

print(left_out_table().to_string())
print(summary(left_out_table()).sentence)
"""
_COMMAND = "./rbind list --grade B --json"


COMMITTEE_HELP = """The networks of a committee differ as those of independent, careful colleagues would: fine-tuned to one
experiment or a head of a panel of all, dilations 1-2-4 or 1-2-4-8, probes drawn anew, seeds. Pages serve the one that was
fine-tuned from the trunk of all measured experiments; the others say how far its numbers can be trusted."""


@dataclass(frozen=True)
class CalibrationOf(Request[Calibration]):
    """How often the interval between networks holds another one, over the rows of an atlas."""

    digests: tuple[tuple[str, str], ...]
    atlas: Atlas = field(compare=False, repr=False)

    def compute(self) -> Calibration:
        """Count."""
        return calibration(self.atlas)


def calibrated() -> Calibration:
    """The calibration over the atlas."""
    atlas = owner.atlas()
    return result_of(CalibrationOf(tuple(atlas.digests.items()), atlas))


def show_committee() -> None:
    """Say how good the mean of a committee is, and whether its interval holds another network."""
    st.header("One network or several", help=COMMITTEE_HELP)
    for read in (lambda: committee_mean().sentence, lambda: calibrated().sentence):
        try:
            st.caption(plain(read()))
        except DataError as error:
            st.info(plain(str(error)))


def show_left_out() -> None:
    """Draw taught heads against measured heads, with the comparison in words."""
    st.header("What to expect of taught models", help=HELP)
    try:
        table = left_out_table()
    except DataError as error:
        st.info(plain(str(error)))
        return
    st.plotly_chart(
        left_out_figure(table),
        key="left_out",
        config=download_options("taught-models"),
        alt="Test Pearson of taught heads of left-out proteins against heads trained on measured scores",
    )
    st.caption(summary(table).sentence)
    take_away("left_out", "taught-models", table.to_csv(index=False), _COMMAND, _PYTHON)
