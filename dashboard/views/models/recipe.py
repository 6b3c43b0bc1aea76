"""How one model was trained and tested, in sentences; for a taught one why it could not be tested."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from dashboard.state.markdown import plain
from dashboard.widgets.grade import BADGES, EXPECTED_HELP, ITS_SCALE
from rbind_core.model.registry import GRADES, Model


def say_nothing_is_measured(model: Model) -> None:
    """Say in place of measured against predicted scores why there are none, and what is expected instead.

    Parameters
    ----------
    model : a taught one.
    """
    expected = f" {model.quality_text[0].upper()}{model.quality_text[1:]}." if model.expected else ""
    st.markdown(
        f"{BADGES[model.grade]} The measured scores of {plain(model.measured_in)} are not public, so there is nothing to hold the "
        f"predictions against, and this model was {plain(GRADES[model.grade].split(',')[0])}.{plain(expected)}",
        help=EXPECTED_HELP,
    )
    st.caption(ITS_SCALE)


def show_recipe(model: Model) -> None:
    """Say how a model was trained, and how it was tested if it was.

    Parameters
    ----------
    model : not broken.
    """
    st.markdown("**How this model was trained**")
    how = model.training.get("how")
    sentences = [str(how)] if how else _recipe_in_words(model)
    items = "".join(f'<li style="overflow-wrap:anywhere">{escape(sentence)}</li>' for sentence in [*sentences, *_identity(model)])
    st.html(f'<ul style="padding-left:1.1rem;margin:0;font-size:.92rem">{items}</ul>')
    with st.expander("All that its card says of the training"):
        st.json(model.training, expanded=1)


def _recipe_in_words(model: Model) -> list[str]:
    training: dict[str, Any] = model.training
    recipe, history = training.get("recipe") or {}, training.get("validation_pearson") or []
    starts = {
        "trunk": "Start: the trunk, one network trained on all public experiments at once.",
        "scratch": "Start: random weights.",
    }
    start = training.get("start")
    sentences = [
        f"Data: {training['data']}." if "data" in training else "",
        f"Reads sequence and predicted structure ({model.structure}, by ViennaRNA)." if model.structure else "",
        starts.get(start, f"Start: {start}.") if start else "",
    ]
    if share := training.get("teachers_share"):
        sentences.append(f"Targets: {1 - share:.0%} what was measured, {share:.0%} what wider teacher networks predict.")
    if recipe:
        sentences.append(
            f"At most {recipe.get('epochs')} epochs, batches of {recipe.get('batch')}, learning rate up to "
            f"{recipe.get('peak_learning_rate')}; mean squared error."
        )
    if history:
        best = int(np.argmax(history))
        reached = f"Pearson {history[best]:.3f}{_copies(training)}"
        sentences.append(f"Kept: epoch {best + 1} of {len(history)}, the best on the validation part ({reached}).")
    return [sentence for sentence in sentences if sentence]


def _copies(training: dict[str, Any]) -> str:
    without = training.get("validation_pearson_without_copies")
    return "" if without is None else f"; {without:.3f} without the probes that have a copy in training"


def _identity(model: Model) -> list[str]:
    metrics = model.metrics
    tested = f"Tested on {metrics['n_test']:,} held-out probes: Pearson {model.pearson_test:.3f}" if "n_test" in metrics else ""
    if tested and "spearman_test" in metrics:
        tested += f", Spearman {metrics['spearman_test']:.3f}"
    if tested and np.isfinite(model.pearson_test_clip):
        tested += f" (log scale); Pearson {model.pearson_test_clip:.3f} on the clip scale"
    repeated = model.replicates
    noise = repeated.sentence if repeated else ""
    if repeated and np.isfinite(model.share_of_ceiling):
        noise += f"; this one reaches {model.share_of_ceiling:.0%} of it"
    expected = f"Not tested; {model.expected.sentence}" if model.expected else ""
    said = [sentence for sentence in (tested, expected, noise, model.note.rstrip(".")) if sentence]
    heads = f" of {model.panel}, a network with a head for each experiment" if model.panel else ""
    weights = f"Weights{heads}: SHA-256 {model.weights_sha256[:12]}, {model.weights_bytes:,} bytes."
    return [*(f"{sentence}." for sentence in said), weights]
