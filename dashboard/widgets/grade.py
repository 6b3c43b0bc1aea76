"""What stands behind a model: its grade in a badge, and how well it predicts, as measured or as expected; alike on all pages."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rbind_core.model.registry import GRADES, MEASURED_GRADE, OWN, TAUGHT_GRADE, Model
from rbind_core.model.second_opinion import CAVEAT
from rbind_core.quality.deepbind_agreement import agreement_with_deepbind

BADGES = {
    MEASURED_GRADE: ":green-badge[grade A]",
    TAUGHT_GRADE: ":orange-badge[grade B: taught]",
    OWN: ":blue-badge[yours]",
}
TEST_HELP = "Correlation of measured and predicted scores over all held-out probes. 1 is perfect, 0 is none."
EXPECTED_HELP = (
    "Not measured: the test Pearson that this model would probably reach if the scores of its experiment were public. Measured "
    "proteins were taught in the same way, without their own scores or those of related proteins, and then tested."
)
ITS_SCALE = (
    "No score of this experiment was used, so what this model says is a hypothesis to test. Its z-scores are those of its "
    "teacher's scores over the probes, not of measured intensities."
)


def explained(model: Model) -> str:
    """What the grade of a model means, in sentences."""
    said = f"{GRADES[model.grade][0].upper()}{GRADES[model.grade][1:]}."
    if not model.is_taught:
        return said
    expected = f" {model.expected.sentence[0].upper()}{model.expected.sentence[1:]}." if model.expected else ""
    return f"{said}{expected} {ITS_SCALE}"


def show_grade(model: Model) -> None:
    """Draw the badge of a model, beside that of a taught one what is expected of it; the range is in the help."""
    expected = f" expected Pearson {model.expected.pearson:.2f}" if model.expected else ""
    st.caption(f"{BADGES[model.grade]}{expected}", help=explained(model))


def show_second_opinion(model: Model) -> None:
    """Say what DeepBind's published model of the experiment prefers, and how far it agrees with the model."""
    if found := agreement_with_deepbind(model):
        taught = " It taught this model, too." if model.is_taught else ""
        said = f"DeepBind: {found.top_kmer}, r = {found.pearson:.2f}"
        st.caption(f"Second opinion, {said}", help=f"{found.sentence}. {CAVEAT}{taught}")


def show_quality(place: DeltaGenerator, model: Model) -> None:
    """Draw the test Pearson of a model as a metric, or what is expected of a taught one, with the range."""
    if model.expected:
        found = model.expected
        place.metric(
            "Expected Pearson",
            f"{found.pearson:.2f}",
            f"{found.low:.2f} to {found.high:.2f}",
            delta_color="off",
            delta_arrow="off",
            help=f"{EXPECTED_HELP} The range holds nine of ten of them, N = {found.n}.",
            width="content",
        )
        return
    known = np.isfinite(model.pearson_test)
    tested = f" N = {model.metrics['n_test']:,} probes." if "n_test" in model.metrics else ""
    place.metric("Test Pearson", f"{model.pearson_test:.3f}" if known else "–", help=TEST_HELP + tested, width="content")
